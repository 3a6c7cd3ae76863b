"""The charts that can be taken away, by name, each with what it shows in a sentence."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.engines.records import Progress
from sim.experiments.flow import flow_of
from sim.experiments.runs import Comparison
from sim.finance.case import Case
from sim.reports.narrative import case_story, journey_story
from sim.reports.one_file import words
from sim.reports.origin import Origin
from sim.reports.picture import Kind, Spec, picture, stamped
from sim.scenario.offers import agenda_of
from ui.charts import boardroom_charts, case_charts, theme
from ui.charts.journey import across
from ui.charts.journey_picture import picture as journey_picture
from ui.controls import what_is_lost, who_stays
from ui.exports.context import Drawn, Larder, Ready
from ui.exports.desk import File, part, slug

_MIMES: dict[Kind, str] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_LOSSES = "What each failure takes out of baskets"
_ON_THE_PAGE = " The same as a list is below."
_SIMULATED = 0.9  # of the work; the rest is drawing


class NothingToDrawError(ValueError):
    """A chart that has nothing to show here; says why."""


@dataclass(frozen=True)
class OfChoice:
    """A chart of Explore."""

    draw: Callable[[Comparison], Drawn]
    needs_case = False


@dataclass(frozen=True)
class OfProposal(OfChoice):
    """A chart of Boardroom, which has a proposal even where no fixes were chosen."""


@dataclass(frozen=True)
class OfCase:
    """A chart of Business case."""

    draw: Callable[[Case], Drawn]
    needs_case = True


def _journey(found: Comparison) -> Drawn:
    now = flow_of(found.baseline)
    moved = flow_of(found.world) if found.world is not found.baseline else now
    currency = found.world.world.currency
    said = journey_story.takeaway(now, moved, currency).removesuffix(_ON_THE_PAGE)
    how = "Width: how often customers come, a year. Orange: what is taken out of baskets there. Dashed: as it is."
    drawing = across(now, moved, currency, None)
    return journey_picture(drawing) | {"width": drawing.width}, f"{said} {how}"


def _losses(found: Comparison) -> Drawn:
    return theme.losses(found).to_dict(), f"{what_is_lost(found)} Dashed: as it is. Line: 95% interval."


def _before_and_after(found: Comparison) -> Drawn:
    business = found.baseline.world
    measure = agenda_of(business, ()).number
    number = words.number_of(business, measure)
    solid = "" if found.world is found.baseline else " Solid: with what is chosen."
    said = f"{boardroom_charts.picture_alt(found, number, measure)} Dashed: as it is today.{solid}"
    return boardroom_charts.picture(found, number, measure), f"{said} Line: 95% interval."


def _retention(found: Comparison) -> Drawn:
    if theme.still_here(found.baseline) is None:
        raise NothingToDrawError("Nobody here is a customer from the start, so there is nobody to follow.")
    return theme.retention(found).to_dict(), f"{who_stays(found)} Dashed: as it is. Band: 95% interval."


def _dots(case: Case) -> Drawn:
    return case_charts.dots(case), case_story.dots(case)


def _fan(case: Case) -> Drawn:
    bands = "Dark band: half of all futures. Light band: eight of ten. Before discounting."
    return case_charts.fan(case), f"{case_story.fan(case)} {bands}"


def _tornado(case: Case) -> Drawn:
    if not case.tornado:
        raise NothingToDrawError(case_story.tornado(case))
    return case_charts.tornado(case), case_story.tornado(case)


def _worth(case: Case) -> Drawn:
    if not case_story.worth_knowing(case):
        raise NothingToDrawError("Nothing is worth finding out before deciding, so there is nothing to draw.")
    return case_charts.worth(case), "What it would be worth, at the most, to know an assumption before deciding."


_CHARTS: dict[str, OfChoice | OfCase] = {
    "The journey": OfChoice(_journey),
    _LOSSES: OfChoice(_losses),
    "Who is still a customer": OfChoice(_retention),
    "Before and after": OfProposal(_before_and_after),
    "Fifty equally likely futures": OfCase(_dots),
    "Cash, added up": OfCase(_fan),
    "What it hangs on": OfCase(_tornado),
    "What to measure first": OfCase(_worth),
}


def names(larder: Larder) -> list[str]:
    """The charts that there are for a choice, in the order of the pages."""
    has_case, failures = larder.no_case is None, larder.choice.baseline.failures
    there = [
        name for name, chart in _CHARTS.items() if (has_case or not chart.needs_case) and (failures or name != _LOSSES)
    ]
    return [*there, *(one.name for one in larder.ready)]


def drawing(larder: Larder, name: str) -> str:
    """What tells that chart from what it was before, where it is drawn of something that changes."""
    if name in _CHARTS:
        return name
    chart = _ready(larder, name)
    return f"{name}, {chart.simulated}, version {chart.version} of {chart.link}"


def seconds(larder: Larder, name: str) -> float:
    """About how long it takes to make that chart at the most."""
    chart = _CHARTS.get(name)
    if chart is None:
        return 0.0
    if chart.needs_case:
        return larder.case_seconds
    return (larder.proposed if isinstance(chart, OfProposal) else larder).comparison_seconds


def pictures(larder: Larder, name: str, stem: str, progress: Progress) -> tuple[File, ...]:
    """That chart as PNG, SVG and PDF, stamped. Raises what its figures do, and where there is nothing to draw."""
    (spec, said), origin = _drawn(larder, name, part(progress, 0, _SIMULATED))
    title = f"{name}: {larder.choice.baseline.title}"
    return tuple(_files(stamped(spec, title, said, origin), f"{stem}-{slug(name)}", progress))


def _drawn(larder: Larder, name: str, progress: Progress) -> tuple[Drawn, Origin]:
    chart = _CHARTS.get(name)
    if isinstance(chart, OfProposal):
        larder = larder.proposed
    if isinstance(chart, OfChoice):
        return chart.draw(larder.comparison(progress)), larder.origin()
    if isinstance(chart, OfCase):
        case = larder.case(progress)
        return chart.draw(case), larder.case_origin(case)
    one = _ready(larder, name)
    return one.draw(), larder.origin_of(one)


def _ready(larder: Larder, name: str) -> Ready:
    return next(one for one in larder.ready if one.name == name)


def _files(whole: Spec, name: str, progress: Progress) -> Iterator[File]:
    for kind, mime in _MIMES.items():
        progress(_SIMULATED)
        yield File(kind.upper(), f"{name}.{kind}", mime, picture(whole, kind))
