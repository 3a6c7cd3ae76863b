"""Where what a room wants simulated is simulated: once for everybody in it."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sim.experiments.price import TooLargeError
from sim.experiments.workers import Background
from sim.scenario.faults import ScenarioError

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
                held = self._slots[slot] = _Asked(key, age, _begun(begin))
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


def _begun(begin: Callable[[], Background]) -> Background | Refusal:
    try:
        return begin()
    except ScenarioError as error:
        return Refusal(f"This makes no scenario: {error.faults[0].message}.")
    except TooLargeError as error:
        return Refusal(f"This is too large to simulate here: {error}", passing=True)


def _stop(asked: _Asked) -> None:
    if isinstance(asked.job, Background):
        asked.job.stop()
