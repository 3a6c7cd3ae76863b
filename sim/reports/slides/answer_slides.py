"""The slides of the answer: the question, the sentence, before and after, where it is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION

from sim.experiments.runs import Comparison
from sim.finance.case import Case
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import story
from sim.reports.origin import Origin
from sim.reports.slides.deck import BODY, GREY, HIGH, ORANGE, QUIET, TEAL, Box, Deck, Look
from sim.reports.slides.native import Series, Sheet, from_zero, native, shortened, top_down
from sim.scenario.scenario import Scenario
from sim.scenario.wording import figure, money, rest_of_unit, sign_of

_WORTH = "contribution"


@dataclass(frozen=True)
class Told:
    """A choice and, where there is one, its business case.

    `sentence` is the answer as the page says it; `found` the world chosen beside the business as it is; `fixes` are
    those tried in that world. The case may be of other fixes: it says which, and where its own figures are from.
    """

    sentence: str
    found: Comparison
    fixes: tuple[str, ...]
    origin: Origin
    case: Case | None = None
    case_origin: Origin | None = None

    @property
    def scenario(self) -> Scenario:
        """The business as it is."""
        return self.found.baseline.world

    @property
    def is_moved(self) -> bool:
        """Whether anything was chosen at all."""
        return self.found.world is not self.found.baseline

    @property
    def measures(self) -> tuple[str, ...]:
        """What the scenario is about, and contribution; where that is the same, what explains it first besides."""
        reasons = (reason.measure for reason in self.scenario.why)
        return tuple(dict.fromkeys((self.scenario.headline, _WORTH, *reasons)))[:2]

    def unit(self, measure: str) -> str:
        """The unit of a measure."""
        return unit_of(MEASURES[measure], self.scenario)

    def figure(self, value: float | None, measure: str, signed: bool = False) -> str:
        """A value of a measure as people read it."""
        return figure(value, self.unit(measure), self.scenario.currency, signed)

    def step(self, measure: str) -> str:
        """From what to what a measure goes."""
        label, now = MEASURES[measure].label, self.figure(self.found.baseline.estimate(measure).mean, measure)
        if not self.is_moved:
            return f"{label}, as it is: {now}"
        return f"{label}: from {now} to {self.figure(self.found.world.estimate(measure).mean, measure)}"

    def change(self, measure: str) -> str:
        """What a measure changes by and how sure that is; or how sure it is itself, where nothing was moved."""
        sure = story.how_sure(self.found, measure)
        if not self.is_moved or self.found.verdict(measure) == "no difference":
            return sure
        return f"Change: {self.figure(self.found.difference(measure).mean, measure, signed=True)}. {sure}"

    def every_figure(self) -> Iterator[str]:
        """What each measure is in both worlds, for the notes."""
        for name in self.measures:
            for called, run in (("as it is", self.found.baseline), ("what if", self.found.world)):
                one = run.estimate(name)
                sure = story.known_to_within(self.scenario, name, one)
                yield f"{MEASURES[name].label}, {called}: {self.figure(one.mean, name)}. {sure}"
            yield f"{MEASURES[name].label} means: {MEASURES[name].definition}"


def number_format(unit: str, currency: str) -> str:
    """The form of a number in a chart's own cells and labels."""
    if unit.startswith(currency):
        sign = sign_of(currency)
        return f'"{sign}"#,##0;-"{sign}"#,##0'
    return "0.0%" if unit.startswith("share") else "#,##0.0"


AS_IT_IS, WHAT_IF = "As it is", "What if"
_GAP = 0.5
_MOST_FAILURES = 10
_LABELS = 3.2  # inches beside the bars


def question(deck: Deck, told: Told) -> None:
    """The first slide: what was asked, of which business, and what is tried."""
    scenario, notes = told.scenario, [told.scenario.story, told.origin.line]
    slide = deck.slide(scenario.question, notes, Look(44, 24, bold=True, middle=True), Box(1.0, 1.1, 11.3, 2.0))
    slide.rule(Box(0, 0, 0.3, HIGH))
    labels = [fix.label for fix in scenario.fixes if fix.id in told.fixes]
    tried = [f"Tried: {', '.join(labels)}"] if labels else []
    slide.text(Box(1.0, 3.3, 11.3, 0.6), [scenario.title], Look(26, 14, TEAL, bold=True))
    slide.text(Box(1.0, 4.1, 11.3, 1.3), [scenario.story], Look(18, 11, QUIET))
    slide.text(Box(1.0, 5.7, 11.3, 0.9), [*tried, told.origin.day], Look(16, 10))


def sentence(deck: Deck, told: Told) -> None:
    """The answer in one sentence, and its figures with their intervals."""
    slide = deck.slide("The answer", [told.sentence, *told.every_figure(), told.origin.line])
    slide.rule(Box(BODY.left, BODY.top, 0.07, 2.4))
    slide.text(Box(BODY.left + 0.3, BODY.top, BODY.width - 0.3, 2.4), [told.sentence], Look(28, 14, middle=True))
    for box, name in zip(_side_by_side(4.4, 2.2, len(told.measures)), told.measures, strict=True):
        change = told.found.difference(name).mean if told.is_moved else told.found.world.estimate(name).mean
        what = f"{MEASURES[name].label}: change" if told.is_moved else MEASURES[name].label
        unit = rest_of_unit(told.unit(name), told.scenario.currency)
        slide.text(Box(box.left, box.top, box.width, 0.4), [f"{what}, {unit}" if unit else what], Look(14, 10, QUIET))
        figure = told.figure(change, name, signed=told.is_moved)
        slide.text(Box(box.left, box.top + 0.4, box.width, 0.8), [figure], Look(40, 20, TEAL, bold=True))
        slide.text(Box(box.left, box.top + 1.25, box.width, 0.9), [story.how_sure(told.found, name)], Look(14, 10))


