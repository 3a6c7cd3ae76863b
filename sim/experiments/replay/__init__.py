"""A stretch of one simulated run as it happened, of a day where enough happens in one: every visit with its steps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.clock import DAY
from sim.engines.people import FAULTY, NOWHERE, SOUND, Kind, Visit
from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.engines.records import Progress, visit_dtype
from sim.engines.simpy import SimpyEngine
from sim.experiments.price import Price, TooLargeError, expected_visits, price_of
from sim.experiments.task import Task
from sim.experiments.workers import Background, Job, Workers
from sim.scenario.scenario import Scenario

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


_ENOUGH_VISITS, _MOST_VISITS = 50, 20_000
_CALLED = {1: "a day", 7: "a week", 28: "four weeks"}
_SPANS_AT_ONCE = 28
_VISITS_AT_ONCE = 40_000


@dataclass(frozen=True)
class Spans:
    """How a run is cut: into spans of so many days, of which so many in a row are simulated and kept at once."""

    days: int
    spans: int
    at_once: int

    @property
    def called_one(self) -> str:
        """What one is called: a day, a week, four weeks."""
        return _CALLED[self.days]

    @property
    def called(self) -> str:
        """The same as a heading."""
        return self.called_one.removeprefix("a ")

    @property
    def parts(self) -> int:
        """In how many goes the whole run can be looked at."""
        return -(-self.spans // self.at_once)

    def of_part(self, part: int) -> range:
        """The numbers of the spans of one go."""
        return range(part * self.at_once, min((part + 1) * self.at_once, self.spans))

    def minutes(self, first: int, last: int) -> tuple[float, float]:
        """From the start of a span to the end of another, in minutes since the start of week 0."""
        return float(first * self.days * DAY), float((last + 1) * self.days * DAY)


def spans_of(world: Scenario) -> Spans:
    """How to cut this world's run.

    Raises:
        TooLargeError: even one day has more visits than can be watched.
    """
    a_day = visits_a_day(world)
    open_days = sum(world.calendar.opening.on(weekday) is not None for weekday in range(7))
    if a_day > _MOST_VISITS:
        raise TooLargeError(f"about {a_day:,.0f} visits a day; allowed: {_MOST_VISITS:,}. Lower the customers.")
    days = 1 if a_day * 7 / open_days >= _ENOUGH_VISITS else 7 if a_day * 7 >= _ENOUGH_VISITS else 28
    days = min(days, 7 * world.weeks) if days < 28 or world.weeks >= 4 else 7
    spans = 7 * world.weeks // days
    return Spans(days, spans, max(1, min(_SPANS_AT_ONCE, spans, int(_VISITS_AT_ONCE / max(a_day * days, 1)))))


def visits_a_day(world: Scenario) -> float:
    """About how many visits there are, closed days counted."""
    return expected_visits(_task(world)) / (7 * world.weeks + world.warm_up_days)


def price_until(world: Scenario, minute: float) -> Price:
    """What it costs to simulate from the start of the warm-up to that minute."""
    weeks = max(1, min(world.weeks, -(-int(minute) // (7 * DAY))))
    return price_of([_task(world.model_copy(update={"weeks": weeks}))])


def _task(world: Scenario) -> Task:
    return Task(world, 0, 0, "simpy", with_unbroken=False)


def date_of(world: Scenario, minute: float) -> date:
    """The date of that minute."""
    return date.fromisoformat(world.calendar.starts) + timedelta(days=int(minute // DAY))


MOST_MINUTES = 10


@dataclass(frozen=True)
class Watched:
    """What happened between two minutes since the start of week 0.

    `stocks` is how each pool stood at the beginning. `events` are those of every visit in `met`, whole, so some are
    earlier, and some are later than the end; `rows` are the ledger's for those visits that it counts (shape (n,), of
    `visit_dtype`).
    """

    world: Scenario
    begins: float
    ends: float
    stocks: tuple[Stock, ...]
    events: tuple[Event, ...]
    met: Mapping[Key, Met]
    rows: NDArray[np.void]

    @cached_property
    def row_of(self) -> dict[Key, int]:
        """Where the ledger's row of a visit is."""
        return {key: number for number, key in enumerate(_keys(self.rows))}

    def between(self, begins: float, ends: float) -> "Watched":
        """A shorter stretch of the same: visits under way in it, and what happens to things in it."""
        met = {key: one for key, one in self.met.items() if one.began < ends and one.ended >= begins}
        events = tuple(event for event in self.events if _is_of(event, met, begins, ends))
        before = [event for event in self.events if self.begins <= event.minute < begins]
        rows = self.rows[[number for key, number in self.row_of.items() if key in met]]
        return Watched(self.world, begins, ends, stocks_after(self.stocks, before), events, met, rows)

    def begun(self, key: Key) -> bool:
        """Whether the visit began in this stretch: those that did are counted in it, wherever they end."""
        return self.begins <= self.met[key].began < self.ends

    def counts(self, days: int) -> list["SpanCount"]:
        """What there is in each span of so many days, counted by visits that begin in it."""
        spans = round((self.ends - self.begins) / (days * DAY))
        visits = [0] * spans
        failures: list[Counter[int]] = [Counter() for _ in range(spans)]
        for key, met in self.met.items():
            if self.begun(key):
                visits[self._span(met.began, days)] += 1
        for event in self.events:
            if event.kind is Kind.FAILS and event.visit and self.begun(event.visit):
                failures[self._span(self.met[event.visit].began, days)][event.what] += 1
        return [SpanCount(*counted) for counted in zip(visits, failures, strict=True)]

    def _span(self, minute: float, days: int) -> int:
        return int((minute - self.begins) // (days * DAY))


def _is_of(event: Event, met: Mapping[Key, Met], begins: float, ends: float) -> bool:
    return event.visit in met if event.visit else begins <= event.minute < ends


class SpanCount(NamedTuple):
    """How many visits begin in a span, and how often each failure point, by its position, happens on them."""

    visits: int
    failures: Counter[int]


def most_to_see(counts: Sequence[SpanCount]) -> int:
    """The position of the span in which most kinds of failures happen; of those the one with most, then most visits."""

    def worth(position: int) -> tuple[int, int, int]:
        count = counts[position]
        return len(count.failures), count.failures.total(), count.visits

    return max(range(len(counts)), key=worth)


class _SeenError(Exception):
    """All that was to be seen has happened."""


def watch(world: Scenario, luck: Luck, begins: float, ends: float, progress: Progress = lambda share: None) -> Watched:
    """Simulate a world from the start of its warm-up, and keep what happens between two minutes.

    Raises:
        EndlessVisitError: a visit never ends.
    """
    plan, chunks = plan_of(world), [np.empty(0, visit_dtype(plan_of(world)))]
    watcher = Watcher(plan.pools["size"].tolist(), begins, ends)
    engine = SimpyEngine(plan, population_of(world, plan, luck), luck, chunks.append, watcher.see)

    def heard(_: float) -> None:
        progress(min((engine.env.now - plan.starts) / (ends - plan.starts), 1.0))
        if watcher.is_over(engine.env.now):
            raise _SeenError

    try:
        engine.run(heard)
    except _SeenError:
        engine.flush()
    rows = np.concatenate(chunks)
    seen = [key in watcher.met for key in _keys(rows)]
    rows = rows[np.array(seen, bool)]
    left = {key for key, left in zip(_keys(rows), rows["left"].tolist(), strict=True) if left}
    events = tuple(_with_farewells(watcher.events, left))
    return Watched(world, begins, ends, tuple(watcher.stocks), events, watcher.met, rows)


def _keys(rows: NDArray[np.void]) -> list[Key]:
    return list(zip(rows["customer"].tolist(), rows["visit"].tolist(), strict=True))


def _with_farewells(events: Iterable[Event], left: set[Key]) -> Iterator[Event]:
    """The events, and after the last visit of a customer who leaves for good another one."""
    for event in events:
        yield event
        if event.kind is Kind.ENDS and event.visit in left:
            yield event._replace(kind=Kind.LEAVES_FOR_GOOD)


class WatchJob(Background):
    """A part of a world's run being simulated to be watched.

    Raises:
        TooLargeError: it has too many visits, or would take too long.
    """

    def __init__(self, world: Scenario, seed: int, part: int, workers: Workers) -> None:
        self.world, self.seed, self.part = world, seed, part
        self.spans = spans_of(world)
        numbers = self.spans.of_part(part)
        begins, ends = self.spans.minutes(numbers[0], numbers[-1])
        self.price = _checked(world, ends)

        def work(until: float, progress: Progress) -> Watched:
            return watch(world, Luck(seed, 0), begins, until, progress)

        self._job: Job[Watched] = workers.start(work, [ends])

    @property
    def watched(self) -> Watched | None:
        """What was seen, once it is done."""
        return self._job.results[0]


def _checked(world: Scenario, until: float) -> Price:
    price = price_until(world, until)
    if price.seconds > 60 * MOST_MINUTES:
        raise TooLargeError(
            f"simulating up to there would take {price}; allowed: {MOST_MINUTES} minutes. Choose an earlier time."
        )
    return price
