"""Slides: a short deck for a board, of native charts that can be edited, with sources in the speaker notes.

Here is the deck, every slide in order, with those of the business case and of where it all comes from.
"""

from collections.abc import Sequence

import numpy as np
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from sim.finance.assumptions import Assumption, assumptions
from sim.finance.case import DOTS, Case
from sim.finance.sensitivity import Side
from sim.reports.narrative.case_story import advice, headline, notes, years
from sim.reports.origin import Origin
from sim.reports.slides import answer_slides
from sim.reports.slides.answer_slides import Told, number_format
from sim.reports.slides.deck import BODY, GREY, ORANGE, QUIET, TEAL, Box, Column, Deck, Look, Slide
from sim.reports.slides.native import Series, Sheet, native, shortened, top_down
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import EVIDENCE_MEANING
from sim.scenario.wording import bare, label_of, money

_SHARES = (90, 50, 10)
_MOST_SIDES = 8
_CHART = Box(BODY.left, BODY.top, 7.2, 4.7)
_BESIDE = Box(BODY.left + 7.6, BODY.top, BODY.width - 7.6, 4.7)
_BELOW = Box(BODY.left, 6.35, BODY.width, 0.5)


def worth(deck: Deck, case: Case, origin: Origin) -> None:
    """The case in a sentence, cumulative cash as a fan, and the figures beside it."""
    slide = deck.slide(headline(case), [headline(case), *notes(case), origin.line], Look(24, 14, bold=True))
    _fan(slide, case)
    rows = [list(row) for row in _figures(case)]
    slide.table(_BESIDE, [Column("Business case", 2.35), Column("", 2.1, right=True)], rows, "The figures of the case")
    fixes = ", ".join(case.study.fix(name).label for name in case.fixes)
    said = f"{fixes}: {origin.simulated}. Cash is after what it costs, before discounting; one site."
    slide.text(_BELOW, [said], Look(12, 9, QUIET))


def _fan(slide: Slide, case: Case) -> None:
    """The median of cumulative cash by year, and the tenth and ninetieth percentile as dashed lines."""
    ends = np.percentile(case.cash.net.cumsum(axis=1), _SHARES, axis=0).tolist()
    names = ("P90: one in ten futures is better", "Median", "P10: one in ten futures is worse")
    colours = (GREY, TEAL, ORANGE)
    series = [Series(*one) for one in zip(names, ends, colours, strict=True)]
    names_of_years = [f"Year {year}" for year in range(case.terms.horizon_years + 1)]
    form = number_format(f"{case.study.currency} a year", case.study.currency)
    chart = native(slide, _CHART, XL_CHART_TYPE.LINE, Sheet(names_of_years, series, form), "Cumulative cash by year.")
    for drawn, one, dash in zip(chart.plots[0].series, series, (MSO_LINE.DASH, None, MSO_LINE.ROUND_DOT), strict=True):
        drawn.smooth = False
        line = drawn.format.line
        line.color.rgb, line.width = RGBColor.from_string(str(one.colour)), Pt(3 if dash is None else 2.25)
        if dash is not None:
            line.dash_style = dash


def _figures(case: Case) -> list[tuple[str, str]]:
    p10, p50, p90 = (money(end, case.study.currency) for end in case.percentiles)
    mean, low, high = (_money(case, end) for end in (case.npv.mean, case.npv.low, case.npv.high))
    return [
        ("Net present value, mean", mean),
        ("95% interval of the mean", f"{low} to {high}"),
        ("NPV: P10", p10),
        ("NPV: P50", p50),
        ("NPV: P90", p90),
        ("Futures that pay back", f"{case.dots_paying_back} of {DOTS}"),
        ("Chance of a loss", f"{case.prob_loss:.0%}"),
        ("Cost in year one, before tax", _money(case, case.year_one_cost)),
        (f"Contribution gained over {years(case.terms.horizon_years)}, before tax", _money(case, case.benefit)),
        ("Payback", "never" if case.payback_years is None else f"{case.payback_years:.1f} years"),
    ]


def _money(case: Case, amount: float | None) -> str:
    return "not known" if amount is None else money(amount, case.study.currency)


def least_sure(deck: Deck, case: Case, origin: Origin) -> None:
    """What the worth hangs on, one assumption at a time; nothing where none was moved."""
    if not case.tornado:
        return
    said = [_said(case, side) for side in case.tornado]
    slide = deck.slide(advice(case), [advice(case), *said, origin.line], Look(24, 14, bold=True))
    shown = case.tornado[:_MOST_SIDES]
    form = number_format(f"{case.study.currency} a year", case.study.currency)
    sheet = Sheet(shortened([_called(case, side) for side in shown], 4.0), _bars(shown), form)
    box = Box(BODY.left, BODY.top, BODY.width, 4.6)
    chart = native(slide, box, XL_CHART_TYPE.BAR_STACKED, sheet, " ".join(said[:_MOST_SIDES]))
    top_down(chart)
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    note = "Net present value as each assumption goes through its range, the others at their likeliest. "
    slide.text(_BELOW, [f"{note}Two runs each: no interval. Orange: below 0."], Look(12, 9, QUIET))


