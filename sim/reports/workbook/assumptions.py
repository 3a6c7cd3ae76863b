"""The page Assumptions: inputs that may be changed, each with what was simulated and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import ACQUISITION, MARGIN, RATE, VISIT_COST, Assumption, Terms
from sim.finance.case import Case
from sim.reports.workbook.book import Page, cell
from sim.scenario.fixes import Change, Costs, Economics, Way
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import EVIDENCE_MEANING


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
    schema, looks = Terms.model_json_schema()["properties"], {"boolean": "centre", "integer": "count"}
    return [
        Input(name, value, looks.get(schema[name].get("type", ""), "fine"), *_allowed(schema[name]))
        for name, value in terms.model_dump().items()
    ]


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


Floats = NDArray[np.float64]
MOVABLE = {MARGIN: "margin", VISIT_COST: "visit_cost", ACQUISITION: "acquisition"}
"""What `Economics` calls each of them."""


@dataclass(frozen=True)
class Moved:
    """A price of one world in every future: `values`, which are `times` what is stated and `add`; all (futures,).

    Where a fix or a policy sets it, `times` is 0.
    """

    world: str
    path: str
    times: Floats
    add: Floats
    values: Floats


def moved(case: Case) -> list[Moved]:
    """The prices that are not just what is stated."""
    found = [_moved(case, world, path) for world in ("now", "then") for path in MOVABLE]
    return [one for one in found if (one.times != 1).any() or one.add.any()]


def _moved(case: Case, world: str, path: str) -> Moved:
    values: Floats = getattr(getattr(case.prices, world), MOVABLE[path])
    stated = np.broadcast_to(np.asarray(case.study.value(path, case.values), float), values.shape)
    times, add = (_effect(case, world, path, way) for way in ("times", "add"))
    is_set = any(change.set is not None for _, change in _changes(case, world, path))
    follows = np.isclose(values, times * stated + add, rtol=1e-9, atol=1e-12) & (not is_set)
    return Moved(world, path, np.where(follows, times, 0.0), np.where(follows, add, values), values)


def _effect(case: Case, world: str, path: str, way: Way) -> Floats:
    """What the fixes of that world multiply the price by, or add to it, in every future."""
    found = np.ones(case.futures) if way == "times" else np.zeros(case.futures)
    for where, change in _changes(case, world, path):
        effect = case.values.get(f"{where}.{way}", getattr(change, way).value)
        found = found * effect if way == "times" else found + effect
    return found


def _changes(case: Case, world: str, path: str) -> Iterator[tuple[str, Change]]:
    """What the fixes of that world change about a price, each with the path of the change itself."""
    for name in case.fixes if world == "then" else ():
        for position, change in enumerate(case.study.fix(name).changes):
            if change.path == path:
                yield f"fixes.{name}.changes[{position}]", change


ASSUMPTIONS = "Assumptions"
_HEADINGS = {
    "Assumption": 44,
    "Low": 13,
    "Likeliest": 13,
    "High": 13,
    "In a plain run": 16,
    "Unit": 34,
    "Grade": 8,
    "Source": 60,
    "In this workbook": 40,
    "Path": 46,
}
_LABEL, _LOW, _MODE, _HIGH, _PLAIN, _UNIT, _GRADE, _SOURCE, _USE, _PATH = range(len(_HEADINGS))
_ENDS = {"low": _LOW, "mode": _MODE, "high": _HIGH}
_SIMULATED = "simulated: change it in Ripple"
_SOONER = "Cash comes before the end of its year by"
_HEAD = 4


def write_assumptions(page: Page, case: Case) -> None:
    """Terms first, then what turns flows into money, then all that was simulated."""
    page.laid_out("Assumptions", [], list(_HEADINGS.values()), freeze=(_HEAD + 1, 1))
    guesses = sum(one.evidence == "D" for one in case.assumptions)
    page.text(1, 0, "Yellow cells may be changed: all figures follow. The others were simulated and stay as they are.")
    grades = "; ".join(f"{grade} {meaning}" for grade, meaning in EVIDENCE_MEANING.items())
    page.text(2, 0, f"Grades: {grades}. {guesses} of {len(case.assumptions)} are D.", "note")
    page.headings(_HEAD, list(_HEADINGS))
    row = _write_terms(page, case.terms, _HEAD + 1)
    row = _write_quantities(page, case, "What turns it into money", financial(case), row + 1)
    simulated = [one for one in case.assumptions if not one.financial]
    _write_quantities(page, case, "What was simulated", simulated, row + 1)


def _write_terms(page: Page, terms: Terms, row: int) -> int:
    page.text(row, _LABEL, "Terms", "section")
    for at, one in enumerate(term_inputs(terms), row + 1):
        page.text(at, _LABEL, one.name.replace("_", " ").capitalize(), "top")
        _write_input(page, at, _MODE, one)
        page.name(one.name, at, _MODE)
        page.text(at, _SOURCE, Terms.model_fields[one.name].description or "")
        page.text(at, _USE, "input: recomputes everything", "top")
    return _write_made_of_terms(page, terms, row + 1 + len(Terms.model_fields))


def _write_made_of_terms(page: Page, terms: Terms, row: int) -> int:
    growth, sooner = 0.0 if terms.real else float(terms.inflation), 0.5 if terms.mid_year else 0.0
    of_prices = "a year: a real rate is for flows in today's prices"
    of_time = "years: prices and discounting are those of the day on which it comes"
    made = [
        ("price_growth", "Growth of prices", "IF(real,0,inflation)", growth, "percent", of_prices),
        ("before_year_end", _SOONER, "IF(mid_year,0.5,0)", sooner, "plain", of_time),
    ]
    for at, (name, label, formula, value, look, meaning) in enumerate(made, row):
        page.text(at, _LABEL, label, "top")
        page.formula(at, _MODE, formula, value, look, "top")
        page.text(at, _SOURCE, meaning, "wrap")
        page.name(name, at, _MODE)
    return row + len(made)


def _write_input(page: Page, row: int, column: int, one: Input) -> None:
    page.number(row, column, one.original, one.look, "input")
    if isinstance(one.original, bool):
        page.sheet.data_validation(row, column, row, column, {"validate": "list", "source": ["TRUE", "FALSE"]})
        return
    said = f"Allowed: {one.least:g} to {one.most:g}."
    kind = "integer" if one.look == "count" else "decimal"
    limits = {"validate": kind, "criteria": "between", "minimum": one.least, "maximum": one.most}
    page.sheet.data_validation(
        row, column, row, column, {**limits, "error_title": one.name[:32], "error_message": said}
    )


def _write_quantities(page: Page, case: Case, title: str, found: list[Assumption], row: int) -> int:
    page.text(row, _LABEL, title, "section")
    for at, one in enumerate(found, row + 1):
        _write_words(page, case, at, one)
        (_write_cells if one.financial else _write_values)(page, case, at, one)
    return row + 1 + len(found)


def _write_words(page: Page, case: Case, row: int, one: Assumption) -> None:
    unit = case.study.currency if one.unit == "currency" else one.unit
    said = {_LABEL: one.label, _UNIT: unit, _SOURCE: one.source, _USE: _use(case, one), _PATH: one.path}
    for column, text in said.items():
        page.text(row, column, text or "", *(("top", "indent") if column == _UNIT else ("wrap",)))
    page.tall_enough(row, {column: said[column] or "" for column in (_LABEL, _SOURCE, _USE, _PATH)})
    page.text(row, _GRADE, one.evidence or "", *(["guess"] if one.evidence == "D" else ["centre", "top"]))


def _use(case: Case, one: Assumption) -> str:
    if not one.financial:
        return _SIMULATED
    if one.path in [price.path for price in moved(case)]:
        return "input: recomputes everything; what fixes and policies make of it stands in Futures"
    return "input: recomputes everything" + ("" if one.drawn or one.low is None else "; its range is not drawn")


def _write_cells(page: Page, case: Case, row: int, one: Assumption) -> None:
    """The cells of a quantity that may be changed, and what it is in a plain run."""
    cells = inputs_of(case, one)
    for given in cells:
        column = _ENDS[given.name.rsplit("_", 1)[1]]
        _write_input(page, row, column, given)
        page.name(given.name, row, column)
    low, mode, high = (cell(row, column) for column in (_LOW, _MODE, _HIGH))
    plain = f"IF(ISBLANK({mode}),({low}+{high})/2,{mode})" if one.drawn else mode
    page.formula(row, _PLAIN, plain, one.value, cells[0].look, "top")
    page.name(name_of(one.path), row, _PLAIN)


def _write_values(page: Page, case: Case, row: int, one: Assumption) -> None:
    look = _look(one.unit or "", case.study.currency)
    held = {_LOW: one.low, _MODE: quantity_at(case.study.scenario, one.path).mode, _HIGH: one.high, _PLAIN: one.value}
    for column, value in held.items():
        page.number(row, column, value, look, "simulated", "top")


def _look(unit: str, currency: str) -> str:
    if unit.startswith("share"):
        return "fine"
    return "exact" if unit.startswith(currency) or unit == "currency" else "plain"
