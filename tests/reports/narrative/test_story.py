"""The live sentence: what moved, what that does, and how sure it is."""

from functools import cache

from sim.experiments.library import load
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