def _bars(sides: list[Side]) -> list[Series]:
    """From the low end to the high end out of parts stacked on each other, the first of them not drawn."""
    ends = [sorted((side.low_npv, side.high_npv)) for side in sides]
    return [
        Series("Start", [max(low, 0) + min(high, 0) for low, high in ends], None),
        Series("Below 0", [min(low, 0) - min(high, 0) for low, high in ends], ORANGE),
        Series("Above 0", [max(high, 0) - max(low, 0) for low, high in ends], TEAL),
    ]


def _called(case: Case, side: Side) -> str:
    unit = quantity_at(case.study.scenario, side.path).unit or ""
    return f"{label_of(case.study.scenario, side.path)} ({bare(side.low, unit)} to {bare(side.high, unit)})"


def _said(case: Case, side: Side) -> str:
    """An assumption's swing, and where its range is from."""
    quantity = quantity_at(case.study.scenario, side.path)
    grade, source = quantity.evidence or "none", quantity.source or "none given"
    low, high = (_money(case, end) for end in (side.low_npv, side.high_npv))
    return f"{_called(case, side)}: from {low} to {high}. Evidence {grade}; source: {source}."


GUESS = "D: a guess"
_ROWS, _MOST_SLIDES = 9, 2
_COLUMNS = (
    Column("Assumption", 3.75),
    Column("Value", 1.0, right=True),
    Column("Range", 1.8, right=True),
    Column("Unit", 1.5),
    Column("Grade", 1.15),
    Column("Source", 2.93),
)


def rests_on(deck: Deck, told: Told) -> None:
    """The assumptions that matter most, over two slides at the most; the case's own where there is one."""
    every = told.case.assumptions if told.case else assumptions(told.scenario, told.fixes)
    guesses = sum(one.evidence == "D" for one in every)
    ranked = _ranked(told, every)
    title = f"{guesses} of the {len(every)} numbers it rests on are guesses nobody has measured"
    for start in range(0, min(len(ranked), _ROWS * _MOST_SLIDES), _ROWS):
        shown = ranked[start : start + _ROWS]
        slide = deck.slide(title, [*map(_noted, shown), told.origin.line])
        box = Box(BODY.left, BODY.top, BODY.width, 0.45 * (len(shown) + 1))
        slide.table(box, _COLUMNS, [_cells(one) for one in shown], "Assumptions with grade and source", GUESS)
        left = len(ranked) - start - len(shown)
        grades = "; ".join(f"{grade}: {meaning}" for grade, meaning in EVIDENCE_MEANING.items())
        rest = f" {left} more are in the workbook and in the model card." if left else ""
        slide.text(Box(BODY.left, 6.35, BODY.width, 0.5), [f"Grades: {grades}.{rest}"], Look(12, 9, QUIET))


def _ranked(told: Told, every: Sequence[Assumption]) -> list[Assumption]:
    """What moves the case most first, then guesses, those with a range before others, then the rest."""
    swings = {side.path: side.swing for side in told.case.tornado} if told.case else {}
    return sorted(every, key=lambda one: (-swings.get(one.path, 0.0), one.evidence != "D", not one.drawn))


def _cells(one: Assumption) -> list[str]:
    unit = one.unit or ""
    ends = "" if one.low is None or one.high is None else f"{bare(one.low, unit)} to {bare(one.high, unit)}"
    grade = GUESS if one.evidence == "D" else one.evidence or "none given"
    return [one.label, bare(one.value, unit), ends, unit, grade, one.source or "none given"]


def _noted(one: Assumption) -> str:
    label, value, ends, unit, grade, source = _cells(one)
    between = f", between {ends}" if ends else ""
    return f"{label}: {value} ({unit or 'no unit'}){between}. Grade {grade}. Source: {source}."


def simulated(deck: Deck, told: Told) -> None:
    """How the figures were made, and how to make them again."""
    rows = [*told.origin.rows]
    if told.case_origin:
        rows += [("Business case", told.case_origin.simulated), ("Case made again by", told.case_origin.link)]
    said = [
        "Both worlds are simulated on the same luck: the same customers on the same days, so that what differs is "
        "what was changed. Intervals are 95% over runs (Student's t).",
        "They say how sure the simulation is of its own figures, not how sure the assumptions are.",
    ]
    slide = deck.slide("How it was simulated, and how to do it again", [*said, *(": ".join(row) for row in rows)])
    box = Box(BODY.left, BODY.top, BODY.width, 0.42 * (len(rows) + 1))
    columns = [Column("To be known", 2.6), Column("", BODY.width - 2.6)]
    slide.table(box, columns, [list(row) for row in rows], "Where the figures come from")
    slide.text(Box(BODY.left, 6.0, BODY.width, 0.8), said, Look(13, 9, QUIET))


def slides(told: Told) -> bytes:
    """The deck as a file's bytes (PowerPoint); the same for the same choice, case and moment."""
    deck = Deck(told.scenario.question, told.origin.line, told.origin.when)
    answer_slides.question(deck, told)
    answer_slides.sentence(deck, told)
    answer_slides.before_and_after(deck, told)
    answer_slides.losses(deck, told)
    if told.case:
        origin = told.case_origin or told.origin
        worth(deck, told.case, origin)
        least_sure(deck, told.case, origin)
    rests_on(deck, told)
    simulated(deck, told)
    return deck.packed()
