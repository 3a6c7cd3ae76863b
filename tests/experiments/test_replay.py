"""A watched stretch of a run: the same ledger, and every figure counted from what is seen is the ledger's."""

import math
from collections import Counter

import numpy as np
import pytest

from sim.engines.clock import DAY, WEEK
from sim.engines.people import FAULTY, Kind, Visit
from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.engines.records import BAD, NO_RESPONSE, NOT_BORROWED, REFUSALS, REPAIRS, REPORTS, SHORTAGES, SOUND
from sim.engines.simpy import SimpyEngine
from sim.experiments import replay
from sim.experiments.library import load, names
from sim.experiments.price import TooLargeError
from sim.experiments.replay import (
    Spans,
    Watched,
    Watcher,
    WatchJob,
    most_to_see,
    spans_of,
    stocks_after,
    watch,
)
from sim.experiments.replay.words import numbers, tellings
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario
from tests.engines.worlds import assert_same, by_customer, run
from tests.waiting import PATIENCE

LUCK = Luck(1, 0)
QUICK = ("tiny", "contact_centre", "home_loan")


def short(name: str, weeks: int = 2) -> Scenario:
    return load(name).model_copy(update={"weeks": weeks, "warm_up_days": min(load(name).warm_up_days, 7)})


def all_but(*quick: str) -> list[object]:
    return [name if name in quick else pytest.param(name, marks=pytest.mark.long) for name in names()]


@pytest.fixture(scope="module")
def tiny() -> Watched:
    return watch(short("tiny"), LUCK, 0.0, 2.0 * WEEK)


# ---- the same run ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", all_but(*QUICK))
def test_a_run_that_is_watched_writes_the_same_ledger_bit_for_bit(name: str) -> None:
    world = short(name)
    plan, rows = plan_of(world), []
    watcher = Watcher(plan.pools["size"].tolist(), 3.0 * DAY, 9.0 * DAY)
    people = population_of(world, plan, LUCK)
    engine = SimpyEngine(plan, people, LUCK, lambda chunk: rows.append(chunk.copy()), watcher.see)
    records = engine.run(lambda share: None)
    unwatched = run(world, LUCK.seed, engine="compiled")
    assert_same(np.concatenate(rows), unwatched.visits)
    for table, same in zip(records, unwatched.records, strict=True):
        np.testing.assert_array_equal(table, same)


def test_stopping_once_all_is_seen_changes_nothing_of_what_is_seen() -> None:
    world = short("tiny", weeks=3)
    early = watch(world, LUCK, 2.0 * DAY, 5.0 * DAY)
    whole = watch(world, LUCK, 0.0, 3.0 * WEEK).between(2.0 * DAY, 5.0 * DAY)
    assert early.events == whole.events
    assert early.stocks == whole.stocks
    assert early.met == whole.met
    assert_same(by_customer(early.rows), by_customer(whole.rows))


# ---- what is seen is what is counted -----------------------------------------------------------------------


Queueings = Counter[tuple[tuple[int, int], int]]


def waits_seen(seen: Watched) -> tuple[Queueings, Queueings]:
    """Minutes waited and queues joined by visit and touchpoint, from asking to being served or leaving."""
    asked: dict[tuple[int, int], tuple[int, float]] = {}
    waited: Queueings = Counter()
    joined: Queueings = Counter()
    for event in seen.events:
        if event.visit is None:
            continue
        if event.kind is Kind.WAITS:
            asked[event.visit] = event.place, event.minute
            joined[event.visit, event.place] += 1
        elif event.kind in (Kind.IS_SERVED, Kind.ENDS, Kind.COMES_TO):
            joined[event.visit, event.place] += event.kind is Kind.IS_SERVED and event.visit not in asked
            place, since = asked.pop(event.visit, (event.place, event.minute))
            if event.kind is Kind.IS_SERVED or event.minute > since:
                waited[event.visit, place] += event.minute - since
    return waited, joined


