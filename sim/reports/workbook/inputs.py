"""Inputs: what may be changed in the workbook, by the name of its cell, with what was simulated and what is allowed."""

from dataclasses import dataclass
from typing import Any

from sim.finance.assumptions import MARGIN, RATE, Assumption, Terms
from sim.finance.case import Case
from sim.scenario.fixes import Costs, Economics
from sim.scenario.paths import quantity_at


@dataclass(frozen=True)
class Input:
    """A cell that may be changed. `original` is what it held at first, None a cell left empty.

    `look` is the style of its number; `least` and `most` are what it may hold.
    """

    name: str
    original: float | bool | None
    look: str
    least: float
    most: float


def name_of(path: str) -> str:
    """What a financial quantity is called in formulas; its cells are called this and `_low`, `_mode`, `_high`."""
    section, *_, last = path.split(".")
    return last if section == "economics" else f"fix_{path.split('.')[1]}_{last}"


def term_inputs(terms: Terms) -> list[Input]:
    """The terms, each called what the field is called."""
    schema = Terms.model_json_schema()["properties"]
    return [_term(name, value, schema[name]) for name, value in terms.model_dump().items()]


def _term(name: str, value: float | bool, schema: dict[str, Any]) -> Input:
    look = {"boolean": "centre", "integer": "count"}.get(schema.get("type", ""), "fine")
    return Input(name, value, look, *_allowed(schema))


def financial(case: Case) -> list[Assumption]:
    """The quantities that turn what was simulated into money, in the file's order."""
    return [one for one in case.assumptions if one.financial]


def inputs_of(case: Case, one: Assumption) -> list[Input]:
    """The cells of a financial quantity: low, mode and high where it is drawn, else the one value that counts."""
    said = quantity_at(case.study.scenario, one.path)
    part = Economics if one.path.startswith("economics.") else Costs
    bounds = _allowed(part.model_json_schema()["properties"][one.path.split(".")[-1]])
    look = "fine" if one.path in (MARGIN, RATE) else "exact"
    held = {"low": one.low, "mode": said.mode, "high": one.high} if one.drawn else {"mode": one.value}
    return [Input(f"{name_of(one.path)}_{end}", value, look, *bounds) for end, value in held.items()]


def inputs(case: Case) -> list[Input]:
    """Every cell that may be changed."""
    return [*term_inputs(case.terms), *(cell for one in financial(case) for cell in inputs_of(case, one))]


def _allowed(schema: dict[str, Any]) -> tuple[float, float]:
    """The least and the most that a field takes, as its schema says; a truth is 0 or 1."""
    for one in (schema, *schema.get("anyOf", ())):
        for least, most in (("minimum", "maximum"), ("ge", "le")):
            if least in one:
                return one[least], one[most]
    return 0, 1
