"""The SimPy engine with somebody watching: what happens to whom, where and when, written down as it happens."""

from collections.abc import Sequence
from enum import IntEnum, auto
from typing import Any, NamedTuple

import simpy
from simpy.resources.resource import Request

from sim.engines.clock import DESK_ENDS, SERVICE_ENDS
from sim.engines.plan import Plan
from sim.engines.population import Population
from sim.engines.randomness import Luck
from sim.engines.records import Sink
from sim.engines.simpy import SimpyEngine, Steps
from sim.engines.simpy.people import Customer, Pool, Visit, objects


class Kind(IntEnum):
    """What may happen. `what` of an event is a pool where things are lent, a failure point where something fails.

    Who leaves for good does so after a visit; who stays away, instead of one that was due.
    """

    ARRIVES = auto()
    COMES_TO = auto()
    TAKES = auto()
    FINDS_NONE = auto()
    FAILS = auto()
    SPEAKS_UP = auto()
    WAITS = auto()
    IS_SERVED = auto()
    IS_REFUSED = auto()
    IS_PULLED = auto()
    MENDING = auto()
    MENDED = auto()
    IS_SETTLED = auto()
    IS_KEPT = auto()
    AGREES = auto()
    DECLINES = auto()
    ADDS = auto()
    PAYS = auto()
    BRINGS_BACK = auto()
    ENDS = auto()
    LEAVES_FOR_GOOD = auto()
    STAYS_AWAY = auto()


SOUND, FAULTY, BROKE = range(3)
"""Of a thing taken or brought back: broke means it was sound when this visit took it."""

Key = tuple[int, int]
"""A visit: the customer's id in the ledger, and which of their visits it is."""

IN_LINE, FAULTY_IN_LINE, AT_REPAIR = range(3)
Stock = tuple[int, int, int]
"""How many things of a pool stand in line sound, stand in line faulty, and are at repair."""

NOWHERE = -1


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


class _Bay(Pool):
    """Knows whether the last who came found none."""

    shortages = 0

    def count_shortage(self) -> None:
        self.shortages += 1
        super().count_shortage()


