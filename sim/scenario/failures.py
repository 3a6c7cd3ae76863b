"""What may go wrong, and what customers then do."""

from typing import Literal

from pydantic import Field, StrictBool

from sim.scenario.part import Id, Named, Part
from sim.scenario.quantity import Level, LogOdds, Quantity, Share, Strength

Cause = Literal["chance", "asset", "shortage", "wait", "unresolved"]
CAUSE_MEANING: dict[Cause, str] = {
    "chance": "happens with a probability at each pass",
    "asset": "the thing borrowed is faulty",
    "shortage": "nothing is left to borrow",
    "wait": "the wait outlasts the customer's patience",
    "unresolved": "a report is made and nothing is done",
}


class Response(Named):
    """One thing customers do about a failure. The first response listed takes the share the others leave over."""

    share: Share | None = Field(default=None, description="left out on the first response only")
    loss: Share = Field(default=Quantity(mode=0, unit="share"), description="share of the basket not bought")
    loss_on: tuple[Id, ...] = Field(default=(), description="trips that lose it; left out: every trip")
    feels: Level = Quantity(mode=0, unit="from -1 (dreadful) to 1 (delightful)")
    then: Literal["carry_on", "hand_back", "leave"] = Field(
        default="carry_on", description="hand_back: gives the borrowed thing back and goes on without"
    )
    not_in_rain: StrictBool = Field(default=False, description="on wet days these people take the first response")


class Failure(Named):
    """A failure point. Off means it never happens."""

    at: Id
    cause: Cause
    on: StrictBool = True
    chance: Share | None = Field(default=None, description="for the cause `chance` only")
    severity: Share = Field(default=Quantity(mode=0, unit="share"), description="decides who complains")
    weight: Strength = Field(default=Quantity(mode=0.3, unit="strength"), description="in the visit's experience")
    reported: StrictBool = Field(default=False, description="may be reported where the asset's reports are heard")
    responses: tuple[Response, ...] = Field(min_length=1)


class Relationship(Part):
    """What customers carry from visit to visit, and what it does."""

    reference: Share = Field(description="experience and satisfaction when nothing goes wrong")
    loss_aversion: Strength = Field(description="how many times more a loss weighs than a gain")
    gain: Share = Field(description="how far one visit moves satisfaction")
    leaving_sensitivity: Strength = Field(description="effect of satisfaction on leaving")
    recapture: Share = Field(description="share of a loss spent here on the next completed visit instead")
    complaint_intercept: LogOdds = Quantity(mode=-4.01, unit="log-odds")
    complaint_slope: LogOdds = Quantity(mode=5.35, unit="log-odds")


class Weather(Part):
    """What comes from outside, alike in every world."""

    rain: Share = Field(description="share of days")


DRY = Weather(rain=Quantity(mode=0, unit="share of days"))
