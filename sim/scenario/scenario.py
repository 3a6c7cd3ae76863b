"""A whole business in one immutable value."""

from typing import Annotated, Self

from pydantic import Field, StrictInt, StringConstraints, model_validator

from sim.scenario.customers import Calendar, Customers, Segment, Trip
from sim.scenario.fixes import CHANGES, Boardroom, Chain, Economics, Fix, Lever, Policy, Preset, Trial
from sim.scenario.journey import Asset, Attribute, Failure, Resource, Skill, Touchpoint
from sim.scenario.quantity import AtMost, Id, Named, Part, Text
from sim.scenario.relationship import DRY, Beliefs, Relationship, Reputation, Survey, Weather, WordOfMouth
from sim.scenario.spelling import Form, currencies

Currency = Annotated[
    str, StringConstraints(pattern="^[A-Z]{3}$"), Form("three capital letters, such as GBP", currencies)
]

MORE_FROM = 90
"""The first place in the order whose scenarios are not put forward: tests, templates, and what names no place."""


_SOME = Field(min_length=1)
_KINDS = AtMost(50)  # of segments, trips and channels: all combinations of them may go their own ways
_NAMES = AtMost(100)


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
    channels: Annotated[tuple[Named, ...], _SOME, _KINDS] = Field(
        default=(Named(id="store", label="Store"),), description="visits begin in the first"
    )
    headline: Text = Field(description="the measure that answers the question")
    answer: Answer = Answer()
    boardroom: Boardroom = Boardroom()
    why: Annotated[tuple[Reason, ...], AtMost(100)] = Field(
        default=(), description="what explains the result, cause before effect"
    )
    calendar: Calendar
    weather: Weather = DRY
    customers: Customers
    segments: Annotated[tuple[Segment, ...], _SOME, _KINDS]
    trips: Annotated[tuple[Trip, ...], _SOME, _KINDS]
    stages: Annotated[tuple[Named, ...], _SOME, _NAMES]
    departments: Annotated[tuple[Named, ...], _SOME, _NAMES]
    resources: Annotated[tuple[Resource, ...], _NAMES] = ()
    assets: Annotated[tuple[Asset, ...], AtMost(50)] = ()
    journey: Annotated[tuple[Touchpoint, ...], _SOME, AtMost(2_000, "next", "ways on"), AtMost(500)] = Field(
        description="starts at the first touchpoint"
    )
    failures: Annotated[tuple[Failure, ...], AtMost(2_000, "responses", "responses"), AtMost(500)] = ()
    attributes: Annotated[tuple[Attribute, ...], AtMost(500)] = ()
    relationship: Relationship
    beliefs: Beliefs | None = Field(default=None, description="left out: promises play no part")
    word_of_mouth: WordOfMouth = WordOfMouth()
    reputation: Reputation = Reputation()
    survey: Survey = Survey()
    skills: Annotated[tuple[Skill, ...], AtMost(500, "lifts", "lifts"), AtMost(50)] = ()
    economics: Economics
    policies: Annotated[tuple[Policy, ...], AtMost(200, "moves", "moves"), AtMost(20)] = ()
    fixes: Annotated[tuple[Fix, ...], CHANGES, AtMost(100)] = ()
    chain: Chain | None = Field(
        default=None, description="all stores, by type; left out: the one described is the only one"
    )
    trial: Trial = Trial()
    levers: Annotated[tuple[Lever, ...], AtMost(100)] = ()
    presets: Annotated[tuple[Preset, ...], AtMost(50)] = ()
