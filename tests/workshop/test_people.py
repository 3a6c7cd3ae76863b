"""Coming in and handing in: one's own place, nobody else's, and nothing lost or taken too late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest

from sim.saved.database import ROOMS, Database
from sim.workshop import people
from sim.workshop.people import (
    Bet,
    FixPlan,
    Guess,
    Submission,
    everything_of,
    hand_in,
    join,
    name_of,
    seat_of,
    shown_to,
)
from sim.workshop.room import MovedOnError, NoRoomError, NotYoursError, OverError, Person, RefusedError, RoomError, Step
from sim.workshop.rooms import Opened, pulse_of, room_of
from sim.workshop.setting_up import set_up, voices_of
from tests.waiting import PATIENCE
from tests.workshop.rooms import BREAKS, FIX, again, led, opened, seated, small
from tests.workshop.visitors import all_handed_in

SHOP = small()
GUESS = Guess(low=0.01, mode=0.02, high=0.03)


def test_people_come_back_to_their_own_place_with_what_they_entered(database: Database) -> None:
    room = opened(database)
    for name in ("Anna", "Bo"):
        join(database, room.code, name, f"token of {name}")
    led(database, room, Step.BETS)
    for name, value in (("Anna", 100), ("Bo", 200)):
        hand_in(database, seat_of(database, room.code, f"token of {name}"), SHOP, "", Bet(value=value))
    bo = seat_of(database, room.code, "token of Bo")
    assert bo.person == Person(2, "Bo")
    assert bo.submissions == (Submission(2, "", 1, Bet(value=200), 1),)


def test_joining_twice_by_one_token_is_joining_once(database: Database) -> None:
    room = opened(database)
    assert join(database, room.code, "Anna", "t") == join(database, room.code, "Anna again", "t") == Person(1, "Anna")
    assert len(everything_of(database, room.code, room.host).people) == 1


@pytest.mark.attack
def test_a_wrong_code_or_token_opens_nothing(database: Database) -> None:
    room = opened(database)
    with pytest.raises(NoRoomError):
        join(database, "CDF346", "Anna", "t")
    for token in ("", "t", room.host, "'; DROP TABLE people; --"):
        with pytest.raises(NotYoursError):
            seat_of(database, room.code, token)


@pytest.mark.parametrize("given", ["", "   ", "\n\t", "x" * 31, "\u202e\u200b"])
def test_a_name_that_says_nothing_or_too_much_is_refused(given: str) -> None:
    with pytest.raises(RefusedError, match="1 to 30"):
        name_of(given)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Anna  Lee ", "Anna Lee"),
        ("<b>Bo</b>", "<b>Bo</b>"),
        ("An\x00na\u202e", "Anna"),
        ("An\tna\n", "An na"),
        ("Zoë 李", "Zoë 李"),
    ],
)
def test_a_name_is_text_without_what_cannot_be_seen(given: str, shown: str) -> None:
    assert name_of(given) == shown


def test_a_room_holds_so_many_and_no_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_PEOPLE", 2)
    room = opened(database)
    for name in ("Anna", "Bo"):
        join(database, room.code, name, name)
    with pytest.raises(RefusedError, match="full: 2 people"):
        join(database, room.code, "Cy", "Cy")
    assert join(database, room.code, "Anna", "Anna") == Person(1, "Anna")


def test_handing_in_again_replaces_ones_own_slip_alone(database: Database) -> None:
    room = opened(database)
    anna, bo = seated(database, room, "Anna"), seated(database, room, "Bo")
    led(database, room, Step.BETS)
    for seat, value in ((anna, 1), (bo, 2), (anna, 3)):
        hand_in(database, again(database, room, seat), SHOP, "", Bet(value=value))
    found = everything_of(database, room.code, room.host).submissions
    assert found == (Submission(1, "", 1, Bet(value=3), 2), Submission(2, "", 1, Bet(value=2), 1))


def test_a_revised_guess_stands_beside_the_first(database: Database) -> None:
    room = opened(database)
    anna = seated(database, room, "Anna")
    for step, guess in ((Step.GUESSES, GUESS), (Step.REVISE, GUESS.model_copy(update={"high": 0.05}))):
        led(database, room, step)
        hand_in(database, again(database, room, anna), SHOP, BREAKS, guess)
    found = everything_of(database, room.code, room.host).submissions
    assert [(one.round, one.said.high) for one in found if isinstance(one.said, Guess)] == [
        (1, 0.03),
        (2, 0.05),
    ]


def test_a_first_word_given_after_a_revised_one_counts(database: Database) -> None:
    room = opened(database)
    anna, bo = seated(database, room, "Anna"), seated(database, room, "Bo")
    late = GUESS.model_copy(update={"high": 0.08})
    for step, guess in ((Step.GUESSES, GUESS), (Step.REVISE, GUESS), (Step.GUESSES, late)):
        led(database, room, step, locked=False)
        before = pulse_of(database, room.code).handed_in
        for seat in (anna, bo)[: 1 if guess is late else 2]:
            hand_in(database, again(database, room, seat), SHOP, BREAKS, guess)
        assert pulse_of(database, room.code).handed_in > before
    submissions = everything_of(database, room.code, room.host).submissions
    assert voices_of(submissions, BREAKS) == {1: late.voice, 2: GUESS.voice}
    assert [(one.person, one.round) for one in submissions] == [(1, 1), (2, 1), (2, 2)]


def locked(database: Database, room: Opened) -> None:
    led(database, room, locked=True)


def moved_on(database: Database, room: Opened) -> None:
    led(database, room, Step.REVEAL)


def closed(database: Database, room: Opened) -> None:
    led(database, room, closed=True)


def asked_otherwise(database: Database, room: Opened) -> None:
    seen = room_of(database, room.code)
    set_up(database, room.host, seen, seen.settings.model_copy(update={"guesses": ()}), SHOP)


@pytest.mark.parametrize(
    ("meanwhile", "error", "said"),
    [
        (locked, MovedOnError, "locked by now. What you gave was not handed in"),
        (moved_on, MovedOnError, "moved on to “The answer”. What you gave was not handed in"),
        (closed, OverError, "This room is closed"),
        (asked_otherwise, MovedOnError, "asks for something else"),
    ],
)
def test_what_comes_too_late_is_refused_and_said_to_be(
    database: Database, meanwhile: Callable[[Database, Opened], None], error: type[RoomError], said: str
) -> None:
    room = opened(database)
    anna = seated(database, room, "Anna")
    led(database, room, Step.BETS)
    seat = again(database, room, anna)
    meanwhile(database, room)
    with pytest.raises(error, match=said):
        hand_in(database, seat, SHOP, "", Bet(value=1))
    assert everything_of(database, room.code, room.host).submissions == ()


def test_a_step_takes_only_what_it_asks_for(database: Database) -> None:
    room = opened(database)
    anna = seated(database, room, "Anna")
    led(database, room, Step.BETS)
    for key, said in ((BREAKS, GUESS), ("", FixPlan(fixes=(FIX,)))):
        with pytest.raises(MovedOnError):
            hand_in(database, again(database, room, anna), SHOP, key, said)
    with pytest.raises(MovedOnError):
        hand_in(database, replace(anna, room=room_of(database, room.code).at(Step.LOBBY)), SHOP, "", Bet(value=1))


def test_names_are_shown_to_the_room_only_of_those_who_allowed_it(database: Database) -> None:
    room = opened(database)
    anna, bo = seated(database, room, "Anna"), seated(database, room, "Bo")
    led(database, room, Step.BETS)
    hand_in(database, again(database, room, anna), SHOP, "", Bet(value=1, named=True))
    hand_in(database, again(database, room, bo), SHOP, "", Bet(value=2))
    assert shown_to(database, bo).people == (Person(1, "Anna"),)


def test_of_a_lock_and_slips_at_the_same_moment_each_slip_is_kept_or_refused(database: Database) -> None:
    room = opened(database)
    seats = [seated(database, room, f"P{number}") for number in range(8)]
    led(database, room, Step.BETS)
    seats = [again(database, room, seat) for seat in seats]

    def bet(number: int) -> bool:
        if number == 4:
            led(database, room, locked=True)
            return False
        try:
            hand_in(database, seats[number], SHOP, "", Bet(value=number))
        except MovedOnError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        acknowledged = list(pool.map(bet, range(8)))
    kept = {one.person for one in everything_of(database, room.code, room.host).submissions}
    assert kept == {number + 1 for number, done in enumerate(acknowledged) if done}
    assert room_of(database, room.code).locked


def test_a_slip_waits_for_a_lock_under_way_and_is_then_refused(database: Database) -> None:
    room = opened(database)
    anna = seated(database, room, "Anna")
    led(database, room, Step.BETS)
    seat = again(database, room, anna)
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as connection:
            connection.execute(ROOMS.update().where(ROOMS.c.code == room.code).values(locked=True))
            one = pool.submit(hand_in, database, seat, SHOP, "", Bet(value=1))
            assert not wait([one], timeout=0.3).done
        with pytest.raises(MovedOnError, match="locked"):
            one.result(PATIENCE)
    assert everything_of(database, room.code, room.host).submissions == ()


@pytest.mark.attack
def test_of_many_processes_at_once_nothing_is_lost(database: Database, url: str) -> None:
    room = opened(database)
    led(database, room, Step.BETS)
    assert all_handed_in(url, room.code, processes=3, each=8) == 24
    found = everything_of(database, room.code, room.host)
    assert [person.id for person in found.people] == list(range(1, 25))
    names = {person.id: person.name for person in found.people}
    assert {names[one.person]: one.said for one in found.submissions} == {
        f"{process}-{number}": Bet(value=100 * process + number) for process in range(3) for number in range(8)
    }
    assert all(one.version == 2 for one in found.submissions)
