"""What the boardroom's page and file say, in words for somebody who has never seen Ripple. Plain text throughout."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.experiments.estimate import Estimate
from sim.experiments.runs import Comparison, Run
from sim.experiments.sensitivity import Doubt, Doubts
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.fixes import Fix
from sim.scenario.offers import Agenda
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import figure, joined, label_of, lowered, money, moved, setting, sign_of, size

TEMPLATES = {
    "today": "As it is today, {name}: {value} (95% interval {low} to {high}).",
    "today_alone": "As it is today, {name}: {value}.",
    "higher": "With {moves}, {name} would be {size} higher than today (95% interval {low} to {high}).",
    "lower": "With {moves}, {name} would be {size} lower than today (95% interval {low} to {high}).",
    "same": "With {moves}, {name} would be exactly the same as today.",
    "unclear": "With {moves}, it is not clear yet whether {name} would be higher or lower than today "
    "(95% interval of the change {low} to {high}).",
    "missing": "With {moves}, there is nothing to measure {name} on.",
    "impossible": "With {moves}, there is no such business: these settings contradict each other.",
    "not_simulated": "With {moves}: not simulated here, and next to settings that contradict each other.",
    "below": "95% interval {low} to {high}; {then} instead of {now}.",
    "below_today": "95% interval {low} to {high}.",
    "below_alone": "No interval to give.",
    "with_interval": "{value} (95% interval {low} to {high})",
}
"""One sentence for each way it can come out; the page and the file fill in the same ones."""

_PLAIN = {
    "contribution": "what is left of sales after the cost of goods and service",
    "revenue_lost_per_year": "sales lost to what goes wrong",
    "basket_lost": "sales lost on the spot to what goes wrong",
    "churn_rate": "customers who leave in a year",
    "lifetime_revenue": "what a customer spends",
    "lifetime_value": "what a customer is worth",
    "nps": "how many more would recommend than warn",
}
LOST = "Sales lost on the spot where it goes wrong"
NOT_COSTED = "Not costed."
_COSTS_APART = "The number above is before these costs."
_SLIDERS_FREE = "What moving a slider would cost is not counted."
NO_GUESS = "No guess behind these levers and fixes says how far off it might be, so none can be named."
HANGS_ON_NONE = "Whatever the guesses behind these levers and fixes are in truth, this answer stays the same."


@dataclass(frozen=True)
class Number:
    """The one number of the page: how it is called and written."""

    name: str
    unit: str
    currency: str

    @property
    def sign(self) -> str:
        """What stands before an amount of money: "£"."""
        return sign_of(self.currency)

    @property
    def tail(self) -> str:
        """What follows a figure: " a year", " minutes"; nothing after a share."""
        if self.unit.startswith("share"):
            return ""
        left = self.unit.removeprefix(self.currency).strip()
        return f" {left}" if left else ""

    def value(self, value: float | None, signed: bool = False) -> str:
        """A figure with its unit: "£34,240 a year"."""
        return figure(value, self.unit, self.currency, signed) + ("" if value is None else self.tail)

    def bare(self, value: float | None, signed: bool = False) -> str:
        """A figure without what follows it."""
        return figure(value, self.unit, self.currency, signed)

    def size(self, change: float | None) -> str:
        """How large a change is, with its unit: "£34,240 a year", "2.0 points"."""
        return self.bare_size(change) + ("" if change is None else self.tail)

    def bare_size(self, change: float | None) -> str:
        """How large a change is, without what follows it."""
        return size(change, self.unit, self.currency)


def number_of(scenario: Scenario, measure: str) -> Number:
    """The number that a measure is."""
    label = MEASURES[measure].label
    return Number(_PLAIN.get(measure, lowered(label)), unit_of(MEASURES[measure], scenario), scenario.currency)


def moves(scenario: Scenario, sets: Mapping[str, float | bool], fixes: Sequence[Fix]) -> list[str]:
    """What is done: the fixes, and each lever that stands elsewhere."""
    return [f"“{fix.label}”" for fix in fixes] + [moved(scenario, path, value) for path, value in sets.items()]


def sentence(number: Number, done: Sequence[str], found: Comparison, measure: str) -> str:
    """The one sentence: what is done, and what that does to the number, with its interval."""
    change = found.difference(measure) if done else found.baseline.estimate(measure)
    name = kind(bool(done), change)
    return TEMPLATES[name].format(name=number.name, moves=joined(done), **figures_said(number, name, change))


def kind(is_moved: bool, change: Estimate) -> str:
    """Which of the sentences it is."""
    if change.mean is None:
        return "missing" if is_moved else "today_alone"
    if not is_moved:
        return "today_alone" if change.low is None else "today"
    if change.low is None or change.high is None:
        return "unclear"
    if change.low > 0 or change.high < 0:
        return "higher" if change.low > 0 else "lower"
    return "same" if change.low == change.high == 0 else "unclear"


def figures_said(number: Number, name: str, change: Estimate) -> dict[str, str]:
    """The figures of a sentence in words: the change, its size, and the ends of its interval, nearer one first."""
    ends = (change.high, change.low) if name == "lower" else (change.low, change.high)
    is_size = name in ("higher", "lower")
    low, high = (number.bare_size(end) if is_size else number.bare(end, name == "unclear") for end in ends)
    return {"low": low, "high": high, "value": number.value(change.mean), "size": number.size(change.mean)}


def costs(scenario: Scenario, fixes: Sequence[Fix]) -> list[str]:
    """What each fix costs, with how far off that may be, or that it is not costed."""
    said = [(fix, list(_costs(scenario, fix))) for fix in fixes]
    return [f"“{fix.label}”: {joined(parts)}." if parts else _not_costed(fix) for fix, parts in said] or [NOT_COSTED]


def _not_costed(fix: Fix) -> str:
    return f"“{fix.label}”: {NOT_COSTED.lower()}"


def costs_apart(agenda: Agenda, said: Sequence[str]) -> list[str]:
    """What these costs are not in, and what is not in them."""
    is_costed = not {*said} <= {NOT_COSTED, *map(_not_costed, agenda.fixes)}
    return [*([_COSTS_APART] if is_costed else []), *([_SLIDERS_FREE] if agenda.levers else [])]


def _costs(scenario: Scenario, fix: Fix) -> Iterator[str]:
    use = MEASURES[fix.costs.use].label.lower() if fix.costs.use else "uses"
    for said, when in (
        (fix.costs.once, "once"),
        (fix.costs.per_year, "a year"),
        (fix.costs.per_use, f"each time ({use})"),
    ):
        if said.value:
            yield f"{money(said.value, scenario.currency)} {when}{_between(said, scenario.currency)}"


def _between(said: Quantity, currency: str) -> str:
    guess = "a guess" if said.evidence == "D" else ""
    ranged = said.low is not None and said.high is not None
    ends = f"{money(said.low or 0, currency)} to {money(said.high or 0, currency)}" if ranged else ""
    inside = ": ".join(part for part in (guess, ends) if part)
    return f" ({inside})" if inside else ""


def least_sure_of(scenario: Scenario, agenda: Agenda, doubts: Doubts, runs: Mapping[Hashable, Run]) -> str:
    """What the answer hangs on most, once that was simulated; or why nothing can be named."""
    if not doubts.guesses:
        return NO_GUESS
    number, found, unknown = number_of(scenario, agenda.number), doubts.greatest(runs), doubts.unweighed(runs)
    said = [] if unknown else [HANGS_ON_NONE]
    if found:
        said = [least_sure(scenario, agenda, number, found, doubts.is_change), how_far_apart(number, found)]
    return " ".join([*said, *([_unweighed(scenario, number, unknown)] if unknown else [])])


def _unweighed(scenario: Scenario, number: Number, paths: Sequence[str]) -> str:
    labels = joined([f"“{label_of(scenario, path)}”" for path in paths])
    return (
        f"How far the answer hangs on {labels} could not be weighed: at an end of that range there is no such "
        f"business, or nothing to measure {number.name} on."
    )


def least_sure(scenario: Scenario, agenda: Agenda, number: Number, doubt: Doubt, is_change: bool) -> str:
    """The guess on which the answer hangs most, and what it would be at either end, with its interval."""
    said, label = doubt.quantity, label_of(scenario, doubt.path)
    unit = said.unit or ""
    assert said.low is not None and said.high is not None  # a doubt has a range
    what = f"the change in {number.name}" if is_change else number.name
    first, second = (_with_interval(number, at, is_change) for at in (doubt.at_low, doubt.at_high))
    today = "With these sliders as they stand today" if agenda.levers else "As things stand today"
    return (
        f"“{label}”: a guess that nobody has measured, between {setting(said.low, unit)} and "
        f"{setting(said.high, unit)}. {today}, at the one {what} would be {first}, at the other {second}."
    )


def _with_interval(number: Number, found: Estimate, signed: bool) -> str:
    value = number.value(found.mean, signed)
    if found.low is None:
        return f"{value} (one run: no interval)"
    low, high = (number.bare(end, signed) for end in (found.low, found.high))
    return TEMPLATES["with_interval"].format(value=value, low=low, high=high)


def how_far_apart(number: Number, doubt: Doubt) -> str:
    """How far apart the answers at the two ends are, or that luck alone could have put them there."""
    apart = doubt.apart
    if apart.low is None or apart.high is None:
        return "Whether the two differ cannot be told from luck yet: one run has no interval."
    far = number.size(doubt.swing)
    if apart.low <= 0 <= apart.high:
        return f"The two are {far} apart, which is not distinguishable from luck yet."
    low, high = (number.bare_size(end) for end in sorted((apart.low, apart.high), key=abs))
    return f"The two are {far} apart (95% interval {low} to {high})."


def large(number: Number, done: Sequence[str], found: Comparison, measure: str) -> tuple[str, str]:
    """The number as it stands large, and what stands below: its interval, and what it is instead of."""
    change = found.difference(measure) if done else found.baseline.estimate(measure)
    signed, name = bool(done), "below" if done else "below_today"
    low, high = (number.bare(end, signed) for end in (change.low, change.high))
    now, then = (number.bare(run.estimate(measure).mean) for run in (found.baseline, found.world))
    below = TEMPLATES["below_alone" if change.low is None else name].format(low=low, high=high, now=now, then=then)
    return number.value(change.mean, signed), below
