"""The known answers, simulated: each row of the data is a test, and a row that is wrong fails."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sim.cli import commands as cli
from sim.experiments.verification import Check, verify
from sim.experiments.verification.known_answers import KnownAnswers, read_known_answers
from sim.outcomes.measures import minds

KNOWN = read_known_answers()
IDS = [answer.id for answer in KNOWN.every]
FITTED = [answer.id for answer in KNOWN.fitted]
FIT = "high_end_alpha"
QUICK = "machines_one_down"
ALSO_ON_SIMPY = ("machines_none_down", "machines_one_down", "machines_both_down")


def changed(answer: str, **values: Any) -> KnownAnswers:
    """One known answer alone, with these fields changed."""
    known = KNOWN.only(answer)
    rows = {
        part: tuple(row.model_copy(update=values) for row in getattr(known, part)) for part in ("answers", "fitted")
    }
    return replace(known, **rows)


@pytest.fixture(scope="module")
def checks() -> dict[str, Check]:
    return {check.answer.id: check for check in verify(KNOWN)}


@pytest.mark.parametrize("answer", IDS)
def test_every_known_answer_comes_out(checks: dict[str, Check], answer: str) -> None:
    check = checks[answer]
    assert check.verdict == "passed", check


@pytest.mark.long
def test_so_does_the_simpy_engine_on_quick_ones() -> None:
    for check in verify(KNOWN.only(*ALSO_ON_SIMPY), "simpy"):
        assert check.verdict == "passed", check


@pytest.mark.long
@pytest.mark.parametrize("answer", ["even_service_wait", "cdnow_visits", "contracts_year_12", "story_store"])
def test_and_on_slow_ones(answer: str) -> None:
    (check,) = verify(KNOWN.only(answer), "simpy")
    assert check.verdict == "passed", check


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, "passed"),
        ({"theory": 0.42}, "failed: outside"),
        ({"half_width_at_most": 0.001}, "failed: too wide"),
        ({"reading": "bad_trip_share"}, "failed: not measured"),
    ],
)
def test_a_wrong_answer_too_wide_an_interval_and_nothing_measured_all_fail(values: Any, verdict: str) -> None:
    (check,) = verify(changed(QUICK, **values))
    assert (check.verdict, check.passed) == (verdict, verdict == "passed")


@pytest.mark.parametrize("answer", FITTED)
@pytest.mark.parametrize("direction", [1, -1])
def test_what_is_worked_out_fails_where_theory_is_another(
    checks: dict[str, Check], answer: str, direction: int
) -> None:
    check = checks[answer]
    (row,) = KNOWN.only(answer).fitted
    found = check.found.mean or 0.0
    near = row.model_copy(update={"theory": found + direction * 0.99 * row.within})
    far = row.model_copy(update={"theory": found + direction * 1.01 * row.within})
    shifted = row.model_copy(update={"theory": row.theory + direction * 2.01 * row.within})
    assert [Check(one, check.found).passed for one in (near, far, shifted)] == [True, False, False]


@pytest.mark.parametrize("answer", [answer.id for answer in KNOWN.answers])
@pytest.mark.parametrize("direction", [1, -1])
def test_what_is_simulated_fails_where_theory_is_another(checks: dict[str, Check], answer: str, direction: int) -> None:
    check = checks[answer]
    (row,) = KNOWN.only(answer).answers
    shifted = row.model_copy(update={"theory": row.theory + direction * 2.01 * row.half_width_at_most})
    assert not Check(shifted, check.found).passed


# ---- the command ---------------------------------------------------------------------------------


@pytest.fixture
def ripple(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs `python -m sim verify` on these known answers, with these options: exit code, output, errors."""

    def run(known: KnownAnswers, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr(cli, "read_known_answers", lambda: known)
        monkeypatch.setattr(sys, "argv", ["sim", "verify", *options])
        capsys.readouterr()
        return (cli.main(), *capsys.readouterr())

    return run


def test_verify_shows_theory_mean_interval_and_verdict_and_exits_with_0(ripple: Any) -> None:
    code, out, _ = ripple(KNOWN.only(QUICK))
    assert code == 0
    assert "Do things that break behave?" in out
    (row,) = [line.split() for line in out.splitlines() if line.startswith(QUICK)]
    assert row[1] == "0.413793"
    assert row[-1] == "passed"
    assert out.endswith("1 of 1 known answers came out.\n")


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_verify_as_json_has_six_keys_a_check(ripple: Any, engine: str) -> None:
    code, out, _ = ripple(changed(QUICK, replications=4, half_width_at_most=0.1), "--json", "--engine", engine)
    (found,) = json.loads(out)
    assert code == 0
    assert list(found) == ["id", "theory", "mean", "low", "high", "passed"]
    assert found["low"] < found["theory"] < found["high"]
    assert found["passed"] is True


@pytest.mark.parametrize("values", [{"theory": 0.42}, {"half_width_at_most": 0.001}])
def test_verify_exits_with_1_and_names_what_fails(ripple: Any, values: Any) -> None:
    code, out, _ = ripple(changed(QUICK, **values))
    assert code == 1
    assert f"0 of 1 known answers came out; not so {QUICK}." in out
    code, out, _ = ripple(changed(QUICK, **values), "--json")
    assert (code, json.loads(out)[0]["passed"]) == (1, False)


def test_verify_shows_what_is_worked_out_beside_the_rest(ripple: Any) -> None:
    code, out, _ = ripple(KNOWN.only(QUICK, FIT))
    assert code == 0
    assert "Do fits and formulas of customer value give the published figures?" in out
    (row,) = [line for line in out.splitlines() if line.startswith(FIT)]
    assert "0.668 ± 0.0005" in row
    assert "0.66809 (exact: no interval)" in row
    assert row.rstrip().endswith("passed")
    assert out.endswith("2 of 2 known answers came out.\n")
    code, out, _ = ripple(KNOWN.only(FIT), "--json")
    (found,) = json.loads(out)
    assert (found["low"], found["high"], found["within"], found["passed"]) == (None, None, 0.0005, True)


def test_verify_exits_with_1_where_a_fit_gives_another_figure(ripple: Any) -> None:
    code, out, _ = ripple(changed(FIT, theory=0.669))
    assert code == 1
    assert f"0 of 1 known answers came out; not so {FIT}." in out


def test_verify_exits_with_1_where_the_formula_is_broken(ripple: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minds, "critical_value", lambda: 1.64)
    code, out, _ = ripple(KNOWN.only("survey_error_formula"))
    assert code == 1
    assert "not so survey_error_formula." in out


def test_a_figure_that_is_missing_is_null(ripple: Any) -> None:
    code, out, _ = ripple(changed(QUICK, reading="bad_trip_share"), "--json")
    (found,) = json.loads(out)
    assert code == 1
    assert [found[end] for end in ("mean", "low", "high")] == [None, None, None]
