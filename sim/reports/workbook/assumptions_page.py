"""The page Assumptions: every quantity with range, unit, grade and source; those that can be changed here, yellow."""

from sim.finance.assumptions import Assumption, Terms
from sim.finance.case import Case
from sim.reports.workbook.book import Page, cell
from sim.reports.workbook.inputs import Input, financial, inputs_of, name_of, term_inputs
from sim.reports.workbook.prices_moved import moved
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import EVIDENCE_MEANING

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
_HEAD = 4


def write_assumptions(page: Page, case: Case) -> None:
    """Terms first, then what turns flows into money, then all that was simulated."""
    page.laid_out(list(_HEADINGS.values()), freeze=(_HEAD + 1, 1))
    _write_head(page, case)
    row = _write_terms(page, case.terms, _HEAD + 1)
    row = _write_quantities(page, case, "What turns it into money", financial(case), row + 1)
    simulated = [one for one in case.assumptions if not one.financial]
    _write_quantities(page, case, "What was simulated", simulated, row + 1)


def _write_head(page: Page, case: Case) -> None:
    guesses = sum(one.evidence == "D" for one in case.assumptions)
    page.text(0, 0, "Assumptions", "title")
    page.text(1, 0, "Yellow cells may be changed: all figures follow. The others were simulated and stay as they are.")
    grades = "; ".join(f"{grade} {meaning}" for grade, meaning in EVIDENCE_MEANING.items())
    page.text(2, 0, f"Grades: {grades}. {guesses} of {len(case.assumptions)} are D.", "note")
    page.headings(_HEAD, list(_HEADINGS))


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
    growth = 0.0 if terms.real else float(terms.inflation)
    page.text(row, _LABEL, "Growth of prices", "top")
    page.formula(row, _MODE, "IF(real,0,inflation)", growth, "percent", "top")
    page.text(row, _SOURCE, "a year: a real rate is for flows in today's prices", "wrap")
    page.name("price_growth", row, _MODE)
    page.text(row + 1, _LABEL, "Cash comes before the end of its year by", "top")
    page.formula(row + 1, _MODE, "IF(mid_year,0.5,0)", 0.5 if terms.mid_year else 0.0, "plain", "top")
    page.text(row + 1, _SOURCE, "years: prices and discounting are those of the day on which it comes", "wrap")
    page.name("before_year_end", row + 1, _MODE)
    return row + 2


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
        if one.financial:
            _write_cells(page, case, at, one)
        else:
            _write_values(page, case, at, one)
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
