"""A whole business in one immutable value."""

from typing import Annotated, Self

from pydantic import Field, StrictInt, StringConstraints, model_validator

from sim.scenario import bounds
from sim.scenario.chain import Chain, Trial
from sim.scenario.customers import Calendar, Customers, Segment, Trip
from sim.scenario.failures import DRY, Failure, Relationship, Weather
from sim.scenario.fixes import Boardroom, Economics, Fix, Lever, Policy, Preset
from sim.scenario.journey import Asset, Attribute, Resource, Skill, Touchpoint
from sim.scenario.quantity import Id, Named, Part, Text
from sim.scenario.relationship import Beliefs, Reputation, Survey, WordOfMouth
from sim.scenario.spelling import Form, currencies

Currency = Annotated[
    str, StringConstraints(pattern="^[A-Z]{3}$"), Form("three capital letters, such as GBP", currencies)
]

MORE_FROM = 90
"""The first place in the order whose scenarios are not put forward: tests, templates, and what names no place."""


_SOME = Field(min_length=1)


class Reason(Part):
    """One link of the explanation: a measure, and the mechanism that moves it, true whichever way it moves."""

    measure: Text
    text: Text


class Answer(Part):
    """What is tried to answer the question; all left out: which failure point costs most."""

    fixes: tuple[Id, ...] = Field(default=(), description="one: would it pay? several: which is best?")
    lever: Text | None = Field(default=None, description="instead: where on this lever's range is the best?")
    measure: Text = Field(default="contribution", description="by which it is judged")

    @model_validator(mode="after")
    def _tries_one_thing(self) -> Self:
        if self.fixes and self.lever:
            raise ValueError("found fixes and a lever; allowed: one of them, or neither")
        return self


class Scenario(Part):
    """One business, whole: market, journey, failure points, relationship laws, fixes, economics.

    Everything in a list has an id, and a path addresses it by that id: `assets.trolleys.pool`.
    """

    title: Text
    question: Text = Field(description="what the scenario answers, in a sentence")
    story: Text
    order: Annotated[StrictInt, Field(ge=1, le=99)] = Field(
        default=99, description="place in lists; small numbers first, from 90 on under “More”"
    )
    currency: Currency = Field(description="ISO 4217 code")
    weeks: Annotated[StrictInt, Field(ge=1, le=1_040)] = Field(description="weeks that are recorded")
    warm_up_days: Annotated[StrictInt, Field(ge=0, le=364)] = Field(
        default=0, description="days before week 0 in which assets and queues settle, relationships frozen"
    )
    channels: Annotated[tuple[Named, ...], _SOME, bounds.KINDS] = Field(
        default=(Named(id="store", label="Store"),), description="visits begin in the first"
    )
    headline: Text = Field(description="the measure that answers the question")
    answer: Answer = Answer()
    boardroom: Boardroom = Boardroom()
    why: Annotated[tuple[Reason, ...], bounds.REASONS] = Field(
        default=(), description="what explains the result, cause before effect"
    )
    calendar: Calendar
    weather: Weather = DRY
    customers: Customers
    segments: Annotated[tuple[Segment, ...], _SOME, bounds.KINDS]
    trips: Annotated[tuple[Trip, ...], _SOME, bounds.KINDS]
    stages: Annotated[tuple[Named, ...], _SOME, bounds.NAMES]
    departments: Annotated[tuple[Named, ...], _SOME, bounds.NAMES]
    resources: Annotated[tuple[Resource, ...], bounds.NAMES] = ()
    assets: Annotated[tuple[Asset, ...], bounds.ASSETS] = ()
    journey: Annotated[tuple[Touchpoint, ...], _SOME, bounds.ROUTES, bounds.TOUCHPOINTS] = Field(
        description="starts at the first touchpoint"
    )
    failures: Annotated[tuple[Failure, ...], bounds.RESPONSES, bounds.FAILURES] = ()
    attributes: Annotated[tuple[Attribute, ...], bounds.ATTRIBUTES] = ()
    relationship: Relationship
    beliefs: Beliefs | None = Field(default=None, description="left out: promises play no part")
    word_of_mouth: WordOfMouth = WordOfMouth()
    reputation: Reputation = Reputation()
    survey: Survey = Survey()
    skills: Annotated[tuple[Skill, ...], bounds.LIFTS, bounds.SKILLS] = ()
    economics: Economics
    policies: Annotated[tuple[Policy, ...], bounds.MOVES, bounds.POLICIES] = ()
    fixes: Annotated[tuple[Fix, ...], bounds.CHANGES, bounds.FIXES] = ()
    chain: Chain | None = Field(
        default=None, description="all stores, by type; left out: the one described is the only one"
    )
    trial: Trial = Trial()
    levers: Annotated[tuple[Lever, ...], bounds.LEVERS] = ()
    presets: Annotated[tuple[Preset, ...], bounds.PRESETS] = ()