class WatchedShop(SimpyEngine):
    """Writes down, whole, every visit that begins before `ends` and ends at or after `begins` (minutes).

    `stocks` is how the pools stood at `begins`; every event of their things since is written down as well.
    """

    def __init__(self, plan: Plan, population: Population, luck: Luck, sink: Sink, begins: float, ends: float) -> None:
        super().__init__(plan, population, luck, sink)
        self.begins, self.ends = begins, ends
        self.pools = [_Bay(self.env, row, plan.weeks) for row in objects(plan.pools)]
        self.stocks: list[Stock] = [(pool.idle, 0, 0) for pool in self.pools]
        self.met: dict[Key, Met] = {}
        self._events: list[Event] = []
        self._before: dict[Key, list[Event]] = {}
        self._places: dict[Key, int] = {}

    @property
    def is_over(self) -> bool:
        """Whether nobody who came before the end is still on their visit."""
        return bool(self.env.now >= self.ends) and not self._places

    @property
    def events(self) -> list[Event]:
        """All events, in the order in which they happened."""
        before = [event for key, events in self._before.items() if key in self.met for event in events]
        return sorted(before, key=lambda event: event.minute) + self._events

    # ---- writing down --------------------------------------------------------------------------------

    def _see(self, visit: Visit, kind: Kind, what: int = NOWHERE, detail: int = 0, at: int | None = None) -> None:
        """Write down what happens to a visit; as the event of that number where it came before others just seen."""
        key = _key(visit)
        if key in self._places:
            written = self._written(key)
            event = Event(self.env.now, kind, key, self._places[key], what, detail)
            written.insert(len(written) if at is None else at, event)
            self._count(event)

    def _written(self, key: Key) -> list[Event]:
        return self._before[key] if self.env.now < self.begins else self._events

    def _next(self, visit: Visit) -> int:
        """The number of the next event to be written down."""
        key = _key(visit)
        return len(self._written(key)) if key in self._places else 0

    def _count(self, event: Event) -> None:
        if event.kind in MOVES and event.minute < self.begins:
            self.stocks[event.what] = moved(self.stocks[event.what], event)

    def _see_thing(self, kind: Kind, pool: int) -> None:
        event = Event(self.env.now, kind, None, NOWHERE, pool)
        self._count(event)
        if self.begins <= self.env.now:
            self._events.append(event)

    # ---- the engine's steps, seen --------------------------------------------------------------------

    def _stays_away(self, customer: Customer) -> bool:
        stays_away = super()._stays_away(customer)
        if stays_away and self.begins <= self.env.now < self.ends:
            self._events.append(Event(self.env.now, Kind.STAYS_AWAY, None))
        return stays_away

    def visit(self, customer: Customer, tie: int) -> Steps:
        """See it end."""
        key, began = (customer.who, customer.visits), self.env.now
        yield from super().visit(customer, tie)
        if key not in self._places:
            return
        if self.env.now < self.begins:
            del self._before[key]
        else:
            self._events.append(Event(self.env.now, Kind.ENDS, key, self._places[key]))
            self.met[key] = Met(began, self.env.now, customer.segment)
        del self._places[key]

    def _begin(self, customer: Customer, tie: int) -> Visit:
        visit = super()._begin(customer, tie)
        if visit.began < self.ends:
            self._places[_key(visit)] = 0
            if visit.began < self.begins:
                self._before[_key(visit)] = []
            self._see(visit, Kind.ARRIVES, detail=visit.trip)
        return visit

    def meet(self, visit: Visit, at: int) -> Steps:
        """See where the visit goes on to; where it begins is seen in its arrival."""
        key = _key(visit)
        if key in self._places:
            self._places[key] = at
        if any(visit.passes):
            self._see(visit, Kind.COMES_TO)
        yield from super().meet(visit, at)

    def _borrow(self, visit: Visit, touchpoint: Any, k: int) -> None:
        number, borrowings, pool = self._next(visit), visit.borrowings, self.pools[touchpoint.borrows]
        assert isinstance(pool, _Bay)
        shortages = pool.shortages
        super()._borrow(visit, touchpoint, k)
        if visit.borrowings > borrowings:
            self._see(visit, Kind.TAKES, touchpoint.borrows, FAULTY if visit.bad_asset == FAULTY else SOUND, number)
        elif pool.shortages > shortages:
            self._see(visit, Kind.FINDS_NONE, touchpoint.borrows, at=number)

    def _act(self, visit: Visit, failure: int, then: int) -> None:
        self._see(visit, Kind.FAILS, failure, visit.response[failure])
        super()._act(visit, failure, then)

    def _complain(self, visit: Visit, complains: bool) -> None:
        super()._complain(visit, complains)
        if complains:
            self._see(visit, Kind.SPEAKS_UP)

    def _wait(self, visit: Visit, at: int, turn: simpy.Event, balks: bool) -> Steps:
        self._see(visit, Kind.WAITS)
        yield from super()._wait(visit, at, turn, balks)

    def _hold(self, visit: Visit, minutes: float, kind: int) -> simpy.Event:
        if kind in (SERVICE_ENDS, DESK_ENDS):
            self._see(visit, Kind.IS_SERVED)
        return super()._hold(visit, minutes, kind)

    def _report(self, visit: Visit, touchpoint: Any, k: int) -> None:
        number, pool, held_bad = self._next(visit), visit.pool, visit.holds_bad
        super()._report(visit, touchpoint, k)
        if pool == touchpoint.hears and held_bad:
            self._see(visit, Kind.IS_PULLED if visit.pool < 0 else Kind.IS_REFUSED, pool, at=number)

    def repair(self, number: int, job: int, turn: Request) -> Steps:
        """See when work on it begins, and when it is back in line."""
        if turn.triggered:
            self._see_thing(Kind.MENDING, number)
        else:
            turn.callbacks.append(lambda _: self._see_thing(Kind.MENDING, number))
        yield from super().repair(number, job, turn)
        self._see_thing(Kind.MENDED, number)

    def _hand_back(self, visit: Visit) -> None:
        if visit.pool < 0:
            return
        number, was_bad, pool = visit.pool, visit.holds_bad, self.pools[visit.pool]
        faulty = pool.faulty_idle
        super()._hand_back(visit)
        broke = pool.faulty_idle > faulty and not was_bad
        self._see(visit, Kind.BRINGS_BACK, number, FAULTY if was_bad else BROKE if broke else SOUND)

    def _settle_up(self, visit: Visit, at: int) -> None:
        """See what was agreed and paid; what failed meanwhile was seen as it did."""
        touchpoint, first = self.touchpoints[at], self._next(visit)
        contacts, cross_sold, paid = visit.contacts, visit.cross_sold, visit.paid
        super()._settle_up(visit, at)
        if _key(visit) not in self._places:
            return
        failed = {event.what for event in self._written(_key(visit))[first:] if event.kind is Kind.FAILS}
        if touchpoint.delivers == touchpoint.delivers and touchpoint.on_promise not in failed:
            self._see(visit, Kind.IS_KEPT)
        if visit.contacts > contacts and touchpoint.on_unresolved not in failed:
            self._see(visit, Kind.IS_SETTLED)
        if touchpoint.converts == touchpoint.converts and not visit.over:
            self._see(visit, Kind.DECLINES if visit.declined else Kind.AGREES)
        if visit.cross_sold and not cross_sold:
            self._see(visit, Kind.ADDS)
        if visit.paid and not paid:
            self._see(visit, Kind.PAYS)


def _key(visit: Visit) -> Key:
    return visit.customer.who, visit.ordinal
