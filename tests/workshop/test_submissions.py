"""What may be handed in: bounds of the quantity, order, the budget; each refusal a sentence."""

import math

import pytest
from pydantic import ValidationError

from sim.experiments import library
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.world import restated
from sim.workshop.people import Bet, FixPlan, Guess, check, ends, guess_of, kind_of, read
from sim.workshop.room import (
    Question,
    RefusedError,
    Settings,
    allowed,
    asked,
    budget_of,
    by_default,
    cost_of,
    guesses,
    questions,
    unit,
)
from tests.workshop.rooms import BREAKS, FIX, LOSS, MARGIN, ROOF, SETTINGS, small

SHOP = small()
POOL = "assets.trolleys.pool"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (Guess(low=0.02, mode=0.01, high=0.03), "lowest must not be above"),
        (Guess(low=0.01, mode=0.04, high=0.03), "lowest must not be above"),
        (Guess(low=-0.01, mode=0.01, high=0.03), "-1% is not possible here; allowed: from 0% to 100%"),
        (Guess(low=0, mode=0.01, high=3), "300% is not possible here"),
    ],
)
def test_a_guess_that_cannot_be_is_refused_with_what_can(said: Guess, wrong: str) -> None:
    with pytest.raises(RefusedError, match=wrong):
        check(SHOP, SETTINGS, BREAKS, said)


def test_a_guess_at_something_else_or_between_whole_numbers_is_refused() -> None:
    settings = Settings(question=SETTINGS.question, guesses=(POOL,))
    check(SHOP, settings, POOL, Guess(low=4, mode=4, high=4))
    with pytest.raises(RefusedError, match=r"4.5 is not possible here; allowed: whole numbers from 0"):
        check(SHOP, settings, POOL, Guess(low=4, mode=4.5, high=6))
    with pytest.raises(RefusedError, match="does not ask for this number"):
        check(SHOP, SETTINGS, MARGIN, Guess(low=0, mode=0, high=0))


@pytest.mark.parametrize(
    ("fixes", "wrong"),
    [
        ((), "at least one"),
        (("no_such",), "does not know"),
        ((FIX, FIX), "does not know"),
        ((FIX, ROOF), "£300 over the budget. Take something out"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(fixes: tuple[str, ...], wrong: str) -> None:
    with pytest.raises(RefusedError, match=wrong):
        check(SHOP, SETTINGS, "", FixPlan(fixes=fixes))
    check(SHOP, SETTINGS, "", FixPlan(fixes=(FIX,)))


@pytest.mark.parametrize("value", [math.inf, math.nan, 1e13, "12", True])
def test_a_bet_is_a_number_that_can_be_drawn(value: object) -> None:
    with pytest.raises(ValidationError):
        Bet.model_validate({"value": value})


def test_three_numbers_are_asked_for_and_said_to_be_missing() -> None:
    assert guess_of(1, 2, 3) == Guess(low=1, mode=2, high=3)
    with pytest.raises(RefusedError, match="Still empty: lowest, highest"):
        guess_of(None, 2, None)
    with pytest.raises(RefusedError, match="finite"):
        guess_of(1, 2, math.inf)


@pytest.mark.parametrize("said", [Bet(value=-3.5, named=True), Guess(low=1, mode=2, high=3), FixPlan(fixes=(FIX,))])
def test_what_is_stored_is_read_back(said: Bet | Guess | FixPlan) -> None:
    assert read(kind_of(said), said.model_dump_json()) == said


@pytest.mark.parametrize("name", library.names())
def test_every_guess_of_every_scenario_stands_alone_and_can_be_replaced_by_another(name: str) -> None:
    scenario = library.load(name)
    moved = {move.path for policy in scenario.policies for move in policy.moves}
    assert not moved.intersection(guesses(scenario))
    assert not [one for one in guesses(scenario) if one.startswith(("segments.", "trips.")) and one.endswith(".share")]
    for path in guesses(scenario):
        bounds, said = allowed(scenario, path), quantity_at(scenario, path)
        assert bounds.least <= said.value <= bounds.most
        assert ends(bounds)
    first = {path: quantity_at(scenario, path) for path in by_default(scenario).guesses}
    again = {path: Quantity(mode=said.value, evidence="D", source="the room") for path, said in first.items()}
    assert restated(scenario, again)


def test_guesses_with_a_range_come_first_and_levers_before_others() -> None:
    assert guesses(SHOP)[:4] == [BREAKS, LOSS, MARGIN, POOL]


def test_what_is_bet_on_by_default_is_the_scenario_s_own_answer_else_its_headline() -> None:
    assert questions(SHOP)[0] == Question(measure=SHOP.headline)
    tried = SHOP.model_copy(update={"answer": SHOP.answer.model_copy(update={"fixes": (FIX,)})})
    assert questions(tried)[0] == Question(measure="contribution", fixes=(FIX,))
    assert len(questions(tried)) == len(set(questions(tried))) == 3
    assert asked(tried, questions(tried)[0]) == "Contribution: how much more of it with “Five more trolleys”?"
    assert unit(tried, questions(tried)[0]) == "GBP a year"


def test_a_budget_by_default_buys_the_dearest_fix_but_not_all() -> None:
    assert cost_of(SHOP, [FIX]) == 800
    assert cost_of(SHOP, [FIX, ROOF]) == 1_100
    assert budget_of(SHOP) == 800
    assert budget_of(SHOP.model_copy(update={"fixes": ()})) is None
