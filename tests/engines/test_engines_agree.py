"""The two engines write the same ledger, row for row and bit for bit."""

from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.engines.records import BAD, QUEUE, REFUSALS, REPAIRS, REPORTS, SHORTAGES, STILL_HERE
from sim.experiments.library import load, names
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.engines.generated import Data, generated, scenarios
from tests.engines.ledgers import KNOWN, KNOWN_ANSWERS, hash_of, shipped, with_known_answer
from tests.engines.worlds import Changes, Run, assert_same, checked, run, tiny, tiny_data

MOST_VISITS = 10_000
"""Of a ledger kept, as many weeks as have so many visits are simulated by both engines; `make test-long` does all."""


def assert_agree(scenario: Scenario, seed: int = 1, replication: int = 0) -> Run:
    compiled = run(scenario, seed, replication, "compiled")
    simpy = run(scenario, seed, replication, "simpy")
    assert_same(compiled.visits, simpy.visits)
    for name, one, other in zip(compiled.records._fields, compiled.records, simpy.records, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)
    return compiled


def assert_kept_and_agreed(worlds: dict[str, Scenario], at_least: int) -> None:
    """All weeks have the ledger that is kept, and over the first of them the engines agree."""
    for called, world in worlds.items():
        done = run(world, engine="compiled")
        assert done.visits.size > at_least
        assert hash_of(done) == KNOWN[called]
        weeks = min(world.weeks, max(1, world.weeks * MOST_VISITS // done.visits.size))
        assert_agree(world.model_copy(update={"weeks": weeks}))


@pytest.mark.parametrize("name", names())
def test_on_every_scenario_that_comes_with_ripple(name: str) -> None:
    assert_kept_and_agreed(shipped(name), 200)


@pytest.mark.parametrize("path", KNOWN_ANSWERS, ids=lambda path: path.stem)
def test_on_every_scenario_with_a_known_answer(path: Path) -> None:
    assert_kept_and_agreed(with_known_answer(path), 10)


@pytest.mark.long
@pytest.mark.parametrize("name", KNOWN)
def test_on_all_the_weeks_of_every_ledger_that_is_kept(name: str) -> None:
    worlds = {called: world for known in names() for called, world in shipped(known).items()}
    worlds |= {called: world for path in KNOWN_ANSWERS for called, world in with_known_answer(path).items()}
    assert hash_of(assert_agree(worlds[name])) == KNOWN[name]


def test_every_ledger_kept_is_compared() -> None:
    compared = [*(key for name in names() for key in shipped(name)), *(path.stem for path in KNOWN_ANSWERS)]
    assert sorted(compared) == sorted(KNOWN)


@pytest.mark.parametrize("fix", [fix.id for fix in load("dodgy_trolley").fixes])
def test_on_every_fix_of_the_dodgy_trolley(fix: str) -> None:
    store = load("dodgy_trolley").model_copy(update={"weeks": 2})
    assert_agree(world_of(store, fixes=[fix]), seed=3, replication=2)


@pytest.mark.long
def test_on_the_whole_three_years_of_the_dodgy_trolley() -> None:
    assert assert_agree(load("dodgy_trolley")).visits.size > 600_000


@pytest.mark.long
@settings(max_examples=3_000)
@given(scenarios(), st.integers(0, 1_000))
def test_on_thousands_of_worlds_nobody_thought_of(data: Data, seed: int) -> None:
    assert_agree(generated(data), seed, replication=seed % 3)


def test_on_worlds_nobody_thought_of_which_hold_what_they_are_to_try() -> None:
    """Among the generated worlds are queues, losses of patience, breakages, refusals, repairs and empty bays."""
    found = ("queues", "again", "reports", "refusals", "repairs", "empty", "bad", "left", "away", "out")
    seen: dict[str, int] = dict.fromkeys(found, 0)
    refused = 0

    @hypothesis.seed(2)
    @settings(max_examples=150, database=None, derandomize=False)
    @given(scenarios(), st.integers(0, 1_000))
    def agree(data: Data, seed: int) -> None:
        nonlocal refused
        try:
            scenario = checked(data)
        except ScenarioError:
            refused += 1
            assume(False)
            raise
        done = assert_agree(scenario, seed, replication=seed % 3)
        pools = done.records.pools[0].sum(axis=1)
        seen["queues"] += done.records.resources[:, QUEUE].any()
        seen["reports"] += pools[REPORTS] > 0
        seen["refusals"] += pools[REFUSALS] > 0
        seen["repairs"] += pools[REPAIRS] > 0
        seen["empty"] += pools[SHORTAGES] > 0
        seen["bad"] += (done.visits["bad_asset"] == BAD).any()
        seen["left"] += done.visits["left"].any()
        seen["away"] += done.plan.decides_before and (done.records.left_week != STILL_HERE).any()
        seen["again"] += (done.visits["joins"] > 1).any()
        seen["out"] += (~done.visits["completed"]).any()

    agree()
    assert min(seen.values()) >= 5, seen
    assert refused < 60


# ---- the corners, one by one ---------------------------------------------------------------------

WHOLE: Changes = {
    "customers.base": 8,
    "customers.visits_per_week": 200,
    "assets.trolleys.pool": 3,
    "assets.trolleys.breaks": 0.5,
    "assets.trolleys.reserve": 1,
    "assets.trolleys.repair.minutes": {"mean": 30},
    "journey.aisles.minutes": {"mean": 10},
    "journey.checkout.minutes": {"mean": 5},
    "journey.desk.minutes": {"mean": 5},
    "journey.checkout.patience": 1,
    "relationship.complaint_intercept": 0,
    "weeks": 2,
}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="ties in time in whole minutes"),
        pytest.param(
            {f"journey.{name}.minutes": {"mean": 0} for name in ("aisles", "checkout", "desk")}, id="nothing takes time"
        ),
        pytest.param({"journey.checkout.patience": 0, "journey.checkout.minutes": {"mean": 0}}, id="no patience"),
        pytest.param({"assets.trolleys.pool": 0}, id="an empty pool"),
        pytest.param({"assets.trolleys.repair.minutes": {"mean": 0}}, id="mended at once"),
        pytest.param({"assets.trolleys.repair.minutes": {"mean": 100_000}}, id="never mended"),
        pytest.param({"journey.aisles.minutes": {"mean": 900}}, id="still there at closing time"),
        pytest.param({"customers.base": 0, "customers.newcomers_per_week": 0}, id="nobody"),
        pytest.param({"customers.base": 1, "customers.newcomers_per_week": 0}, id="one customer"),
        pytest.param({"customers.passers_by_per_week": 3_000}, id="open arrivals"),
        pytest.param({"calendar.closed": ["2026-01-07", "2026-01-09", "2026-01-10"]}, id="closed days"),
        pytest.param({"customers.leaving.churn_per_year": 1}, id="everybody leaves"),
        pytest.param({"warm_up_days": 0}, id="no warm-up"),
        pytest.param({"warm_up_days": 60, "weeks": 1}, id="mostly warm-up"),
    ],
)
def test_on_this_corner(changes: Changes) -> None:
    for seed in range(3):
        assert_agree(tiny(WHOLE | changes), seed)


