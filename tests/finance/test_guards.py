"""The guards of "Money" in the model: what no business case may do. Each fails when what it guards is taken away."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.experiments.task import ENGINES, Engine, Task, outcome_of
from sim.finance import uncertainty
from sim.finance.assumptions import Terms, drawn, future
from sim.finance.case import Case, make_case
from sim.finance.cash import TwinTask, cash_of, prices, stacked
from sim.finance.report import case_report
from sim.finance.sensitivity import npvs_at
from sim.finance.study import Study, flows_of
from sim.outcomes.measures import MEASURES
from sim.reports.narrative.case_story import notes
from sim.scenario.fixes import Change
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated, world_of
from tests.finance.shops import (
    DRAWS,
    LOSS,
    MARGIN,
    ONCE,
    PER_YEAR,
    TERMS,
    TROLLEYS,
    VISIT_COST,
    between,
    case_in,
    exactly,
    quick,
    study_in,
    tiny,
)

YEARS = 3


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Without levers, so that no quantity but those with a range is moved."""
    return case_in(tmp_path_factory.mktemp("case"), quick())


def anew(case: Case, quantities: Mapping[str, float]) -> Case:
    """The same futures of the same case with other quantities of money, known exactly."""
    scenario = restated(case.study.scenario, {path: exactly(value) for path, value in quantities.items()})
    values = {path: column for path, column in case.values.items() if path not in quantities}
    return replace(case, study=replace(case.study, scenario=scenario), values=values)


def annuity(case: Case) -> np.ndarray:
    """What one pound at the end of each year is worth now, in each future."""
    return np.array([sum((1 + rate) ** -year for year in range(1, YEARS + 1)) for rate in case.prices.rate])


# ------------------------------------------------------------------ contribution is never mixed with revenue


def test_revenue_that_leaves_nothing_is_worth_nothing(case: Case) -> None:
    worthless = anew(case, {MARGIN: 0, VISIT_COST: 0})
    assert not np.isclose(case.twins.now.earned, case.twins.then.earned).all()  # there is revenue to be won
    np.testing.assert_array_equal(worthless.cash.benefit, 0)
    np.testing.assert_allclose(worthless.npvs, -worthless.cash.pv_cost)
    assert (worthless.npvs < 0).all()


def test_half_the_margin_is_half_the_benefit(case: Case) -> None:
    whole, half = (anew(case, {MARGIN: margin, VISIT_COST: 0}) for margin in (0.3, 0.15))
    np.testing.assert_allclose(half.cash.benefit, whole.cash.benefit / 2)


def garage(weeks: int) -> Scenario:
    """Small, with refunds, what visits cost, and segments of which one leaves more than the other."""
    quantities = {
        "customers.base": 250,
        "economics.service_cost_per_visit": 3.21,
        "segments.trades.margin_times": 1.3,
        "journey.desk.contact.refund": 0.2,
    }
    scenario = load("placebo").model_copy(update={"weeks": weeks})
    return restated(scenario, {path: exactly(value) for path, value in quantities.items()})


def coaching(weeks: int) -> Scenario:
    """A sales team whose coaching costs something, which a fix makes twice as frequent."""
    scenario = load("leader_standard_work").model_copy(update={"weeks": weeks})
    quantities = {f"skills.{skill.id}.session_cost": exactly(43.21) for skill in scenario.skills}
    return restated(scenario, {**quantities, "customers.base": exactly(200)})


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize("world", [tiny({}, 104), garage(104), coaching(52)], ids=lambda world: world.title)
def test_the_benefit_is_the_ledgers_contribution_with_less_without_to_the_penny(
    world: Scenario, engine: Engine
) -> None:
    study = Study(world, 1, Store())
    fixes = [fix.id for fix in world.fixes][-1:]
    outcomes = [
        outcome_of(Task(study.world(chosen, {}), 1, 0, engine, with_unbroken=False)) for chosen in ((), tuple(fixes))
    ]
    now, then = (flows_of(outcome, ()) for outcome in outcomes)
    rows = [flows.packed()[np.newaxis] for flows in (now, then)]
    both = [type(now).unpacked(row) for row in rows]
    years = world.weeks // 52
    cash = cash_of(*both, prices(study, [], {}, 1), Terms(horizon_years=years))
    contributions = [MEASURES["contribution"].take(outcome) for outcome in outcomes]
    assert cash.benefit.mean() == pytest.approx(contributions[1] - contributions[0], abs=0.01)


