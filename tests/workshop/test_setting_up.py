"""Setting a room up otherwise, and taking somebody out: what nobody can mean any more goes, and nothing else."""

import pytest
from sqlalchemy import select

from sim.saved.database import PEOPLE, Database
from sim.workshop import people
from sim.workshop.people import Bet, FixPlan, Guess, everything_of, hand_in
from sim.workshop.room import MovedOnError, NotYoursError, Person, Question, Settings, Step
from sim.workshop.rooms import Opened, pulse_of, room_of
from sim.workshop.setting_up import remove, set_up, unfit
from tests.workshop.rooms import BREAKS, FIX, LOSS, ROOF, SETTINGS, again, led, opened, seated, small

SHOP = small()
GUESS = Guess(low=0.01, mode=0.02, high=0.03)
OTHER = SETTINGS.model_copy(update={"question": Question(measure="contribution", fixes=(FIX,))})
RICH = SETTINGS.model_copy(update={"guesses": (LOSS,), "budget": None})
POOR = SETTINGS.model_copy(update={"budget": 400})


@pytest.fixture
def room(database: Database) -> Opened:
    """A room back at its lobby: two people have bet, guessed, and said what they would mend."""
    room = opened(database)
    seats = [seated(database, room, name) for name in ("Anna", "Bo")]
    for step, key, said in (
        (Step.BETS, "", (Bet(value=1), Bet(value=2))),
        (Step.GUESSES, BREAKS, (GUESS, GUESS)),
        (Step.PLANS, "", (FixPlan(fixes=(FIX,)), FixPlan(fixes=(ROOF,)))),
    ):
        led(database, room, step)
        for seat, one in zip(seats, said, strict=True):
            hand_in(database, again(database, room, seat), SHOP, key, one)
    led(database, room, Step.LOBBY)
    return room


def kinds(database: Database, room: Opened) -> list[str]:
    return sorted(type(one.said).__name__ for one in everything_of(database, room.code, room.host).submissions)


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        (OTHER, ["Guess", "Guess", "FixPlan", "FixPlan"]),
        (POOR, ["Bet", "Bet", "Guess", "Guess", "FixPlan"]),
        (RICH, ["Bet", "Bet", "Guess", "Guess", "FixPlan", "FixPlan"]),
    ],
)
def test_only_answers_to_what_is_asked_no_more_are_taken_out(
    database: Database, room: Opened, settings: Settings, left: list[str]
) -> None:
    seen, before = room_of(database, room.code), everything_of(database, room.code, room.host).submissions
    told = unfit(SHOP, seen.settings, settings, before)
    now = set_up(database, room.host, seen, settings, SHOP)
    assert now.settings == settings
    assert kinds(database, room) == sorted(left)
    assert len(told) == len(before) - len(left)


def test_a_new_question_can_be_bet_on_though_the_one_before_was_answered(database: Database, room: Opened) -> None:
    assert led(database, room, Step.BETS).locked
    led(database, room, Step.LOBBY)
    set_up(database, room.host, room_of(database, room.code), OTHER, SHOP)
    assert not led(database, room, Step.BETS).locked
    led(database, room, Step.REVEAL)
    assert led(database, room, Step.GUESSES).locked  # the pool was not asked anew


def test_other_numbers_can_be_guessed_at_though_a_pool_was_shown(database: Database, room: Opened) -> None:
    for step in (Step.REVISE, Step.AGREED, Step.LOBBY):
        led(database, room, step)
    set_up(database, room.host, room_of(database, room.code), RICH, SHOP)
    for step in (Step.GUESSES, Step.REVISE):
        assert not led(database, room, step).locked
    assert led(database, room, Step.BETS).locked  # the question is the same


def test_whatever_is_taken_out_every_page_notices(database: Database, room: Opened) -> None:
    before = pulse_of(database, room.code)
    set_up(database, room.host, room_of(database, room.code), OTHER, SHOP)
    after = pulse_of(database, room.code)
    assert after.version > before.version
    assert after.version + after.handed_in > before.version + before.handed_in


def test_a_room_is_set_up_by_its_facilitator_who_has_seen_the_latest(database: Database, room: Opened) -> None:
    seen = room_of(database, room.code)
    with pytest.raises(NotYoursError):
        set_up(database, "guess", seen, OTHER, SHOP)
    led(database, room, hidden=True)
    for late in (lambda: set_up(database, room.host, seen, OTHER, SHOP), lambda: remove(database, room.host, seen, 1)):
        with pytest.raises(MovedOnError):
            late()
    assert len(kinds(database, room)) == 6


def test_somebody_taken_out_is_gone_with_all_that_they_said(database: Database) -> None:
    room = opened(database)
    seats = [seated(database, room, name) for name in ("Anna", "Anna", "Bo")]
    led(database, room, Step.BETS)
    for seat in seats:
        hand_in(database, again(database, room, seat), SHOP, "", Bet(value=seat.person.id))
    now = remove(database, room.host, room_of(database, room.code), 1)
    found = everything_of(database, room.code, room.host)
    assert found.people == (Person(2, "Anna"), Person(3, "Bo"))
    assert [one.person for one in found.submissions] == [2, 3]
    assert now.made is None
    with pytest.raises(MovedOnError, match="taken out of this room"):
        hand_in(database, again(database, room, seats[0]), SHOP, "", Bet(value=9))


def test_nobody_gets_the_number_of_somebody_taken_out_even_by_their_name(database: Database) -> None:
    room = opened(database)
    anna = seated(database, room, "Anna")
    led(database, room, Step.BETS)
    remove(database, room.host, room_of(database, room.code), anna.person.id)
    assert pulse_of(database, room.code).people == 0
    namesake = seated(database, room, "Anna")
    assert namesake.person == Person(2, "Anna")
    with pytest.raises(MovedOnError, match="taken out of this room"):
        hand_in(database, again(database, room, anna), SHOP, "", Bet(value=9))
    found = everything_of(database, room.code, room.host)
    assert (found.people, found.submissions) == ((Person(2, "Anna"),), ())


def test_somebody_taken_out_leaves_a_place_and_no_name_or_token(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST_PEOPLE", 1)
    room = opened(database)
    people.join(database, room.code, "Anna", "her token")
    remove(database, room.host, room_of(database, room.code), 1)
    with pytest.raises(NotYoursError):
        people.seat_of(database, room.code, "her token")
    assert people.join(database, room.code, "Bo", "another token") == Person(2, "Bo")
    with database.reading() as connection:
        rows = connection.execute(select(PEOPLE.c.name).where(PEOPLE.c.room == room.code)).scalars()
        assert "Anna" not in list(rows)
