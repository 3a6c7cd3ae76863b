"""The job of checking: verdicts, what is shared, progress, and a stop that keeps what is done."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sim.engines.records import Progress
from sim.experiments import verification as checking
from sim.experiments.estimate import MISSING, Estimate, estimate
from sim.experiments.verification import Check, Verification, sentence, tables, verification_report, verify
from sim.experiments.verification.formulas import SbgFit
from sim.experiments.verification.known_answers import KnownAnswers, read_known_answers
from sim.experiments.workers import Workers
from sim.outcomes import customer_value
from tests.waiting import PATIENCE, Tellings, again_and_again, wait_until

KNOWN = read_known_answers()
ANSWER = KNOWN.only("machines_one_down").answers[0].model_copy(update={"theory": 10, "half_width_at_most": 1})
FITTED = KNOWN.only("cdnow_r").fitted[0]  # theory 0.243, within 0.0005
MACHINES = ("machines_none_down", "machines_one_down", "machines_both_down")


def few(known: KnownAnswers, replications: int = 2) -> KnownAnswers:
    rows = (answer.model_copy(update={"replications": replications}) for answer in known.answers)
    return replace(known, answers=tuple(rows))


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(1)
    yield pool
    pool.close()


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (9.5, 10.5, "passed"),
        (10, 11, "passed"),
        (9, 10, "passed"),
        (9, 11, "passed"),
        (8.9, 11, "failed: too wide"),
        (10.1, 11, "failed: outside"),
        (9, 9.9, "failed: outside"),
        (10.1, 20, "failed: outside"),
    ],
)
def test_theory_is_within_an_interval_that_is_narrow(low: float, high: float, verdict: str) -> None:
    check = Check(ANSWER, Estimate((low + high) / 2, low, high))
    assert (check.verdict, check.passed) == (verdict, verdict == "passed")


@pytest.mark.parametrize("found", [MISSING, Estimate(10, None, None)])
def test_what_is_missing_never_passes(found: Estimate) -> None:
    check = Check(ANSWER, found)
    assert (check.verdict, check.passed) == ("failed: not measured", False)
    assert verification_report([check])[0]["low"] is None


def test_answers_of_one_world_are_read_from_the_same_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = []
    one = checking.outcome_of

    def counted(task, *args, **kwargs):  # type: ignore[no-untyped-def]
        simulated.append(task)
        return one(task, *args, **kwargs)

    monkeypatch.setattr(checking, "outcome_of", counted)
    checks = verify(few(KNOWN.only(*MACHINES)))
    assert [check.answer.id for check in checks] == list(MACHINES)
    assert len(simulated) == 2
    assert sum(check.found.mean for check in checks) == pytest.approx(1)  # type: ignore[misc]


def test_answers_of_one_fit_are_taken_of_the_same_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = []
    one = customer_value.fit_bg_nbd

    def counted(*args):  # type: ignore[no-untyped-def]
        fitted.append(args)
        return one(*args)

    monkeypatch.setattr(customer_value, "fit_bg_nbd", counted)
    checks = verify(KNOWN.only("cdnow_r", "cdnow_b", "cdnow_likelihood"))
    assert [check.answer.id for check in checks] == ["cdnow_likelihood", "cdnow_r", "cdnow_b"]
    assert len(fitted) == 1


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (0.243, "passed"),
        (0.2435, "passed"),
        (0.2425, "passed"),
        (0.24351, "failed: outside"),
        (0.24249, "failed: outside"),
        (math.nan, "failed: not measured"),
    ],
)
def test_what_is_worked_out_has_no_interval_and_passes_where_it_is_near(found: float, verdict: str) -> None:
    check = Check(FITTED, estimate([found]))
    assert (check.verdict, check.passed) == (verdict, verdict == "passed")
    (report,) = verification_report([check])
    assert list(report) == ["id", "theory", "mean", "low", "high", "within", "passed"]
    assert (report["low"], report["high"], report["within"]) == (None, None, 0.0005)


def test_a_fit_that_is_none_is_not_measured() -> None:
    everybody_stays = SbgFit(formula="sbg", survivors=(9, 9, 9))
    broken = FITTED.model_copy(update={"computed": everybody_stays, "figure": "alpha"})
    (check,) = verify(replace(KNOWN, answers=(), fitted=(broken,)))
    assert check.verdict == "failed: not measured"


def test_the_luck_is_always_the_same() -> None:
    once, again = (verify(few(KNOWN.only("machines_one_down"))) for _ in range(2))
    assert once == again


def test_the_unbroken_twin_is_simulated_where_a_reading_needs_it() -> None:
    known = few(KNOWN.only("story_store"))
    short = {name: world.model_copy(update={"weeks": 4}) for name, world in known.worlds.items()}
    (check,) = verify(replace(known, worlds=short))
    assert check.found.mean == pytest.approx(50_000, rel=0.3)


def test_a_stop_is_heard_at_the_next_telling_and_keeps_what_is_done(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    tellings, machines = Tellings(), KNOWN.only("machines_one_down").worlds
    whole, endless = checking.done, again_and_again(checking.done)

    def work(task: Any, progress: Progress) -> tuple[float, ...]:
        return (whole if task.world in machines.values() else endless)(task, progress)

    monkeypatch.setattr(checking, "done", tellings.of(work))
    under_way = Verification(few(KNOWN.only("machines_one_down", "bad_trips_story"), 4), workers)
    wait_until(lambda: "machines_one_down" in under_way.checks)
    assert 0 < under_way.share_done < 1
    assert under_way.seconds_left is not None
    tellings.stop(under_way)
    assert under_way.finished  # to whoever asks, at once
    under_way.wait(PATIENCE)
    assert len(tellings.late) <= 1  # of the one thread
    assert list(under_way.checks) == ["machines_one_down"]
    assert under_way.error is None


def test_a_failure_of_the_program_is_raised_and_not_a_failed_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(checking, "outcome_of", broken)
    with pytest.raises(ZeroDivisionError):
        verify(few(KNOWN.only("machines_one_down")))


def test_progress_is_told_until_all_is_done() -> None:
    told: list[float] = []
    verify(few(KNOWN.only("machines_one_down")), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_tables_say_that_what_is_worked_out_has_no_interval() -> None:
    ((_, (found, missing)),) = tables(KNOWN, [Check(FITTED, estimate([0.24259])), Check(FITTED, MISSING)])
    assert found["theory"] == "0.243 ± 0.0005"
    assert found["found (99% interval)"] == "0.24259 (exact: no interval)"
    assert missing["found (99% interval)"] == {"mean": None, "low": None, "high": None}


def test_tables_are_by_question_and_the_sentence_names_what_failed() -> None:
    passed, failed = Check(ANSWER, Estimate(10, 9.9, 10.1)), Check(ANSWER, MISSING)
    ((title, rows),) = tables(KNOWN, [passed, failed])
    assert title == "Do things that break behave?"
    assert [row["verdict"] for row in rows] == ["passed", "failed: not measured"]
    assert sentence([passed]) == "1 of 1 known answers came out."
    assert sentence([passed, failed]) == "1 of 2 known answers came out; not so machines_one_down."
