"""The steps through which a facilitator leads a room."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """Where a room is, in the order in which it goes."""

    LOBBY = "lobby"
    BETS = "bets"
    REVEAL = "reveal"
    GUESSES = "guesses"
    POOL = "pool"
    REVISE = "revise"
    AGREED = "agreed"
    PLANS = "plans"
    OUTCOME = "outcome"


_OF_GUESSES = (Step.GUESSES, Step.POOL, Step.REVISE, Step.AGREED)
_CALLED = {
    Step.LOBBY: "Come in",
    Step.BETS: "Place your bets",
    Step.REVEAL: "The answer",
    Step.GUESSES: "Your own numbers",
    Step.POOL: "What the room believes",
    Step.REVISE: "Revise once",
    Step.AGREED: "The room’s numbers",
    Step.PLANS: "What would you mend?",
    Step.OUTCOME: "What came of it",
}


@dataclass(frozen=True)
class Taking:
    """What a step takes from people: slips of a kind, of a round."""

    kind: str
    round: int


_TAKES = {
    Step.BETS: Taking("bet", 1),
    Step.GUESSES: Taking("guess", 1),
    Step.REVISE: Taking("guess", 2),
    Step.PLANS: Taking("plan", 1),
}


def called(step: Step) -> str:
    """What people call a step."""
    return _CALLED[step]


def taking(step: Step) -> Taking | None:
    """What that step takes from people; None where it shows something."""
    return _TAKES.get(step)


def way(guesses: Sequence[str], has_fixes: bool) -> tuple[Step, ...]:
    """The steps of a room: without guesses nothing is pooled, and without fixes nothing is tried."""
    without: set[Step] = set()
    if not guesses:
        without |= set(_OF_GUESSES)
    if not has_fixes:
        without.add(Step.PLANS)
    return tuple(step for step in Step if step not in without)


def beside(way: Sequence[Step], step: Step, by: int) -> Step | None:
    """The step so many further on, or back where negative; None beyond the ends."""
    place = way.index(step) + by
    return way[place] if 0 <= place < len(way) else None
