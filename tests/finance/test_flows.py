from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.library import load
from sim.experiments.task import ENGINES, Engine, Task, outcome_of
from sim.finance.study import Flows, flows_of, years_of
from sim.outcomes.measures import MEASURES
from sim.outcomes.outcome import Outcome
from sim.scenario.fixes import Costs, Fix
from sim.scenario.journey import Lift, Skill
from sim.scenario.quantity import minor_units
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated
from tests.finance.shops import exactly, tiny


def garage(weeks: int = 104) -> Scenario:
    """One with refunds, coaching, a cost a visit, and customers who leave more of what they spend than others."""
    lift = Lift(at="desk", rate="resolution", log_odds=exactly(0.5))
    coached = {"coaching_every": exactly(6), "session_cost": exactly(12.34), "lifts": (lift,)}
    scenario = load("placebo").model_copy(update={"weeks": weeks, "skills": (Skill(id="ear", label="Ear", **coached),)})
    quantities = {
        "customers.base": 300,
        "economics.service_cost_per_visit": 0.37,
        "segments.trades.margin_times": 1.3,
        "journey.desk.contact.refund": 0.2,
    }
    return restated(scenario, {path: exactly(value) for path, value in quantities.items()})


def happened(scenario: Scenario, engine: Engine = "compiled") -> Outcome:
    return outcome_of(Task(scenario, 3, 0, engine, with_unbroken=False))


@pytest.mark.parametrize(
    ("weeks", "ends"), [(1, [1]), (52, [52]), (103, [103]), (104, [52, 104]), (110, [52, 110]), (156, [52, 104, 156])]
)
def test_years_have_52_weeks_and_the_last_has_what_is_over(weeks: int, ends: list[int]) -> None:
    assert [year.stop for year in years_of(weeks)] == ends


@given(st.integers(1, 1_040))
def test_every_week_is_in_exactly_one_year(weeks: int) -> None:
    every = [week for year in years_of(weeks) for week in range(weeks)[year]]
    assert every == list(range(weeks))


@pytest.mark.parametrize("engine", list(ENGINES))
def test_contribution_is_the_ledgers_own_to_the_penny(engine: Engine) -> None:
    outcome = happened(garage(), engine)
    assert outcome.tally.refund.sum() > 0
    economics, flows = outcome.scenario.economics, flows_of(outcome, ())
    yearly = flows.contribution(economics.incremental_margin.value, economics.service_cost_per_visit.value)
    assert yearly.shape == (2,)
    assert yearly.mean() == pytest.approx(MEASURES["contribution"].take(outcome), abs=0.005)
    assert yearly[0] != yearly[1]


def test_flows_are_sums_over_the_rows_of_the_ledger_year_by_year() -> None:
    rows: list[Any] = []
    scenario = tiny(weeks=104)
    task = Task(scenario, 3, 0, with_unbroken=False)
    flows = flows_of(outcome_of(task, also=lambda visits: rows.append(visits.copy())), ())
    visits = np.concatenate(rows)
    for year, weeks in enumerate(years_of(104)):
        of_year = visits[(visits["week"] >= weeks.start) & (visits["week"] < weeks.stop)]
        assert flows.visits[year] == pytest.approx(len(of_year) * 365 / 364)
        assert flows.earned[year] == pytest.approx(of_year["revenue"].sum() / minor_units("GBP") * 365 / 364)


def test_a_segments_margin_multiple_counts_in_what_is_earned_and_not_in_visits() -> None:
    plain, doubled = tiny({}), restated(tiny({}), {"segments.hurried.margin_times": exactly(2)})
    once, twice = flows_of(happened(plain), ()), flows_of(happened(doubled), ())
    hurried = happened(plain).tally.revenue[:, 1].sum() / minor_units("GBP") * 365 / 84
    assert twice.earned.sum() - once.earned.sum() == pytest.approx(hurried)
    np.testing.assert_array_equal(once.visits, twice.visits)


def test_what_is_returned_is_refunds_and_coaching() -> None:
    scenario = garage(52)
    outcome = happened(scenario)
    sessions = 365 / 7 / 6 * 12.34
    refunds = outcome.tally.refund.sum() / minor_units(scenario.currency) * 365 / 364
    assert flows_of(outcome, ()).returned.tolist() == [pytest.approx(refunds + sessions)]


def used(fix: Fix, use: str | None) -> Fix:
    return fix.model_copy(update={"costs": Costs(use=use)})


def test_uses_are_what_the_fixs_measure_counts_a_year_and_none_without_one() -> None:
    fix, outcome = load("tiny").fixes[0], happened(tiny({}, 104))
    flows = flows_of(outcome, (used(fix, "visits"), used(fix, None), used(fix, "reports")))
    assert flows.uses.shape == (3, 2)
    assert flows.uses[0].tolist() == [MEASURES["visits"].take(outcome)] * 2
    assert flows.uses[1].tolist() == [0, 0]
    assert flows.uses[2].tolist() == [MEASURES["reports"].take(outcome)] * 2


@pytest.mark.parametrize("fixes", [0, 1, 3])
def test_flows_come_back_from_what_they_are_packed_into(fixes: int) -> None:
    fix = used(load("tiny").fixes[0], "visits")
    flows = flows_of(happened(tiny({}, 104)), (fix,) * fixes)
    assert flows.packed().shape == (3 + fixes, 2)
    again = Flows.unpacked(flows.packed())
    several = Flows.unpacked(np.array([flows.packed()] * 4))
    for name in ("earned", "visits", "returned", "uses"):
        np.testing.assert_array_equal(getattr(again, name), getattr(flows, name))
        assert getattr(several, name).shape == (4, *getattr(flows, name).shape)
