"""The live sentence: what moved, what that does, and how sure it is."""

from collections import Counter
from functools import cache

from sim.experiments.library import load
from sim.experiments.replay import SpanCount, Spans
from sim.experiments.runs import Comparison, Effort, compare
from sim.reports.narrative import story
from sim.scenario.world import world_of


@cache
def moved(path: str, value: float, replications: int = 4) -> Comparison:
    baseline = load("tiny")
    return compare(baseline, world_of(baseline, {path: value}), Effort(1, replications))


@cache
def unmoved() -> Comparison:
    baseline = load("tiny")
    return compare(baseline, baseline, Effort(1, 2))


def sentence(path: str, value: float, replications: int = 4) -> str:
    return story.headline(load("tiny"), {path: value}, (), moved(path, value, replications))


def test_the_sentence_names_lever_size_effect_and_interval() -> None:
    said = sentence("assets.trolleys.pool", 14)
    assert said.startswith("With trolleys in the pool at 14 instead of 9: reports refused from ")
    assert "to 0%" in said
    assert "bad trips from" in said
    assert "a year higher (95% interval +" in said


def test_levers_and_fixes_are_named_together() -> None:
    found = moved("assets.trolleys.pool", 14)
    sets = {"assets.trolleys.pool": 14.0, "assets.trolleys.breaks": 0.02}
    said = story.headline(load("tiny"), sets, ("five_more_trolleys",), found)
    expected = "With trolleys in the pool at 14 instead of 9, breakages per trip at 2.0% instead of 1.0%"
    assert said.startswith(f"{expected} and five more trolleys: reports refused from ")


def test_an_unmoved_world_says_what_failures_cost_with_an_interval() -> None:
    said = story.headline(load("tiny"), {}, (), unmoved())
    assert said.startswith("As it stands, what goes wrong costs £")
    assert "95% interval" in said


def test_a_change_that_cannot_be_told_yet_is_not_called_one() -> None:
    said = sentence("failures.wheel.responses.persevere.loss", 0.07, replications=1)
    assert "no clear change in contribution yet" in said
    assert "one run has no interval" in said


def test_nothing_is_claimed_before_the_first_answer() -> None:
    assert story.headline(load("tiny"), {}, (), None) == "The first answer is on its way."


def test_a_figure_says_how_sure_it_is() -> None:
    pool = moved("assets.trolleys.pool", 14)
    assert story.how_sure(pool, "basket_value").startswith("95% interval of the change +")
    assert story.how_sure(moved("assets.trolleys.pool", 40), "shortages") == "Exactly no difference."
    assert "One run: no interval" in story.how_sure(moved("assets.trolleys.pool", 14, 1), "basket_value")


def test_an_unmoved_figure_has_its_own_interval() -> None:
    baseline = load("tiny")
    run = compare(baseline, baseline, Effort(1, 2)).baseline
    assert story.how_sure(Comparison(run, run), "basket_value").startswith("95% interval £")


# ---- what there is to watch ----------------------------------------------------------------------

TINY = load("tiny")
DAYS, WEEKS = Spans(1, 84, 28), Spans(7, 12, 12)


def test_a_span_is_named_by_when_it_is_and_what_there_is() -> None:
    assert story.span_label(TINY, DAYS, 4, SpanCount(71, Counter({0: 4, 2: 5}))) == (
        "Fri 9 Jan 2026: 71 visits, 9 things go wrong"
    )
    assert story.span_label(TINY, WEEKS, 1, SpanCount(1, Counter())) == (
        "Week from 12 Jan 2026: 1 visit, 0 things go wrong"
    )
    assert story.span_label(TINY, DAYS, 1, SpanCount(0, Counter())) == "Tue 6 Jan 2026: nobody comes"


def test_a_part_is_named_by_its_ends() -> None:
    assert story.part_label(TINY, DAYS, 1) == "2 Feb 2026 to 1 Mar 2026"
    assert story.part_label(TINY, WEEKS, 0) == "5 Jan 2026 to 29 Mar 2026"


def test_what_goes_wrong_is_named_most_often_first() -> None:
    said = story.why_this(TINY, SpanCount(71, Counter({0: 4, 2: 5})), is_best=True)
    assert (
        said
        == "What goes wrong: A long queue (5), A bad wheel (4). Shown first because most kinds of trouble happen in it."
    )
    assert story.why_this(TINY, SpanCount(71, Counter()), is_best=True) == "Nothing goes wrong here."


def test_it_says_why_more_than_a_day_is_shown() -> None:
    assert story.why_span(DAYS) == ""
    assert story.why_span(WEEKS) == "Too little happens here in a day to watch, so this is a week. "


def test_the_world_is_said_in_words() -> None:
    assert story.world_in_words(TINY, {}, ()) == "As it stands, nothing changed."
    said = story.world_in_words(TINY, {"assets.trolleys.pool": 14.0}, ("five_more_trolleys",))
    assert said == "With trolleys in the pool at 14 instead of 9; five more trolleys."
