"""The pages Summary and Checks: the case on one sheet, and whether the workbook adds up."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.finance.case import Case
from sim.reports.narrative.case_story import WHEN_IT_COUNTS, advice, headline, notes
from sim.reports.origin import Origin
from sim.reports.workbook.assumptions import Input, inputs
from sim.reports.workbook.book import Page, cell
from sim.reports.workbook.cash_flows import net_chart
from sim.reports.workbook.distribution import histogram
from sim.reports.workbook.futures import Table
from sim.reports.workbook.workings import rate_said


@dataclass(frozen=True)
class Figure:
    """A figure by the name of its cell. `value` is the tool's own, a word where there is none, None if not known.

    `formula` is "" where only Ripple can work it out anew; `said` is the formula of the note, "" where it stays.
    """

    name: str
    label: str
    value: float | str | None
    look: str
    note: str
    formula: str = ""
    said: str = ""


_HALF = "TINV(0.05,COUNT(npvs)-1)*STDEV(npvs)/SQRT(COUNT(npvs))"
_RETURN = 'IF(AVERAGE(pv_costs)>0,{}/AVERAGE(pv_costs),"none")'
_GAIN = "(AVERAGE(pv_benefits)-AVERAGE(pv_costs))"
_LOSS = 'COUNTIF(npvs,"<0")/COUNT(npvs)'
_KNOWN_TO = "95% interval of that mean: what more futures would narrow"
_OF_CASH = "of the mean cash, rounded up to whole months"
_OF_WORTH = "of mean present values; none without a cost"


def figures(case: Case) -> list[Figure]:
    """Every figure of the Summary, in its order."""
    irr, roi, ratio = (_or("none", value) for value in (case.irr[0], case.roi, case.benefit_cost_ratio))
    back, discounted = (_or("never", value) for value in (case.payback_years, case.discounted_payback_years))
    said = rate_said(case.net, case.terms.mid_year)
    ratio_of = _RETURN.format("AVERAGE(pv_benefits)")
    return [
        Figure("case_npv", "Net present value", case.npv.mean, "money", "mean over all futures", "AVERAGE(npvs)"),
        Figure("case_npv_low", "… at least", case.npv.low, "money", _KNOWN_TO, f"case_npv-{_HALF}"),
        Figure("case_npv_high", "… at most", case.npv.high, "money", _KNOWN_TO, f"case_npv+{_HALF}"),
        Figure("case_irr", "Internal rate of return", irr, "percent", said, "found_irr", "irr_said"),
        _payback("payback_years", "Payback, in years", back),
        _payback("discounted_payback_years", "Discounted payback, in years", discounted),
        Figure("case_roi", "Return on investment", roi, "percent", _OF_WORTH, _RETURN.format(_GAIN)),
        Figure("case_benefit_cost_ratio", "Benefit-cost ratio", ratio, "ratio", _OF_WORTH, ratio_of),
        *(_percentile(share, value) for share, value in zip((10, 50, 90), case.percentiles, strict=True)),
        Figure("case_prob_loss", "Chance of a loss", case.prob_loss, "percent", "futures with an NPV below 0", _LOSS),
        *_of_cash(case),
        *_simulated(case),
    ]


def _or(word: str, value: float | None) -> float | str:
    return word if value is None else value


def _payback(name: str, label: str, value: float | str) -> Figure:
    return Figure(f"case_{name}", label, value, "years", _OF_CASH, f"found_{name}")


def _percentile(share: int, value: float) -> Figure:
    note, formula = f"{share}% of futures are worth less", f"PERCENTILE(npvs,{share / 100})"
    return Figure(f"case_p{share}", f"NPV, P{share}", value, "money", note, formula)


def _of_cash(case: Case) -> Iterator[Figure]:
    first, note = "AVERAGE(outlays)+AVERAGE(running_year_1)", "outlay and running, before tax"
    yield Figure("case_year_one_cost", "Cost in year one", case.year_one_cost, "money", note, first)
    note = "undiscounted, before tax, within the horizon"
    yield Figure("case_contribution", "Contribution gained", case.benefit, "money", note, "benefit_summed")


def _simulated(case: Case) -> Iterator[Figure]:
    """What no formula here can give: it takes the futures that were simulated once more, on other luck."""
    luck, inputs = "standard deviation, were every input known", "standard deviation, were there no luck"
    yield Figure("case_run_noise_sd", "Spread of the NPV by luck", case.spread.run_noise_sd, "money", luck)
    yield Figure("case_input_sd", "Spread of the NPV by inputs", case.spread.input_sd, "money", inputs)
    known = "expected value of perfect information (EVPI), at most"
    yield Figure("case_evpi", "Worth of knowing all inputs", case.evpi, "money", known)


CHECKS = "Checks"
_HEAD = 4
_PENNY, _CLOSE = 0.005, 1e-6
Check = tuple[str, str, str]
"""What is checked, the formula of it, and what it means."""


def write_checks(page: Page, case: Case, simulated: Table, futures: Table) -> None:
    """Every check, then each input beside what it was, then each figure beside Ripple's own."""
    page.laid_out("Checks", [], [50, 18, 18, 12, 12, 80], freeze=(_HEAD + 1, 0))
    found = _checks(case, simulated, futures)
    _write_verdicts(page, len(found))
    page.headings(_HEAD, ["Check", "Passes", "", "", "", "What it means"])
    for row, (label, formula, meaning) in enumerate(found, _HEAD + 1):
        page.text(row, 0, label)
        page.formula(row, 1, f"IFERROR({formula},FALSE)", True, "centre")
        page.text(row, 5, meaning, "note")
    row = _write_inputs(page, _HEAD + len(found) + 2, inputs(case))
    _write_recomputed(page, row + 1, [one for one in figures(case) if one.formula])


