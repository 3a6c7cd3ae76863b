"""Places to start from: levers and fixes chosen together, under a name."""

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.part import Id, Named, Part, Text
from sim.scenario.quantity import Number


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
