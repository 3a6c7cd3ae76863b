"""One known answer: what theory or a publication says, how Ripple comes by the same figure, and whether they agree."""

import math
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, StrictBool, StrictInt

from sim.experiments.estimate import Estimate
from sim.experiments.formulas import Figures, Formula
from sim.outcomes.maximum_likelihood import FitError
from sim.scenario.quantity import Id, Number, Part, Text

PASSED = "passed"
_Width = Annotated[Number, Field(gt=0)]


class KnownAnswer(Part):
    """One figure that theory gives, and that Ripple must agree with."""

    id: Id
    proves: Id = Field(description="the question of `proofs` that this belongs to")
    title: Text = Field(description="what is measured, in a few plain words")
    words: Text = Field(description="the setting in a sentence, for readers without the theory")
    source: Text = Field(description="the theory by name, and where the figure comes from")
    unit: Text
    theory: Number

    @property
    def tolerance(self) -> float:
        """How far off, either way, still passes: what decides the digits worth showing."""
        raise NotImplementedError

    def verdict(self, found: Estimate) -> str:
        """Passed, or how it failed. A missing value never passes."""
        raise NotImplementedError


class SimulatedAnswer(KnownAnswer):
    """A known answer that a scenario is simulated for."""

    scenario: Text = Field(description="a scenario file, from this file's folder")
    set: dict[Text, Number | StrictBool] = Field(default={}, description="paths and their values, as --set has them")
    reading: Id = Field(description="a measure, or one of `sim/experiments/readings.py`")
    at: Number | None = Field(default=None, description="what the reading asks for, such as minutes")
    times: Number = Field(default=1, description="what the reading is multiplied by to be in `unit`")
    half_width_at_most: _Width = Field(description="a wider interval proves nothing")
    replications: Annotated[StrictInt, Field(ge=2, le=1_000)]

    @property
    def tolerance(self) -> float:
        """The widest half of an interval that is allowed."""
        return self.half_width_at_most

    def verdict(self, found: Estimate) -> str:
        """Passed: theory within the interval, and the interval narrow."""
        if found.half_width is None or found.low is None or found.high is None:
            return "failed: not measured"
        if not found.low <= self.theory <= found.high:
            return "failed: outside"
        return PASSED if found.half_width <= self.half_width_at_most else "failed: too wide"


class FittedAnswer(KnownAnswer):
    """A known answer that a fit or a formula gives. No luck is in it, so that it has no interval."""

    computed: Formula = Field(description="a formula of `sim/experiments/formulas.py`, and what it takes")
    figure: Text = Field(description="which of the formula's figures")
    within: _Width = Field(description="how far from theory the figure may be")

    @property
    def tolerance(self) -> float:
        """How far from theory the figure may be."""
        return self.within

    def verdict(self, found: Estimate) -> str:
        """Passed: no further from theory than allowed; rounding in the last bit of a double aside."""
        if found.mean is None:
            return "failed: not measured"
        off = abs(found.mean - self.theory)
        return PASSED if off <= self.within or math.isclose(off, self.within, rel_tol=1e-9) else "failed: outside"


def decimals(tolerance: float) -> int:
    """How many decimals show a difference of that size."""
    return max(0, -math.floor(math.log10(tolerance)))


def figures(formula: Formula, folder: Path) -> Figures:
    """All figures of a formula, for data in that folder; NaN where there is no fit."""
    try:
        return formula.work_out(folder)
    except FitError:
        return dict.fromkeys(formula.gives, np.nan)


class LeftOut(Part):
    """A known answer that is not checked, and why."""

    title: Text
    why: Text