def reconcile(seen: Watched, ledger: np.ndarray) -> None:
    """Every figure of the ledger's rows, counted from the events alone."""
    told = list(tellings(seen))
    begun = [one for one in told if one.event.visit and seen.begun(one.event.visit)]
    arrived = [one.event.visit for one in begun if one.event.kind is Kind.ARRIVES]
    assert sorted(arrived) == sorted(zip(ledger["customer"].tolist(), ledger["visit"].tolist(), strict=True))
    rows = {(row["customer"].item(), row["visit"].item()): row for row in ledger}
    assert sum(one.spent for one in begun) == ledger["revenue"].sum()
    assert sum(one.lost for one in begun) == ledger["lost"].sum()
    for failure in range(ledger["response"].shape[1]):
        met = {one.event.visit for one in begun if one.event.kind is Kind.FAILS and one.event.what == failure}
        assert met == {key for key, row in rows.items() if row["response"][failure] != NO_RESPONSE}
    taken = {one.event.visit: one.event.detail for one in begun if one.event.kind is Kind.TAKES}
    held = {key: row["bad_asset"] for key, row in rows.items() if row["bad_asset"] != NOT_BORROWED}
    assert {key: BAD if state == FAULTY else SOUND for key, state in taken.items()} == held
    for kind, column in ((Kind.SPEAKS_UP, "complained"), (Kind.LEAVES_FOR_GOOD, "left"), (Kind.ADDS, "cross_sold")):
        assert {one.event.visit for one in begun if one.event.kind is kind} == {k for k, r in rows.items() if r[column]}
    waited, joined = waits_seen(seen)
    for key, row in rows.items():
        for place, minutes in enumerate(row["wait"].tolist()):
            assert waited[key, place] == (0.0 if math.isnan(minutes) else minutes)
            assert joined[key, place] == row["joins"][place]


@pytest.mark.parametrize("name", all_but(*QUICK))
def test_every_day_counted_from_what_is_seen_equals_the_ledger_of_that_day(name: str) -> None:
    world = short(name)
    ledger = run(world, LUCK.seed, engine="compiled").visits
    whole = watch(world, LUCK, 0.0, 2.0 * WEEK)
    days, seen = began_on(world), 0
    keys = zip(ledger["customer"].tolist(), ledger["visit"].tolist(), strict=True)
    began = np.array([days[key] for key in keys])
    for day in range(14):
        rows = ledger[began == day]
        reconcile(whole.between(day * float(DAY), (day + 1) * float(DAY)), rows)
        seen += rows.size
    assert seen == ledger.size > 0


def began_on(world: Scenario) -> dict[tuple[int, int], int]:
    """The day on which each visit began, as an engine tells it that nobody watches."""
    days: dict[tuple[int, int], int] = {}
    plan = plan_of(world)

    def told(minute: float, kind: Kind, visit: Visit | None, what: int, detail: int) -> None:
        if kind is Kind.ARRIVES and visit:
            days[visit.who, visit.ordinal] = math.floor(minute / DAY)

    SimpyEngine(plan, population_of(world, plan, LUCK), LUCK, lambda rows: None, told).run(lambda share: None)
    return days


@pytest.mark.parametrize("name", ["tiny", pytest.param("dodgy_trolley", marks=pytest.mark.long)])
def test_what_happens_to_things_adds_up_to_the_counters_of_the_week(name: str) -> None:
    world = short(name, weeks=4)
    _, _, _, _, pools = run(world, LUCK.seed, engine="compiled").records
    seen = watch(world, LUCK, 0.0, 4.0 * WEEK)
    counters = {
        REPORTS: (Kind.IS_REFUSED, Kind.IS_PULLED),
        REFUSALS: (Kind.IS_REFUSED,),
        SHORTAGES: (Kind.FINDS_NONE,),
        REPAIRS: (Kind.MENDED,),
    }
    for counter, kinds in counters.items():
        for week in range(4):
            found = [e for e in seen.events if e.kind in kinds and week * WEEK <= e.minute < (week + 1) * WEEK]
            assert len(found) == pools[0, counter, week]
    assert pools[0, REPORTS].sum() > 0


def test_things_are_conserved_and_a_refused_one_goes_back_into_line_faulty(tiny: Watched) -> None:
    size, out = tiny.world.assets[0].pool.value, 0
    refused: set[tuple[int, int]] = set()
    stock = tiny.stocks
    for event in tiny.events:
        if event.minute < tiny.begins:
            continue
        stock = stocks_after(stock, [event])
        out += {Kind.TAKES: 1, Kind.BRINGS_BACK: -1, Kind.IS_PULLED: -1}.get(event.kind, 0)
        assert sum(stock[0]) + out == size
        assert min(stock[0]) >= 0
        if event.kind is Kind.IS_REFUSED and event.visit:
            refused.add(event.visit)
        if event.kind is Kind.BRINGS_BACK and event.visit in refused:
            assert event.detail == FAULTY
            refused.discard(event.visit)
    assert not refused


def test_a_shorter_stretch_begins_with_things_and_people_as_they_were(tiny: Watched) -> None:
    noon = tiny.begins + 12 * 60
    later = tiny.between(noon, noon + 120)
    assert later.stocks == stocks_after(tiny.stocks, [e for e in tiny.events if e.minute < noon])
    there = [key for key, met in later.met.items() if met.began < noon]
    assert there
    assert all(any(e.kind is Kind.ARRIVES and e.visit == key for e in later.events) for key in there)
    assert not any(later.begun(key) for key in there)


