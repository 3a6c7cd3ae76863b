"""What the page Watch says: of a stretch, of the spans to choose from, and how to take it all. Plain text."""

from collections.abc import Mapping, Sequence

from sim.experiments.replay.stretch import SpanCount, Spans, date_of
from sim.reports.narrative import story
from sim.scenario.scenario import Scenario
from sim.scenario.wording import counted

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
    moved = story.moved(baseline, sets, fixes)
    return f"With {'; '.join(moved)}." if moved else "As it stands, nothing changed."
