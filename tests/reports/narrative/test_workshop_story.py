"""What a room says: figures with their intervals, and names of those alone who allowed it."""

from dataclasses import replace

import pytest

from sim.experiments.estimate import Estimate
from sim.reports.narrative import workshop_story
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.quantity import Quantity
from sim.scenario.world import restated
from sim.workshop.people import Bet, FixPlan, Guess, Submission
from sim.workshop.room import Person, Question, Room, Step, taking
from tests.workshop.rooms import BREAKS, FIX, LOSS, SETTINGS, small
from ui.workshop import host

SHOP = small()
LOST = Question(measure="revenue_lost_per_year")
SHARE = Question(measure="bad_trip_share")
FOUND = Estimate(1_000.0, 900.0, 1_100.0)
PEOPLE = [Person(1, "Anna"), Person(2, "Bo")]


def test_the_answer_has_its_interval_or_says_why_not() -> None:
    assert workshop_story.answer(SHOP, LOST, FOUND) == "£1,000 (95% interval £900 to £1,100)"
    assert workshop_story.answer(SHOP, LOST, Estimate(1_000.0, None, None)) == "£1,000 (one run: no interval)"
    assert workshop_story.answer(SHOP, LOST, Estimate(None, None, None)).startswith("—")


def test_what_fixes_add_to_a_share_is_said_in_points() -> None:
    added = SHARE.model_copy(update={"fixes": (FIX,)})
    assert workshop_story.bet(SHOP, SHARE, 0.124) == "12.4%"
    assert workshop_story.bet(SHOP, added, 0.024) == "2.4 points"
    found = Estimate(-0.012, -0.02, -0.004)
    assert (
        workshop_story.answer(SHOP, added, found)
        == "−\u20601.2 points (95% interval −\u20602.0 points to −\u20600.40 points)"
    )
    assert workshop_story.bet(SHOP, LOST.model_copy(update={"fixes": (FIX,)}), 900) == "£900"


def test_why_numbers_make_no_scenario_is_said_number_by_number() -> None:
    faults = (
        Fault("the file", 9, BREAKS, "found 2; allowed: a number from 0 to 1"),
        Fault("the file", 30, "levers[0].min", "found 1 to 2; allowed: another range"),
        Fault("the file", None, "", "cannot be changed"),
    )
    assert workshop_story.faults_said(SHOP, ScenarioError(faults)) == (
        "Breakages per trip: found 2; allowed: a number from 0 to 1; "
        "levers[0].min: found 1 to 2; allowed: another range; cannot be changed"
    )


@pytest.mark.parametrize(
    ("bets", "said"),
    [
        ({1: Bet(value=950, named=True), 2: Bet(value=2_000)}, "Nearest with £950: Anna. 1 of 2 within the interval."),
        ({1: Bet(value=950), 2: Bet(value=2_000, named=True)}, "Nearest with £950: somebody who keeps their name."),
        ({1: Bet(value=950, named=True), 2: Bet(value=1_050)}, "Anna and somebody who keeps their name. 2 of 2"),
        ({1: Bet(value=950, named=True), 2: Bet(value=1_050)}, "Nearest with £950 and £1,050: Anna and"),
        ({1: Bet(value=950), 2: Bet(value=950)}, "Nearest with £950: 2 people who keep their names."),
        ({}, "Nobody has bet."),
    ],
)
def test_the_nearest_is_named_only_if_they_allowed_it(bets: dict[int, Bet], said: str) -> None:
    assert said in workshop_story.nearest(SHOP, LOST, bets, PEOPLE, FOUND)


def test_the_bets_are_set_against_the_answer() -> None:
    submissions = [Submission(person, "", 1, Bet(value=value), 1) for person, value in ((1, 500), (2, 1_500), (3, 800))]
    said = workshop_story.bets_said(SHOP, LOST, workshop_story.bets_of(submissions), FOUND)
    assert said.startswith("3 bets, from £500 to £1,500, with £800 in the middle. The answer: £1,000 (95%")
    assert said.endswith("1 of 3 bets lay above it.")


def test_what_was_changed_is_said_with_both_ranges() -> None:
    said = Quantity(low=0.01, mode=0.02, high=0.04, unit="share of trips", evidence="D", source="the room")
    after = restated(SHOP, {BREAKS: said})
    changed = workshop_story.changed(SHOP, after, BREAKS, 2)
    assert changed == "Breakages per trip: was 1.0% (from 0.20% to 3.0%), is now 2.0% (from 1.0% to 4.0%)."
    assert workshop_story.changed(SHOP, after, LOSS, 0).endswith("as nobody gave a number.")
    assert "nobody" not in workshop_story.changed(SHOP, after, LOSS, 2)


@pytest.mark.parametrize("step", [step for step in Step if taking(step)])
def test_of_a_step_that_was_over_it_is_said_that_its_outcome_was_shown(step: Step) -> None:
    room = Room("CDF346", 1, "shop", None, step, True, False, False, SETTINGS, 0, frozenset({step}))
    assert "been shown, so this step is locked" in (workshop_story.late(room) or "")
    assert "whoever hands in now may know it" in (workshop_story.late(replace(room, locked=False)) or "")
    assert workshop_story.late(replace(room, over=frozenset())) is None


def test_what_is_taken_out_is_counted() -> None:
    submissions = [Submission(person, "", 1, Bet(value=1), 1) for person in (1, 2, 3)]
    assert workshop_story.taken_out(submissions) == "3 bets on another question will be taken out."
    both = [*submissions, Submission(1, "", 1, FixPlan(fixes=(FIX,)), 1)]
    assert workshop_story.taken_out(both) == "3 bets on another question and 1 plan over the budget will be taken out."
    assert workshop_story.gone_with(PEOPLE[0], both) == "What Anna handed in goes too: 2 slips in all."


def test_a_case_says_what_it_is_a_case_of() -> None:
    assert workshop_story.case_of("“A roof”", 1) == "The case of “A roof”."
    assert workshop_story.case_of("“A roof”", 3) == "The case of “A roof”, the first of 3 that cannot be told apart."


def test_every_step_but_the_first_is_announced() -> None:
    assert len({workshop_story.coming(step) for step in Step if step is not Step.LOBBY}) == len(Step) - 1
    assert workshop_story.coming(None) == "This was the last step."


def test_numbers_are_read_back_in_their_unit() -> None:
    assert workshop_story.guess_said(Guess(low=0.01, mode=0.02, high=0.03), "share") == "1.0% to 3.0%, most likely 2.0%"


@pytest.mark.attack
def test_the_picture_leads_to_the_room_and_carries_no_markup() -> None:
    link = host.join_link("http://shop.example:8501/workshop/", "CDF346")
    assert link == "http://shop.example:8501/workshop?room=CDF346"
    picture = host.picture(link + '"><script>')
    assert "<script" not in picture
    assert picture.count("<") == 1


@pytest.mark.parametrize(("page", "only"), [("http://localhost:8501/workshop", True), ("http://10.0.0.4/w", False)])
def test_an_address_that_no_phone_can_reach_is_known(page: str, only: bool) -> None:
    assert host.only_here(page) is only
