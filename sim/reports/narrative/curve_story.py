"""What a curve says, in sentences. Takes what was found, returns plain text; knows no page."""

from collections.abc import Iterator

from sim.experiments.curve import Curve, Surroundings
from sim.experiments.curve_findings import Best, best, is_flat, proves, shape, turning, where_it_turns
from sim.experiments.price import spoken
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.fixes import Direction, Lever
from sim.scenario.paths import quantity_at
from sim.scenario.wording import bare, figure

_EXPECTED: dict[Direction, str] = {
    "up": "to go up",
    "down": "to go down",
    "interior": "to be highest or lowest somewhere inside the range",
    "none": "to stay as it is",
}
_NOTHING = "Nothing here to measure {} on."
HOW_TO_READ = (
    "Dots: means of runs on the same luck. Band: 95% interval of each alone; differences are known better. "
    "Upright line: where the lever stands now; dashed: as it is. Contribution leaves out what moving the lever costs."
)


def cost(tasks: int, runs: int, seconds: float) -> str:
    """What drawing a curve will take."""
    return f"Simulates {tasks // runs} values, {runs} runs each on the same luck: about {spoken(seconds)}."


def takeaway(found: Curve) -> str:
    """Of the lever's outcome, which way it goes; of contribution, where it is best; and where there is nothing."""
    asked = {what_it_does: found.lever.outcome, where_it_is_best: "contribution"}
    return " ".join([*(say(found) for say, of in asked.items() if found.measure == of), *_left_out(found)])


def _left_out(found: Curve) -> Iterator[str]:
    missing = [_value(found, at) for at in range(len(found.values)) if at not in found.measured]
    if missing and found.measured:
        yield f"At {', '.join(missing)} some run had nothing to measure."


def what_it_does(found: Curve) -> str:
    """Which way the measure goes across the lever's range, with figures."""
    kind, label = shape(found), _label(found)
    if kind == "not measured":
        return _NOTHING.format(label)
    if kind == "not distinguishable yet":
        return f"What this does to {label} is not distinguishable yet from {_runs(found)}."
    if kind == "none":
        return f"{label} is {_same(found)} at every value."
    first, last = found.measured[0], found.measured[-1]
    ends = f"{_figure_at(found, first)} and {_figure_at(found, last)}"
    turns = where_it_turns(found)
    if turns is not None:
        highest = "highest" if turning(found, 1) == turns else "lowest"
        return f"{label} is {highest} inside the range: {_figure_at(found, turns)}, against {ends}."
    way = "goes up and down" if kind == "mixed" else f"goes {kind}"
    return f"{label} {way}: {ends}{_change(found, first, last)}."


def where_it_is_best(found: Curve) -> str:
    """Where the measure is best: inside the range, at an end, nowhere, or not to be told yet."""
    better, label = MEASURES[found.measure].better, _label(found)
    if better == "neither":
        return f"More or less of {label} is neither better nor worse."
    at = best(found, better)
    if at.place == "not measured":
        return _NOTHING.format(label)
    if at.at is None:
        return no_best_inside(found, at, label)
    first, last = found.measured[0], found.measured[-1]
    if at.place == "inside":
        ends = f"{_figure_at(found, first)} and {_figure_at(found, last)}"
        return f"Of the values tried, {label} is best inside the range: {_figure_at(found, at.at)}, against {ends}."
    worse = first if at.place == "high end" else last
    change = f"{_figure_at(found, at.at)}, against {_figure_at(found, worse)}{_change(found, worse, at.at)}"
    return f"{no_best_inside(found, at, label)} {change}."


def no_best_inside(found: Curve, at: Best, what: str) -> str:
    """Why there is no best inside the range for `what`: it is at an end, nowhere, or not to be told yet."""
    if at.place == "none":
        named = "" if what == _label(found) else f" for {what}"
        return f"These guesses have no best{named}: {_label(found)} is {_same(found)} at every value."
    if at.at is None:
        return f"Where {what} is best is not distinguishable yet from {_runs(found)}."
    return f"These guesses have no best inside the range for {what}: {_further(found, at.at, at.enough)}."


def _further(found: Curve, end: int, enough: int | None) -> str:
    higher = "higher" if end == found.measured[-1] else "lower"
    if shape(found) not in ("up", "down"):
        return f"the {higher} end is better than the other, with ups and downs on the way"
    said = f"the {higher} the better"
    if enough is None or enough == end:
        return said
    return f"{said}, as far as {_value(found, enough)}; beyond, no value tried is clearly better"


def not_as_declared(found: Curve) -> str | None:
    """What the scenario expects of this lever, where that was not found."""
    if proves(found).holds:
        return None
    return f"The scenario expects “{MEASURES[found.lever.outcome].label}” {_EXPECTED[found.lever.direction]}."


def on_top(around: Surroundings, lever: Lever) -> str | None:
    """Which of the fixes chosen change the lever's own number too: they act on top of it, at every point."""
    fixes = [fix for fix in around.scenario.fixes if fix.id in around.fixes]
    same = [f"“{fix.label}”" for fix in fixes if lever.path in [change.path for change in fix.changes]]
    return f"The lever moves as its slider does; on top comes {', '.join(same)}." if same else None


def so_far(found: Curve, points: int) -> str:
    """How much of the curve is there."""
    return f"“{MEASURES[found.measure].label}” at {len(found.values)} of {points} values so far."


def _label(found: Curve) -> str:
    """The measure's name, with its unit where figures do not say it."""
    (unit, currency), label = _unit(found), f"“{MEASURES[found.measure].label}”"
    return label if unit.startswith(("share", currency)) else f"{label} ({unit})"


def _same(found: Curve) -> str:
    return "exactly the same" if is_flat(found) else "the same to within 1%"


def _runs(found: Curve) -> str:
    return f"{min(len(run.replications) for run in found.runs)} runs"


def _figure_at(found: Curve, at: int) -> str:
    """One point: "£12,345 at 24"."""
    unit, currency = _unit(found)
    return f"{figure(found.estimate(at).mean, unit, currency)} at {_value(found, at)}"


def _value(found: Curve, at: int) -> str:
    return bare(found.values[at], quantity_at(found.runs[at].world, found.lever.path).unit or "")


def _change(found: Curve, one: int, other: int) -> str:
    """The paired change between two points, with its interval."""
    (unit, currency), change = _unit(found), found.difference(one, other)
    if change.low is None or change.high is None:
        return ""
    said, low, high = (figure(end, unit, currency, signed=True) for end in (change.mean, change.low, change.high))
    return f" ({said}; 95% interval {low} to {high})"


def _unit(found: Curve) -> tuple[str, str]:
    world = found.runs[0].world
    return unit_of(MEASURES[found.measure], world), world.currency
