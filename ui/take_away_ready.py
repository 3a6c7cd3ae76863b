"""Charts that a visitor has had drawn on Explore, as they are now: nothing is simulated for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.experiments.answer import AnswerJob, Found, kind_of
from sim.experiments.attribution import AttributionJob, Losses
from sim.experiments.curve import Curve, CurveJob, Surroundings
from sim.outcomes.measures import MEASURES
from sim.reports.narrative import answer_story, attribution_story, curve_story
from sim.reports.origin import runs_said
from sim.reports.picture import Spec
from ui.charts import answer_charts, attribution_charts, curve_charts
from ui.state import Choice

Drawn = tuple[Spec, str]
"""A chart, and what it shows."""
_WORTH = "contribution"
_ANSWERED_BY = ("fix", "fixes")


@dataclass(frozen=True)
class Ready:
    """A chart by its name, with how much was simulated for it.

    `link` leads back to it, as of `ui.take_away_links`: to the choice where it is empty. `version` grows whenever it is
    drawn anew.
    """

    name: str
    simulated: str
    draw: Callable[[], Drawn]
    link: str = ""
    version: int = 0


def ready(
    choice: Choice, answer: AnswerJob | None, attribution: AttributionJob | None, curve: CurveJob | None
) -> Iterator[Ready]:
    """Those of this choice; the answer is of the business as it stands, whatever was chosen."""
    weeks = choice.baseline.weeks
    if answer and answer.found:
        yield from _answer(answer.found, runs_said(answer.runs_done, weeks))
    if attribution and attribution.result and attribution.world == choice.world:
        found = attribution.result
        yield from _shares(found, runs_said(len(found.replications), weeks))
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
    elif found.curve:
        name = f"The answer, by “{found.curve.lever.label}”"
        said = next(answer_story.sentences(found))
        yield Ready(name, simulated, lambda: (answer_charts.by_lever(found).to_dict(), said))


def _shares(found: Losses, simulated: str) -> Iterator[Ready]:
    def draw(by_department: bool) -> Drawn:
        chart = attribution_charts.shares(found, by_department)
        return chart.to_dict(), attribution_story.largest(found, by_department)

    yield Ready("Who loses what", simulated, lambda: draw(False))
    if len(found.by_department) > 1:
        yield Ready("Who loses what, by department", simulated, lambda: draw(True))


def _curves(around: Surroundings, found: Curve, simulated: str) -> Iterator[Ready]:
    for measure in dict.fromkeys((found.measure, _WORTH)):
        name = f"{MEASURES[measure].label} by “{found.lever.label}”"
        yield Ready(name, simulated, lambda measure=measure: _curve(around, found.measuring(measure)))  # type: ignore[misc]


def _curve(around: Surroundings, found: Curve) -> Drawn:
    chart = curve_charts.curve_of(found, around.scenario, around.stands(found.lever))
    return chart.to_dict(), curve_story.takeaway(found)
