"""The page Checks: whether the workbook adds up, and whether it still says what was simulated."""

from collections.abc import Iterator

from sim.finance.case import Case
from sim.reports.workbook.book import Page, cell
from sim.reports.workbook.columns import Table
from sim.reports.workbook.figures import Figure, figures
from sim.reports.workbook.inputs import Input, inputs

CHECKS = "Checks"
_HEAD = 4
_PENNY, _CLOSE = 0.005, 1e-6
Check = tuple[str, str, str]
"""What is checked, the formula of it, and what it means."""


def write_checks(page: Page, case: Case, simulated: Table, futures: Table) -> None:
    """Every check, then each input beside what it was, then each figure beside Ripple's own."""
    page.laid_out([50, 18, 18, 12, 12, 80], freeze=(_HEAD + 1, 0))
    page.text(0, 0, "Checks", "title")
    found = list(_checks(case, simulated, futures))
    _write_verdicts(page, len(found))
    page.headings(_HEAD, ["Check", "Passes", "", "", "", "What it means"])
    for row, (label, formula, meaning) in enumerate(found, _HEAD + 1):
        page.text(row, 0, label)
        page.formula(row, 1, f"IFERROR({formula},FALSE)", True, "centre")
        page.text(row, 5, meaning, "note")
    row = _write_inputs(page, _HEAD + len(found) + 2, inputs(case))
    _write_recomputed(page, row + 1, [one for one in figures(case) if one.formula])


def _write_verdicts(page: Page, checks: int) -> None:
    verdicts = {
        "all_checks_pass": ("All checks pass", f"AND(B{_HEAD + 2}:B{_HEAD + 1 + checks})"),
        "inputs_unchanged": ("No input has been changed", "AND(inputs_same)"),
    }
    for row, (name, (label, formula)) in enumerate(verdicts.items(), 1):
        page.text(row, 0, label, "bold")
        page.formula(row, 1, formula, True, "bold", "centre")
        page.name(name, row, 1)


def _checks(case: Case, simulated: Table, futures: Table) -> Iterator[Check]:
    same = "OR(NOT(inputs_unchanged),AND(figures_same))"
    yield "As simulated", same, "With no input changed, every figure is Ripple's own, to the penny."
    yield "Number of futures", f"COUNT(npvs)={case.futures}", "As many as were simulated."
    yield "Simulated values", _untouched(simulated), "Nobody has changed the page Simulated."
    errors = f"SUMPRODUCT(ISERROR({futures.whole})*1)=0"
    yield "No errors", errors, "No formula of the page Futures fails."
    identity = f"ABS(AVERAGE(npvs)-present_values_summed)<{_PENNY}"
    yield "Discounted cash", identity, "The mean NPV is the sum over years of mean present values."
    parts = f"ABS(AVERAGE(npvs)-AVERAGE(pv_benefits)+AVERAGE(pv_costs))<{_PENNY}"
    yield "Benefits less costs", parts, "The mean NPV is the present value of benefits less that of costs."
    yield "Distribution", "SUM(counted)=COUNT(npvs)", "Every future is counted in one bin."
    yield (
        "Inputs allowed",
        "AND(inputs_allowed)",
        "Each is a number that Ripple would take, and no range is upside down.",
    )


def _untouched(simulated: Table) -> str:
    """The sum of all values is what it was, but for the order in which they are added."""
    total = sum(float(column.values.sum()) for column in simulated.columns)
    size = sum(float(abs(column.values).sum()) for column in simulated.columns)
    return f"ABS(SUM(simulated)-{total!r})<={size * 1e-9!r}"


def _write_inputs(page: Page, row: int, found: list[Input]) -> int:
    page.headings(row, ["Input", "Now", "As simulated", "Same", "Allowed"])
    names = {one.name for one in found}
    for at, one in enumerate(found, row + 1):
        was, name = cell(at, 2), one.name
        page.text(at, 0, name)
        page.formula(at, 1, f'IF(ISBLANK({name}),"",{name})', one.original, one.look, "right")
        page.number(at, 2, one.original, one.look, "simulated", "right")
        same = f"AND(ISBLANK({name})=ISBLANK({was}),OR(ISBLANK({name}),{name}={was}))"
        page.formula(at, 3, f"IFERROR({same},FALSE)", True, "centre")
        page.formula(at, 4, f"IFERROR({_allowed(one, names)},FALSE)", True, "centre")
    last = row + len(found)
    page.name("inputs_same", row + 1, 3, last, 3)
    page.name("inputs_allowed", row + 1, 4, last, 4)
    return last + 1


def _allowed(one: Input, names: set[str]) -> str:
    """Whether a cell holds what Ripple would take: its field's bounds, and low <= likeliest <= high."""
    name, (whose, _, end) = one.name, one.name.rpartition("_")
    if isinstance(one.original, bool):
        return f"ISLOGICAL({name})"
    tests = [f"ISNUMBER({name}),{name}>={one.least!r},{name}<={one.most!r}"]
    if one.look == "count":
        tests.append(f"{name}=INT({name})")
    if {f"{whose}_low", f"{whose}_high"} <= names:
        tests.append(f"{whose}_low<={name},{name}<={whose}_high")
        if end == "mode":
            return f"OR(ISBLANK({name}),AND({','.join(tests)}))"
    return f"AND({','.join(tests)})"


def _write_recomputed(page: Page, row: int, found: list[Figure]) -> None:
    page.headings(row, ["Figure", "Now", "As simulated", "Same"])
    for at, one in enumerate(found, row + 1):
        now, was, within = cell(at, 1), cell(at, 2), _PENNY if one.look == "money" else _CLOSE
        page.text(at, 0, one.label)
        page.formula(at, 1, one.name, one.value, one.look, "right")
        if isinstance(one.value, str):
            page.text(at, 2, one.value, "simulated", "right")
        else:
            page.number(at, 2, one.value, one.look, "simulated", "right")
        same = f"IFERROR(IF(ISNUMBER({was}),ABS({now}-{was})<{within},{now}={was}),FALSE)"
        page.formula(at, 3, same, True, "centre")
    page.name("figures_same", row + 1, 3, row + len(found), 3)
