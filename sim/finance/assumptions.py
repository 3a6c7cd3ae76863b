"""Assumptions: every quantity that a case rests on, and which of them are drawn, simulated or reckoned with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.finance.shares import left_over
from sim.scenario.paths import settables
from sim.scenario.quantity import Evidence, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of

RATE = "economics.discount_rate"
MARGIN = "economics.incremental_margin"
VISIT_COST = "economics.service_cost_per_visit"
ACQUISITION = "economics.acquisition_spend_per_year"
PRICES = (MARGIN, VISIT_COST, ACQUISITION)
ECONOMICS = (*PRICES, RATE)
_ELSEWHERE = ("chain.", "trial.")


@dataclass(frozen=True)
class Assumption:
    """A quantity of the case: its value, its range if it has one, unit, grade and source.

    `financial` ones turn what was simulated into cash and need no new simulation; `drawn` ones vary from future to
    future. A range that is not drawn belongs to what a policy moves, whose curve has no range, or to a share that has
    what other shares leave.
    """

    path: str
    label: str
    value: float
    low: float | None
    high: float | None
    unit: str | None
    evidence: Evidence | None
    source: str | None
    financial: bool
    drawn: bool


def is_financial(path: str) -> bool:
    """Whether the quantity there turns what happens into money, and changes nothing that happens."""
    return path in ECONOMICS or (path.startswith("fixes.") and ".costs." in path)


def ranged(scenario: Scenario) -> dict[str, Quantity]:
    """Every quantity that is drawn, by path: those simulated in the file's order, then the financial ones."""
    driven = {move.path for policy in scenario.policies for move in policy.moves}
    found = {path: said for path, said in _quantities(scenario).items() if _has_range(said) and path not in driven}
    left = left_over(scenario, found)
    return {path: found[path] for path in sorted(found, key=is_financial) if path not in left}


def columns(scenario: Scenario) -> list[str]:
    """What is drawn, and after it every other financial quantity, each in a place that no other's range changes."""
    simulated = [path for path in ranged(scenario) if not is_financial(path)]
    return [*simulated, *(path for path in _quantities(scenario) if is_financial(path))]


def counting(scenario: Scenario, fixes: Sequence[str]) -> dict[str, Quantity]:
    """The quantities that a case for these fixes rests on: those of other fixes, and of chain and trial, do not."""
    return {path: quantity for path, quantity in _quantities(scenario).items() if counts(path, fixes)}


def counts(path: str, fixes: Sequence[str]) -> bool:
    """Whether a quantity matters to a case for these fixes."""
    if path.startswith("fixes."):
        return path.split(".")[1] in fixes
    return not path.startswith(_ELSEWHERE)


def assumptions(scenario: Scenario, fixes: Sequence[str]) -> list[Assumption]:
    """The assumptions of a case, in the file's order."""
    drawn = ranged(scenario)
    return [_assumption(scenario, path, path in drawn) for path in counting(scenario, fixes)]


def _assumption(scenario: Scenario, path: str, drawn: bool) -> Assumption:
    said = _quantities(scenario)[path]
    return Assumption(
        path=path,
        label=label_of(scenario, path),
        value=said.value,
        low=None if said.low is None else float(said.low),
        high=None if said.high is None else float(said.high),
        unit=said.unit,
        evidence=said.evidence,
        source=said.source,
        financial=is_financial(path),
        drawn=drawn,
    )


def _quantities(scenario: Scenario) -> dict[str, Quantity]:
    return {path: said for path, said in settables(scenario).items() if isinstance(said, Quantity)}


def _has_range(said: Quantity) -> bool:
    return said.low is not None and said.high is not None and said.low < said.high
