"""What customers carry from visit to visit, what they believe and tell, and what surveys hear of it."""

from typing import Annotated

from pydantic import Field

from sim.scenario.quantity import (
    GUESSED,
    MODELLED,
    Between,
    Days,
    Evidence,
    Level,
    LogOdds,
    Multiple,
    Part,
    Quantity,
    Share,
    Strength,
    Unit,
    Weeks,
    by_default,
    optional,
)

_TARP: tuple[Evidence, str] = ("C", "TARP: 3% complain at severity 0.1, 69% at 0.9")
_KNOX: tuple[Evidence, str] = ("B", "in shape: Knox and van Oest 2014; the size is a guess")
_BOULDING: tuple[Evidence, str] = ("D", "the model's default; form after Boulding et al. 1993")
_SCHWEITZER: tuple[Evidence, str] = ("D", "the model's default; form after Schweitzer et al. 2006")
_EAST: tuple[Evidence, str] = ("B", "in sign: East, Hammond and Lomax 2008")


class Relationship(Part):
    """What customers carry from visit to visit, and what it does."""

    reference: Share = Field(description="experience and satisfaction when nothing goes wrong")
    loss_aversion: Strength = Field(description="how many times more a loss weighs than a gain")
    gain: Share = Field(description="how far one visit moves satisfaction")
    leaving_sensitivity: Strength = Field(description="effect of satisfaction on leaving")
    recapture: Share = Field(description="share of a loss spent here on the next completed visit instead")
    shock_times: Multiple = optional(
        1, "times", "how many times likelier leaving is right after a complaint that was not settled; 1: no shock"
    )
    shock_half_life: Weeks = optional(8, "weeks", "after this long half of a shock is left", *_KNOX)
    shock_tenure: Weeks = optional(104, "weeks", "after this long as a customer a shock counts half", *_KNOX)
    tenure_at_start: Weeks = optional(
        104, "weeks", "how long those present at week 0 have been customers", "D", "a guess; matters to shocks only"
    )
    complaint_intercept: LogOdds = optional(-4.01, "log-odds", "of complaining about a failure of severity 0", *_TARP)
    complaint_slope: LogOdds = optional(5.35, "log-odds", "added at severity 1, in proportion below", *_TARP)


class Weather(Part):
    """What comes from outside, alike in every world."""

    rain: Share = Field(description="share of days")


DRY = Weather(rain=by_default(0, "share of days"))


class Beliefs(Part):
    """How promises are heard, tested and remembered, and what they decide."""

    expectation: Unit = Field(description="what is expected before anything is heard")
    hearing: Share = optional(
        0.4, "share of the gap", "how far one promise, fully trusted, moves expectation", *_BOULDING
    )
    learning: Share = optional(0.2, "share of the gap", "how far one delivery moves expectation", *_BOULDING)
    conversion_by_expectation: Strength = optional(1, "log-odds", "how much expectation decides who buys", *_BOULDING)
    conversion_by_trust: Strength = optional(1, "log-odds", "how much trust decides who buys", *GUESSED)
    trust: Unit = optional(0.7, "0 to 1", "before anything happened", *GUESSED)
    hit: Share = optional(0.3, "share of trust", "lost when a promise is broken; 1: all of it", *_SCHWEITZER)
    heal: Share = optional(0.1, "share of the gap", "of the way back to the cap when a promise is kept", *_SCHWEITZER)
    cap: Unit = optional(1, "0 to 1", "the most trust there can be")
    cap_after_lie: Unit = optional(
        0.7,
        "0 to 1",
        "the most there can ever be once someone was promised what was known to be undeliverable",
        *_SCHWEITZER,
    )


class WordOfMouth(Part):
    """What customers tell each other. With `telling` at 0, the default, nobody tells anybody anything."""

    telling: Share = optional(0, "share of visits", "visits that are talked about")
    considering: Annotated[Quantity, Between(0.01, 1, "share")] = optional(
        1, "share", "of those who consider coming, who come when nobody has said anything; at 1 praise adds nobody"
    )
    told_good: Strength = optional(2, "people", "mean number a promoter tells", *MODELLED)
    told_bad: Strength = optional(3, "people", "mean number a detractor tells", *MODELLED)
    shift_good: Level = optional(0.1, "of the chance to come", "what hearing praise once adds to it", *_EAST)
    shift_bad: Level = optional(-0.08, "of the chance to come", "what hearing a complaint once adds to it", *_EAST)
    half_life: Annotated[Quantity, Between(0.5, 10_000, "weeks")] = optional(8, "weeks", "of what was told", *GUESSED)
    referred_leaving: Share = optional(
        0.82,
        "times",
        "natural leaving of those who came because of it",
        "B",
        "Schmitt, Skiera and Van den Bulte 2011: about 18% less churn",
    )


class Reputation(Part):
    """Public reviews, met before any contact. With `weight` at 0, the default, nobody heeds them."""

    weight: Share = optional(0, "share of the gap", "how far it moves a newcomer's expectation")
    starts: Unit = optional(0.8, "0 to 1", "at week 0", "D", "the model's reference experience")
    reviews: Share = optional(0.05, "share of visits", "that are reviewed", *GUESSED)
    pace: Share = optional(0.02, "share of the gap", "a review moves it by", *GUESSED)


class Survey(Part):
    """How customers are asked, and who answers. It only measures: nothing follows from it."""

    delay: Days = optional(0, "days", "from the visit to the question")
    forgetting: Days = optional(
        2, "days", "after this long the last visit weighs half as much beside satisfaction as a whole", *MODELLED
    )
    answers: Share = optional(
        0.1,
        "share of those asked",
        "who answer, were satisfaction spread evenly",
        "D",
        "the model's default; 3% to 30% are usual",
    )
    extremes: Strength = optional(
        2, "strength", "how much likelier the very pleased and very cross are to answer; 0: all alike", *GUESSED
    )
