"""What the figures of a world say, and what there is to watch of it, in sentences. Plain text; knows no page."""

from collections.abc import Mapping, Sequence
from functools import partial

from sim.experiments.estimate import Estimate, estimate
from sim.experiments.replay import SpanCount, Spans, date_of
from sim.experiments.runs import Comparison, Run
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import in_money, interval
from sim.scenario import wording
from sim.scenario.scenario import Scenario
from sim.scenario.wording import counted, figure, joined, lowered, money


def headline(baseline: Scenario, sets: Mapping[str, float], fixes: Sequence[str], found: Comparison | None) -> str:
    """One live sentence: what was moved, and what that does, with its interval."""
    differs = moved(baseline, sets, fixes)
    if found is None:
        return "The first answer is on its way."
    if not differs:
        return _as_it_stands(found)
    return f"With {joined(differs)}: {joined([*_effects(found), _money_effect(found)])}."


def moved(baseline: Scenario, sets: Mapping[str, float], fixes: Sequence[str]) -> list[str]:
    """What differs from how it is, each lever and fix in words."""
    chosen = [lowered(fix.label) for fix in baseline.fixes if fix.id in fixes]
    return [*(wording.moved(baseline, path, value) for path, value in sets.items()), *chosen]


def _as_it_stands(found: Comparison) -> str:
    lost, currency = found.baseline.estimate("revenue_lost_per_year"), found.baseline.world.currency
    if lost.mean is None:
        return "Nothing has been lost that could be measured. Move a lever to see what changes."
    return (
        f"As it stands, what goes wrong costs {money(lost.mean, currency)} of revenue a year"
        f"{in_money(lost, currency)}. Move a lever to see what changes."
    )


def _effects(found: Comparison) -> list[str]:
    """What clearly moved among the causes, the first two, as "bad trips from 8.1% to 2.1%"."""
    moved = [_moved(found, reason.measure) for reason in found.world.world.why]
    return [text for text in moved if text is not None][:2]


def _moved(found: Comparison, name: str) -> str | None:
    if found.verdict(name) not in ("higher", "lower"):
        return None
    unit, currency = _unit(found, name), found.world.world.currency
    before, after = (figure(run.estimate(name).mean, unit, currency) for run in (found.baseline, found.world))
    return f"{lowered(MEASURES[name].label)} from {before} to {after}"


def _money_effect(found: Comparison) -> str:
    difference, currency = found.difference("contribution"), found.world.world.currency
    verdict = found.verdict("contribution")
    if difference.mean is None:
        return "contribution cannot be measured"
    if verdict == "no difference":
        return "exactly no difference in contribution"
    if verdict not in ("higher", "lower"):
        return f"no clear change in contribution yet ({_waiting(verdict)})"
    low, high = (figure(end, f"{currency} a year", currency, signed=True) for end in (difference.low, difference.high))
    amount = money(abs(difference.mean), currency)
    return f"contribution {amount} a year {verdict} (95% interval {low} to {high})"


def _waiting(verdict: str) -> str:
    """What it would take to tell: "about 12 more runs"."""
    return verdict.removeprefix("not distinguishable yet: ")


def _unit(found: Comparison, name: str) -> str:
    return unit_of(MEASURES[name], found.world.world)


def how_sure(found: Comparison, name: str) -> str:
    """The interval of a measure's change, or of the measure itself where nothing was moved; or why there is none."""
    world = found.world.world
    if found.world is found.baseline:
        return known_to_within(world, name, found.world.estimate(name))
    verdict = found.verdict(name)
    if verdict == "no difference":
        return "Exactly no difference."
    said = known_to_within(world, name, found.difference(name), signed=True)
    return f"{said} Not clear yet: {_waiting(verdict)}." if verdict.startswith("not distinguishable") else said


def known_to_within(world: Scenario, name: str, estimate: Estimate, signed: bool = False) -> str:
    """The interval of a measure, or of its change where that is signed; or why there is none."""
    if estimate.mean is None:
        return "Nothing here to measure it on."
    form = partial(figure, unit=unit_of(MEASURES[name], world), currency=world.currency, signed=signed)
    said = interval(estimate, form, of=" of the change" if signed else "")
    return f"{said[:1].upper()}{said[1:]}."


NOBODY_TO_FOLLOW = "Nobody here is a customer from the start, so there is nobody to follow."


def still_here(run: Run) -> float | None:
    """Mean share of the customers at week 0 who are still there at the end; None where there were none."""
    return estimate([float(replication.retention[-1]) for replication in run.replications]).mean


def who_stays(found: Comparison) -> str:
    """How many are still customers at the end, in both worlds."""
    now, moved = (figure(still_here(run), "share", "") for run in (found.baseline, found.world))
    return f"After {found.world.world.weeks} weeks {moved} are still customers; as it is {now}."


def what_is_lost(found: Comparison) -> str:
    """What each failure takes out of baskets, a year."""
    world = found.world.world
    unit = f"{world.currency} a year"
    lost = {one.label: figure(found.world.lost(one.id).mean, unit, world.currency) for one in world.failures}
    return f"Lost a year at each failure point. {'; '.join(f'{label}: {said}' for label, said in lost.items())}."


# ---- the page Watch: a stretch, the spans to choose from, and how to take it all -------------------

AN_ILLUSTRATION = (
    "One run, one stretch of it: it shows how things come about, and is no estimate. Single days mislead; the other "
    "pages go by years of them, many times over."
)


def span_label(world: Scenario, spans: Spans, number: int, count: SpanCount) -> str:
    """A span to choose: when it is, how many come, how much goes wrong."""
    first = date_of(world, spans.minutes(number, number)[0])
    when = f"{first:%a %-d %b %Y}" if spans.days == 1 else f"{spans.called.capitalize()} from {first:%-d %b %Y}"
    if not count.visits:
        return f"{when}: nobody comes"
    return f"{when}: {counted(count.visits, 'visit')}, {count.failures.total():,} things go wrong"


def part_label(world: Scenario, spans: Spans, part: int) -> str:
    """A part of the run to choose spans from."""
    numbers = spans.of_part(part)
    begins, ends = spans.minutes(numbers[0], numbers[-1])
    first, last = date_of(world, begins), date_of(world, ends - 1)
    return f"{first:%-d %b %Y} to {last:%-d %b %Y}"


def why_this(world: Scenario, count: SpanCount, is_best: bool) -> str:
    """What goes wrong in the span shown, most often first, and why it was chosen."""
    if not count.failures:
        return "Nothing goes wrong here."
    said = ", ".join(f"{world.failures[one].label} ({times:,})" for one, times in count.failures.most_common())
    chosen = " Shown first because most kinds of trouble happen in it." if is_best else ""
    return f"What goes wrong: {said}.{chosen}"


def why_span(spans: Spans) -> str:
    """Why more than a day is shown at once, where it is."""
    return "" if spans.days == 1 else f"Too little happens here in a day to watch, so this is {spans.called_one}. "


def world_in_words(baseline: Scenario, sets: Mapping[str, float], fixes: Sequence[str]) -> str:
    """Which world this is: as it stands, or with what was chosen."""
    differs = moved(baseline, sets, fixes)
    return f"With {'; '.join(differs)}." if differs else "As it stands, nothing changed."
