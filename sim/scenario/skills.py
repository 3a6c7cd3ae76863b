"""What people who serve customers have learnt, and forget."""

from typing import Literal

from pydantic import Field

from sim.scenario.part import Id, Named, Part
from sim.scenario.quantity import Money, Share, Shift, Unit, Weeks, by_default


class Lift(Part):
    """A chance that a skill raises or lowers: of a failure, of a conversion, or that a contact settles it."""

    at: Id = Field(description="a touchpoint, or a failure point of the cause `chance`")
    rate: Literal["failure", "conversion", "resolution"] = Field(
        description="which chance: that it goes wrong, sells, settles"
    )
    log_odds: Shift = Field(description="added to the chance's log-odds at full skill")


class Skill(Named):
    """Training lifts a chance, wears off with a half-life, and is held up by coaching."""

    at_start: Unit = Field(default=by_default(1, "0 to 1"), description="at week 0, right after training")
    half_life: Weeks = Field(
        default=by_default(12, "weeks", "D", "the model's default"),
        description="after this long without coaching half is left",
    )
    coaching_every: Weeks = Field(default=by_default(0, "weeks"), description="weeks between sessions; 0: never")
    coaching_restores: Share = Field(
        default=by_default(1, "share of what was lost", "D", "a guess"), description="by one session"
    )
    session_cost: Money = Field(
        default=by_default(0, "currency"), description="of one session, in time not spent with customers"
    )
    lifts: tuple[Lift, ...] = Field(min_length=1, description="the chances that it moves")