# ------------------------------------------------------------------------------- a fix's cost is counted once


def test_twice_the_costs_change_the_npv_by_exactly_their_present_value(case: Case) -> None:
    once, twice = (anew(case, {ONCE: 700 * times, PER_YEAR: 90 * times}) for times in (1, 2))
    np.testing.assert_allclose(once.npvs - twice.npvs, 700 + 90 * annuity(case))
    np.testing.assert_array_equal(once.cash.benefit, twice.cash.benefit)


def test_each_use_is_paid_for_once(tmp_path: Path) -> None:
    scenario = quick({f"fixes.{TROLLEYS}.costs.per_use": exactly(0.01)})
    fix = scenario.fixes[0]
    used = fix.model_copy(update={"costs": fix.costs.model_copy(update={"use": "visits"})})
    case = case_in(tmp_path, scenario.model_copy(update={"fixes": (used,)}))
    free = anew(case, {f"fixes.{TROLLEYS}.costs.per_use": 0})
    visits = case.twins.then.visits[:, 0]
    np.testing.assert_allclose(free.npvs - case.npvs, 0.01 * visits * annuity(case))


def test_costs_are_never_in_contribution() -> None:
    worlds = [world_of(tiny({ONCE: exactly(cost), PER_YEAR: exactly(cost)}), fixes=[TROLLEYS]) for cost in (1e6, 0)]
    dear, free = (outcome_of(Task(world, 1, 0, with_unbroken=False)) for world in worlds)
    assert MEASURES["contribution"].take(dear) == MEASURES["contribution"].take(free)


def test_costs_are_in_cash_whole(case: Case) -> None:
    np.testing.assert_allclose(case.cash.outlay, case.values[ONCE])
    np.testing.assert_allclose(case.cash.running, 50)
    np.testing.assert_allclose(case.cash.pv_cost, case.values[ONCE] + 50 * annuity(case))


# ------------------------------------------------------------------------------------------------- one ledger


