"""The link that is the case: scenario, fixes, budget, and every term and assumption that is not as it comes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.finance.portfolio import check_money
from sim.finance.terms import Terms, terms_of
from sim.scenario.faults import ScenarioError, shown
from sim.scenario.scenario import Scenario
from ui.case_choice import CaseChoice, Edit, Edits, edited, with_edits
from ui.lever_link import exact

_TO = ".."
_SWITCHES = {name for name, field in Terms.model_fields.items() if field.annotation is bool}
_WORDS = {"yes": True, "no": False}


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
    wrong: list[str] = []
    given = {name: text for name, text in link.items() if name != "scenario"}
    fixes = _fixes(given.pop("fix", None), scenario, wrong)
    budget = _budget(given.pop("budget", None), wrong)
    terms = _terms({name: given.pop(name) for name in Terms.model_fields if name in given}, wrong)
    edits = _edits(given, scenario, wrong)
    return Asked(edits, fixes, terms, budget, tuple(wrong))


def _fixes(text: str | None, scenario: Scenario, wrong: list[str]) -> tuple[str, ...] | None:
    if text is None:
        return None
    known = [fix.id for fix in scenario.fixes]
    asked = [name for name in text.split(",") if name]
    allowed = ", ".join(known) or "none: this scenario has no fixes"
    wrong += [f"The link asks for the fix {shown(name)}; allowed: {allowed}." for name in asked if name not in known]
    return tuple(name for name in known if name in asked)


def _budget(text: str | None, wrong: list[str]) -> float | None:
    if text is None:
        return None
    amount = _number(text)
    try:
        check_money(math.nan if amount is None else amount)
    except ScenarioError as error:
        wrong.append(f"The link asks for a budget of {shown(text)}: {error.faults[0].message}.")
        return None
    return amount


def _terms(given: Mapping[str, str], wrong: list[str]) -> Terms:
    terms = Terms()
    for name, text in given.items():
        try:
            terms = terms_of(terms.model_dump() | {name: _said(name, text)})
        except ScenarioError as error:
            wrong += [f"The link asks for {name} at {shown(text)}: {fault.message}." for fault in error.faults]
    return terms


def _said(name: str, text: str) -> object:
    if name in _SWITCHES:
        return _WORDS.get(text, text)
    number = _number(text)
    if number is None:
        return text
    return int(number) if name == "horizon_years" and number.is_integer() else number


def _edits(given: Mapping[str, str], scenario: Scenario, wrong: list[str]) -> Edits:
    edits: Edits = ()
    for path, text in given.items():
        found = _edit(path, text)
        if found is None:
            wrong.append(f"The link asks for {shown(path)} at {shown(text)}; allowed: a value, or low..value..high.")
            continue
        try:
            with_edits(scenario, edited(edits, found))
            edits = edited(edits, found)
        except ScenarioError as error:
            wrong.append(f"The link asks for {shown(path)} at {shown(text)}: {error.faults[0].message}.")
    return edits


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
