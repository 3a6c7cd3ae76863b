"""What a deck tells, and its figures in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiments.estimate import Estimate
from sim.experiments.runs import Comparison
from sim.finance.case import Case
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.origin import Origin
from sim.scenario.scenario import Scenario
from sim.scenario.wording import figure, money

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
        if not self.is_moved or self.found.verdict(measure) == "no difference":
            return self.sure(measure)
        return f"Change: {self.figure(self.found.difference(measure).mean, measure, signed=True)}. {self.sure(measure)}"

    def sure(self, measure: str) -> str:
        """The interval of a measure's change, or of what it is where nothing was moved; or why there is none."""
        if not self.is_moved:
            return self.interval(self.found.world.estimate(measure), measure)
        verdict = self.found.verdict(measure)
        if verdict == "no difference":
            return "Exactly no change."
        unclear = f" {verdict.capitalize()}." if verdict.startswith("not distinguishable") else ""
        return self.interval(self.found.difference(measure), measure, signed=True) + unclear

    def interval(self, found: Estimate, measure: str, signed: bool = False) -> str:
        """The interval of a figure, or why it has none."""
        if found.mean is None:
            return "Nothing here to measure it on."
        if found.low is None or found.high is None:
            return "One run: no interval."
        low, high = (self.figure(end, measure, signed) for end in (found.low, found.high))
        return f"95% interval {low} to {high}."

    def every_figure(self) -> Iterator[str]:
        """What each measure is in both worlds, for the notes."""
        for name in self.measures:
            for called, run in (("as it is", self.found.baseline), ("what if", self.found.world)):
                one = run.estimate(name)
                yield f"{MEASURES[name].label}, {called}: {self.figure(one.mean, name)}. {self.interval(one, name)}"
            yield f"{MEASURES[name].label} means: {MEASURES[name].definition}"


def number_format(unit: str, currency: str) -> str:
    """The form of a number in a chart's own cells and labels."""
    if unit.startswith(currency):
        sign = money(0, currency).removesuffix("0")
        return f'"{sign}"#,##0;-"{sign}"#,##0'
    return "0.0%" if unit.startswith("share") else "#,##0.0"