def _write_verdicts(page: Page, checks: int) -> None:
    verdicts = [
        ("all_checks_pass", "All checks pass", f"AND(B{_HEAD + 2}:B{_HEAD + 1 + checks})"),
        ("inputs_unchanged", "No input has been changed", "AND(inputs_same)"),
    ]
    for row, (name, label, formula) in enumerate(verdicts, 1):
        page.text(row, 0, label, "bold")
        page.formula(row, 1, formula, True, "bold", "centre")
        page.name(name, row, 1)


def _checks(case: Case, simulated: Table, futures: Table) -> list[Check]:
    same, whole = "OR(NOT(inputs_unchanged),AND(figures_same))", f"SUMPRODUCT(ISERROR({futures.whole})*1)=0"
    identity = f"ABS(AVERAGE(npvs)-present_values_summed)<{_PENNY}"
    parts = f"ABS(AVERAGE(npvs)-AVERAGE(pv_benefits)+AVERAGE(pv_costs))<{_PENNY}"
    allowed = "Each is a number that Ripple would take, and no range is upside down."
    return [
        ("As simulated", same, "With no input changed, every figure is Ripple's own, to the penny."),
        ("Number of futures", f"COUNT(npvs)={case.futures}", "As many as were simulated."),
        ("Simulated values", _untouched(simulated), "Nobody has changed the page Simulated."),
        ("No errors", whole, "No formula of the page Futures fails."),
        ("Discounted cash", identity, "The mean NPV is the sum over years of mean present values."),
        ("Benefits less costs", parts, "The mean NPV is the present value of benefits less that of costs."),
        ("Distribution", "SUM(counted)=COUNT(npvs)", "Every future is counted in one bin."),
        ("Inputs allowed", "AND(inputs_allowed)", allowed),
    ]


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
        page.value(at, 2, one.value, one.look, "simulated", "right")
        same = f"IFERROR(IF(ISNUMBER({was}),ABS({now}-{was})<{within},{now}={was}),FALSE)"
        page.formula(at, 3, same, True, "centre")
    page.name("figures_same", row + 1, 3, row + len(found), 3)


