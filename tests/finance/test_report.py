import json
from dataclasses import replace

import numpy as np
import pytest

from sim.finance.assumptions import Terms
from sim.finance.case import Case
from sim.finance.report import case_report, case_tables
from sim.scenario.wording import label_of
from tests.finance.shops import DRAWS, LOSS, MARGIN, ONCE, case_in, quick

FIGURES = ["npv", "irr", "payback_years", "discounted_payback_years", "roi", "benefit_cost_ratio"]
RISKS = ["p10", "p50", "p90", "prob_loss", "run_noise_sd", "input_sd", "evpi", "evppi"]
KEYS = [*FIGURES, *RISKS, "break_even", "tornado", "assumptions"]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_in(tmp_path_factory.mktemp("case"), quick())


def test_every_figure_that_was_promised_is_there_in_its_order(case: Case) -> None:
    assert [key for key in case_report(case) if key in KEYS] == KEYS


def test_figures_are_the_cases_own(case: Case) -> None:
    report = case_report(case)
    assert report["npv"] == case.npv.mean
    assert report["npv_interval"] == {"mean": case.npv.mean, "low": case.npv.low, "high": case.npv.high, "unit": "GBP"}
    assert (report["irr"], report["irr_said"]) == case.irr
    assert (report["p10"], report["p50"], report["p90"]) == case.percentiles
    assert report["draws"] == DRAWS
    assert report["break_even"] == {side.path: side.break_even for side in case.sides}
    assert set(report["evppi"]) == {LOSS, MARGIN, ONCE}
    assert [row["path"] for row in report["tornado"]] == [side.path for side in case.tornado]
    assert set(report["tornado"][0]) == {"path", "low_npv", "high_npv"}
    assert set(report["assumptions"][0]) == {"path", "value", "low", "high", "unit", "evidence", "source"}
    assert report["net_cash"] == case.net.tolist()
    assert report["terms"] == Terms().model_dump()
    assert case_report(replace(case, terms=Terms(mid_year=True)))["terms"]["mid_year"] is True


def test_it_is_plain_json_and_what_is_missing_is_null(case: Case) -> None:
    nothing = replace(
        case, twins=replace(case.twins, then=replace(case.twins.now, uses=case.twins.then.uses)), again=None, sides=()
    )
    for one in (case, nothing):
        report = case_report(one)
        assert json.loads(json.dumps(report, allow_nan=False)) == report
    report = case_report(nothing)
    for missing in ("irr", "payback_years", "discounted_payback_years", "run_noise_sd", "input_sd", "evpi"):
        assert report[missing] is None
    assert (report["evppi"], report["break_even"], report["tornado"]) == ({}, {}, [])


def test_tables_name_assumptions_in_words_each_with_its_grade(case: Case) -> None:
    shown = dict(case_tables(case))
    figures, _, sides, *_ = shown.values()
    grades = {label_of(case.study.scenario, one.path): one.evidence or "not said" for one in case.assumptions}
    for rows in (sides, shown.get("What it is worth to find out", [])):
        for row in rows:
            assert row["grade"] == grades.get(row["assumption"], "")
    assert len(sides) == len(case.tornado)
    assert [row["figure"] for row in figures][:3] == ["NPV, mean", "P10, P50, P90", "P(NPV < 0)"]


def test_tables_say_none_and_never_where_there_is_none(case: Case) -> None:
    nothing = np.zeros_like(case.cash.benefit)
    hopeless = replace(case, sides=(), again=None)
    vars(hopeless)["cash"] = replace(case.cash, benefit=nothing)
    rows = {row["figure"]: row for row in dict(case_tables(hopeless))["What it is worth, one site, GBP"]}
    assert (rows["IRR"]["value"], rows["Payback"]["value"]) == ("none", "never")
    assert rows["IRR"]["note"].startswith("never")
    assert list(dict(case_tables(hopeless))) == ["What it is worth, one site, GBP", "Net cash, the mean over futures"]


def test_cash_has_a_column_a_year_from_the_outlay_on(case: Case) -> None:
    (row,) = dict(case_tables(case))["Net cash, the mean over futures"]
    assert list(row) == ["year 0", "year 1", "year 2", "year 3"]