def test_when_the_agenda_and_the_page_are_too_small_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.engines.compiled.CHUNK_ROWS", 7)
    monkeypatch.setattr("sim.engines.compiled.state.ROOM", 8)
    assert_agree(tiny(WHOLE))


def test_one_visit_may_have_many_things_pulled_and_mended_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop through touchpoints that take no time: each round borrows, breaks, reports, and starts a repair."""
    monkeypatch.setattr("sim.engines.compiled.state.ROOM", 1)
    changes = {"customers.base": 3, "customers.visits_per_week": 100, "weeks": 1, "warm_up_days": 0}
    data = tiny_data(WHOLE | changes | {"assets.trolleys.pool": 300, "assets.trolleys.breaks": 1})
    data["assets"][0] |= {
        "reserve": 0,
        "repair": {"resource": "repairer", "minutes": {"mean": 50, "law": "exponential"}},
    }
    data["resources"][2]["servers"] = 300
    bay, _, _, desk = data["journey"]
    for place in (bay, desk):
        place.pop("minutes", None)
        place.pop("resource", None)
    bay["next"], desk["next"] = [{"to": "desk"}], [{"to": "bay", "share": 0.97}]
    data["journey"], data["relationship"]["complaint_intercept"] = [bay, desk], 1_000
    wheel, empty, _, refused = data["failures"]
    wheel["responses"] = [{"id": "bears", "label": "Bears it"}]
    drops = {"id": "drops", "label": "Drops it", "at": "bay", "cause": "chance", "chance": 0.5}
    drops["responses"] = [{"id": "gives", "label": "Gives it back", "then": "hand_back"}]
    data["failures"] = [wheel, empty, refused, drops]
    done = assert_agree(checked(data))
    assert done.records.pools[0, REPAIRS].sum() > 1_000
