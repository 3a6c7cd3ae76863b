"""What a visitor has chosen to make a case of: a scenario, what is assumed otherwise, fixes, terms and a budget."""

from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from sim.finance.assumptions import Terms
from sim.scenario.document import Document
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.paths import quantity_at, settables, unknown_path
from sim.scenario.quantity import Evidence, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.validation import faults_of
from sim.scenario.world import restated

GUESS: Evidence = "D"
SET_BY_YOU = "set by you"


@dataclass(frozen=True)
class Edit:
    """Another value, and another range or none, for the quantity at a path."""

    path: str
    value: float
    low: float | None = None
    high: float | None = None

    def quantity(self, scenario: Scenario) -> Quantity:
        """The quantity that it makes: nobody has measured what a visitor puts in.

        Raises:
            ScenarioError: no quantity is there, ends are in the wrong order, or there is one end alone.
        """
        wrong = unknown_path(scenario, self.path)
        if wrong or isinstance(settables(scenario)[self.path], bool):
            message = wrong or "found a switch; allowed: the path of a quantity"
            raise ScenarioError((Fault("set", None, self.path, message),))
        said = {"low": self.low, "mode": self.value, "high": self.high, "unit": quantity_at(scenario, self.path).unit}
        try:
            return Quantity.model_validate(said | {"evidence": GUESS, "source": SET_BY_YOU})
        except ValidationError as error:
            faults = faults_of(error, Document("set", said))
            raise ScenarioError(Fault("set", None, self.path, fault.message) for fault in faults) from None


Edits = tuple[Edit, ...]


def as_it_is(scenario: Scenario, path: str) -> Edit:
    """What the scenario has there."""
    said = quantity_at(scenario, path)
    low, high = (None if end is None else float(end) for end in (said.low, said.high))
    return Edit(path, said.value, low, high)


def edited(edits: Edits, edit: Edit) -> Edits:
    """The same edits with this one, in place of any of its path."""
    return (*(one for one in edits if one.path != edit.path), edit)


@dataclass(frozen=True)
class CaseStep:
    """All that a visitor may change of a case, as it once was."""

    edits: Edits
    fixes: tuple[str, ...]
    terms: Terms
    budget: float | None


@dataclass(frozen=True)
class CaseChoice:
    """What to make a case of. `as_is` is the scenario as it comes; `name` is what links call it."""

    name: str
    as_is: Scenario
    edits: Edits
    fixes: tuple[str, ...]
    terms: Terms
    budget: float | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with the edits. Raises ScenarioError where they make none."""
        return with_edits(self.as_is, self.edits)

    @property
    def step(self) -> CaseStep:
        """What a visitor may change of it."""
        return CaseStep(self.edits, self.fixes, self.terms, self.budget)

    @property
    def asked(self) -> tuple[object, ...]:
        """All that decides what the case is: two choices that are asked alike have the same case."""
        return (self.name, self.edits, self.fixes, self.terms.model_dump_json())


def with_edits(scenario: Scenario, edits: Edits) -> Scenario:
    """The scenario with these quantities stated anew.

    Raises:
        ScenarioError: what no scenario file could say.
    """
    return restated(scenario, {edit.path: edit.quantity(scenario) for edit in edits}) if edits else scenario