@pytest.mark.parametrize("world", [tiny({}, 104), garage(104)], ids=lambda world: world.title)
def test_every_pound_of_a_flow_is_a_row_of_the_ledger(world: Scenario) -> None:
    rows: list[np.ndarray] = []
    task = Task(world, 1, 0, with_unbroken=False)
    flows = flows_of(outcome_of(task, also=lambda visits: rows.append(visits.copy())), ())
    visits = np.concatenate(rows)
    margins = np.array([segment.margin_times.value for segment in world.segments])
    a_year = 365 / 364
    for year in range(2):
        mine = visits[visits["week"] // 52 == year]
        assert flows.earned[year] == pytest.approx((mine["revenue"] * margins[mine["segment"]]).sum() / 100 * a_year)
        assert flows.visits[year] == pytest.approx(len(mine) * a_year)
        assert flows.returned[year] == pytest.approx(mine["refund"].sum() / 100 * a_year)


def test_what_is_kept_on_disk_is_what_was_simulated(tmp_path: Path) -> None:
    fresh, kept = (TwinTask(study_in(tmp_path), (TROLLEYS,), {LOSS: 0.1}, 3).carry_out() for _ in range(2))
    alone = TwinTask(study_in(tmp_path / "other"), (TROLLEYS,), {LOSS: 0.1}, 3).carry_out()
    for found in (kept, alone):
        np.testing.assert_array_equal(found.now.packed(), fresh.now.packed())
        np.testing.assert_array_equal(found.then.packed(), fresh.then.packed())


# --------------------------------------------------------- a placebo is worth exactly nothing before its cost


def repainted(scenario: Scenario) -> Scenario:
    """The shop with a fix that acts on what nobody reports: how bad a queue is."""
    paint = scenario.fixes[0].model_copy(update={"changes": (Change(path="failures.queue.severity", set=0.01),)})
    return scenario.model_copy(update={"fixes": (paint,)})


def assert_worth_exactly_nothing(case: Case) -> None:
    assert case.futures == DRAWS
    np.testing.assert_array_equal(case.cash.benefit, 0)
    np.testing.assert_array_equal(case.npvs, -case.cash.pv_cost)
    assert (case.cash.pv_cost > 0).all()
    assert (case.prob_loss, case.payback_years, case.irr[0], case.evpi) == (1, None, None, 0)
    assert case.roi == pytest.approx(-1)
    assert case.benefit_cost_ratio == 0


def test_a_fix_that_reaches_nothing_is_worth_exactly_minus_its_cost_in_every_future(tmp_path: Path) -> None:
    assert_worth_exactly_nothing(case_in(tmp_path, repainted(tiny(weeks=5).model_copy(update={"levers": ()}))))


def test_so_is_the_placebo_that_is_shipped(tmp_path: Path) -> None:
    study = Study(load("placebo"), 1, Store(tmp_path))
    values = drawn(study.scenario, DRAWS, 1)
    both = stacked([TwinTask(study, ("repaint",), future(values, draw), draw).carry_out() for draw in range(DRAWS)])
    assert_worth_exactly_nothing(Case(study, ("repaint",), TERMS, values, both, both))


# ---------------------------------------------------------------------------------------------------- recapture


def test_what_comes_back_by_itself_lowers_what_mending_is_worth(tmp_path: Path) -> None:
    study = study_in(tmp_path, tiny({}))
    worth = [npvs_at(study, (TROLLEYS,), TERMS, {"relationship.recapture": share}, 4) for share in (0, 0.15, 0.5)]
    assert (np.diff(worth, axis=0) < 0).all()  # in every run


# ---------------------------------------------------------------- luck and not knowing the inputs, told apart


def test_with_every_input_known_all_of_the_spread_is_luck_and_nothing_is_worth_finding_out(tmp_path: Path) -> None:
    level = case_in(tmp_path, quick({path: exactly(quantity_at(tiny(), path).value) for path in (LOSS, MARGIN, ONCE)}))
    level = anew(level, {ONCE: 750 + level.npv.mean})  # as likely to pay back as not
    assert 0.1 < level.prob_loss < 0.9
    report = case_report(level)
    assert (report["input_sd"], report["evpi"], report["evppi"]) == (0, 0, {})
    assert report["run_noise_sd"] == pytest.approx(np.std(level.npvs, ddof=1))
    assert uncertainty.evpi(level.npvs) > 0  # what luck would have been mistaken for


def test_inputs_without_influence_are_worth_little_however_much_luck_there_is(tmp_path: Path) -> None:
    idle = {"failures.queue.severity": between(0.1, 0.3, 0.5)}
    known = {path: exactly(quantity_at(tiny(), path).value) for path in (LOSS, MARGIN, ONCE)}
    case = make_case(Study(quick({**known, **idle}), 1, Store(tmp_path)), [TROLLEYS], TERMS, 64)
    case = anew(case, {ONCE: 750 + case.npv.mean})
    assert case.spread.run_noise_sd is not None
    assert case.spread.total_sd is not None
    assert case.spread.run_noise_sd > 0.7 * case.spread.total_sd
    assert case.evpi is not None
    assert case.evpi < 0.7 * uncertainty.evpi(case.npvs)


def test_inputs_without_luck_are_all_of_the_spread(case: Case) -> None:
    same_luck = replace(case, again=case.twins)
    assert same_luck.spread.run_noise_sd == 0
    assert same_luck.spread.input_sd == pytest.approx(np.std(case.npvs, ddof=1))
    assert same_luck.evpi == pytest.approx(uncertainty.evpi(case.npvs))


def test_both_are_reported_apart_and_make_up_the_whole(case: Case) -> None:
    report = case_report(case)
    noise, inputs = report["run_noise_sd"], report["input_sd"]
    assert noise > 0
    assert inputs > 0
    assert noise**2 + inputs**2 == pytest.approx(np.var(case.npvs, ddof=1))
    assert any("luck alone" in note for note in notes(case))


# ------------------------------------------------------------------------------- grades travel to every report


def test_every_assumption_of_a_report_has_its_grade_and_source(case: Case) -> None:
    rows = {row["path"]: row for row in case_report(case)["assumptions"]}
    assert rows[LOSS]["evidence"] == "D"
    for path, row in rows.items():
        said = quantity_at(case.study.scenario, path)
        assert (row["evidence"], row["source"], row["unit"]) == (said.evidence, said.source, said.unit)
        assert (row["value"], row["low"], row["high"]) == (said.value, said.low, said.high)
    assert set(rows) >= {*case.drawn, *case.evppi, *(side.path for side in case.sides)}


def test_how_much_is_guessed_is_said_beside_the_figures(case: Case) -> None:
    grades = [assumption.evidence for assumption in case.assumptions]
    (said,) = [note for note in notes(case) if "grade D" in note]
    assert said.startswith(f"{grades.count('D')} of the {len(grades)} quantities")
