import ast
import heapq
from collections.abc import Generator, Iterable
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.clock import (
    ARRIVES,
    DAY,
    DESK_ENDS,
    DWELL_ENDS,
    RENEGES,
    REPAIR_ENDS,
    SERVICE_ENDS,
    WEEK,
    Clock,
    guide_to,
    minute_at,
    open_from,
    operational_clock,
    priority,
)
from sim.engines.randomness import TIE, tie_of, uniform
from sim.scenario.customers import WEEKDAYS, Calendar

ENGINES = Path(__file__).parents[2] / "sim" / "engines"
KINDS = (REPAIR_ENDS, DESK_ENDS, SERVICE_ENDS, DWELL_ENDS, RENEGES, ARRIVES)
Steps = Generator[simpy.Event, object, None]


def order_of(events: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The order in which events of one instant, given as (kind, tie, ordinal), happen."""
    clock, happened = Clock(), []

    def one(kind: int, tie: int, ordinal: int) -> Steps:
        yield clock.hold(5.0, kind, ordinal, tie)
        happened.append((kind, tie, ordinal))

    for event in events:
        clock.process(one(*event))
    clock.run()
    return happened


def test_capacity_comes_back_before_people_give_up_and_both_before_people_arrive() -> None:
    for shuffled in permutations(KINDS):
        happened = order_of((kind, 2**24 - 1 - place, place) for place, kind in enumerate(shuffled))
        assert [kind for kind, _, _ in happened] == [*KINDS]


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2**24 - 1), st.integers(0, 2**32 - 1)), unique=True))
def test_events_of_one_instant_go_by_class_then_tie_then_ordinal(events: list[tuple[int, int, int]]) -> None:
    assert order_of(events) == sorted(events)


@given(st.sampled_from(KINDS), st.integers(0, 2**24 - 1), st.integers(0, 2**32 - 1))
def test_a_priority_is_one_signed_word_below_simpys_own_hops(kind: int, tie: int, ordinal: int) -> None:
    assert simpy.events.NORMAL < priority(kind, tie, ordinal) < 2**63
    assert priority(kind, tie, ordinal) == kind * 2**56 + tie * 2**32 + ordinal


def test_earlier_events_go_first_whatever_their_class() -> None:
    clock, happened = Clock(), []

    def one(delay: float, kind: int) -> Steps:
        yield clock.hold(delay, kind, 0, 0)
        happened.append(clock.now)

    for delay, kind in ((2.0, REPAIR_ENDS), (1.0, ARRIVES), (1.5, RENEGES)):
        clock.process(one(delay, kind))
    clock.run()
    assert happened == [1.0, 1.5, 2.0]


def winners_at_a_till(meetings: list[tuple[int, int]]) -> list[int]:
    """Who is served first each time two people, with these ties, reach a till of one server together."""
    clock, first = Clock(), []
    till = simpy.Resource(clock, 1)

    def one(person: int, meeting: int, tie: int) -> Steps:
        yield clock.hold(10.0 * meeting, ARRIVES, person, tie)
        with till.request() as turn:
            if turn.triggered:
                first.append(person)
            yield turn
            yield clock.hold(1.0, SERVICE_ENDS, person, tie)

    for meeting, ties in enumerate(meetings):
        for person, tie in enumerate(ties):
            clock.process(one(person, meeting, tie))
    clock.run()
    return first


def test_of_two_who_always_arrive_together_neither_always_wins() -> None:
    ties = [(*(tie_of(uniform(1, 0, who, visit, 0, TIE, 0)) for who in (0, 1)),) for visit in range(400)]
    first = winners_at_a_till(ties)  # type: ignore[arg-type]
    assert len(first) == 400
    assert 160 < sum(first) < 240


def test_whoever_is_served_as_patience_ends_has_been_served() -> None:
    """The till is freed, patience ends and a third person arrives in one instant: the one who waited is next."""
    clock, log = Clock(), []
    till = simpy.Resource(clock, 1)

    def first() -> Steps:
        with till.request() as turn:
            yield turn
            yield clock.hold(5.0, SERVICE_ENDS, 0, 2**24 - 1)

    def patient() -> Steps:
        yield clock.hold(1.0, ARRIVES, 1, 0)
        with till.request() as turn:
            yield turn | clock.hold(4.0, RENEGES, 1, 0)
            log.append(("served" if turn.triggered else "left", clock.now))
            yield clock.hold(1.0, SERVICE_ENDS, 1, 0)

    def newcomer() -> Steps:
        yield clock.hold(5.0, ARRIVES, 2, 0)
        with till.request() as turn:
            yield turn
            log.append(("came", clock.now))

    for process in (newcomer(), patient(), first()):
        clock.process(process)
    clock.run()
    assert log == [("served", 5.0), ("came", 6.0)]


def test_every_timed_wait_goes_through_the_clock() -> None:
    """One plain timeout would break the order above, and only ties would show it."""
    sources = {str(path.relative_to(ENGINES)): path.read_text(encoding="utf-8") for path in ENGINES.rglob("*.py")}
    assert "simpy.py" in sources
    for name, source in sources.items():
        calls = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
        assert not calls & {"timeout", "Timeout"}, name
        assert "schedule" not in calls or name == "clock.py", name


def test_priorities_sort_like_the_events_they_stand_for() -> None:
    events = [(kind, tie, ordinal) for kind in KINDS for tie in (0, 1, 2**24 - 1) for ordinal in (0, 2**32 - 1)]
    heap = [priority(*event) for event in events]
    heapq.heapify(heap)
    assert [heapq.heappop(heap) for _ in events] == [priority(*event) for event in sorted(events)]
    assert all(low < high for low, high in pairwise(priority(*event) for event in sorted(events)))


MONDAY = "2026-01-05"
HOURS = {"monday": "09:00-18:00", "wednesday": "09:30-12:15", "saturday": "00:00-24:00"}


def calendar(opening: dict[str, str] | None = None, **fields: Any) -> Calendar:
    return Calendar.model_validate({"starts": MONDAY, "opening": opening or HOURS} | fields)


def clock(calendar: Calendar, weeks: int = 2, first_day: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return operational_clock(calendar, first_day, weeks * 7)


def arrivals(calendar: Calendar, weeks: int = 2, count: int = 20_000) -> np.ndarray:
    """Minutes of arrivals spread evenly over the operational clock."""
    minutes, op_weeks = clock(calendar, weeks)
    return np.array(
        [minute_at(x * op_weeks[-1], minutes, op_weeks, guide_to(op_weeks)) for x in (np.arange(count) + 0.5) / count]
    )


def between(at: np.ndarray, day: int, opens: float, closes: float) -> np.ndarray:
    return (day * DAY + opens * 60 <= at) & (at <= day * DAY + closes * 60)


def test_a_normal_week_is_one_week_on_the_operational_clock() -> None:
    for opening in (HOURS, {"sunday": "13:07-13:08"}, dict.fromkeys(WEEKDAYS, "00:00-24:00")):
        minutes, weeks = clock(calendar(opening), 4)
        for week in range(1, 5):
            assert np.interp(week * WEEK, minutes, weeks) == pytest.approx(week, abs=1e-12)


def test_nobody_arrives_while_the_doors_are_closed() -> None:
    at = arrivals(calendar())
    open_now = np.zeros(at.size, bool)
    for week in (0, 7):
        open_now |= between(at, week, 9, 18) | between(at, week + 2, 9.5, 12.25) | between(at, week + 5, 0, 24)
    assert open_now.all()


def test_without_a_profile_arrivals_spread_evenly_over_open_hours() -> None:
    at = arrivals(calendar(), weeks=1)
    hours = [between(at, 0, 9, 18).mean(), between(at, 2, 9.5, 12.25).mean(), between(at, 5, 0, 24).mean()]
    np.testing.assert_allclose(hours, np.array([9, 2.75, 24]) / 35.75, atol=2e-4)


def test_arrivals_follow_the_profile_hour_by_hour() -> None:
    weights = [0.0] * 24
    weights[9], weights[10], weights[17] = 3.0, 1.0, 2.0
    at = arrivals(calendar({"monday": "09:00-18:00"}, profile={"monday": weights}), weeks=1)
    shares = [between(at, 0, hour, hour + 1).mean() for hour in (9, 10, 17)]
    np.testing.assert_allclose(shares, np.array([3, 1, 2]) / 6, atol=2e-4)


def test_weights_count_only_for_the_part_of_an_hour_that_is_open() -> None:
    weights = [1.0] * 24
    weights[9] = 4.0
    at = arrivals(calendar({"monday": "09:45-10:30"}, profile={"monday": weights}), weeks=1)
    assert between(at, 0, 9.75, 10).mean() == pytest.approx(15 * 4 / (15 * 4 + 30), abs=2e-4)
    assert between(at, 0, 9.75, 10.5).all()


def test_a_weight_outside_opening_hours_brings_nobody() -> None:
    weights = [1.0] * 24
    weights[3] = 1_000.0
    at = arrivals(calendar({"monday": "09:00-18:00"}, profile={"monday": weights}), weeks=1)
    assert between(at, 0, 9, 18).all()


@pytest.mark.parametrize("closed", ["2026-01-07", "01-07"])
def test_nobody_arrives_on_a_closed_date_and_the_week_is_so_much_shorter(closed: str) -> None:
    shut = calendar(closed=[closed])
    assert not between(arrivals(shut), 2, 0, 24).any()
    assert clock(shut, 1)[1][-1] == pytest.approx(1 - 2.75 / 35.75)


def test_a_date_closed_every_year_is_closed_in_each_and_one_with_a_year_only_then() -> None:
    opening = {"monday": "09:00-18:00", "tuesday": "09:00-18:00"}  # 5 January: a Monday in 2026, a Tuesday in 2027
    always, once = (arrivals(calendar(opening, closed=[day]), 60) for day in ("01-05", "2026-01-05"))
    assert not between(always, 0, 0, 24).any()
    assert not between(once, 0, 0, 24).any()
    assert not between(always, 365, 0, 24).any()
    assert between(once, 365, 0, 24).any()


def test_days_before_week_0_are_counted_from_the_start_of_warm_up() -> None:
    minutes, weeks = clock(calendar(), 1, first_day=-14)
    assert (minutes[0], weeks[0]) == (-14 * DAY, 0.0)
    assert np.interp(0.0, minutes, weeks) == pytest.approx(2.0)


def test_a_shop_that_never_opens_is_never_visited() -> None:
    minutes, weeks = clock(calendar({"monday": "09:00-18:00"}, closed=["01-05"]), 1)
    assert minute_at(0.0, minutes, weeks, guide_to(weeks)) == np.inf


def test_after_the_last_closing_nobody_comes() -> None:
    minutes, weeks = clock(calendar(), 1)
    assert minute_at(float(weeks[-1]), minutes, weeks, guide_to(weeks)) == np.inf
    assert minute_at(1e9, minutes, weeks, guide_to(weeks)) == np.inf
    assert minute_at(np.nextafter(weeks[-1], 0), minutes, weeks, guide_to(weeks)) <= minutes[-1]


def test_someone_due_exactly_at_closing_comes_at_the_next_opening() -> None:
    minutes, weeks = clock(calendar(), 1)
    monday_closes = float(weeks[minutes == 18 * 60][0])
    assert minute_at(monday_closes, minutes, weeks, guide_to(weeks)) == 2 * DAY + 9.5 * 60


@pytest.mark.parametrize(
    ("day", "hour", "found_day", "found_hour"),
    [
        (0, 0, 0, 9),
        (0, 9, 0, 9),
        (0, 17.99, 0, 17.99),
        (0, 18, 2, 9.5),
        (1, 12, 2, 9.5),
        (2, 12.25, 5, 0),
        (5, 3, 5, 3),
    ],
)
def test_whoever_is_ready_while_the_doors_are_closed_comes_when_they_open(
    day: int, hour: float, found_day: int, found_hour: float
) -> None:
    assert open_from(day * DAY + hour * 60, *clock(calendar())) == found_day * DAY + found_hour * 60


def test_whoever_is_ready_after_the_last_closing_never_comes() -> None:
    minutes, weeks = clock(calendar(), 1)
    assert open_from(float(minutes[-1]), minutes, weeks) == np.inf
    assert open_from(1e9, minutes, weeks) == np.inf


CALENDARS = st.builds(
    calendar,
    opening=st.dictionaries(
        st.sampled_from(WEEKDAYS), st.sampled_from(["00:00-24:00", "08:05-21:50", "13:07-13:08"]), min_size=1
    ),
    closed=st.lists(st.sampled_from(["01-07", "2026-01-13", "12-25"]), max_size=2),
)


@given(CALENDARS, st.lists(st.floats(0, 0.999_999), min_size=2, max_size=20), st.integers(-30, 0))
def test_the_two_clocks_are_each_others_inverse_and_neither_runs_backwards(
    calendar: Calendar, shares: list[float], first_day: int
) -> None:
    minutes, op_weeks = clock(calendar, 3, first_day)
    assert (np.diff(minutes) > 0).all()
    assert (np.diff(op_weeks) >= 0).all()
    weeks = np.sort(np.array(shares)) * op_weeks[-1]
    at = np.array([minute_at(week, minutes, op_weeks, guide_to(op_weeks)) for week in weeks])
    assert (np.diff(at) >= 0).all()
    np.testing.assert_allclose(np.interp(at, minutes, op_weeks), weeks, rtol=1e-9, atol=1e-11)