SUMMARY = "Summary"
_HEADINGS = ("Figure", "Value", "Kind", "What it is")
_WIDTHS = (34, 18, 14, 84)
_CHANGED = "An input has been changed: the figures below follow it; this sentence and what is grey do not."
_AS_SIMULATED = "No input has been changed: every figure is as Ripple gave it."
_CHART_ROWS = 16


def write_summary(page: Page, case: Case, origin: Origin) -> None:
    """The sentence, whether the workbook can be trusted, the figures, two charts, and where it all comes from."""
    fixes = ", ".join(case.study.fix(name).label for name in case.fixes)
    page.laid_out(f"{case.study.scenario.title}: {fixes}", [], _WIDTHS)
    page.sheet.fit_to_pages(1, 1)
    row = _write_head(page, case)
    row = _write_figures(page, case, row + 1)
    page.sheet.insert_chart(row + 1, 0, histogram(page.book, case))
    page.sheet.insert_chart(row + 1, 3, net_chart(page.book), {"x_offset": 70})
    row = _write_lines(page, row + _CHART_ROWS + 1, "To read it rightly", [advice(case), *notes(case)])
    page.text(row + 1, 0, "Where it comes from", "section")
    for at, (label, said) in enumerate(_stamp(case, origin), row + 2):
        page.text(at, 0, label)
        page.text(at, 1, said)


def _write_head(page: Page, case: Case) -> int:
    page.sheet.merge_range(1, 0, 1, 3, "", page.book.look("text", "large"))
    page.text(1, 0, headline(case), "large")
    page.sheet.set_row(1, 40)
    page.formula(2, 0, f'IF(inputs_unchanged,"{_AS_SIMULATED}","{_CHANGED}")', _AS_SIMULATED, "note")
    passed, failed = "All checks pass.", "A CHECK FAILS: see the page Checks."
    page.formula(3, 0, f'IF(all_checks_pass,"{passed}","{failed}")', passed, "bold")
    rule = {"type": "formula", "criteria": "=NOT(all_checks_pass)", "format": page.book.look("guess")}
    page.sheet.conditional_format(3, 0, 3, 0, rule)
    return 4


def _write_figures(page: Page, case: Case, row: int) -> int:
    page.headings(row, _HEADINGS)
    page.text(row, 1, _HEADINGS[1], "heading", "right")
    found = figures(case)
    for at, figure in enumerate(found, row + 1):
        page.text(at, 0, figure.label)
        if figure.formula:
            page.formula(at, 1, figure.formula, figure.value, figure.look, "bold", "right")
        else:
            page.value(at, 1, "not known" if figure.value is None else figure.value, figure.look, "simulated")
        page.text(at, 2, "live" if figure.formula else "simulated", "note", "centre")
        if figure.said:
            page.formula(at, 3, figure.said, figure.note, "note")
        else:
            page.text(at, 3, figure.note, "note")
        page.name(figure.name, at, 1)
    return row + 1 + len(found)


def _write_lines(page: Page, row: int, title: str, lines: list[str]) -> int:
    page.text(row, 0, title, "section")
    for at, line in enumerate(lines, row + 1):
        if line in WHEN_IT_COUNTS.values():
            page.formula(at, 0, f'IF(mid_year,"{WHEN_IT_COUNTS[True]}","{WHEN_IT_COUNTS[False]}")', line)
        else:
            page.text(at, 0, line)
    return row + 1 + len(lines)


def _stamp(case: Case, origin: Origin) -> list[tuple[str, str]]:
    """What has to be known to make the same figures again, line by line."""
    return [
        ("Scenario", origin.scenario),
        ("Seed", str(origin.seed)),
        ("Futures simulated", f"{case.futures:,}, each with and without the fixes"),
        ("Simulator", origin.semantics),
        ("Ripple", origin.version),
        ("Made again by", origin.link),
    ]
