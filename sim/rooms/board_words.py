"""What a board says, in sentences; plain text from what was found."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.experiments.estimate import Estimate
from sim.scenario.wording import MISSING, money

if TYPE_CHECKING:
    from sim.rooms.board import Board, Row

NOTHING = "doing nothing"
_NAMED = 3


def called(fixes: Sequence[str], labels: Mapping[str, str]) -> str:
    """A choice by its fixes' labels."""
    return listed([f"“{labels.get(fix, fix)}”" for fix in fixes]) if fixes else NOTHING


def listed(words: Sequence[str]) -> str:
    """Words with commas between them, and “and” before the last."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def with_interval(npv: Estimate, currency: str) -> str:
    """An NPV with its 95% interval; where there is none, why."""
    if npv.mean is None:
        return MISSING
    said = money(npv.mean, currency)
    if npv.low is None or npv.high is None:
        return f"{said} (one run: no interval)"
    return said if npv.low == npv.high else f"{said} ({money(npv.low, currency)} to {money(npv.high, currency)})"


def sentences(board: "Board", currency: str) -> Iterator[str]:
    """Who leads, which of the others share a rank, and whether it beats doing nothing."""
    leaders, *others = board.groups
    yield _lead(board, leaders, currency)
    for group in others:
        if len(group) > 1:
            yield f"{_capital(_named(board, group))} cannot be told apart: they share rank {group[0].rank}."
    yield from _against_nothing(board, leaders[0])


def _lead(board: "Board", leaders: "Sequence[Row]", currency: str) -> str:
    if len(leaders) == 1:
        leader = leaders[0]
        by = "one person's choice" if len(leader.people) == 1 else f"the choice of {len(leader.people)} people"
        worth = with_interval(leader.npv, currency)
        name = _capital(called(leader.fixes, board.labels))
        return f"{name}, {by}, {'leads' if len(board.rows) > 1 else 'is all there is'}: worth {worth}."
    worths = [f"{called(row.fixes, board.labels)} with {with_interval(row.npv, currency)}" for row in leaders]
    return f"{_capital(_shortened(worths))} share the lead: on the same luck they cannot be told apart."


def _against_nothing(board: "Board", leader: "Row") -> Iterator[str]:
    if leader.fixes and not any(row.npv.low is not None and row.npv.low > 0 for row in board.rows):
        yield "None is clearly better than doing nothing, which is worth 0."
    losing = sum(row.npv.high is not None and row.npv.high < 0 for row in board.rows)
    if losing:
        yield f"{losing} of {len(board.rows)} choices {'loses' if losing == 1 else 'lose'} money."


def _named(board: "Board", rows: "Sequence[Row]") -> str:
    return _shortened([called(row.fixes, board.labels) for row in rows])


def _shortened(names: Sequence[str]) -> str:
    """Names, each maybe of several fixes; of many only the first few."""
    left = len(names) - _NAMED
    if left > 1:
        return f"{'; '.join(names[:_NAMED])}; and {left} other choices"
    return "; ".join([*names[:-1], f"and {names[-1]}"])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
