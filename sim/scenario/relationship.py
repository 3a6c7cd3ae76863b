"""What customers believe and tell: expectation, trust, word of mouth, and what surveys hear of it."""

from typing import Annotated

from pydantic import Field

from sim.scenario.quantity import Between, Days, Level, Part, Quantity, Share, Strength, Unit, by_default


class Beliefs(Part):
    """How promises are heard, tested and remembered, and what they decide."""

    expectation: Unit = Field(description="what is expected before anything is heard")
    hearing: Share = Field(
        default=by_default(0.4, "share of the gap", "D", "the model's default; form after Boulding et al. 1993"),
        description="how far one promise, fully trusted, moves expectation",
    )
    learning: Share = Field(
        default=by_default(0.2, "share of the gap", "D", "the model's default; form after Boulding et al. 1993"),
        description="how far one delivery moves expectation",
    )
    conversion_by_expectation: Strength = Field(
        default=by_default(1, "log-odds", "D", "the model's default; form after Boulding et al. 1993"),
        description="how much expectation decides who buys",
    )
    conversion_by_trust: Strength = Field(
        default=by_default(1, "log-odds", "D", "a guess"), description="how much trust decides who buys"
    )
    trust: Unit = Field(default=by_default(0.7, "0 to 1", "D", "a guess"), description="before anything happened")
    hit: Share = Field(
        default=by_default(0.3, "share of trust", "D", "the model's default; form after Schweitzer et al. 2006"),
        description="lost when a promise is broken; 1: all of it",
    )
    heal: Share = Field(
        default=by_default(0.1, "share of the gap", "D", "the model's default; form after Schweitzer et al. 2006"),
        description="of the way back to the cap when a promise is kept",
    )
    cap: Unit = Field(default=by_default(1, "0 to 1"), description="the most trust there can be")
    cap_after_lie: Unit = Field(
        default=by_default(0.7, "0 to 1", "D", "the model's default; form after Schweitzer et al. 2006"),
        description="the most there can ever be once someone was promised what was known to be undeliverable",
    )


class WordOfMouth(Part):
    """What customers tell each other. With `telling` at 0, the default, nobody tells anybody anything."""

    telling: Share = Field(default=by_default(0, "share of visits"), description="visits that are talked about")
    considering: Annotated[Quantity, Between(0.01, 1, "share")] = Field(
        default=by_default(1, "share"),
        description="of those who consider coming, who come when nobody has said anything; at 1 praise adds nobody",
    )
    told_good: Strength = Field(
        default=by_default(2, "people", "D", "the model's default"), description="mean number a promoter tells"
    )
    told_bad: Strength = Field(
        default=by_default(3, "people", "D", "the model's default"), description="mean number a detractor tells"
    )
    shift_good: Level = Field(
        default=by_default(0.1, "of the chance to come", "B", "in sign: East, Hammond and Lomax 2008"),
        description="what hearing praise once adds to it",
    )
    shift_bad: Level = Field(
        default=by_default(-0.08, "of the chance to come", "B", "in sign: East, Hammond and Lomax 2008"),
        description="what hearing a complaint once adds to it",
    )
    half_life: Annotated[Quantity, Between(0.5, 10_000, "weeks")] = Field(
        default=by_default(8, "weeks", "D", "a guess"), description="of what was told"
    )
    referred_leaving: Share = Field(
        default=by_default(0.82, "times", "B", "Schmitt, Skiera and Van den Bulte 2011: about 18% less churn"),
        description="natural leaving of those who came because of it",
    )


class Reputation(Part):
    """Public reviews, met before any contact. With `weight` at 0, the default, nobody heeds them."""

    weight: Share = Field(
        default=by_default(0, "share of the gap"), description="how far it moves a newcomer's expectation"
    )
    starts: Unit = Field(
        default=by_default(0.8, "0 to 1", "D", "the model's reference experience"), description="at week 0"
    )
    reviews: Share = Field(default=by_default(0.05, "share of visits", "D", "a guess"), description="that are reviewed")
    pace: Share = Field(
        default=by_default(0.02, "share of the gap", "D", "a guess"), description="a review moves it by"
    )


class Survey(Part):
    """How customers are asked, and who answers. It only measures: nothing follows from it."""

    delay: Days = Field(default=by_default(0, "days"), description="from the visit to the question")
    forgetting: Days = Field(
        default=by_default(2, "days", "D", "the model's default"),
        description="after this long the last visit weighs half as much beside satisfaction as a whole",
    )
    answers: Share = Field(
        default=by_default(0.1, "share of those asked", "D", "the model's default; 3% to 30% are usual"),
        description="who answer, were satisfaction spread evenly",
    )
    extremes: Strength = Field(
        default=by_default(2, "strength", "D", "a guess"),
        description="how much likelier the very pleased and very cross are to answer; 0: all alike",
    )
