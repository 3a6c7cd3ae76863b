"""What a trial in real stores would be up against, and what it would cost to count."""

from typing import Annotated

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantity import Between, Money, Quantity

Mismatch = Annotated[Quantity, Between(0, 1, "share of contribution")]

_MISMATCH = Quantity(
    low=0.003,
    mode=0.01,
    high=0.03,
    unit="share of contribution",
    evidence="D",
    source="a guess: two stores much alike, each compared with its own year before",
)
_MEASURING = Quantity(
    low=20,
    mode=50,
    high=100,
    unit="currency",
    evidence="D",
    source="a guess: an hour or two of counting and reporting",
)


class Trial(Part):
    """A trial in matched pairs of stores: one of each pair gets the fix, the other does not."""

    mismatch: Mismatch = Field(
        default=_MISMATCH,
        description="standard deviation of the difference that is left between two matched stores after adjusting "
        "for how they differed before, as a share of contribution",
    )
    measuring_cost_per_store_week: Money = Field(
        default=_MEASURING, description="of counting and reporting in one store for a week"
    )
