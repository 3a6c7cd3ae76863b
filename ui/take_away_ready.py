"""Charts that a visitor has had drawn on Explore, as they are now: nothing is simulated for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.experiments.answer import AnswerJob, Found, kind_of
from sim.experiments.attribution import AttributionJob
from sim.experiments.curve import CurveJob
from sim.experiments.curve_points import Curve, Surroundings
from sim.experiments.losses import Losses
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.origin import runs_said
from sim.reports.picture import Spec
from sim.scenario.paths import quantity_at
from ui import answer_charts, answer_story, attribution_charts, attribution_story, curve_charts, curve_story
from ui.state import Choice
from ui.text import labelled

Drawn = tuple[Spec, str]
"""A chart, and what it shows."""
_WORTH = "contribution"
_ANSWERED_BY = ("fix", "fixes")


@dataclass(frozen=True)
class Ready:
    """A chart by its name, how much was simulated for it, and whether it is of the case rather than of the choice."""

    name: str
    simulated: str
    draw: Callable[[], Drawn]
    of_case: bool = False


def ready(
    choice: Choice, answer: AnswerJob | None, attribution: AttributionJob | None, curve: CurveJob | None
) -> Iterator[Ready]:
    """Those of this choice; the answer is of the business as it stands, whatever was chosen."""
    weeks = choice.baseline.weeks
    if answer and answer.found:
        yield from _answer(answer.found, runs_said(answer.runs_done, weeks))
    if attribution and attribution.result and attribution.world == choice.world:
        found = attribution.result
        yield Ready("Who loses what", runs_said(len(found.replications), weeks), lambda: _shares(found))
    around = Surroundings(choice.baseline, choice.sets, choice.fixes)
    if curve and curve.curve and curve.around.beside(curve.lever) == around.beside(curve.lever):
        yield from _curves(around, curve.curve, runs_said(curve.runs_done, weeks))


def _answer(found: Found, simulated: str) -> Iterator[Ready]:
    yield Ready(
        "What mending each failure point alone would bring",
        simulated,
        lambda: (answer_charts.mended(found), answer_story.biggest(found)),
    )
    if kind_of(found.scenario) in _ANSWERED_BY:
        said = next(answer_story.sentences(found))
        yield Ready(
            "What each fix leaves a year, after its cost", simulated, lambda: (answer_charts.fixes(found), said)
        )


def _shares(found: Losses) -> Drawn:
    return attribution_charts.shares(found).to_dict(), attribution_story.largest(found, by_department=False)


def _curves(around: Surroundings, found: Curve, simulated: str) -> Iterator[Ready]:
    for measure in dict.fromkeys((found.measure, _WORTH)):
        name = f"{MEASURES[measure].label} by “{found.lever.label}”"
        yield Ready(name, simulated, lambda measure=measure: _curve(around, found.measuring(measure)))  # type: ignore[misc]


def _curve(around: Surroundings, found: Curve) -> Drawn:
    quantity = quantity_at(around.scenario, found.lever.path)
    units = (quantity.unit or "", unit_of(MEASURES[found.measure], around.scenario))
    axis = labelled(found.lever.label, quantity.unit or "")
    chart = curve_charts.curve(found, axis, units, now=around.stands(found.lever), as_is=quantity.value)
    return chart.to_dict(), curve_story.takeaway(found)
