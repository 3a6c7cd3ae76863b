"""The chain that the one store described stands for, and what a trial in its stores is up against."""

from typing import Annotated

from pydantic import Field

from sim.scenario import bounds
from sim.scenario.customers import Opening
from sim.scenario.fixes import Change
from sim.scenario.quantity import Between, Evidence, Money, Named, Part, Quantity, Share, Text

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
    stores: Annotated[tuple[StoreType, ...], Field(min_length=1), bounds.CHANGES, bounds.STORES] = Field(
        description="every store of the chain is of one of these types"
    )


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
