"""Pictures as values: each takes what was found and returns a chart, and knows no page.

A module lists its charts that can be taken away: in `EXPORTED` those made whenever they are asked for, with functions
of what was found those that somebody has had drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sim.scenario.scenario import Scenario

Spec = dict[str, Any]
"""A ready Vega-Lite specification: an Altair object takes ten times as long to make."""
Drawn = tuple[Spec, str]
"""A chart, and what it shows."""


class NothingToDrawError(ValueError):
    """A chart that has nothing to show here; says why."""


@dataclass(frozen=True)
class Exported:
    """A chart by its name, and how it is drawn of what is simulated for it.

    That is a `Comparison` for charts "of" the choice, and for those of the proposal, which Boardroom has even where no
    fixes were chosen; a `Case` for those of the case. `fits` tells whether a scenario has it at all.
    """

    name: str
    of: Literal["choice", "proposal", "case"]
    draw: Callable[[Any], Drawn]
    fits: Callable[[Scenario], bool] = lambda scenario: True


@dataclass(frozen=True)
class Ready:
    """A chart by its name that was drawn before, with how much was simulated for it.

    `link` leads back to it, as of `ui.exports.desk`: to the choice where it is empty. `version` grows whenever it is
    drawn anew.
    """

    name: str
    simulated: str
    draw: Callable[[], Drawn]
    link: str = ""
    version: int = 0
