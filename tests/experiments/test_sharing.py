"""One replication of every subset, against the ledgers of the same worlds, row by row."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.experiments.sharing import PARTS, Sharing, points_on, share_out, worlds_of
from sim.experiments.task import Engine, Task
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from tests.engines.practice import practice
from tests.engines.worlds import Changes, Run, checked, run, tiny, tiny_data

BUSY: Changes = {"weeks": 4, "assets.trolleys.breaks": 0.1, "customers.leaving.churn_per_year": 0.8}
NOBODY_MEETS: Changes = {
    "weeks": 8,
    "customers.base": 120,
    "customers.leaving.churn_per_year": 0.9,
    "assets.trolleys.pool": 2_000,
    "resources.tills.servers": 500,
    "resources.desk.servers": 500,
}


def mishap(name: str, at: str = "aisles", loss: float = 0.2, feels: float = -0.3, leave: float = 0.2) -> dict[str, Any]:
    shrug = {"id": "shrug", "label": "Shrugs", "loss": loss, "feels": feels}
    go = {"id": "go", "label": "Goes", "share": leave, "loss": 1, "feels": -1, "then": "leave"}
    common = {"id": name, "label": name, "at": at, "cause": "chance", "chance": 0.3, "weight": 1}
    return common | {"responses": [shrug, go] if leave else [shrug]}


def with_mishaps(changes: Changes, *mishaps: dict[str, Any]) -> Scenario:
    data = tiny_data(changes)
    data["failures"] += mishaps
    return checked(data)


def leaky() -> Scenario:
    """Every third visit ends in the aisles without a purchase, of its own accord or before that by a failure."""
    data = tiny_data(BUSY | {"customers.gap_cv": 1})
    aisles = next(place for place in data["journey"] if place["id"] == "aisles")
    aisles["next"] = [{"to": "checkout", "share": 0.66}]
    data["failures"] = [mishap("rude", "bay"), *data["failures"][:2]]
    return checked(data)


def told() -> Scenario:
    """The practice with three failure points, where people talk: some never come for what they hear."""
    kept = ("gap", "price", "no_answer")
    world = practice({"weeks": 8, "warm_up_days": 0})
    others = {f"failures.{failure.id}.on": False for failure in world.failures if failure.id not in kept}
    return world_of(world, others)


def shared(world: Scenario, replication: int = 0, engine: Engine = "compiled") -> Sharing:
    return share_out(Task(world, 1, replication, engine))


def spend_of(done: Run) -> dict[tuple[int, int], tuple[int, int]]:
    """Spend and what is lost of it, by customer and visit ordinal."""
    rows = done.visits
    return {(int(r["customer"]), int(r["visit"])): (int(r["spend"]), int(r["lost"].sum())) for r in rows}


def by_hand(world: Scenario, unbroken: Run) -> dict[str, int]:
    """The parts of what failures cost in a world, from its ledger, visits matched one by one."""
    done = run(world)
    here, there = spend_of(done), spend_of(unbroken)
    both, came = here.keys() & there.keys(), [{who for who, _ in world} for world in (here, there)]
    only = [sum(spend for v, (spend, _) in one.items() if v not in both) for one in (there, here)]
    never = sum(spend for (who, _), (spend, _) in there.items() if who not in came[0])
    never -= sum(spend for (who, _), (spend, _) in here.items() if who not in came[1])
    return {
        "basket_now": sum(lost for _, lost in here.values()),
        "decisions": sum(there[v][0] - here[v][0] for v in both),
        "leaving": only[0] - only[1] - never,
        "word_of_mouth": never,
        "recapture": -int(done.visits["recaptured"].sum()),
    }


# ---- against the ledger ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "world",
    [tiny(BUSY), tiny(BUSY | {"customers.leaving.decides": "before_paying"}), leaky(), told()],
    ids=["tiny", "tiny, decided before paying", "leaky", "practice"],
)
def test_costs_and_their_parts_are_those_of_the_ledgers_visit_by_visit(world: Scenario) -> None:
    found, unbroken = shared(world), run(without_failures(world))
    for players, each in worlds_of(world).items():
        parts = by_hand(each, unbroken)
        assert {part: getattr(found.costs[players], part) for part in PARTS} == parts
        revenue = [int(done.visits["revenue"].sum()) for done in (unbroken, run(each))]
        assert found.whole[players] == sum(parts.values()) == revenue[0] - revenue[1]
    assert found.costs[-1].leaving + found.costs[-1].word_of_mouth > 0


def test_a_basket_is_not_lost_where_nothing_would_have_been_bought() -> None:
    world = leaky()
    ledger = run(world)
    cost = shared(world).costs[-1]
    assert cost.basket_now == ledger.visits["lost"].sum() > cost.basket_now + cost.decisions


def test_shares_sum_to_the_gap_part_by_part_to_the_penny() -> None:
    found = shared(tiny(BUSY))
    for part in PARTS:
        assert sum(found.shares[part]) == found.game(part)[-1]
    assert sum(map(sum, found.shares.values())) == found.whole[-1] > 0
    assert all(share <= 0 for share in found.shares["recapture"])


def test_both_engines_give_the_same_shares() -> None:
    world = tiny(BUSY | {"weeks": 2})
    assert shared(world, engine="simpy") == shared(world)


def test_a_replication_is_what_it_would_be_alone_and_differs_from_others() -> None:
    world = tiny({"weeks": 2})
    assert shared(world, 1) == shared(world, 1)
    assert shared(world, 1).costs != shared(world, 2).costs


def test_the_people_are_the_same_in_every_world() -> None:
    world, luck = tiny(BUSY), Luck(1, 0)
    first, *others = [population_of(each, plan_of(each), luck) for each in worlds_of(world).values()]
    for other in others:
        for mine, theirs in zip(first, other, strict=True):
            np.testing.assert_array_equal(mine, theirs)


# ---- players that do nothing -------------------------------------------------------------------------------


def test_a_placebo_has_exactly_nothing() -> None:
    placebo = mishap("placebo", loss=0, feels=-1, leave=0) | {"weight": 0}
    found = shared(with_mishaps(BUSY, placebo))
    assert [found.shares[part][4] for part in PARTS] == [0] * len(PARTS)
    assert found.costs[0b01111] == found.costs[0b11111]
    without = shared(tiny(BUSY))
    assert {part: shares[:4] for part, shares in found.shares.items()} == without.shares


def test_a_point_that_is_off_is_no_player() -> None:
    off = world_of(tiny(BUSY), {"failures.queue.on": False})
    assert len(shared(off).costs) == 8
    assert [point.id for point in points_on(off)] == ["wheel", "empty_bay", "refused"]


def test_without_failure_points_nothing_is_lost() -> None:
    found = shared(without_failures(tiny(BUSY)))
    assert (found.whole, found.shares["leaving"]) == ([0], [])
    assert found.came > 250


# ---- spill-over --------------------------------------------------------------------------------------------


@settings(max_examples=5)
@given(seed=st.integers(0, 1_000), loss=st.floats(0, 1), leave=st.floats(0, 1), recapture=st.sampled_from([0, 0.15, 1]))
def test_where_nobody_meets_mending_makes_no_twin_worse_off(
    seed: int, loss: float, leave: float, recapture: float
) -> None:
    """No contention, and no recovery that lifts satisfaction above where it began: exactly 0, whatever is mended."""
    mishaps = [mishap(name, at, loss, -0.3, leave) for name, at in (("spill", "aisles"), ("rude", "checkout"))]
    changes = NOBODY_MEETS | {"relationship.recapture": recapture, "assets.trolleys.breaks": 0.05}
    world = world_of(with_mishaps(changes, *mishaps), {"failures.empty_bay.on": False, "failures.refused.on": False})
    found = share_out(Task(world, seed, 0))
    assert {cost.worse_off.customers for cost in found.costs} == {0}
    assert {cost.worse_off.less for cost in found.costs} == {0}
    for players, cost in enumerate(found.whole):
        assert all(cost <= found.whole[players | 1 << i] for i in range(4))


CROWDED: Changes = {"weeks": 3, "customers.base": 450, "assets.trolleys.pool": 7}


def test_where_people_meet_some_twins_are_worse_off_and_are_counted() -> None:
    world = tiny(CROWDED)
    found = shared(world)
    mended = [found.costs[0b1111 & ~(1 << i)].worse_off for i in range(4)]
    assert any(worse.customers for worse in mended)
    for i, point in enumerate(points_on(world)):
        before, after = run(world), run(world_of(world, {f"failures.{point.id}.on": False}))
        less = _by_customer(before) - _by_customer(after)
        assert mended[i].customers == (less > 0).sum()
        assert mended[i].less == less[less > 0].sum()


def _by_customer(done: Run) -> np.ndarray:
    totals = np.zeros(done.population.who.size, np.int64)
    np.add.at(totals, np.searchsorted(done.population.who, done.visits["customer"]), done.visits["revenue"])
    return totals


def test_customers_who_came_are_counted_once() -> None:
    world = tiny(BUSY)
    assert shared(world).came == np.unique(run(world).visits["customer"]).size


# ---- progress ----------------------------------------------------------------------------------------------


def test_progress_rises_to_1_and_may_stop_the_work() -> None:
    heard: list[float] = []
    share_out(Task(tiny({"weeks": 2}), 1, 0), heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert len(heard) >= 12

    def stop(share: float) -> None:
        if share > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        share_out(Task(tiny({"weeks": 2}), 1, 0), stop)
