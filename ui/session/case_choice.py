"""What a visitor has chosen to make a case of, and the link that says the same."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from pydantic import ValidationError

from sim.finance.assumptions import Terms, terms_of
from sim.finance.portfolio import check_money
from sim.scenario.faults import Document, Fault, ScenarioError, faults_of
from sim.scenario.paths import quantity_at, settables, unknown_path
from sim.scenario.quantity import Evidence, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import number_hint
from sim.scenario.spelling.names import shown
from sim.scenario.spelling.values import Asked as AskedNumber
from sim.scenario.world import restated
from ui.session.choice import Objections, exact, fixes_of

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


_TO = ".."
_SWITCHES = {name for name, field in Terms.model_fields.items() if field.annotation is bool}
_WORDS = {"yes": True, "no": False}
_YES_OR_NO = "allowed: yes or no"


@dataclass(frozen=True)
class Asked:
    """What a link asks for, and what it asks for that cannot be had, in words. No fixes: it does not say."""

    edits: Edits = ()
    fixes: tuple[str, ...] | None = None
    terms: Terms = field(default_factory=Terms)
    budget: float | None = None
    wrong: tuple[str, ...] = ()


def link_of(choice: CaseChoice) -> dict[str, str]:
    """The link's parameters for a choice."""
    link = {"scenario": choice.name, "fix": ",".join(choice.fixes)}
    link |= {name: _term(value) for name, value in choice.terms.model_dump(exclude_defaults=True).items()}
    if choice.budget is not None:
        link["budget"] = exact(choice.budget)
    return link | {edit.path: _range(edit) for edit in choice.edits}


def _term(value: float | bool) -> str:
    return "yes" if value is True else exact(value)


def _range(edit: Edit) -> str:
    ends = (edit.value,) if edit.low is None or edit.high is None else (edit.low, edit.value, edit.high)
    return _TO.join(exact(end) for end in ends)


def read(link: Mapping[str, str], scenario: Scenario) -> Asked:
    """What the link's parameters ask of that scenario; what is wrong is said and left as the scenario has it."""
    wrong = Objections()
    given = {name: text for name, text in link.items() if name != "scenario"}
    fix = given.pop("fix", None)
    fixes = None if fix is None else tuple(fixes_of(scenario, fix, wrong))
    budget = _budget(given.pop("budget", None), wrong)
    terms = _terms({name: given.pop(name) for name in Terms.model_fields if name in given}, wrong)
    edits = _edits(given, scenario, wrong)
    return Asked(edits, fixes, terms, budget, wrong.sentences)


def _budget(text: str | None, wrong: Objections) -> float | None:
    if text is None:
        return None
    amount = _number(text)
    try:
        check_money(math.nan if amount is None else amount)
    except ScenarioError as error:
        wrong.add(partial(_objection, "a budget of", text, error.faults[0].message, "budget"))
        return None
    return amount


def _terms(given: Mapping[str, str], wrong: Objections) -> Terms:
    terms = Terms()
    for name, text in given.items():
        if name in _SWITCHES and text not in _WORDS:
            wrong.add(partial(_objection, f"{name} at", text, _YES_OR_NO, name))
            continue
        try:
            terms = terms_of(terms.model_dump() | {name: _said(name, text)})
        except ScenarioError as error:
            wrong.add(partial(_objection, f"{name} at", text, error.faults[0].message, name))
    return terms


def _objection(what: str, text: str, message: str, key: str) -> str:
    """What cannot be had, why, and how to write what it likely means unless the message says so."""
    meant = "" if "did you mean" in message else number_hint(text, AskedNumber(), key)
    said = f"The link asks for {what} {shown(text)}: {message}{meant}"
    return said if said.endswith("?") else f"{said}."


def _said(name: str, text: str) -> object:
    if name in _SWITCHES:
        return _WORDS[text]
    number = _number(text)
    if number is None:
        return text
    return int(number) if name == "horizon_years" and number.is_integer() else number


def _edits(given: Mapping[str, str], scenario: Scenario, wrong: Objections) -> Edits:
    edits: Edits = ()
    known = settables(scenario)
    for path, text in given.items():
        found = _edit(path, text) if path in known else None
        if path not in known:
            wrong.add(partial(_no_path, scenario, path, text))
        elif found is None:
            unit = getattr(known[path], "unit", None) or ""
            allowed = "allowed: a value, or low..value..high" + number_hint(text, AskedNumber(unit=unit), path)
            wrong.add(partial(_objection, f"{shown(path)} at", text, allowed, path))
        else:
            try:
                with_edits(scenario, edited(edits, found))
                edits = edited(edits, found)
            except ScenarioError as error:
                wrong.add(partial(_objection, f"{shown(path)} at", text, error.faults[0].message, path))
    return edits


def _no_path(scenario: Scenario, path: str, text: str) -> str:
    return _objection(f"{shown(path)} at", text, unknown_path(scenario, path) or "", path)


def _edit(path: str, text: str) -> Edit | None:
    ends = [_number(end) for end in text.split(_TO)]
    match ends:
        case [float() as value]:
            return Edit(path, value)
        case [float() as low, float() as value, float() as high]:
            return Edit(path, value, low, high)
    return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
