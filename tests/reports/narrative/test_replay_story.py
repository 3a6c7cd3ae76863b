"""What the page Watch says of what there is to watch."""

from collections import Counter

from sim.experiments.library import load
from sim.experiments.replay.stretch import SpanCount, Spans
from sim.reports.narrative import replay_story

TINY = load("tiny")
DAYS, WEEKS = Spans(1, 84, 28), Spans(7, 12, 12)


def test_a_span_is_named_by_when_it_is_and_what_there_is() -> None:
    assert replay_story.span_label(TINY, DAYS, 4, SpanCount(71, Counter({0: 4, 2: 5}))) == (
        "Fri 9 Jan 2026: 71 visits, 9 things go wrong"
    )
    assert replay_story.span_label(TINY, WEEKS, 1, SpanCount(1, Counter())) == (
        "Week from 12 Jan 2026: 1 visit, 0 things go wrong"
    )
    assert replay_story.span_label(TINY, DAYS, 1, SpanCount(0, Counter())) == "Tue 6 Jan 2026: nobody comes"


def test_a_part_is_named_by_its_ends() -> None:
    assert replay_story.part_label(TINY, DAYS, 1) == "2 Feb 2026 to 1 Mar 2026"
    assert replay_story.part_label(TINY, WEEKS, 0) == "5 Jan 2026 to 29 Mar 2026"


def test_what_goes_wrong_is_named_most_often_first() -> None:
    said = replay_story.why_this(TINY, SpanCount(71, Counter({0: 4, 2: 5})), is_best=True)
    assert (
        said
        == "What goes wrong: A long queue (5), A bad wheel (4). Shown first because most kinds of trouble happen in it."
    )
    assert replay_story.why_this(TINY, SpanCount(71, Counter()), is_best=True) == "Nothing goes wrong here."


def test_it_says_why_more_than_a_day_is_shown() -> None:
    assert replay_story.why_span(DAYS) == ""
    assert replay_story.why_span(WEEKS) == "Too little happens here in a day to watch, so this is a week. "


def test_the_world_is_said_in_words() -> None:
    assert replay_story.world_in_words(TINY, {}, ()) == "As it stands, nothing changed."
    said = replay_story.world_in_words(TINY, {"assets.trolleys.pool": 14.0}, ("five_more_trolleys",))
    assert said == "With trolleys in the pool at 14 instead of 9; five more trolleys."
