"""What could be changed, what it costs, and which numbers a person may move."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator

from sim.scenario.part import Id, Named, Part, Text
from sim.scenario.quantity import Between, Evidence, Money, Number, Quantity, Share, by_default

FREE = by_default(0, "currency")
Times = Annotated[Quantity, Between(-1e9, 1e9, "times")]
Added = Annotated[Quantity, Between(-1e9, 1e9, "added to it")]
Way = Literal["times", "add"]
NO_EFFECT: dict[Way, float] = {"times": 1, "add": 0}


class Change(Part):
    """One change to one quantity: set it, or multiply it and then add to it."""

    path: Text = Field(description="of a quantity or switch")
    set: Number | StrictBool | None = Field(default=None, description="what it is from now on")
    times: Times = Field(default=by_default(1, "times"), description="what it is multiplied by")
    add: Added = Field(default=by_default(0, "added to it"), description="what is added then")

    @model_validator(mode="after")
    def _changes_one_way(self) -> Self:
        if self.set is not None and any(self.moves()):
            raise ValueError("found set beside times or add; allowed: set alone, or times and add")
        return self

    def moves(self) -> Iterator[tuple[Way, Quantity]]:
        """How it multiplies and adds, as far as that may have any effect."""
        for way, nothing in NO_EFFECT.items():
            by: Quantity = getattr(self, way)
            if {by.low, by.mode, by.high} - {nothing, None}:
                yield way, by


class Costs(Part):
    """What a fix costs. Never in contribution: these enter cash flow alone."""

    once: Money = Field(default=FREE, description="at the start")
    per_year: Money = Field(default=FREE, description="each year")
    per_use: Money = Field(default=FREE, description="each time it is used")
    use: Text | None = Field(default=None, description="the yearly measure that counts uses")


class Fix(Named):
    """A named change to quantities, with its costs and who would own it."""

    help: Text
    department: Id = Field(description="who would own it")
    changes: tuple[Change, ...] = Field(min_length=1, description="what it does to which numbers")
    costs: Costs = Field(description="what it costs; never in contribution")
    evidence: Evidence
    source: Text


Direction = Literal["up", "down", "interior", "none"]


class Lever(Part):
    """A path to a quantity that a person may move. Unit, default, grade and source are the quantity's own."""

    path: Text = Field(description="of the quantity that it moves")
    label: Text
    min: Number = Field(description="as far down as it goes")
    max: Number = Field(description="as far up as it goes")
    step: Number = Field(gt=0, description="from one place to the next")
    help: Text
    outcome: Text = Field(description="the measure it should move")
    direction: Direction = Field(description="which way a higher value moves that outcome")


class Economics(Part):
    """What revenue is worth."""

    incremental_margin: Share = Field(description="contribution from one more unit of revenue")
    service_cost_per_visit: Money = Field(default=FREE, description="variable cost of serving one visit")
    discount_rate: Share = Field(description="nominal, a year")
    acquisition_spend_per_year: Money = Field(
        default=FREE, description="spent a year on winning customers; never in contribution"
    )
