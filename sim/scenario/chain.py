"""The chain that the one store described stands for."""

from typing import Annotated

from pydantic import Field

from sim.scenario import bounds
from sim.scenario.fixes import Change
from sim.scenario.market import Opening
from sim.scenario.part import Named, Part, Text
from sim.scenario.quantity import Between, Evidence, Quantity, Share

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
