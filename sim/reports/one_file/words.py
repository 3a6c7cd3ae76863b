"""What the boardroom's page and file say, in words for somebody who has never seen Ripple. Plain text throughout."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.experiments.doubts import Doubt, Doubts
from sim.experiments.estimate import Estimate
from sim.experiments.runs import Comparison, Run
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.agenda import Agenda
from sim.scenario.figures import NO_OR_YES, bare, figure, money, setting
from sim.scenario.fixes import Fix
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of

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
        return money(0, self.currency).removesuffix("0")

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


def number_of(scenario: Scenario, measure: str) -> Number:
    """The number that a measure is."""
    label = MEASURES[measure].label
    return Number(_PLAIN.get(measure, _lower(label)), unit_of(MEASURES[measure], scenario), scenario.currency)


def moves(scenario: Scenario, sets: Mapping[str, float | bool], fixes: Sequence[Fix]) -> list[str]:
    """What is done: the fixes, and each lever that stands elsewhere."""
    return [f"“{fix.label}”" for fix in fixes] + [moved(scenario, path, float(value)) for path, value in sets.items()]


def moved(scenario: Scenario, path: str, value: float) -> str:
    """A lever that stands elsewhere: "repair time at 120 minutes instead of 240"."""
    quantity, label = quantity_at(scenario, path), label_of(scenario, path)
    unit = quantity.unit or ""
    if unit == NO_OR_YES and value in (0, 1):
        return f"“{label}” {'on' if value else 'off'}"
    is_said = unit.split(maxsplit=1)[0].lower() in label.lower() if unit else True
    there = bare(value, unit) if is_said else setting(value, unit)
    return f"{_lower(label)} at {there} instead of {bare(quantity.value, unit)}"


def sentence(number: Number, done: Sequence[str], found: Comparison, measure: str) -> str:
    """The one sentence: what is done, and what that does to the number, with its interval."""
    change = found.difference(measure) if done else found.baseline.estimate(measure)
    name = kind(bool(done), change)
    return TEMPLATES[name].format(name=number.name, moves=joined(done), **_figures(number, name, change))


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


def _figures(number: Number, name: str, change: Estimate) -> dict[str, str]:
    size = None if change.mean is None else abs(change.mean)
    low, high = change.low, change.high
    if name == "lower" and low is not None and high is not None:
        low, high = abs(high), abs(low)
    said = {"low": number.bare(low, signed=name == "unclear"), "high": number.bare(high, signed=name == "unclear")}
    return said | {"value": number.value(change.mean), "size": number.value(size)}


def costs(scenario: Scenario, fixes: Sequence[Fix]) -> list[str]:
    """What each fix costs, with how far off that may be; one sentence where nothing is costed."""
    said = [f"“{fix.label}”: {joined(parts)}." for fix in fixes if (parts := list(_costs(scenario, fix)))]
    return said or [NOT_COSTED]


def costs_apart(agenda: Agenda, said: Sequence[str]) -> list[str]:
    """What these costs are not in, and what is not in them."""
    return [*([_COSTS_APART] if NOT_COSTED not in said else []), *([_SLIDERS_FREE] if agenda.levers else [])]


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
    if not doubts.worlds:
        return NO_GUESS
    found = doubts.greatest(runs)
    if found is None:
        return HANGS_ON_NONE
    number = number_of(scenario, agenda.number)
    return f"{least_sure(scenario, agenda, number, found, doubts.is_change)} {how_far_apart(number, found)}"


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
    if found.low is None:
        return f"{number.value(found.mean, signed)} (one run: no interval)"
    low, high = (number.bare(end, signed) for end in (found.low, found.high))
    return f"{number.value(found.mean, signed)} (95% interval {low} to {high})"


def how_far_apart(number: Number, doubt: Doubt) -> str:
    """How far apart the answers at the two ends are, or that luck alone could have put them there."""
    apart = doubt.apart
    if apart.low is None or apart.high is None:
        return "Whether the two differ cannot be told from luck yet: one run has no interval."
    size, ends = number.value(doubt.swing), sorted((abs(apart.low), abs(apart.high)))
    if apart.low <= 0 <= apart.high:
        return f"The two are {size} apart, which is not distinguishable from luck yet."
    low, high = (number.bare(end) for end in ends)
    return f"The two are {size} apart (95% interval {low} to {high})."


def large(number: Number, done: Sequence[str], found: Comparison, measure: str) -> tuple[str, str]:
    """The number as it stands large, and what stands below: its interval, and what it is instead of."""
    change = found.difference(measure) if done else found.baseline.estimate(measure)
    signed, name = bool(done), "below" if done else "below_today"
    low, high = (number.bare(end, signed) for end in (change.low, change.high))
    now, then = (number.bare(run.estimate(measure).mean) for run in (found.baseline, found.world))
    below = TEMPLATES["below_alone" if change.low is None else name].format(low=low, high=high, now=now, then=then)
    return number.value(change.mean, signed), below


def joined(parts: Sequence[str]) -> str:
    """Parts as people list them."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]
