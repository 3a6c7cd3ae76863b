"""A room as everybody in it sees it: its steps, what it is set up with, what it bets on and guesses at."""

import hashlib
import math
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, get_args

from pydantic import Field

from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.paths import fields_to, quantity_at, settables
from sim.scenario.quantity import Between, Id, Number, Part, Quantity, Text
from sim.scenario.scenario import Scenario
from sim.scenario.world import is_whole, policy_paths


class RoomError(Exception):
    """A sentence on why nothing was done. Never tells anything of other people or other rooms."""


class NoRoomError(RoomError):
    """No room has that code: said alike whatever the code looks like."""

    def __init__(self) -> None:
        super().__init__("No room answers to that code. Compare it with the one on the screen, and try again.")


class NotYoursError(RoomError):
    """The link's token opens nothing here."""

    def __init__(self) -> None:
        super().__init__("This link is not one of this room's own. Join with the room's code, or find the right link.")


class OverError(RoomError):
    """The room was closed or has expired."""


class MovedOnError(RoomError):
    """The room was changed meanwhile, so what was asked for may no longer be meant."""


class RefusedError(RoomError):
    """What was handed in is none of what is allowed."""


LETTERS = "CDFGHJKMNPQRTVWXY34679"
"""What a code is made of: nothing that looks like something else, and no vowels, so that no code is a word."""
LENGTH = 6
_TOKEN_BYTES = 16


def new_code() -> str:
    """A room's code, one of about a hundred million."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def tidy(code: str) -> str:
    """A code as it was meant: capitals, no spaces or hyphens; no longer than what could ever be right."""
    return "".join(letter for letter in code[:64] if letter.isalnum()).upper()[: LENGTH + 1]


def new_token() -> str:
    """128 random bits, as text for a link."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is stored of a token: whoever reads the database cannot pass for anybody."""
    return hashlib.sha256(token.encode()).hexdigest()


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
    """What a step takes from people: submissions of a kind, of a round."""

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


_EARNED = "contribution"


class Question(Part):
    """A measure: as things stand, or, with fixes, by how much they move it."""

    measure: Text
    fixes: tuple[Id, ...] = Field(default=())


def questions(scenario: Scenario) -> list[Question]:
    """What can be bet on, the first by default: what the scenario's own one answer adds, else its headline."""
    found = [Question(measure=scenario.headline), *_of_fixes(scenario)]
    default = _by_default(scenario)
    return [default, *(question for question in found if question != default)]


def _of_fixes(scenario: Scenario) -> Iterator[Question]:
    for fix in scenario.fixes:
        yield Question(measure=_EARNED, fixes=(fix.id,))


def _by_default(scenario: Scenario) -> Question:
    if len(scenario.answer.fixes) == 1:
        return Question(measure=scenario.answer.measure, fixes=scenario.answer.fixes)
    return Question(measure=scenario.headline)


def unit(scenario: Scenario, question: Question) -> str:
    """The unit of the answer, and of bets on it."""
    return unit_of(MEASURES[question.measure], scenario)


def asked(scenario: Scenario, question: Question) -> str:
    """The question in words."""
    label = MEASURES[question.measure].label
    if not question.fixes:
        return f"{label}: how much is it, as things stand?"
    labels = [f"“{fix.label}”" for fix in scenario.fixes if fix.id in question.fixes]
    return f"{label}: how much more of it with {' and '.join(labels)}?"


GUESS = "D"
_ELSEWHERE = ("chain.", "trial.", "policies.")
_WHOLES = ("segments", "trips")


def guesses(scenario: Scenario) -> list[str]:
    """The paths of what nobody has measured or what has a range, this before the rest and levers first.

    A number with a range is one that somebody doubted already. Left out is what cannot stand alone: what a policy
    moves, and shares that make up a whole.
    """
    levers = [lever.path for lever in scenario.levers]
    found = {path: said for path, said in _quantities(scenario).items() if _is_guessed(said, path in levers)}
    return sorted(found, key=lambda path: _place(levers, path, found[path]))


def _quantities(scenario: Scenario) -> dict[str, Quantity]:
    moved = {move.path for policy in scenario.policies for move in policy.moves} | policy_paths(scenario)
    return {
        path: said
        for path, said in settables(scenario).items()
        if isinstance(said, Quantity) and path not in moved and not path.startswith(_ELSEWHERE) and not _of_whole(path)
    }


def _of_whole(path: str) -> bool:
    return path.startswith(_WHOLES) and path.endswith(".share")


