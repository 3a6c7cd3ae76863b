"""The same customers in two worlds, with the same luck."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engines.records import BAD, NO_RESPONSE, SHORTAGES
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from tests.engines.worlds import Changes, Run, assert_same, by_customer, checked, run, tiny, tiny_data

NOBODY_MEETS: Changes = {
    "assets.trolleys.pool": 2_000,
    "resources.tills.servers": 500,
    "resources.desk.servers": 500,
    "assets.trolleys.breaks": 0,
    "customers.base": 120,
    "customers.leaving.churn_per_year": 0.9,
    "weeks": 8,
}
MISHAPS = ("spill", "price", "rude")


def mishap(name: str, at: str, chance: float, loss: float, walk_out: float) -> dict[str, Any]:
    """Something that goes wrong by chance; whoever walks out feels as bad as one can."""
    shrug = {"id": "shrug", "label": "Shrugs", "loss": loss, "feels": -0.3}
    leave = {"id": "leave", "label": "Leaves", "share": walk_out, "loss": 1, "feels": -1, "then": "leave"}
    common = {"id": name, "label": name, "at": at, "cause": "chance", "chance": chance, "weight": 1}
    return common | {"responses": [shrug, leave]}


def accident_prone(
    changes: Changes | None = None, chance: float = 0.2, loss: float = 0.2, walk_out: float = 0.3
) -> Scenario:
    data = tiny_data(NOBODY_MEETS | {"failures.wheel.weight": 10} | (changes or {}))
    data["failures"] += [
        mishap(name, at, chance, loss, walk_out)
        for name, at in zip(MISHAPS, ("bay", "aisles", "checkout"), strict=True)
    ]
    return checked(data)


def total_by_customer(done: Run, column: str) -> np.ndarray:
    totals = np.zeros(int(done.population.who.max()) + 1 if done.population.who.size else 0)
    np.add.at(totals, done.visits["customer"], done.visits[column])
    return totals


def assert_nobody_worse_off(better: Run, worse: Run) -> None:
    """Every customer comes at least as often, spends at least as much and stays at least as satisfied."""
    assert (total_by_customer(better, "revenue") >= total_by_customer(worse, "revenue")).all()
    still = {(row["customer"], row["visit"]): row["satisfaction"] for row in better.visits}
    for row in worse.visits:
        assert still[row["customer"], row["visit"]] >= row["satisfaction"] - 1e-12


@settings(max_examples=12)
@given(
    seed=st.integers(0, 1_000),
    removed=st.sampled_from(MISHAPS),
    chance=st.floats(0, 0.5),
    loss=st.floats(0, 1),
    walk_out=st.floats(0, 1),
    recapture=st.sampled_from([0, 0.15, 1]),
)
def test_where_nobody_meets_removing_a_failure_makes_no_twin_worse_off(
    seed: int, removed: str, chance: float, loss: float, walk_out: float, recapture: float
) -> None:
    world = accident_prone({"relationship.recapture": recapture}, chance, loss, walk_out)
    assert_nobody_worse_off(run(world_of(world, {f"failures.{removed}.on": False}), seed), run(world, seed))


@pytest.mark.parametrize("seed", range(3))
def test_sound_trolleys_for_all_make_no_twin_worse_off(seed: int) -> None:
    world = accident_prone({"assets.trolleys.breaks": 0.2})
    worse, better = run(world, seed), run(world_of(world, {"failures.wheel.on": False}), seed)
    assert (worse.visits["bad_asset"] == BAD).any()
    assert_nobody_worse_off(better, worse)
    assert better.visits["revenue"].sum() > worse.visits["revenue"].sum()


def happened(done: Run, failure: int) -> set[tuple[int, int]]:
    rows = done.visits[done.visits["response"][:, failure] != NO_RESPONSE]
    return set(zip(rows["customer"].tolist(), rows["visit"].tolist(), strict=True))


def test_a_likelier_failure_happens_to_the_same_people_and_more() -> None:
    """Where nobody leaves for good or walks out before it; failure sets are nested."""
    world = accident_prone({"customers.leaving.churn_per_year": 0}, walk_out=0)
    rarely, often = (run(world_of(world, {"failures.price.chance": chance})) for chance in (0.1, 0.15))
    assert happened(rarely, 5) < happened(often, 5)
    assert happened(rarely, 4) == happened(often, 4)
    assert happened(rarely, 6) == happened(often, 6)


SAME = {
    "the placebo": {"customers.base": 120, "relationship.gain": 0.2},
    "trolleys where none breaks and the bay is never empty": {"assets.trolleys.pool": 2_005},
    "tills where nobody queues": {"resources.tills.servers": 600},
    "a reserve where nothing is reported": {"assets.trolleys.reserve": 30},
    "a faster repairer where nothing breaks": {"assets.trolleys.repair.minutes.mean": 1},
    "patience where nobody queues": {"journey.checkout.patience": 1},
}


@pytest.mark.parametrize("sets", SAME.values(), ids=SAME.keys())
def test_what_can_change_nothing_changes_exactly_nothing(sets: dict[str, float]) -> None:
    world = accident_prone()
    one, other = run(world), run(world_of(world, sets))
    assert (one.visits["lost"].sum(axis=0)[4:] > 0).all()
    assert_same(one.visits, other.visits)
    np.testing.assert_array_equal(one.records.left_week, other.records.left_week)


def test_trolleys_that_are_never_missed_change_nothing_even_in_a_busy_shop() -> None:
    """Sound trolleys only, tills contended: trolleys beyond the most ever out at once are worth exactly 0."""
    enough = tiny({"failures.wheel.on": False, "assets.trolleys.pool": 12})
    one, other = run(enough), run(world_of(enough, {"assets.trolleys.pool": 40}))
    assert not one.records.pools[:, SHORTAGES].any()
    assert (np.nan_to_num(one.visits["wait"]) > 0).any()
    assert_same(one.visits, other.visits)


@pytest.mark.parametrize("failure", range(7))
def test_luck_is_shared_whatever_goes_wrong(failure: int) -> None:
    """What someone means to spend on a visit, and on which trip, is the same in every world."""
    world = accident_prone({"assets.trolleys.breaks": 0.1})
    name = world.failures[failure].id
    one, other = run(world).visits, run(world_of(world, {f"failures.{name}.on": False})).visits
    both = {(row["customer"], row["visit"]): (row["trip"], row["spend"]) for row in one}
    shared = [row for row in other if (row["customer"], row["visit"]) in both]
    assert len(shared) > 300
    assert all(both[row["customer"], row["visit"]] == (row["trip"], row["spend"]) for row in shared)


@pytest.mark.parametrize("sensitivity", [0, 2])
def test_satisfaction_keeps_customers_only_where_leaving_is_sensitive_to_it(sensitivity: float) -> None:
    world = accident_prone({"relationship.leaving_sensitivity": sensitivity})
    one, other = run(world), run(without_failures(world))
    left = [int((done.records.left_week >= 0).sum()) for done in (one, other)]
    assert left[0] == left[1] if sensitivity == 0 else left[0] > left[1]
    rows = (by_customer(done.visits) for done in (one, other))
    if sensitivity == 0:
        assert_same(
            *rows,
            leaving_out=(
                "lost",
                "recaptured",
                "revenue",
                "joins",
                "response",
                "experience",
                "satisfaction",
                "completed",
                "complained",
                "score",
                "answered",
                "wait",
                "passes",
            ),
        )
