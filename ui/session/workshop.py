"""Where a visitor is in a workshop: the link, what they are told, and what is simulated once for all in a room."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from sim.experiments.price import TooLargeError
from sim.experiments.workers import Background
from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.workshop import people, rooms
from sim.workshop.room import NoRoomError, NotYoursError, Room, RoomError, Settings, Step, new_token, tidy
from sim.workshop.rooms import A_PERSON, Everybody, Pulse, Tries, wait_said
from ui.jobs import Waiting
from ui.session.scenarios import database, own

Job = TypeVar("Job", bound=Background)
Made = TypeVar("Made")
Slot = tuple[str, ...]
_MOST = 64


@dataclass(frozen=True)
class Refusal:
    """Why something is not simulated, for people; `passing`: because of what else this machine does just now."""

    said: str
    passing: bool = False


@dataclass(frozen=True)
class _Asked:
    key: object
    age: int
    job: Background | Refusal
    waiting: Waiting


class RoomDesk:
    """Jobs by slot, at most one each. Everybody's page asks; the first begins it. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: OrderedDict[Slot, _Asked] = OrderedDict()
        self._found: OrderedDict[Slot, tuple[object, object]] = OrderedDict()

    def ask(self, slot: Slot, key: object, age: int, begin: Callable[[], Job]) -> Job | Refusal:
        """The job of that slot, begun if there is none or if it was asked by another key.

        `age` grows with what the key is made of: a page that has not seen the latest does not undo what one began
        that has. What is refused because of what else this machine does is asked anew by whoever comes next.
        """
        with self._lock:
            held = self._slots.get(slot)
            if held is None or (held.key != key and age >= held.age):
                if held:
                    _stop(held)
                held = self._slots[slot] = _asked(key, age, begin)
            held.waiting.join()
            self._slots.move_to_end(slot)
            if isinstance(held.job, Refusal) and held.job.passing:
                del self._slots[slot]
            while len(self._slots) > _MOST:
                _stop(self._slots.popitem(last=False)[1])
            return held.job  # type: ignore[return-value]  # a slot holds one kind of job

    def found(self, slot: Slot, key: object, make: Callable[[], Made]) -> Made:
        """What a finished job found, made ready to be shown only once."""
        with self._lock:
            held = self._found.get(slot)
        if held is None or held[0] != key:
            held = (key, make())
            with self._lock:
                self._found[slot] = held
                self._found.move_to_end(slot)
                if len(self._found) > _MOST:
                    self._found.popitem(last=False)
        return held[1]  # type: ignore[return-value]  # a slot holds one kind of thing

    def forget(self, slot: Slot) -> None:
        """Ask anew next time; what was simulated is kept on disk."""
        with self._lock:
            held = self._slots.pop(slot, None)
        if held:
            _stop(held)


def _asked(key: object, age: int, begin: Callable[[], Background]) -> _Asked:
    waiting = Waiting()
    waiting.join()
    try:
        job = begin()
    except ScenarioError as error:
        return _Asked(key, age, Refusal(f"This makes no scenario: {error.faults[0].message}."), waiting)
    except TooLargeError as error:
        said = f"This is too large to simulate here: {error}"
        return _Asked(key, age, Refusal(said, passing=True), waiting)
    job.only_while(waiting.is_here)
    return _Asked(key, age, job, waiting)


def _stop(asked: _Asked) -> None:
    if isinstance(asked.job, Background):
        asked.job.stop()


_PLACE, _NOTICE, _PRESSED = "room place", "room notice", "room pressed"
_WRONG, _TRIES = "room wrong", "room tries"
_LONGEST = 64
_MOST_REFUSED = 100
_PULSE_SECONDS = 0.9


@dataclass(frozen=True)
class Place:
    """Where a link leads: a room, and the token of its facilitator or of one of its people."""

    code: str = ""
    host: str = ""
    me: str = ""

    @property
    def link(self) -> dict[str, str]:
        """As the link says it."""
        return {name: said for name, said in (("room", self.code), ("host", self.host), ("me", self.me)) if said}


def place() -> Place:
    """Where the link leads or, where it names neither room nor scenario, where this visitor was last."""
    asked = {name: said[:_LONGEST] for name, said in st.query_params.to_dict().items()}
    if "room" in asked:
        found = Place(tidy(asked["room"]), asked.get("host", ""), asked.get("me", ""))
        st.session_state[_PLACE] = found
        return found
    found = Place() if "scenario" in asked else st.session_state.get(_PLACE, Place())
    if found.code:
        st.query_params.from_dict(found.link)
    return found


def go_to(found: Place) -> None:
    """Be there from now on; the link says so."""
    st.session_state[_PLACE] = found
    st.session_state.pop(_NOTICE, None)
    st.query_params.from_dict(found.link)


def leave() -> None:
    """Be in no room; its own link leads back."""
    st.session_state.pop(_PLACE, None)
    st.session_state.pop(_NOTICE, None)
    st.query_params.clear()


def scenario_asked() -> str | None:
    """The scenario that the link asks to open a room on."""
    return st.query_params.get("scenario")


# ---- what a visitor is told ------------------------------------------------------------------------


