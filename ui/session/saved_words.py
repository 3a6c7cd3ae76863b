"""What is said of saved scenarios, in plain text; knows no page."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from sim.experiments.estimate import Estimate
from sim.experiments.runs import Run
from sim.finance.assumptions import Terms
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import story
from sim.saved.shelf import Entry, Figure, Saved
from sim.scenario.scenario import Scenario
from ui.session.case_choice import CaseChoice
from ui.session.choice import Start, start_of
from ui.text import MISSING, figure, size

MAIN = ("contribution", "revenue_lost_per_year", "basket_value", "churn_rate")
"""The measures that are set side by side, after the scenario's own headline."""


@dataclass(frozen=True)
class Fitting:
    """What of an entry a scenario's file still has room for, and what is wrong with the rest."""

    sets: dict[str, float]
    fixes: tuple[str, ...]
    wrong: tuple[str, ...]

    def start(self, baseline: Scenario) -> Start:
        """Where the levers stand, and the fixes."""
        return Start(start_of(baseline, None).values | self.sets, self.fixes)


def fitting(baseline: Scenario, entry: Entry) -> Fitting:
    """What of an entry can be had of that scenario: its file may have been edited since."""
    levers = {lever.path: lever for lever in baseline.levers}
    sets, wrong = {}, []
    for path, value in entry.sets.items():
        lever = levers.get(path)
        if lever and lever.min <= value <= lever.max:
            sets[path] = value
        else:
            allowed = f"{lever.min:g} to {lever.max:g}" if lever else "one of its levers as they are now"
            wrong.append(f"{lever.label if lever else path} at {value:g} cannot be had any more; allowed: {allowed}.")
    known = [fix.id for fix in baseline.fixes]
    wrong += [
        f"There is no fix {fix} any more; allowed: {', '.join(known)}." for fix in entry.fixes if fix not in known
    ]
    return Fitting(sets, tuple(fix for fix in known if fix in entry.fixes), tuple(wrong))


def differs(baseline: Scenario, entry: Entry) -> str:
    """What differs from how it is, in a sentence."""
    fits = fitting(baseline, entry)
    moved = story.moved(baseline, fits.sets, fits.fixes)
    said = "; ".join(moved) if moved else "as it is, nothing moved"
    return f"{said[:1].upper()}{said[1:]}."


def leaves_out(choice: CaseChoice) -> str | None:
    """What of a business case is not in the choice that is saved from it, in a sentence; None where it has it all."""
    levers = {lever.path for lever in choice.as_is.levers}
    others = sum(edit.path not in levers for edit in choice.edits)
    ranges = any(edit.path in levers and edit.low is not None for edit in choice.edits)
    parts = {
        "the budget": choice.budget is not None,
        "the terms": choice.terms != Terms(),
        f"{others} assumption{'s' if others > 1 else ''} without a slider on Explore": others > 0,
        "the ranges of your assumptions": ranges,
    }
    left = [part for part, is_left in parts.items() if is_left]
    return f"Not saved with it: {', '.join(left)}. Copy link keeps them all." if left else None


def measures_of(scenario: Scenario) -> tuple[str, ...]:
    """The measures that are shown of a scenario: its headline first."""
    return tuple(dict.fromkeys((scenario.headline, *MAIN)))


def figures_of(run: Run) -> tuple[Figure, ...]:
    """The headline results of a world, to be kept with it: of the scenario's headline and of contribution."""
    names = dict.fromkeys((run.world.headline, "contribution"))
    how = {"runs": len(run.replications), "weeks": run.world.weeks, "seed": run.seed}
    estimates = {name: run.estimate(name) for name in names}
    return tuple(Figure(name, one.mean, one.low, one.high, **how) for name, one in estimates.items())


def result(baseline: Scenario, kept: Figure) -> tuple[str, str, str] | None:
    """A kept figure as its label, its amount, and how sure it is; None for a measure that there is no longer."""
    measure = MEASURES.get(kept.measure)
    if measure is None:
        return None
    unit = unit_of(measure, baseline)
    estimate = Estimate(kept.mean, kept.low, kept.high)
    runs = f"{kept.runs} run{'s' if kept.runs != 1 else ''} of {kept.weeks} weeks, seed {kept.seed}"
    return measure.label, amount(estimate.mean, unit, baseline), f"{sure(estimate, unit, baseline)} {runs}."


def amount(mean: float | None, unit: str, scenario: Scenario, signed: bool = False) -> str:
    """A figure with the rest of its unit."""
    if mean is None:
        return MISSING
    return f"{figure(mean, unit, scenario.currency, signed)} {_rest(unit, scenario)}".strip()


def apart(difference: float | None, unit: str, scenario: Scenario) -> str:
    """How far two lie apart, with the rest of the unit; shares in points."""
    return f"{size(difference, unit, scenario.currency)} {_rest(unit, scenario)}".strip()


def _rest(unit: str, scenario: Scenario) -> str:
    return unit.removeprefix(scenario.currency).removeprefix("share").strip()


def sure(estimate: Estimate, unit: str, scenario: Scenario, signed: bool = False) -> str:
    """The interval of an estimate, or why it has none."""
    if estimate.mean is None:
        return "Nothing here to measure it on."
    if estimate.low is None:
        return "One run: no interval."
    low, high = (figure(end, unit, scenario.currency, signed) for end in (estimate.low, estimate.high))
    return f"95% interval {low} to {high}."


def when(seconds: int, timezone: str | None) -> str:
    """A moment where the visitor is; in UTC, and saying so, where that is not known."""
    zone: tzinfo = UTC
    with suppress(OSError, ValueError, KeyError):  # a browser may name a zone that this machine has never heard of
        zone = ZoneInfo(timezone) if timezone else UTC
    told = datetime.fromtimestamp(seconds, zone)
    return f"{told.day} {told:%B %Y, %H:%M}{' UTC' if zone is UTC else ''}"


def by(entry: Entry) -> str:
    """Who saved it."""
    return f"by {entry.author}" if entry.author else "no name given"


def several_stories(chosen: Sequence[Saved], titles: dict[str, str]) -> str | None:
    """Why these cannot be set side by side; None where they can."""
    stories = list(dict.fromkeys(one.entry.scenario for one in chosen))
    if len(stories) < 2:
        return None
    first, other = (next(one for one in chosen if one.entry.scenario == name) for name in stories[:2])
    return (
        f"“{first.entry.name}” belongs to “{titles.get(stories[0], first.entry.scenario)}” and “{other.entry.name}” to "
        f"“{titles.get(stories[1], other.entry.scenario)}”. They cannot be set side by side: other customers with "
        "other luck, so a difference would not come from what was chosen. Tick scenarios of one story."
    )


def matches(saved: Saved, title: str, asked: str) -> bool:
    """Whether what somebody looks for is in its name, note, author or story, whatever the case."""
    entry = saved.entry
    said = " ".join((entry.name, entry.note, entry.author, title)).casefold()
    return all(word in said for word in asked.casefold().split())
