"""The slides of where it comes from: what it assumes, guesses in plain sight, and how it was simulated."""

from collections.abc import Sequence

from sim.finance.assumptions import Assumption, assumptions
from sim.reports.slides.deck import BODY, QUIET, Box, Deck, Look
from sim.reports.slides.tables import Column, table
from sim.reports.slides.told import Told
from sim.scenario.quantity import EVIDENCE_MEANING
from sim.scenario.wording import bare

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
        table(slide, box, _COLUMNS, [_cells(one) for one in shown], "Assumptions with grade and source", GUESS)
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
    table(slide, box, columns, [list(row) for row in rows], "Where the figures come from")
    slide.text(Box(BODY.left, 6.0, BODY.width, 0.8), said, Look(13, 9, QUIET))
