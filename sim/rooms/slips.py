"""What people hand in: a bet, a guess at a number, a plan. Each is checked here, whatever a page allowed."""

import math
from dataclasses import dataclass

from pydantic import Field, StrictBool, ValidationError

from sim.rooms.faults import RefusedError
from sim.rooms.guesses import allowed
from sim.rooms.pooling import Voice
from sim.rooms.settings import Settings, cost_of
from sim.scenario.faults import ScenarioError
from sim.scenario.quantity import Between, Id, Number, Part
from sim.scenario.scenario import Scenario
from sim.scenario.wording import money
from sim.scenario.world import world_of

MOST = 1e12
"""As far from 0 as a bet may be."""


class Bet(Part):
    """A guess at the answer, in its unit; `named`: whether to say whose it was if it is the nearest."""

    value: Number = Field(ge=-MOST, le=MOST)
    named: StrictBool = False


class Guess(Part):
    """What somebody believes of a number, in its unit."""

    low: Number
    mode: Number
    high: Number

    @property
    def voice(self) -> Voice:
        """The same as a distribution. Raises ValueError where the ends are in no order."""
        return Voice(float(self.low), float(self.mode), float(self.high))


class Plan(Part):
    """The fixes that somebody would pay for, in the scenario's order."""

    fixes: tuple[Id, ...] = Field(max_length=100)


Said = Bet | Guess | Plan
_KINDS: dict[str, type[Bet] | type[Guess] | type[Plan]] = {"bet": Bet, "guess": Guess, "plan": Plan}


@dataclass(frozen=True)
class Slip:
    """What one person said on one question in one round; `version` counts how many times it was handed in."""

    person: int
    key: str
    round: int
    said: Said
    version: int


def kind_of(said: Said) -> str:
    """What is stored as the kind of a slip."""
    return next(kind for kind, form in _KINDS.items() if isinstance(said, form))


def read(kind: str, payload: str) -> Said:
    """What was stored of a slip."""
    return _KINDS[kind].model_validate_json(payload)


def guess_of(low: float | None, mode: float | None, high: float | None) -> Guess:
    """A guess of three numbers, whichever are there. Raises RefusedError, saying what is missing or out of order."""
    missing = [name for name, end in (("lowest", low), ("most likely", mode), ("highest", high)) if end is None]
    if missing:
        raise RefusedError(f"Still empty: {', '.join(missing)}. Give all three numbers.")
    try:
        guess = Guess.model_validate({"low": low, "mode": mode, "high": high})
    except ValidationError:
        raise RefusedError("Give three finite numbers.") from None
    _refuse_disorder(guess)
    return guess


def check(scenario: Scenario, settings: Settings, key: str, said: Said) -> None:
    """Raise RefusedError, a sentence for who handed it in, where a slip is none of what the room asks for."""
    if isinstance(said, Guess):
        _check_guess(scenario, settings, key, said)
    elif isinstance(said, Plan):
        _check_plan(scenario, settings, said)
    elif key or not math.isfinite(said.value):
        raise RefusedError("Give one finite number.")


def _check_guess(scenario: Scenario, settings: Settings, path: str, said: Guess) -> None:
    if path not in settings.guesses:
        raise RefusedError("The room does not ask for this number any more.")
    _refuse_disorder(said)
    bounds = allowed(scenario, path)
    for end in (said.low, said.mode, said.high):
        if not bounds.least <= end <= bounds.most or (bounds.whole and end != int(end)):
            raise RefusedError(f"{_shown(end, bounds)} is not possible here; allowed: {ends(bounds)}.")


def _refuse_disorder(said: Guess) -> None:
    if not said.low <= said.mode <= said.high:
        raise RefusedError("The lowest must not be above the most likely, nor that above the highest.")


def ends(bounds: Between) -> str:
    """What a number may be, in words."""
    kind = "whole numbers " if bounds.whole else ""
    return f"{kind}from {_shown(bounds.least, bounds)} to {_shown(bounds.most, bounds)}"


def _shown(value: float, bounds: Between) -> str:
    return f"{value * 100:.10g}%" if bounds.unit.startswith("share") else f"{value:,.10g}"


def _check_plan(scenario: Scenario, settings: Settings, said: Plan) -> None:
    known = {fix.id for fix in scenario.fixes}
    if not said.fixes:
        raise RefusedError("Choose at least one fix.")
    if not known.issuperset(said.fixes) or len(set(said.fixes)) < len(said.fixes):
        raise RefusedError("The room does not know one of these fixes. Choose again.")
    cost = cost_of(scenario, said.fixes)
    if settings.budget is not None and cost > settings.budget:
        over = money(cost - settings.budget, scenario.currency)
        raise RefusedError(f"This is {over} over the budget. Take something out.")
    try:
        world_of(scenario, fixes=said.fixes)
    except ScenarioError as error:
        raise RefusedError(f"These do not go together: {error.faults[0].message}.") from None
