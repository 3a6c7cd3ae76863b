"""What happens in a simulation, written down: what happens to whom, where and when, in a stretch of minutes."""

from collections.abc import Sequence
from typing import NamedTuple

from sim.engines.people import FAULTY, NOWHERE, SOUND, Kind, Visit

Key = tuple[int, int]
"""A visit: the customer's id in the ledger, and which of their visits it is."""

IN_LINE, FAULTY_IN_LINE, AT_REPAIR = range(3)
Stock = tuple[int, int, int]
"""How many things of a pool stand in line sound, stand in line faulty, and are at repair."""


class Event(NamedTuple):
    """What happens at a minute to a visit, at the touchpoint of that position.

    The visit is None for a thing at repair, and for a customer who stays away, as there is none then.
    `detail` is the response to a failure, the state of a thing taken or brought back, the kind of trip of an arrival.
    """

    minute: float
    kind: Kind
    visit: Key | None
    place: int = NOWHERE
    what: int = NOWHERE
    detail: int = 0


def moved(stock: Stock, event: Event) -> Stock:
    """A pool's stock after an event of its things."""
    line, faulty, repair = stock
    if event.kind is Kind.TAKES:
        return (line, faulty - 1, repair) if event.detail == FAULTY else (line - 1, faulty, repair)
    if event.kind is Kind.BRINGS_BACK:
        return (line + 1, faulty, repair) if event.detail == SOUND else (line, faulty + 1, repair)
    if event.kind is Kind.IS_PULLED:
        return line, faulty, repair + 1
    if event.kind is Kind.MENDED:
        return line + 1, faulty, repair - 1
    return stock


MOVES = frozenset({Kind.TAKES, Kind.BRINGS_BACK, Kind.IS_PULLED, Kind.MENDED})


def stocks_after(stocks: Sequence[Stock], events: Sequence[Event]) -> tuple[Stock, ...]:
    """The stock of every pool after these events."""
    after = list(stocks)
    for event in events:
        if event.kind in MOVES:
            after[event.what] = moved(after[event.what], event)
    return tuple(after)


class Met(NamedTuple):
    """A visit that was seen: when it began and ended, in minutes, and the customer's segment."""

    began: float
    ended: float
    segment: int


class Watcher:
    """Listens to the engine, and writes down, whole, every visit that begins before `ends` and ends after `begins`.

    Both are minutes. `stocks` is how the pools (of these sizes) stood at `begins`; every event of their things since is
    written down as well.
    """

    def __init__(self, pools: Sequence[int], begins: float, ends: float) -> None:
        self.begins, self.ends = begins, ends
        self.stocks: list[Stock] = [(size, 0, 0) for size in pools]
        self.met: dict[Key, Met] = {}
        self._events: list[Event] = []
        self._before: dict[Key, list[Event]] = {}
        self._under_way: set[Key] = set()

    def is_over(self, minute: float) -> bool:
        """Whether nobody who came before the end is still on their visit."""
        return minute >= self.ends and not self._under_way

    @property
    def events(self) -> list[Event]:
        """All events, in the order in which they happened."""
        before = [event for key, events in self._before.items() if key in self.met for event in events]
        return sorted(before, key=lambda event: event.minute) + self._events

    def see(self, minute: float, kind: Kind, visit: Visit | None, what: int, detail: int) -> None:
        """Write it down, if it belongs to the stretch; the engine's `trace`."""
        if visit is None:
            self._see_thing(Event(minute, kind, None, NOWHERE, what, detail))
            return
        key = visit.who, visit.ordinal
        if kind is Kind.ARRIVES and minute < self.ends:
            self._under_way.add(key)
            if minute < self.begins:
                self._before[key] = []
        if key not in self._under_way:
            return
        event = Event(minute, kind, key, visit.at, what, detail)
        self._count(event)
        if minute >= self.begins:
            self._events.append(event)
        elif kind is not Kind.ENDS:
            self._before[key].append(event)
        if kind is Kind.ENDS:
            self._end(key, visit, minute)

    def _see_thing(self, event: Event) -> None:
        """Of a thing at repair, or of somebody who stays away."""
        self._count(event)
        is_over = event.kind is Kind.STAYS_AWAY and event.minute >= self.ends
        if event.minute >= self.begins and not is_over:
            self._events.append(event)

    def _end(self, key: Key, visit: Visit, minute: float) -> None:
        self._under_way.remove(key)
        if minute < self.begins:
            del self._before[key]
        else:
            self.met[key] = Met(visit.began, minute, visit.segment)

    def _count(self, event: Event) -> None:
        if event.kind in MOVES and event.minute < self.begins:
            self.stocks[event.what] = moved(self.stocks[event.what], event)
