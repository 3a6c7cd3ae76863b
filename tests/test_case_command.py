"""`python -m sim case`."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sim.cli import commands as cli
from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.experiments.plain import alike
from sim.finance import study as studies
from sim.finance.assumptions import Terms
from sim.finance.case import make_case
from sim.finance.report import case_report
from sim.finance.study import Study
from sim.scenario.world import world_of
from tests.scenario.kiosk import KIOSK, edited

KIOSK_FIXES = [("base: 50", "base: 30"), ("weeks: 4", "weeks: 2")]
HEAD = ["scenario", "seed", "replications", "engine", "sets", "fixes", "notices"]
FIGURES = ["npv", "irr", "payback_years", "discounted_payback_years", "roi", "benefit_cost_ratio"]
RISKS = ["p10", "p50", "p90", "prob_loss", "run_noise_sd", "input_sd", "evpi", "evppi"]
REST = ["break_even", "tornado", "assumptions"]
POOL = "assets.carts.pool"
QUICK = ("--draws", "16", "--json")
FIX = ("--fix", "four_more")


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results are kept in the meantime."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def ripple(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["sim", "case", *args])
        capsys.readouterr()
        done = Done(cli.main(), *capsys.readouterr())
        assert "Traceback" not in done.out + done.err
        return done

    return run


@pytest.fixture
def kiosk(tmp_path: Path) -> str:
    """A kiosk of which the number of carts is uncertain, as a file."""
    file = tmp_path / "kiosk.yaml"
    file.write_text(edited(*KIOSK_FIXES), encoding="utf-8")
    return str(file)


def one_json(done: Done) -> Any:
    assert done.code == 0, done.err
    assert "NaN" not in done.out
    return json.loads(done.out)


def said(done: Done) -> str:
    return " ".join(done.err.replace("│", " ").split())


def test_as_json_it_is_one_object_the_head_first_and_every_figure_in_its_order(ripple: Run, kiosk: str) -> None:
    report = one_json(ripple(kiosk, *FIX, "--seed", "3", "--set", "weather.rain=0.5", *QUICK))
    assert list(report)[:7] == HEAD
    assert [report[name] for name in HEAD] == [kiosk, 3, 16, "compiled", {"weather.rain": 0.5}, ["four_more"], []]
    wanted = [*FIGURES, *RISKS, *REST]
    assert [name for name in report if name in wanted] == wanted
    assert set(report["evppi"]) == {POOL}
    assert set(report["break_even"]) == {POOL}
    assert [set(row) for row in report["tornado"]] == [{"path", "low_npv", "high_npv"}]
    assert set(report["assumptions"][0]) == {"path", "value", "low", "high", "unit", "evidence", "source"}
    (carts,) = [row for row in report["assumptions"] if row["path"] == POOL]
    assert (carts["value"], carts["low"], carts["high"], carts["evidence"]) == (10, 8, 12, "C")
    (rain,) = [row for row in report["assumptions"] if row["path"] == "weather.rain"]
    assert (rain["value"], rain["low"], rain["evidence"], rain["source"]) == (0.5, None, "D", "set by you")


def test_it_is_the_case_of_that_world_seed_and_terms(ripple: Run, kiosk: str, tmp_path: Path) -> None:
    terms = {"--horizon": "5", "--inflation": "0.02", "--tax": "0.25", "--cost-uplift": "0.2", "--benefit-cut": "0.1"}
    options = [text for option in terms.items() for text in option]
    report = one_json(
        ripple(kiosk, *FIX, "--seed", "3", *options, "--real", "--mid-year", "--set", "weather.rain=0.5", *QUICK)
    )
    shares = {"inflation": 0.02, "tax_rate": 0.25, "cost_uplift": 0.2, "benefit_cut": 0.1}
    known = Terms(horizon_years=5, real=True, mid_year=True, **shares)
    study = Study(world_of(load(kiosk), {"weather.rain": 0.5}), 3, Store(tmp_path / "other"))
    expected = alike(case_report(make_case(study, ["four_more"], known, 16)))
    assert {name: report[name] for name in expected} == expected


def test_the_same_seed_gives_the_same_text_and_another_seed_another(ripple: Run, kiosk: str) -> None:
    first, again, other = (ripple(kiosk, *FIX, "--seed", seed, *QUICK) for seed in ("3", "3", "4"))
    assert first.out == again.out
    assert one_json(first)["npv"] != one_json(other)["npv"]


def test_a_repeated_case_answers_from_what_is_kept(
    ripple: Run, kiosk: str, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ripple(kiosk, *FIX, *QUICK)
    assert (kept / "ripple" / "results" / "cache.db").exists()

    def forbidden(*args: Any) -> None:
        raise AssertionError("something was simulated")

    monkeypatch.setattr(studies, "outcome_of", forbidden)
    assert ripple(kiosk, *FIX, *QUICK).out == first.out
    dearer = one_json(ripple(kiosk, *FIX, "--set", "fixes.four_more.costs.once=101", *QUICK))
    assert dearer["npv"] == pytest.approx(one_json(first)["npv"] - 1)


def test_for_people_it_is_a_sentence_tables_and_what_has_to_be_known(ripple: Run, kiosk: str) -> None:
    done = ripple(kiosk, *FIX, "--draws", "16")
    assert done.code == 0
    shown = " ".join(done.out.split())
    for title in ("What it is worth, one site, GBP", "Net cash, the mean over futures", "One assumption at a time"):
        assert title in shown
    assert re.search(
        r"For £100 in year one this (returns|loses) £[\d,]+ of contribution over three years; \d+ of 50", shown
    )
    assert "grade D" in shown
    assert "One site." in shown


def test_a_budget_is_what_sets_of_the_fixes_may_cost(ripple: Run, kiosk: str) -> None:
    report = one_json(ripple(kiosk, *FIX, "--fix", "exactly_twenty", "--budget", "50", *QUICK))
    assert report["fixes"] == ["four_more", "exactly_twenty"]
    assert "portfolio" in report
    assert "portfolio" not in one_json(ripple(kiosk, *FIX, *QUICK))


BAD = [
    (["--draws", "15"], "draws: found 15; allowed: 16 to 4,096"),
    (["--draws", "4097"], "draws: found 4097; allowed: 16 to 4,096"),
    (["--horizon", "0"], "horizon_years: found 0; allowed: "),
    (["--horizon", "11"], "horizon_years: found 11; allowed: "),
    (["--tax", "1"], "tax_rate: found 1.0; allowed: "),
    (["--tax", "nan"], "tax_rate: found nan; allowed: "),
    (["--inflation", "0.5"], "inflation: found 0.5; allowed: "),
    (["--cost-uplift", "-0.1"], "cost_uplift: found -0.1; allowed: "),
    (["--benefit-cut", "1.1"], "benefit_cut: found 1.1; allowed: "),
    (["--budget", "-1"], "budget: found -1"),
    (["--budget", "nan"], "budget: found nan"),
    (["--budget", "inf"], "budget: found inf"),
    (["--fix", "nonsense"], 'nonsense: found "nonsense"; allowed: four_more, half_again, exactly_twenty'),
    (
        ["--fix", "exactly_twenty", "--fix", "exactly_thirty"],
        "both exactly_twenty and exactly_thirty set it; choose one",
    ),
    (["--set", "economics.discount_rate=1.5"], "economics.discount_rate: found 1.5; allowed: a number from 0 to 1"),
    (["--set", "economics.rate=0.1"], 'found "economics.rate"; allowed: the path of a quantity or switch'),
    (["--set", "fixes.four_more.costs.once=0"], "fixes.four_more.costs: found no cost at all; allowed: a cost once"),
    (["--seed", "-1"], "Invalid value for '--seed'"),
    (["--horizon", "three"], "Invalid value for '--horizon'"),
]


@pytest.mark.parametrize(("options", "words"), BAD, ids=[" ".join(options) for options, _ in BAD])
def test_what_cannot_be_meant_is_refused_by_its_name_and_nothing_is_simulated_or_written(
    ripple: Run, kiosk: str, kept: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], words: str
) -> None:
    def forbidden(*args: Any) -> None:
        raise AssertionError("something was simulated")

    monkeypatch.setattr(studies, "outcome_of", forbidden)
    done = ripple(kiosk, *FIX, "--json", *options)
    assert (done.code, done.out) == (2, "")
    assert words in said(done)


def test_without_a_fix_there_is_no_case(ripple: Run, kiosk: str) -> None:
    done = ripple(kiosk, "--json")
    assert (done.code, done.out) == (2, "")
    assert "--fix" in said(done)


def test_a_scenario_without_fixes_or_without_costs_says_so(ripple: Run, tmp_path: Path) -> None:
    free = tmp_path / "free.yaml"
    free.write_text(KIOSK.replace("costs: {once: 100}", "costs: {}"), encoding="utf-8")
    done = ripple(str(free), *FIX, *QUICK)
    assert (done.code, done.out) == (2, "")
    assert "fixes.four_more.costs: found no cost at all" in said(done)
    done = ripple("dodgy_trolley_story", *FIX, *QUICK)
    assert (done.code, done.out) == (2, "")
    assert 'found "four_more"; allowed: none in this scenario' in said(done)


def test_an_unknown_scenario_is_refused(ripple: Run) -> None:
    done = ripple("dodgy_troley", *FIX, *QUICK)
    assert (done.code, done.out) == (2, "")
    assert 'did you mean "dodgy_trolley"?' in said(done)