def _is_guessed(said: Quantity, is_lever: bool) -> bool:
    return said.evidence == GUESS or _has_range(said) or (is_lever and said.evidence is None)


def _has_range(said: Quantity) -> bool:
    return said.low is not None and said.high is not None and said.low < said.high


def _place(levers: list[str], path: str, said: Quantity) -> tuple[bool, bool, int]:
    is_lever = path in levers
    return not _has_range(said), not is_lever, levers.index(path) if is_lever else 0


def allowed(scenario: Scenario, path: str) -> Between:
    """What the field of that quantity allows. Raises KeyError when there is none."""
    *_, field = fields_to(scenario, path)
    notes = [note for note in [*field.metadata, *_notes(field.annotation)] if isinstance(note, Between)]
    found = notes[0] if notes else Between(-1e9, 1e9, "")
    return Between(found.least, found.most, quantity_at(scenario, path).unit or "", is_whole(scenario, path))


def _notes(annotation: Any) -> Iterator[Any]:
    """What annotates a type, or one inside it."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _notes(inner)


MOST_GUESSES = 6
"""More takes a room longer than it listens."""
_AT_FIRST = 2
MOST_BUDGET = 1e9


class Settings(Part):
    """How a room is set up. The budget is for year one, in currency units; None: no limit."""

    question: Question
    guesses: tuple[Text, ...] = Field(default=(), max_length=MOST_GUESSES)
    budget: Number | None = Field(default=None, ge=0, le=MOST_BUDGET)


def by_default(scenario: Scenario) -> Settings:
    """What a room is set up with until its facilitator chooses."""
    return Settings(
        question=questions(scenario)[0],
        guesses=tuple(guesses(scenario)[:_AT_FIRST]),
        budget=budget_of(scenario),
    )


def cost_of(scenario: Scenario, fixes: Sequence[str]) -> float:
    """What these fixes likely cost in year one before they are used: at the start and for a year; currency units."""
    chosen = [fix.costs for fix in scenario.fixes if fix.id in fixes]
    return sum(costs.once.value + costs.per_year.value for costs in chosen)


def budget_of(scenario: Scenario) -> float | None:
    """Enough for half of what all fixes cost and for the dearest of them, as a round number; None without costs."""
    costs = [cost_of(scenario, [fix.id]) for fix in scenario.fixes]
    needed = max([sum(costs) / 2, *costs], default=0.0)
    if needed <= 0:
        return None
    unit = 10.0 ** (math.floor(math.log10(needed)) - 1)
    return min(math.ceil(needed / unit) * unit, MOST_BUDGET)


@dataclass(frozen=True)
class Room:
    """A room at one moment. `version` counts what the facilitator did; `expires` is in seconds since 1970.

    `scenario` names what it was opened on, `made` the same with the room's own numbers, once there are any. `over`
    are the steps that took something and were left for a later one, which may have shown what came of it.
    """

    code: str
    version: int
    scenario: str
    made: str | None
    step: Step
    locked: bool
    hidden: bool
    closed: bool
    settings: Settings
    expires: int
    over: frozenset[Step] = frozenset()

    @property
    def expired(self) -> bool:
        """Whether its time is up."""
        return time.time() >= self.expires

    @property
    def is_over(self) -> bool:
        """Whether nothing can be handed in any more, nor anybody join."""
        return self.closed or self.expired

    @property
    def takes(self) -> Taking | None:
        """What can be handed in just now."""
        return None if self.locked or self.is_over else taking(self.step)

    @property
    def believed(self) -> str:
        """The name of the scenario that the room tries fixes in: with its own numbers where it has any."""
        return self.made or self.scenario

    @property
    def is_late(self) -> bool:
        """Whether what this step takes could be given with what came of it in view."""
        return self.step in self.over

    def at(self, step: Step) -> "Room":
        """The room at another step. Before its numbers are agreed it has none.

        It is open for what that step takes, but locked where the step was over already: what came of it may be known.
        """
        order = list(Step)
        left = min(self.step, step, key=order.index)
        over = self.over | {left} if left != max(self.step, step, key=order.index) and taking(left) else self.over
        made = self.made if order.index(step) >= order.index(Step.AGREED) else None
        return replace(self, step=step, locked=step in over, made=made, over=over)


@dataclass(frozen=True)
class Person:
    """Somebody in a room: a number, and a first name that is text and nothing else."""

    id: int
    name: str
