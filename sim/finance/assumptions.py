"""Assumptions and terms: every quantity that a case rests on, and how it is reckoned beyond what the scenario says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StrictBool, StrictInt, ValidationError

from sim.scenario.faults import Document, ScenarioError, faults_of
from sim.scenario.paths import quantity_at, settables
from sim.scenario.quantity import Evidence, Number, Part, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of
from sim.scenario.world import Sets, is_whole


def wholes(scenario: Scenario) -> Iterator[dict[str, Quantity]]:
    """The shares, by path, of everything that must sum to 1: customers by segment, and visits by trip."""
    for name in ("segments", "trips"):
        paths = [f"{name}.{part.id}.share" for part in getattr(scenario, name)]
        yield {path: quantity_at(scenario, path) for path in paths}


def left_over(scenario: Scenario, ranged: Mapping[str, Quantity]) -> set[str]:
    """The shares that are what the others leave: the last of each whole of which every share has a range."""
    return {list(shares)[-1] for shares in wholes(scenario) if shares.keys() <= ranged.keys()}


def made_whole(scenario: Scenario, values: Sets) -> Sets:
    """These values, and of each whole that they move the other shares: what is left, in the proportions they had.

    Where nothing is left to share out, or nobody to have it, nothing is added, and no world can be made of it.
    """
    return {**values, **{path: share for shares in wholes(scenario) for path, share in _rest(shares, values)}}


def _rest(shares: Mapping[str, Quantity], values: Sets) -> Iterator[tuple[str, float]]:
    moved = [path for path in shares if path in values]
    others = {path: said.value for path, said in shares.items() if path not in values}
    had, left = sum(others.values()), 1 - sum(values[path] for path in moved)
    if moved and had > 0 and left >= 0:
        yield from ((path, share / had * left) for path, share in others.items())


class Terms(Part):
    """How cash flows become a present value. The discount rate is the scenario's own, `economics.discount_rate`.

    Optimism bias is corrected by raising costs (HM Treasury, The Green Book, supplementary guidance on optimism bias);
    benefits are cut and costs raised for risk (Forrester, Total Economic Impact). By default neither is done: what is
    uncertain is drawn instead, and correcting twice would count it twice.
    """

    horizon_years: Annotated[StrictInt, Field(ge=1, le=10)] = Field(default=3, description="years that count")
    real: StrictBool = Field(default=False, description="whether the discount rate has inflation taken out")
    mid_year: StrictBool = Field(
        default=False, description="whether a year's cash counts in the middle of the year; else it does at the end"
    )
    inflation: Annotated[Number, Field(ge=-0.05, le=0.25)] = Field(
        default=0, description="a year, by which flows grow under a nominal rate; a real rate needs none"
    )
    tax_rate: Annotated[Number, Field(ge=0, le=0.9)] = Field(
        default=0, description="on contribution less costs, the outlay taken off in year 1; 0: before tax"
    )
    cost_uplift: Annotated[Number, Field(ge=0, le=3)] = Field(default=0, description="share added to every cost")
    benefit_cut: Annotated[Number, Field(ge=0, le=1)] = Field(default=0, description="share taken off every benefit")


def terms_of(given: dict[str, Any]) -> Terms:
    """Terms as given, the others by default.

    Raises:
        ScenarioError: a term that is unknown or out of range, by its name.
    """
    try:
        return Terms.model_validate(given)
    except ValidationError as error:
        raise ScenarioError(faults_of(error, Document("terms", given))) from None


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


# ---- what they may be ----------------------------------------------------------------------------------

Values = Mapping[str, NDArray[np.float64]]
"""What quantities are in each future, by path, each of shape (futures,)."""
_COLUMNS = 512  # always as many, so that a new range in the last columns leaves the points of the first alone


def points(draws: int, columns: int, seed: int) -> NDArray[np.float64]:
    """Scrambled Sobol points in (0, 1), shape (draws, columns) (Owen 1998).

    The first draws of more are the draws of fewer, and a column's points do not depend on the columns after it.
    """
    from scipy.stats import qmc  # slow to import, and most commands need none of it

    width = max(_COLUMNS, 1 << (columns - 1).bit_length())
    sequence = qmc.Sobol(width, scramble=True, rng=seed)
    every: NDArray[np.float64] = sequence.random_base2(max(draws - 1, 1).bit_length())[:draws, :columns]
    return np.clip(every, 1e-12, 1 - 1e-12)


def quantile(quantity: Quantity, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The quantity's values at these probabilities: triangular with hard ends, uniform without a mode."""
    assert quantity.low is not None and quantity.high is not None
    low, high = float(quantity.low), float(quantity.high)
    if quantity.mode is None:
        return low + at * (high - low)
    mode = float(quantity.mode)
    rising = low + np.sqrt(at * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - at) * (high - low) * (high - mode))
    return np.where(at * (high - low) < mode - low, rising, falling)


def drawn(scenario: Scenario, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """The value of every uncertain quantity in each future, by path; each of shape (draws,).

    Whole quantities are drawn to the nearest whole number.
    """
    at = chances(scenario, draws, seed)
    return {path: _values(scenario, path, said, at[path]) for path, said in ranged(scenario).items()}


def chances(scenario: Scenario, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """At which of its quantiles each quantity is in each future, by path; each of shape (draws,).

    Every financial quantity has a column, ranged or not, so that giving one a range leaves all others where they are.
    """
    paths = columns(scenario)
    return dict(zip(paths, points(draws, len(paths), seed).T, strict=True)) if paths else {}


def _values(scenario: Scenario, path: str, said: Quantity, at: NDArray[np.float64]) -> NDArray[np.float64]:
    values = quantile(said, at)
    return np.floor(values + 0.5) if is_whole(scenario, path) else values


def future(values: Values, draw: int) -> dict[str, float]:
    """What each quantity is in one future."""
    return {path: float(column[draw]) for path, column in values.items()}
