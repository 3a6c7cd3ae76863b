"""What could be changed: fixes and their costs, levers, policies, presets; and the chain that the store stands for."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, field_validator, model_validator

from sim.scenario.customers import Opening
from sim.scenario.quantity import (
    AtMost,
    Between,
    Evidence,
    Id,
    Money,
    Named,
    Number,
    Part,
    Quantity,
    Share,
    Text,
    optional,
)

_FURTHEST = 1_000_000


def _says_its_unit(value: Quantity) -> Quantity:
    if value.unit is None:
        raise ValueError("found no unit; allowed: a mapping with mode and unit")
    return value


PolicyValue = Annotated[Quantity, AfterValidator(_says_its_unit), Between(-_FURTHEST, _FURTHEST, "the policy's own")]
Point = tuple[
    Annotated[Number, Field(ge=-_FURTHEST, le=_FURTHEST)],
    Annotated[Number, Field(ge=-1_000_000_000, le=1_000_000_000)],
]
"""A policy's value, and what a quantity is then."""


class Move(Part):
    """What a policy does to one quantity: a curve through points, straight in between and flat beyond the ends."""

    path: Text = Field(description="of a quantity that is no policy's")
    through: Annotated[tuple[Point, ...], Field(min_length=2), AtMost(50)] = Field(
        description="policy's value and what the quantity is then, the policy's values rising"
    )
    evidence: Evidence
    source: Text

    @field_validator("through")
    @classmethod
    def _rises(cls, through: tuple[Point, ...]) -> tuple[Point, ...]:
        for (before, _), (after, _) in pairwise(through):
            if after <= before:
                raise ValueError(f"found {after:.15g} after {before:.15g}; allowed: values of the policy that rise")
        return through

    def at(self, value: float) -> float:
        """What the curve gives when the policy has that value, in the quantity's unit."""
        after = bisect_left(self.through, value, key=lambda point: point[0])
        if after == 0:
            return self.through[0][1]
        if after == len(self.through):
            return self.through[-1][1]
        (x0, y0), (x1, y1) = self.through[after - 1 : after + 1]
        between = y0 + (y1 - y0) * ((value - x0) / (x1 - x0))
        return y1 if value == x1 else max(min(y0, y1), min(between, max(y0, y1)))  # rounding may lead past a point


class Policy(Named):
    """A decision with one value. The scenario's own quantities are those of the value given here."""

    help: Text
    value: PolicyValue = Field(
        description="as decided today; the file gives its unit",
        json_schema_extra={"type": "object", "required": ["unit"]},
    )
    moves: tuple[Move, ...] = Field(min_length=1)

    @property
    def path(self) -> str:
        """The path of its value."""
        return f"policies.{self.id}.value"


class Setting(Part):
    """Where one lever stands."""

    path: Text = Field(description="a lever's path")
    value: Number


class Preset(Named):
    """A world worth starting from; levers and fixes that it does not name are as the scenario has them."""

    help: Text
    sets: tuple[Setting, ...] = ()
    fixes: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _chooses_something(self) -> Self:
        if not self.sets and not self.fixes:
            raise ValueError("chooses nothing; allowed: at least one of sets and fixes")
        return self


MOST_LEVERS = 3
Levers = Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST_LEVERS)]


class Boardroom(Part):
    """The boardroom's page and file. Each part has a default, so that every scenario has them."""

    question: Text | None = Field(default=None, description="left out: the scenario's own")
    number: Text | None = Field(default=None, description="the one measure shown; left out: the headline")
    fixes: tuple[Id, ...] | None = Field(
        default=None, description="what is proposed, all of it together; left out: what `answer` tries"
    )
    levers: Levers | None = Field(
        default=None,
        description="one to three levers to move, none that a proposed fix sets; left out: the first three",
    )


Times = Annotated[Quantity, Between(-1e9, 1e9, "times")]
Added = Annotated[Quantity, Between(-1e9, 1e9, "added to it")]
Way = Literal["times", "add"]
NO_EFFECT: dict[Way, float] = {"times": 1, "add": 0}


class Change(Part):
    """One change to one quantity: set it, or multiply it and then add to it."""

    path: Text = Field(description="of a quantity or switch")
    set: Number | StrictBool | None = Field(default=None, description="what it is from now on")
    times: Times = optional(1, "times", "what it is multiplied by")
    add: Added = optional(0, "added to it", "what is added then")

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


CHANGES = AtMost(500, "changes", "changes")


class Costs(Part):
    """What a fix costs. Never in contribution: these enter cash flow alone."""

    once: Money = optional(0, "currency", "at the start")
    per_year: Money = optional(0, "currency", "each year")
    per_use: Money = optional(0, "currency", "each time it is used")
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
    service_cost_per_visit: Money = optional(0, "currency", "variable cost of serving one visit")
    discount_rate: Share = Field(description="nominal, a year")
    acquisition_spend_per_year: Money = optional(
        0, "currency", "spent a year on winning customers; never in contribution"
    )


Stores = Annotated[Quantity, Between(1, 100_000, "stores", whole=True)]


class StoreType(Named):
    """Stores of one kind, and how one of them differs from the store described."""

    count: Stores = Field(description="how many there are")
    opening: Opening | None = Field(default=None, description="left out: the hours of the calendar")
    changes: tuple[Change, ...] = Field(default=(), description="what is different there; left out: nothing")
    evidence: Evidence
    source: Text


class Chain(Part):
    """All stores, as a mix of types: what the chain gains is never one store's gain times their number."""

    stays: Share = Field(
        description="of what failures make customers spend elsewhere, the share spent in another store of the chain"
    )
    stores: Annotated[tuple[StoreType, ...], Field(min_length=1), CHANGES, AtMost(20)] = Field(
        description="every store of the chain is of one of these types"
    )


class Trial(Part):
    """A trial in matched pairs of stores: one of each pair gets the fix, the other does not."""

    mismatch: Annotated[Quantity, Between(0, 1, "share of contribution")] = Field(
        default=Quantity(
            low=0.003,
            mode=0.01,
            high=0.03,
            unit="share of contribution",
            evidence="D",
            source="a guess: two stores much alike, each compared with its own year before",
        ),
        description="standard deviation of the difference that is left between two matched stores after adjusting "
        "for how they differed before, as a share of contribution",
    )
    measuring_cost_per_store_week: Money = Field(
        default=Quantity(
            low=20,
            mode=50,
            high=100,
            unit="currency",
            evidence="D",
            source="a guess: an hour or two of counting and reporting",
        ),
        description="of counting and reporting in one store for a week",
    )