def test_who_stays_away_before_paying_is_seen_once_in_the_week_in_which_the_ledger_has_them_leave() -> None:
    world = short("home_loan", weeks=8)
    left = run(world, LUCK.seed, engine="compiled").records.left_week
    whole = watch(world, LUCK, 0.0, 8.0 * WEEK)
    away = [event for event in whole.events if event.kind is Kind.STAYS_AWAY]
    assert Counter(int(event.minute // WEEK) for event in away) == Counter(left[left >= 0].tolist())
    assert sum(Counter(left[left >= 0].tolist()).values()) > 20
    part = whole.between(2.0 * WEEK, 3.0 * WEEK)
    assert sum(event.kind is Kind.STAYS_AWAY for event in part.events) == (left == 2).sum()
    early = watch(world, LUCK, 2.0 * WEEK, 3.0 * WEEK)
    assert early.events == part.events


# ---- in words ----------------------------------------------------------------------------------------------


def test_a_refused_report_is_told_in_the_scenarios_words_in_order(tiny: Watched) -> None:
    told = list(tellings(tiny))
    at = next(number for number, one in enumerate(told) if one.event.kind is Kind.IS_REFUSED)
    who = told[at].event.visit
    words = [one.words for one in told[at:] if one.event.visit == who][:3]
    assert words == [
        "Trolleys: reports the faulty one, and it is not taken out.",
        'A report refused. Hears "not enough trolleys".',
        "Trolleys: the faulty one goes back into line.",
    ]
    assert all(one.is_wrong for one in told if one.words in words)


def test_who_waits_is_told_how_many_are_in_front_and_how_long_it_took(tiny: Watched) -> None:
    words = {one.words for one in tellings(tiny) if "Tills" in one.words}
    assert "Tills: served at once." in words
    assert "Tills: waits, next in turn." in words
    assert any(said.startswith("Tills: waits, ") and said.endswith(" in front.") for said in words)
    assert any(said.startswith("Tills: served after ") for said in words)


def test_visitors_are_numbered_as_they_come(tiny: Watched) -> None:
    number = numbers(tiny)
    began = [tiny.met[key].began for key in number]
    assert began == sorted(began)
    assert sorted(number.values()) == list(range(1, len(number) + 1))


# ---- which stretch -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_a_span_of_every_scenario_has_enough_to_watch_and_not_too_much(name: str) -> None:
    world = load(name)
    spans = spans_of(world)
    assert spans.spans * spans.days <= world.weeks * 7
    assert 1 <= spans.at_once <= 28
    assert spans.of_part(0)[0] == 0
    assert spans.of_part(spans.parts - 1)[-1] == spans.spans - 1


def test_where_little_happens_in_a_day_more_is_shown_at_once() -> None:
    assert [spans_of(load(name)).days for name in ("tiny", "home_loan")] == [1, 7]
    quiet = load("home_loan")
    few = quiet.customers.model_copy(update={"base": quiet.customers.base.model_copy(update={"mode": 60})})
    assert spans_of(quiet.model_copy(update={"customers": few})).days in (7, 28)


def test_the_span_with_most_kinds_of_trouble_is_shown_first(tiny: Watched) -> None:
    counts = tiny.counts(1)
    best = counts[most_to_see(counts)]
    assert len(best.failures) == max(len(count.failures) for count in counts)
    assert sum(count.visits for count in counts) == tiny.rows.size
    assert sum(count.failures.total() for count in counts) == sum(e.kind is Kind.FAILS for e in tiny.events)


def test_parts_cover_the_run_without_gap() -> None:
    spans = Spans(days=1, spans=84, at_once=28)
    assert [number for part in range(spans.parts) for number in spans.of_part(part)] == list(range(84))
    assert spans.minutes(2, 3) == (2.0 * DAY, 4.0 * DAY)


# ---- as a job ----------------------------------------------------------------------------------------------


def test_a_job_gives_its_part_and_can_be_stopped(tiny: Watched) -> None:
    with Workers(1) as workers:
        job = WatchJob(tiny.world, 1, 0, workers)
        job.wait(PATIENCE)
        assert job.watched is not None
        assert job.watched.events[: len(tiny.events)] == tiny.events
        long = WatchJob(load("dodgy_trolley"), 1, 0, workers)
        long.stop()
        long.wait(PATIENCE)
        assert long.watched is None


def test_too_much_to_watch_is_refused_with_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = load("tiny")
    crowd = world.customers.model_copy(update={"base": world.customers.base.model_copy(update={"mode": 500_000})})
    with pytest.raises(TooLargeError, match=r"allowed: 20,000"):
        spans_of(world.model_copy(update={"customers": crowd}))
    monkeypatch.setattr(replay, "MOST_MINUTES", 0)
    with Workers(1) as workers, pytest.raises(TooLargeError, match="Choose an earlier time"):
        WatchJob(world, 1, 0, workers)