def tell(said: str) -> None:
    """Say this on the pages that follow, for as long as the room stays at the step where it is first said."""
    st.session_state[_NOTICE] = (said, None)


def told(room: Room) -> str | None:
    """What there is to say."""
    said, step = st.session_state.get(_NOTICE, (None, None))
    if said and step is None:
        st.session_state[_NOTICE] = (said, room.step)
    return said if step in (None, room.step) else None


def hush() -> None:
    """What was said is said."""
    st.session_state.pop(_NOTICE, None)


# ---- what somebody presses to hand something in -----------------------------------------------------


def press(seen: Room) -> None:
    """Somebody hands something in, in a room as they see it; it may have moved on before that is looked at."""
    st.session_state[_PRESSED] = seen


def pressed(code: str) -> Room | None:
    """The room as whoever has just handed something in saw it, said once; None where nobody did."""
    seen: Room | None = st.session_state.pop(_PRESSED, None)
    return seen if seen and seen.code == code else None


# ---- the room's own numbers, where they could not be put in ---------------------------------------------


@st.cache_resource(show_spinner=False)
def _refused() -> dict[str, str]:
    return {}


def put_in(code: str, why_not: str | None = None) -> None:
    """The numbers of that room are in its scenario; or they are not, and why."""
    known = _refused()
    known.pop(code, None)
    if why_not:
        known[code] = why_not
        for name in list(known)[:-_MOST_REFUSED]:
            known.pop(name, None)


def why_not_put_in(room: Room) -> str | None:
    """Why a room that has agreed on numbers goes on without them, said to everybody in it; None where it does not."""
    has_agreed = list(Step).index(room.step) >= list(Step).index(Step.AGREED)
    return _refused().get(room.code) if has_agreed and not room.made else None


# ---- codes tried -----------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def tries_of_all() -> Everybody:
    """What everybody on this server has tried."""
    return Everybody()


def _tries() -> Tries:
    return own(_TRIES, lambda: Tries(A_PERSON))


def find(code: str) -> Room:
    """The room of a code that somebody typed or followed; wrong ones are counted, and after some there is a wait.

    Raises:
        NoRoomError: there is none.
        RoomError: too many were tried; this one was not looked for.
        DatabaseError: it cannot be looked for now.
    """
    if st.session_state.get(_WRONG) == code:
        raise NoRoomError  # drawn again, not tried again
    mine, address = _tries(), st.context.ip_address
    if wait := max(mine.seconds_to_wait, tries_of_all().seconds_to_wait(address)):
        raise RoomError(wait_said(wait))
    try:
        return rooms.room_of(database(), code)
    except NoRoomError:
        st.session_state[_WRONG] = code
        mine.count()
        tries_of_all().count(address)
        raise


def leads(found: Place) -> bool:
    """Whether that link is the facilitator's of a room; however many wrong codes were tried. Raises DatabaseError."""
    try:
        return rooms.is_host(database(), found.code, found.host)
    except NoRoomError:
        return False


def seat(found: Place) -> people.Seat | None:
    """What the person sees whose link that is; None where it is nobody's. Raises DatabaseError."""
    try:
        return people.seat_of(database(), found.code, found.me)
    except (NoRoomError, NotYoursError):
        return None


def my_token(code: str) -> str:
    """The token under which this visitor will join that room: the same however often they press the button."""
    return str(st.session_state.setdefault(f"token for {code}", new_token()))


def joined(code: str, name: str) -> None:
    """Come into a room, and be there by one's own link. Raises what `people.join` does."""
    token = my_token(code)
    people.join(database(), code, name, token)
    go_to(Place(code, me=token))


def opened(scenario: str, settings: Settings) -> None:
    """Open a room on a scenario as it is now, whatever becomes of its file, and lead it by one's own link.

    Raises:
        ScenarioError, DatabaseError, RoomError: no room was opened.
    """
    made = rooms.open_room(database(), documents.keep_shipped(database(), scenario), settings)
    go_to(Place(made.code, host=made.host))


# ---- what the room's people share ------------------------------------------------------------------


@st.cache_resource(show_spinner=False, ttl=_PULSE_SECONDS, max_entries=1_000)
def _pulse_now(code: str) -> Pulse | Exception:
    """A failure is kept like a pulse: else everybody would wait in turn for a database that does not answer."""
    try:
        return rooms.pulse_of(database(), code)
    except (DatabaseError, RoomError) as error:
        return error


def pulse(code: str) -> Pulse:
    """How far that room is, at most about a second ago, however many pages ask. Raises NoRoomError or DatabaseError."""
    found = _pulse_now(code)
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found


@st.cache_resource(show_spinner=False)
def desk() -> RoomDesk:
    """Where rooms have things simulated."""
    return RoomDesk()


# ---- keys of widgets -------------------------------------------------------------------------------


def seed(key: str, value: object) -> str:
    """A widget's key that holds this until the visitor changes it."""
    st.session_state.setdefault(key, value)
    return key


def put(key: str, value: object) -> None:
    """Remember something of this visitor."""
    st.session_state[key] = value


def number_at(key: str, otherwise: int = 0) -> int:
    """A number remembered of this visitor."""
    return int(st.session_state.get(key, otherwise))