def before_and_after(deck: Deck, told: Told) -> None:
    """What the scenario is about, and contribution, in both worlds."""
    slide = deck.slide(told.step(told.measures[0]), [*told.every_figure(), told.origin.line])
    for box, name in zip(_side_by_side(BODY.top, BODY.height, len(told.measures)), told.measures, strict=True):
        heading = f"{MEASURES[name].label}, {told.unit(name)}"
        slide.text(Box(box.left, box.top, box.width, 0.35), [heading], Look(14, 10, bold=True))
        runs = {AS_IT_IS: told.found.baseline} | ({WHAT_IF: told.found.world} if told.is_moved else {})
        series = Series.of(heading, [run.estimate(name) for run in runs.values()], TEAL)
        sheet = Sheet(list(runs), [series], number_format(told.unit(name), told.scenario.currency))
        place = Box(box.left, box.top + 0.4, box.width, box.height - 1.25)
        chart = native(slide, place, XL_CHART_TYPE.COLUMN_CLUSTERED, sheet, f"{told.step(name)}. {told.change(name)}")
        from_zero(chart, sheet)
        _label(chart, sheet)
        slide.text(Box(box.left, box.top + box.height - 0.75, box.width, 0.75), [told.change(name)], Look(14, 9))


def _label(chart: Any, sheet: Sheet) -> None:
    """Figures at the foot of the columns, where no whisker crosses them; the business as it is in grey."""
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 70, True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = sheet.form, False
    labels.position = XL_LABEL_POSITION.INSIDE_BASE
    labels.font.bold, labels.font.color.rgb = True, RGBColor.from_string("FFFFFF")
    first = plot.series[0].points[0].format.fill
    first.solid()
    first.fore_color.rgb = RGBColor.from_string(GREY)


def losses(deck: Deck, told: Told) -> None:
    """What each failure point takes out of baskets at the visit, a year; nothing where there is no failure point."""
    scenario = told.scenario
    if not scenario.failures:
        return
    most = {failure.id: _most_lost(told, failure.id) for failure in scenario.failures}
    ranked = sorted(scenario.failures, key=lambda failure: -most[failure.id])
    shown = ranked[:_MOST_FAILURES]
    runs = {AS_IT_IS: (told.found.baseline, GREY)}
    runs |= {WHAT_IF: (told.found.world, ORANGE)} if told.is_moved else {}
    series = [Series.of(name, [run.lost(one.id) for one in shown], colour) for name, (run, colour) in runs.items()]
    said = [f"{one.label}: {_lost(told, one.id)}" for one in ranked]
    first = ranked[0].id
    title = f"Most is lost at “{ranked[0].label}”: {_lost(told, first)}"
    slide = deck.slide(title if most[first] else "Nothing is lost at the visit itself", [*said, told.origin.line])
    form = number_format(f"{scenario.currency} a year", scenario.currency)
    sheet = Sheet(shortened([one.label for one in shown], _LABELS), series, form)
    chart = native(
        slide, Box(BODY.left, BODY.top, BODY.width, 4.6), XL_CHART_TYPE.BAR_CLUSTERED, sheet, "; ".join(said)
    )
    from_zero(chart, sheet)
    top_down(chart)
    chart.plots[0].gap_width = 60
    note = f"Basket lost at the visit itself, {scenario.currency} a year. Whiskers: 95% intervals over runs."
    more = f" The {len(ranked) - len(shown)} that take least are in the notes." if len(ranked) > len(shown) else ""
    slide.text(Box(BODY.left, 6.3, BODY.width, 0.5), [note + more], Look(12, 9, QUIET))


def _most_lost(told: Told, failure: str) -> float:
    """What is lost there in the world in which it is more; 0 where it could not be measured."""
    return max(run.lost(failure).mean or 0.0 for run in (told.found.baseline, told.found.world))


def _lost(told: Told, failure: str) -> str:
    """What is lost there in both worlds, with intervals."""
    said = []
    for name, run in ((AS_IT_IS, told.found.baseline), (WHAT_IF, told.found.world)):
        one = run.lost(failure)
        if one.mean is not None and (name == AS_IT_IS or told.is_moved):
            ends = (
                "" if one.low is None or one.high is None else f" ({_money(told, one.low)} to {_money(told, one.high)})"
            )
            said.append(f"{name.lower()} {_money(told, one.mean)} a year{ends}")
    return ", ".join(said) or "not measured"


def _money(told: Told, amount: float) -> str:
    return money(amount, told.scenario.currency)


def _side_by_side(top: float, height: float, count: int) -> list[Box]:
    width = (BODY.width - _GAP * (count - 1)) / count
    return [Box(BODY.left + at * (width + _GAP), top, width, height) for at in range(count)]
