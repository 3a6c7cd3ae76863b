"""What is asked beside the case: once, refused in words, superseded; and what portfolio and trial say."""

import gc
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from sim.experiments.workers import Background
from sim.finance.assumptions import Terms
from sim.finance.chain import ChainCase, StoreKind
from sim.finance.portfolio import Bundle, Portfolio
from sim.finance.report import chain_rows, trial_rows
from sim.finance.trial import TrialPlan
from sim.reports.narrative import beside_case_story
from sim.scenario.faults import Fault, ScenarioError
from tests.ui.case.cases import FIX, TINY, case
from ui.charts import case as charts
from ui.session.case import Asides

FOUND = case([1_000.0 + 100 * future for future in range(32)])


class Job:
    def __init__(self, workers: Any) -> None:
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        pass


def refused(workers: Any) -> Background:
    raise ScenarioError((Fault("case", None, "fix", "found none; allowed: one"),))


def test_another_question_of_a_kind_supersedes_it_and_other_kinds_go_on() -> None:
    asides = Asides()
    asides.ask("trial", 1, cast(Any, Job))
    asides.ask("portfolio", 1, cast(Any, Job))
    first, other = cast(Job, asides.job("trial", 1)), cast(Job, asides.job("portfolio", 1))
    assert asides.job("trial", 2) is None
    assert (first.stopped, other.stopped) == (True, False)
    del asides
    gc.collect()
    assert other.stopped


def test_what_cannot_be_asked_says_why_until_it_can() -> None:
    asides = Asides()
    asides.ask("portfolio", 1, refused)
    assert "found none; allowed: one" in asides.refused["portfolio"]
    asides.ask("portfolio", 1, cast(Any, Job))
    assert asides.refused == {}


# ---- which wheels to oil -----------------------------------------------------------------------------------


@pytest.fixture
def portfolio() -> Portfolio:
    """Two fixes that overlap, each worth doing alone."""
    fix = TINY.fixes[0]
    two = TINY.model_copy(update={"fixes": (fix, fix.model_copy(update={"id": "other", "label": "Another fix"}))})
    worth = {(): (0.0, (0.0, 0.0)), (FIX,): (800.0, (900.0, 1_100.0)), ("other",): (300.0, (400.0, 600.0))}
    worth[FIX, "other"] = (1_100.0, (1_100.0, 1_300.0))
    bundles = tuple(Bundle(fixes, cost, npvs) for fixes, (cost, npvs) in worth.items())
    return Portfolio(replace(FOUND.study, scenario=two), Terms(), (FIX, "other"), bundles, True, ())


def test_a_budget_buys_the_best_it_can_and_overlap_is_said(portfolio: Portfolio) -> None:
    assert "Within £500 in year one, the best is “Another fix”: £300 in year one, worth £500" in (
        beside_case_story.best(portfolio, 500.0)
    )
    assert "Whatever the budget, the best is “Five more trolleys” and “Another fix”" in (
        beside_case_story.best(portfolio, None)
    )
    assert beside_case_story.best(portfolio, 100.0) == "Within £100 in year one, nothing beats doing nothing."
    said = " ".join(beside_case_story.of_portfolio(portfolio))
    assert "they would be worth £1,500; all together they are worth £1,200: they overlap." in said
    assert "Every set of the 2 fixes was simulated" in said
    assert "may have been missed" in next(beside_case_story.of_portfolio(replace(portfolio, exact=False)))


def test_what_cannot_be_done_together_is_said(portfolio: Portfolio) -> None:
    said = " ".join(beside_case_story.of_portfolio(replace(portfolio, impossible=((FIX, "other"),))))
    assert "“Five more trolleys” and “Another fix” cannot be done together" in said


def test_the_frontier_has_a_point_for_each_better_set_and_the_budget_where_there_is_one(portfolio: Portfolio) -> None:
    points = charts.frontier(portfolio, None)["data"]["values"]
    assert [point["needs"] for point in points] == [0, 300, 800, 1_100]
    assert points[0]["fixes"] == "none"
    plain, marked = (len(charts.frontier(portfolio, budget)["layer"]) for budget in (None, 500.0))
    assert marked == plain + 2


def test_what_all_are_worth_is_shared_out_among_fixes_and_departments(portfolio: Portfolio) -> None:
    found = charts.shared_out(portfolio)
    assert portfolio.credit is not None
    for spec, said in found.values():
        rows = spec["data"]["values"]
        assert sum(row["share"] for row in rows) == sum(portfolio.credit.values()) / portfolio.study.minor_units
        assert said.startswith("Shares of the worth together: ")
    assert "fix" in found
    alone = replace(portfolio, candidates=(FIX,))
    assert not charts.shared_out(alone)


def test_credit_is_largest_first() -> None:
    rows = charts.credit({"small": 1.0, "large": 5.0}, "GBP")["data"]["values"]
    assert [row["name"] for row in rows] == ["large", "small"]


# ---- a trial -----------------------------------------------------------------------------------------------


def plan(effect: float) -> TrialPlan:
    weekly = np.random.default_rng(1).normal(100.0, 5.0, (24, 3, 26))
    weekly[:, -1] = weekly[:, -2] + effect
    return TrialPlan(FOUND, weekly, 1, 0.8)


def test_a_trial_says_what_it_takes_and_whether_it_is_worth_it() -> None:
    large, none = (beside_case_story.of_trial(plan(effect)) for effect in (40.0, 0.0))
    assert large[0].startswith("2 pairs of sites for")
    assert "of trials (95% interval" in large[0]
    assert none[0].startswith("Even 128 pairs of sites for 26 weeks")
    assert "1 site" in large[1]


def test_every_design_is_in_the_picture_and_in_the_table() -> None:
    found = plan(5.0)
    assert len(charts.power(found)["data"]["values"]) == len(trial_rows(found))
    encoding = charts.power(found)["layer"][1]["encoding"]
    assert len(set(encoding["shape"]["scale"]["range"])) == len(set(encoding["color"]["scale"]["range"])) == 4
    assert "(D)" in beside_case_story.rests_on(found) or "no grade" in beside_case_story.rests_on(found)


# ---- the whole chain ---------------------------------------------------------------------------------------


def test_the_chain_says_what_it_is_made_of_and_what_does_not_average_out() -> None:
    few, many = (
        StoreKind(name, label, np.full(32, count), FOUND, np.full(32, 0.1))
        for name, label, count in (("small", "Small shops", 10.0), ("large", "Large shops", 30.0))
    )
    found = ChainCase((few, many))
    assert beside_case_story.headline(found).startswith("In all 40 stores: £32,000 in year one, worth ")
    assert beside_case_story.made_of(found).startswith("Made of 10 × Small shops: ")
    assert [row["Share"] for row in chain_rows(found)] == ["25.0%", "75.0%"]
    assert "the same in every store and does not average out" in beside_case_story.spread(found)
    assert len(charts.mix(found, "GBP")["data"]["values"]) == 2
