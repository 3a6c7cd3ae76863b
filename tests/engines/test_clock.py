import ast
import heapq
from collections.abc import Generator, Iterable
from itertools import pairwise, permutations
from pathlib import Path

import simpy
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.clock import (
    ARRIVES,
    DESK_ENDS,
    DWELL_ENDS,
    RENEGES,
    REPAIR_ENDS,
    SERVICE_ENDS,
    Clock,
    priority,
)
from sim.engines.randomness import TIE, tie_of, uniform

ENGINES = Path(__file__).parents[2] / "sim" / "engines"
KINDS = (REPAIR_ENDS, DESK_ENDS, SERVICE_ENDS, DWELL_ENDS, RENEGES, ARRIVES)
Steps = Generator[simpy.Event, object, None]


def order_of(events: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The order in which events of one instant, given as (kind, tie, ordinal), happen."""
    env = simpy.Environment()
    clock, happened = Clock(env), []

    def one(kind: int, tie: int, ordinal: int) -> Steps:
        yield clock.hold(5.0, kind, ordinal, tie)
        happened.append((kind, tie, ordinal))

    for event in events:
        env.process(one(*event))
    env.run()
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
    env = simpy.Environment()
    clock, happened = Clock(env), []

    def one(delay: float, kind: int) -> Steps:
        yield clock.hold(delay, kind, 0, 0)
        happened.append(env.now)

    for delay, kind in ((2.0, REPAIR_ENDS), (1.0, ARRIVES), (1.5, RENEGES)):
        env.process(one(delay, kind))
    env.run()
    assert happened == [1.0, 1.5, 2.0]


def winners_at_a_till(meetings: list[tuple[int, int]]) -> list[int]:
    """Who is served first each time two people, with these ties, reach a till of one server together."""
    env = simpy.Environment()
    clock, till, first = Clock(env), simpy.Resource(env, 1), []

    def one(person: int, meeting: int, tie: int) -> Steps:
        yield clock.hold(10.0 * meeting, ARRIVES, person, tie)
        with till.request() as turn:
            if turn.triggered:
                first.append(person)
            yield turn
            yield clock.hold(1.0, SERVICE_ENDS, person, tie)

    for meeting, ties in enumerate(meetings):
        for person, tie in enumerate(ties):
            env.process(one(person, meeting, tie))
    env.run()
    return first


def test_of_two_who_always_arrive_together_neither_always_wins() -> None:
    ties = [(*(tie_of(uniform(1, 0, who, visit, 0, TIE, 0)) for who in (0, 1)),) for visit in range(400)]
    first = winners_at_a_till(ties)  # type: ignore[arg-type]
    assert len(first) == 400
    assert 160 < sum(first) < 240


def test_whoever_is_served_as_patience_ends_has_been_served() -> None:
    """The till is freed, patience ends and a third person arrives in one instant: the one who waited is next."""
    env = simpy.Environment()
    clock, till, log = Clock(env), simpy.Resource(env, 1), []

    def first() -> Steps:
        with till.request() as turn:
            yield turn
            yield clock.hold(5.0, SERVICE_ENDS, 0, 2**24 - 1)

    def patient() -> Steps:
        yield clock.hold(1.0, ARRIVES, 1, 0)
        with till.request() as turn:
            yield turn | clock.hold(4.0, RENEGES, 1, 0)
            log.append(("served" if turn.triggered else "left", env.now))
            yield clock.hold(1.0, SERVICE_ENDS, 1, 0)

    def newcomer() -> Steps:
        yield clock.hold(5.0, ARRIVES, 2, 0)
        with till.request() as turn:
            yield turn
            log.append(("came", env.now))

    for process in (newcomer(), patient(), first()):
        env.process(process)
    env.run()
    assert log == [("served", 5.0), ("came", 6.0)]


def test_every_timed_wait_goes_through_the_clock() -> None:
    """One plain timeout would break the order above, and only ties would show it."""
    sources = {str(path.relative_to(ENGINES)): path.read_text(encoding="utf-8") for path in ENGINES.rglob("*.py")}
    assert "simpy/__init__.py" in sources
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
