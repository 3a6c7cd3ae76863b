"""Small studies that the tests of the business case share: a tiny shop with ranges, simulated within milliseconds."""

from collections.abc import Mapping
from pathlib import Path

from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.finance.assumptions import Terms
from sim.finance.case import Case, make_case
from sim.finance.study import Study
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated

TROLLEYS = "five_more_trolleys"
VISITS, POOL = "customers.visits_per_week", "assets.trolleys.pool"
LOSS, BREAKS = "failures.wheel.responses.persevere.loss", "assets.trolleys.breaks"
MARGIN, VISIT_COST = "economics.incremental_margin", "economics.service_cost_per_visit"
RATE, SPENT = "economics.discount_rate", "economics.acquisition_spend_per_year"
ONCE, PER_YEAR = f"fixes.{TROLLEYS}.costs.once", f"fixes.{TROLLEYS}.costs.per_year"
DRAWS = 16
TERMS = Terms()


def between(low: float, mode: float, high: float, evidence: str = "C") -> Quantity:
    """A quantity of which somebody has said where it came from."""
    given = {"low": low, "mode": mode, "high": high, "unit": "units", "evidence": evidence, "source": "a test"}
    return Quantity.model_validate(given)


RANGES: Mapping[str, Quantity] = {
    VISITS: between(0.6, 0.8, 1.0),
    BREAKS: between(0.005, 0.01, 0.02, "D"),
    LOSS: between(0.0, 0.06, 0.12, "D"),
    MARGIN: between(0.15, 0.25, 0.32, "D"),
    RATE: between(0.08, 0.1, 0.12),
    ONCE: between(600, 750, 900),
}


def tiny(quantities: Mapping[str, Quantity] = RANGES, weeks: int = 12) -> Scenario:
    """The tiny shop with these quantities."""
    return restated(load("tiny").model_copy(update={"weeks": weeks}), quantities)


def quick(quantities: Mapping[str, Quantity] | None = None) -> Scenario:
    """The same for three weeks, with as many ranges as it takes to have one of each kind and no levers."""
    some = {path: RANGES[path] for path in (LOSS, MARGIN, ONCE)}
    return tiny({**some, **(quantities or {})}, weeks=3).model_copy(update={"levers": ()})


def exactly(value: float) -> Quantity:
    """A quantity known exactly."""
    return Quantity(mode=value)


def study_in(folder: Path, scenario: Scenario | None = None, seed: int = 1) -> Study:
    """A study of the tiny shop, or of that scenario, kept in that folder."""
    return Study(scenario or tiny(), seed, Store(folder))


def case_in(folder: Path, scenario: Scenario | None = None, terms: Terms = TERMS, draws: int = DRAWS) -> Case:
    """The whole case for five more trolleys."""
    return make_case(study_in(folder, scenario), [TROLLEYS], terms, draws)
