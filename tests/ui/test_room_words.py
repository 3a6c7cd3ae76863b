"""What a room says: figures with their intervals, and names of those alone who allowed it."""

import pytest

from sim.experiments.estimate import Estimate
from sim.rooms.question import Question
from sim.rooms.room import Person
from sim.rooms.slips import Bet, Guess, Slip
from sim.rooms.steps import Step
from sim.scenario.quantity import Quantity
from sim.scenario.world import restated
from tests.rooms.rooms import BREAKS, LOSS, small
from ui import room_qr, room_words

SHOP = small()
LOST = Question(measure="revenue_lost_per_year")
FOUND = Estimate(1_000.0, 900.0, 1_100.0)
PEOPLE = [Person(1, "Anna"), Person(2, "Bo")]


def test_the_answer_has_its_interval_or_says_why_not() -> None:
    assert room_words.answer(SHOP, LOST, FOUND) == "£1,000 (95% interval £900 to £1,100)"
    assert room_words.answer(SHOP, LOST, Estimate(1_000.0, None, None)) == "£1,000 (one run has no interval)"
    assert room_words.answer(SHOP, LOST, Estimate(None, None, None)).startswith("—")


@pytest.mark.parametrize(
    ("bets", "said"),
    [
        ({1: Bet(value=950, named=True), 2: Bet(value=2_000)}, "Nearest with £950: Anna. 1 of 2 within the interval."),
        ({1: Bet(value=950), 2: Bet(value=2_000, named=True)}, "Nearest with £950: somebody who keeps their name."),
        ({1: Bet(value=950, named=True), 2: Bet(value=1_050)}, "Anna and somebody who keeps their name. 2 of 2"),
        ({}, "Nobody has bet."),
    ],
)
def test_the_nearest_is_named_only_if_they_allowed_it(bets: dict[int, Bet], said: str) -> None:
    assert said in room_words.nearest(SHOP, LOST, bets, PEOPLE, FOUND)


def test_the_bets_are_set_against_the_answer() -> None:
    slips = [Slip(person, "", 1, Bet(value=value), 1) for person, value in ((1, 500), (2, 1_500), (3, 800))]
    said = room_words.bets_said(SHOP, LOST, room_words.bets_of(slips), FOUND)
    assert said.startswith("3 bets, from £500 to £1,500, half of them below £800. The answer: £1,000 (95%")
    assert said.endswith("1 of 3 bets lay above it.")


def test_what_was_changed_is_said_with_both_ranges() -> None:
    said = Quantity(low=0.01, mode=0.02, high=0.04, unit="share of trips", evidence="D", source="the room")
    after = restated(SHOP, {BREAKS: said})
    changed = room_words.changed(SHOP, after, BREAKS)
    assert changed == "Breakages per trip: was 1.0% (from 0.20% to 3.0%), is now 2.0% (from 1.0% to 4.0%)."
    assert "left at" in room_words.changed(SHOP, after, LOSS)


def test_every_step_but_the_first_is_announced() -> None:
    assert len({room_words.coming(step) for step in Step if step is not Step.LOBBY}) == len(Step) - 1
    assert room_words.coming(None) == "This was the last step."


def test_numbers_are_read_back_in_their_unit() -> None:
    assert room_words.guess_said(Guess(low=0.01, mode=0.02, high=0.03), "share") == "1.0% to 3.0%, most likely 2.0%"


def test_the_picture_leads_to_the_room_and_carries_no_markup() -> None:
    link = room_qr.join_link("http://shop.example:8501/workshop/", "CDF346")
    assert link == "http://shop.example:8501/workshop?room=CDF346"
    picture = room_qr.picture(link + '"><script>')
    assert "<script" not in picture
    assert picture.count("<") == 1


@pytest.mark.parametrize(("page", "only"), [("http://localhost:8501/workshop", True), ("http://10.0.0.4/w", False)])
def test_an_address_that_no_phone_can_reach_is_known(page: str, only: bool) -> None:
    assert room_qr.only_here(page) is only
