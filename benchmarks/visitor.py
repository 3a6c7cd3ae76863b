"""Somebody on a page without a browser: speaks Streamlit's own protocol over a websocket, as its front end does.

Only what a load script needs: reads what a page shows, fills widgets in by their labels, presses buttons, follows the
link as the page changes it, and asks again for fragments that run every few seconds.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_SECONDS = 60.0
_LARGEST_MESSAGE = 32 * 2**20
_WORDS = ("label", "body", "text", "value")
_UNESCAPED = re.compile(r"\\(.)")
Path = tuple[int, ...]


class ImpatientError(Exception):
    """What was waited for did not come in time; says what the page shows instead."""


@dataclass
class Visitor:
    """One open page, which must be loaded first; `polls` says whether it asks for fragments as a browser does."""

    socket: ClientConnection
    page: str
    query: str
    polls: bool = True
    polled: int = 0
    finished_at: float = 0.0
    _page_hash: str = ""
    _shown: dict[Path, Any] = field(default_factory=dict)
    _coming: dict[Path, Any] | None = None
    _filled: dict[str, WidgetState] = field(default_factory=dict)
    _polling: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _finished: asyncio.Event = field(default_factory=asyncio.Event)

    # ---- what there is to see

    @property
    def words(self) -> list[str]:
        """Every label and text on the page, as people read it; no HTML."""
        return [word for element in self._shown.values() for word in _words_of(element)]

    def shows(self, start: str) -> bool:
        """Whether a label or text on the page begins like that."""
        return any(word.startswith(start) for word in self.words)

    def can_press(self, label: str) -> bool:
        """Whether there is a button of that label to press."""
        return any(
            getattr(one, "label", "").startswith(label) and getattr(one, "id", "") and not one.disabled
            for one in self._shown.values()
        )

    def link(self, name: str) -> str:
        """What the link says of that."""
        return parse_qs(self.query).get(name, [""])[0]

    def options(self, label: str) -> list[str]:
        """What there is to choose in a group of pills."""
        return [option.content for option in self._widget(label).options]

    def _widget(self, label: str) -> Any:
        found = (element for element in self._shown.values() if getattr(element, "label", "").startswith(label))
        widget = next((one for one in found if getattr(one, "id", "")), None)
        if widget is None:
            raise ImpatientError(f'found no widget "{label}"; the page says: {self.words}')
        return widget

    # ---- what there is to do

    def fill(self, label: str, value: Any) -> None:
        """Fill a widget in, as in a form: nothing is sent yet."""
        widget = self._widget(label)
        state = WidgetState(id=widget.id)
        match value:
            case bool():
                state.bool_value = value
            case int() | float():
                state.double_value = float(value)
            case str():
                state.string_value = value
            case _:
                state.string_array_value.data.extend(value)
        self._filled[widget.id] = state

    async def press(self, label: str) -> None:
        """Press a button: what was filled in is sent too."""
        await self._ask([WidgetState(id=self._widget(label).id, trigger_value=True)])

    async def load(self) -> None:
        """Have the page drawn, as when it is opened or something has been filled in outside a form."""
        await self._ask()

    async def until(self, there: Callable[["Visitor"], bool], seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until a finished page shows it; when that page was there, by `time.perf_counter`."""
        try:
            async with asyncio.timeout(seconds):
                while self._coming is not None or not there(self):
                    self._finished.clear()
                    await self._finished.wait()
        except TimeoutError:
            raise ImpatientError(f"waited {seconds:.0f} s in vain; the page says: {self.words}") from None
        return self.finished_at

    async def timed(self, act: Callable[[], Any], there: Callable[["Visitor"], bool]) -> float:
        """Seconds from doing something to a finished page that shows it."""
        began = time.perf_counter()
        await act()
        return await self.until(there) - began

    async def _ask(self, triggers: Sequence[WidgetState] = (), fragment: str = "") -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self.query, self._page_hash
        asked.page_name = "" if self._page_hash else self.page
        asked.fragment_id, asked.is_auto_rerun = fragment, bool(fragment)
        asked.widget_states.widgets.extend([*self._filled.values(), *triggers])
        await self.socket.send(message.SerializeToString())

    # ---- what comes back

    async def listen(self) -> None:
        """Take in whatever the server sends, until the page is closed."""
        async for raw in self.socket:
            assert isinstance(raw, bytes)
            self._take(ForwardMsg.FromString(raw))

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._begins(is_whole=not message.metadata.run.fragment_ids)
            case "delta":
                self._draw(tuple(message.metadata.delta_path), message.delta)
            case "navigation":
                self._page_hash = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun":
                self._poll(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "script_finished":
                self._ends(message.script_finished)

    def _begins(self, is_whole: bool) -> None:
        if is_whole:
            self._coming = {}
            self._stop_polling()

    def _draw(self, path: Path, delta: Delta) -> None:
        if delta.WhichOneof("type") == "new_element":
            element = delta.new_element
            drawn = self._shown if self._coming is None else self._coming
            drawn[path] = getattr(element, element.WhichOneof("type") or "", None)

    def _ends(self, status: int) -> None:
        if status == ForwardMsg.FINISHED_SUCCESSFULLY and self._coming is not None:
            self._shown, self._coming = self._coming, None
            self.finished_at = time.perf_counter()
        self._finished.set()

    def _poll(self, fragment: str, seconds: float) -> None:
        if self.polls and fragment not in self._polling:
            self._polling[fragment] = asyncio.create_task(self._keep_asking(fragment, seconds))

    async def _keep_asking(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._ask(fragment=fragment)
            self.polled += 1

    def _stop_polling(self) -> None:
        for task in self._polling.values():
            task.cancel()
        self._polling.clear()


def _words_of(element: Any) -> list[str]:
    found = [getattr(element, name, None) for name in _WORDS]
    return [_UNESCAPED.sub(r"\1", word) for word in found if isinstance(word, str) and word and word[0] != "<"]


@asynccontextmanager
async def visiting(address: str, page: str, query: str, polls: bool = True) -> AsyncIterator[Visitor]:
    """A page opened at ws://HOST:PORT, and closed at the end."""
    where = f"{address}/_stcore/stream"
    async with connect(where, subprotocols=["streamlit"], max_size=_LARGEST_MESSAGE) as socket:  # type: ignore[list-item]
        visitor = Visitor(socket, page, query, polls)
        listening = asyncio.create_task(visitor.listen())
        try:
            await visitor.load()
            yield visitor
        finally:
            visitor._stop_polling()
            listening.cancel()
