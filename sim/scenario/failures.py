"""What may go wrong, and what customers then do."""

from typing import Literal

from pydantic import Field, StrictBool

from sim.scenario.quantity import Id, Level, LogOdds, Multiple, Named, Part, Share, Strength, Weeks, by_default

_TARP = "TARP: 3% complain at severity 0.1, 69% at 0.9"


Cause = Literal["chance", "asset", "shortage", "wait", "promise", "unresolved", "intrusion"]


class Response(Named):
    """One thing customers do about a failure. The first response listed takes the share the others leave over."""

    share: Share | None = Field(default=None, description="left out on the first response only")
    loss: Share = Field(default=by_default(0, "share"), description="share of the basket not bought")
    loss_on: tuple[Id, ...] = Field(default=(), description="trips that lose it; left out: every trip")
    feels: Level = Field(
        default=by_default(0, "from -1 (dreadful) to 1 (delightful)"), description="added to the visit's experience"
    )
    then: Literal["carry_on", "hand_back", "leave"] = Field(
        default="carry_on", description="hand_back: gives the borrowed thing back and goes on without"
    )
    not_in_rain: StrictBool = Field(default=False, description="on wet days these people take the first response")


class Failure(Named):
    """A failure point. Off means it never happens."""

    at: Id = Field(description="the touchpoint where it happens")
    cause: Cause = Field(
        description="chance: a probability at each pass; asset: the thing borrowed is faulty; shortage: nothing is "
        "left to borrow; wait: longer than the customer's patience, or too long a queue; promise: delivered below what "
        "was promised; unresolved: a report is made and nothing is done, or a contact ends without an answer; "
        "intrusion: contact before permission"
    )
    on: StrictBool = Field(default=True, description="false: it never happens")
    chance: Share | None = Field(default=None, description="for the cause `chance` only")
    severity: Share = Field(default=by_default(0, "share"), description="decides who complains")
    weight: Strength = Field(
        default=by_default(0.3, "strength", "D", "the model's default"), description="in the visit's experience"
    )
    reported: StrictBool = Field(default=False, description="may lead to a complaint: its severity says how often")
    breaks_promise: StrictBool = Field(default=False, description="counts as a promise broken, as a wrong price does")
    responses: tuple[Response, ...] = Field(min_length=1, description="what customers do about it")


class Relationship(Part):
    """What customers carry from visit to visit, and what it does."""

    reference: Share = Field(description="experience and satisfaction when nothing goes wrong")
    loss_aversion: Strength = Field(description="how many times more a loss weighs than a gain")
    gain: Share = Field(description="how far one visit moves satisfaction")
    leaving_sensitivity: Strength = Field(description="effect of satisfaction on leaving")
    recapture: Share = Field(description="share of a loss spent here on the next completed visit instead")
    shock_times: Multiple = Field(
        default=by_default(1, "times"),
        description="how many times likelier leaving is right after a complaint that was not settled; 1: no shock",
    )
    shock_half_life: Weeks = Field(
        default=by_default(8, "weeks", "B", "in shape: Knox and van Oest 2014; the size is a guess"),
        description="after this long half of a shock is left",
    )
    shock_tenure: Weeks = Field(
        default=by_default(104, "weeks", "B", "in shape: Knox and van Oest 2014; the size is a guess"),
        description="after this long as a customer a shock counts half",
    )
    tenure_at_start: Weeks = Field(
        default=by_default(104, "weeks", "D", "a guess; matters to shocks only"),
        description="how long those present at week 0 have been customers",
    )
    complaint_intercept: LogOdds = Field(
        default=by_default(-4.01, "log-odds", "C", _TARP), description="of complaining about a failure of severity 0"
    )
    complaint_slope: LogOdds = Field(
        default=by_default(5.35, "log-odds", "C", _TARP), description="added at severity 1, in proportion below"
    )


class Weather(Part):
    """What comes from outside, alike in every world."""

    rain: Share = Field(description="share of days")


DRY = Weather(rain=by_default(0, "share of days"))
