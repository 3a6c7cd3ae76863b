"""What a verification says, as plain data and in words."""

from collections.abc import Iterator, Sequence
from typing import Any

from sim.experiments.known_answer import FittedAnswer, KnownAnswer, decimals
from sim.experiments.known_answers import KnownAnswers
from sim.experiments.verification import Check

_LARGE = 1_000


def verification_report(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Every check as plain data; what is missing is None.

    What is not simulated has no interval: `low` and `high` are None, and `within` is how far off it may be.
    """
    return [
        {"id": check.answer.id, "theory": check.answer.theory}
        | {end: getattr(check.found, end) for end in ("mean", "low", "high")}
        | ({"within": check.answer.within} if isinstance(check.answer, FittedAnswer) else {})
        | {"passed": check.passed}
        for check in checks
    ]


def tables(known: KnownAnswers, checks: Sequence[Check]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """For each question that the answers prove, its checks as rows whose cells are text or figures."""
    for proof in known.proofs:
        if rows := [_row(check) for check in checks if check.answer.proves == proof.id]:
            yield proof.label, rows


def _row(check: Check) -> dict[str, Any]:
    return {
        "known answer": check.answer.id,
        "theory": _theory(check.answer),
        "found (99% interval)": _found(check),
        "unit": check.answer.unit,
        "verdict": check.verdict,
    }


def _theory(answer: KnownAnswer) -> str:
    if isinstance(answer, FittedAnswer):
        return f"{answer.theory:,.10g} ± {answer.within:g}"
    return f"{answer.theory:,.6g}" if abs(answer.theory) < _LARGE else f"{answer.theory:,.0f}"


def _found(check: Check) -> str | dict[str, Any]:
    """A figure with its interval, or one that has none because no luck is in it."""
    answer, found = check.answer, check.found
    if not isinstance(answer, FittedAnswer) or found.mean is None:
        return {end: getattr(found, end) for end in ("mean", "low", "high")}
    return f"{found.mean:,.{decimals(answer.within) + 1}f} (exact: no interval)"


def sentence(checks: Sequence[Check]) -> str:
    """How many came out, in a sentence."""
    failed = [check.answer.id for check in checks if not check.passed]
    said = f"{len(checks) - len(failed)} of {len(checks)} known answers came out"
    return f"{said}; not so {', '.join(failed)}." if failed else f"{said}."
