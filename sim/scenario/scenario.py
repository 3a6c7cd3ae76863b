"""A whole business in one immutable value."""

from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from sim.scenario.failures import DRY, Failure, Relationship, Weather
from sim.scenario.fixes import Economics, Fix, Lever
from sim.scenario.journey import Asset, Resource, Touchpoint
from sim.scenario.market import Calendar, Customers, Segment, Trip
from sim.scenario.part import Id, Named, Part, Text


class Reason(Part):
    """One link of the explanation: a measure, and the mechanism that moves it, true whichever way it moves."""

    measure: Text
    text: Text


class Scenario(Part):
    """One business, whole: market, journey, failure points, relationship laws, fixes, economics.

    Everything in a list has an id, and a path addresses it by that id: `assets.trolleys.pool`.
    """

    title: Text
    question: Text = Field(description="what the scenario answers, in a sentence")
    story: Text
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] = Field(description="ISO 4217 code")
    weeks: Annotated[StrictInt, Field(ge=1, le=1_040)] = Field(description="weeks that are recorded")
    warm_up_days: Annotated[StrictInt, Field(ge=0, le=364)] = Field(
        default=0, description="days before week 0 in which assets and queues settle, relationships frozen"
    )
    channel: Id = Field(default="store", description="where these visits take place")
    headline: Text = Field(description="the measure that answers the question")
    why: tuple[Reason, ...] = Field(default=(), description="what explains the result, cause before effect")
    calendar: Calendar
    weather: Weather = DRY
    customers: Customers
    segments: tuple[Segment, ...] = Field(min_length=1)
    trips: tuple[Trip, ...] = Field(min_length=1)
    stages: tuple[Named, ...] = Field(min_length=1)
    departments: tuple[Named, ...] = Field(min_length=1)
    resources: tuple[Resource, ...] = ()
    assets: tuple[Asset, ...] = ()
    journey: tuple[Touchpoint, ...] = Field(min_length=1, description="starts at the first touchpoint")
    failures: tuple[Failure, ...] = ()
    relationship: Relationship
    economics: Economics
    fixes: tuple[Fix, ...] = ()
    levers: tuple[Lever, ...] = ()
