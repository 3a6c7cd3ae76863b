"""Business decisions that move several numbers at once."""

from bisect import bisect_left
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from sim.scenario import bounds
from sim.scenario.part import Named, Part, Text
from sim.scenario.quantity import Between, Evidence, Number, Quantity

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
    through: Annotated[tuple[Point, ...], Field(min_length=2), bounds.POINTS] = Field(
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
