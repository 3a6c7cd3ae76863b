"""What could be changed, what it costs, and which numbers a person may move."""

from typing import Literal, Self

from pydantic import Field, StrictBool, model_validator

from sim.scenario.part import Id, Named, Part, Text
from sim.scenario.quantity import Evidence, Money, Number, Share, by_default

FREE = by_default(0, "currency")


class Change(Part):
    """One change to one quantity: set it, or multiply it and then add to it."""

    path: Text
    set: Number | StrictBool | None = None
    times: Number = 1
    add: Number = 0

    @model_validator(mode="after")
    def _changes_one_way(self) -> Self:
        if self.set is not None and (self.times != 1 or self.add != 0):
            raise ValueError("found set beside times or add; allowed: set alone, or times and add")
        if self.set is None and self.times == 1 and self.add == 0:
            raise ValueError("changes nothing; allowed: set, times or add")
        return self


class Costs(Part):
    """What a fix costs. Never in contribution: these enter cash flow alone."""

    once: Money = FREE
    per_year: Money = FREE
    per_use: Money = FREE
    use: Text | None = Field(default=None, description="the yearly measure that counts uses")


class Fix(Named):
    """A named change to quantities, with its costs and who would own it."""

    help: Text
    department: Id
    changes: tuple[Change, ...] = Field(min_length=1)
    costs: Costs
    evidence: Evidence
    source: Text


Direction = Literal["up", "down", "interior", "none"]


class Lever(Part):
    """A path to a quantity that a person may move. Unit, default, grade and source are the quantity's own."""

    path: Text
    label: Text
    min: Number
    max: Number
    step: Number = Field(gt=0)
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
