"""What a verification says, as plain data and in words."""

from collections.abc import Iterator, Sequence
from typing import Any

from sim.experiments.known_answers import KnownAnswers
from sim.experiments.verification import Check

_LARGE = 1_000


def verification_report(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Every check as plain data; what is missing is None."""
    return [
        {"id": check.answer.id, "theory": check.answer.theory}
        | {end: getattr(check.found, end) for end in ("mean", "low", "high")}
        | {"passed": check.passed}
        for check in checks
    ]


def tables(known: KnownAnswers, checks: Sequence[Check]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """For each question that the answers prove, its checks as rows whose cells are text or figures."""
    for proof in known.proofs:
        if rows := [_row(check) for check in checks if check.answer.proves == proof.id]:
            yield proof.label, rows


def _row(check: Check) -> dict[str, Any]:
    answer, found = check.answer, check.found
    return {
        "known answer": answer.id,
        "theory": f"{answer.theory:,.6g}" if abs(answer.theory) < _LARGE else f"{answer.theory:,.0f}",
        "simulated (99% interval)": {end: getattr(found, end) for end in ("mean", "low", "high")},
        "unit": answer.unit,
        "verdict": check.verdict,
    }


def sentence(checks: Sequence[Check]) -> str:
    """How many came out, in a sentence."""
    failed = [check.answer.id for check in checks if not check.passed]
    said = f"{len(checks) - len(failed)} of {len(checks)} known answers came out"
    return f"{said}; not so {', '.join(failed)}." if failed else f"{said}."
