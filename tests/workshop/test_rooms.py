"""Rooms: codes and tokens, leading from step to step, conflicts shown, and an end."""

import re
import time
from dataclasses import replace

import pytest
from sqlalchemy import select

from sim.saved.database import PEOPLE, ROOMS, SUBMISSIONS, Database
from sim.workshop import rooms
from sim.workshop.people import Bet, everything_of, hand_in, join, seat_of
from sim.workshop.room import (
    LENGTH,
    LETTERS,
    MovedOnError,
    NoRoomError,
    NotYoursError,
    OverError,
    RoomError,
    Step,
    beside,
    new_code,
    tidy,
    way,
)
from sim.workshop.rooms import Pulse, change, is_host, pulse_of, room_of
from tests.workshop.rooms import SETTINGS, again, led, opened, seated, small


def test_a_code_has_no_letters_that_look_alike_and_is_no_word() -> None:
    codes = [new_code() for _ in range(200)]
    assert all(re.fullmatch(f"[{LETTERS}]{{{LENGTH}}}", code) for code in codes)
    assert len(set(codes)) == 200
    assert not set(LETTERS) & set("AEIOU01258BLSZ")


@pytest.mark.parametrize("typed", ["cdf 346", "CDF-346", " Cdf346 "])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert tidy(typed) == "CDF346"


def test_a_room_opens_at_the_lobby_and_is_found_by_its_code(database: Database) -> None:
    room = opened(database)
    found = room_of(database, f" {room.code[:3].lower()} {room.code[3:]} ")
    assert (found.code, found.step, found.version) == (room.code, Step.LOBBY, 1)
    assert found.settings == SETTINGS
    assert not (found.locked or found.hidden or found.closed or found.is_over)


@pytest.mark.attack
def test_wrong_codes_are_all_answered_alike(database: Database) -> None:
    room = opened(database)
    said = set()
    for code in ("CDF346", "", "~", room.code + "C", "C" * 10_000, "' OR 1=1 --"):
        with pytest.raises(NoRoomError) as error:
            room_of(database, code)
        said.add(str(error.value))
    assert len(said) == 1


@pytest.mark.attack
def test_only_hashes_of_tokens_are_stored(database: Database) -> None:
    room = opened(database)
    join(database, room.code, "Anna", "a token of 128 bits")
    with database.reading() as connection:
        rows = connection.execute(select(ROOMS).where(ROOMS.c.code == room.code)).all()
        people = connection.execute(select(PEOPLE).where(PEOPLE.c.room == room.code)).all()
    stored = [*rows[0], *people[0]]
    assert room.host not in stored
    assert "a token of 128 bits" not in stored
    assert len(room.host) >= 22


@pytest.mark.attack
def test_only_the_facilitator_leads(database: Database) -> None:
    room, other = opened(database), opened(database)
    assert is_host(database, room.code, room.host)
    assert not is_host(database, room.code, other.host)
    seen = room_of(database, room.code)
    for wrong in (other.host, "", "x" * 1_000):
        with pytest.raises(NotYoursError):
            change(database, wrong, seen, seen.at(Step.BETS))
        with pytest.raises(NotYoursError):
            everything_of(database, room.code, wrong)
    assert room_of(database, room.code) == seen


def test_a_change_that_has_not_seen_the_latest_is_not_made(database: Database) -> None:
    room = opened(database)
    seen = room_of(database, room.code)
    change(database, room.host, seen, seen.at(Step.BETS))
    with pytest.raises(MovedOnError, match="changed elsewhere"):
        change(database, room.host, seen, replace(seen, hidden=True))
    now = room_of(database, room.code)
    assert (now.step, now.hidden, now.version) == (Step.BETS, False, 2)


def test_a_step_unlocks_and_before_the_numbers_are_agreed_there_are_none(database: Database) -> None:
    room = opened(database)
    led(database, room, Step.AGREED, made="~kept", locked=True)
    later = led(database, room, Step.PLANS)
    assert (later.made, later.locked) == ("~kept", False)
    assert led(database, room, Step.REVISE).made is None


def test_a_step_that_was_over_is_locked_whichever_way_one_comes_to_it_again(database: Database) -> None:
    room = opened(database)
    for step in (Step.BETS, Step.LOBBY, Step.BETS):
        assert not led(database, room, step).locked  # nothing was shown yet
    led(database, room, Step.REVEAL)
    back = led(database, room, Step.BETS)
    assert (back.locked, back.is_late) == (True, True)
    unlocked = led(database, room, locked=False)
    assert (unlocked.locked, unlocked.is_late) == (False, True)
    led(database, room, Step.LOBBY)
    assert led(database, room, Step.BETS).locked  # from before as from behind
    led(database, room, Step.REVEAL)
    assert not led(database, room, Step.GUESSES).locked


def test_a_bet_is_refused_once_the_answer_was_shown(database: Database) -> None:
    room = opened(database)
    anna = seated(database, room, "Anna")
    for step in (Step.BETS, Step.REVEAL, Step.BETS):
        led(database, room, step)
    with pytest.raises(MovedOnError, match="locked"):
        hand_in(database, again(database, room, anna), small(), "", Bet(value=1))


def test_a_closed_room_takes_nothing_but_to_be_opened_again(database: Database) -> None:
    room = opened(database)
    anna = seated(database, room, "Anna")
    led(database, room, closed=True)
    with pytest.raises(OverError, match="closed"):
        led(database, room, Step.BETS)
    with pytest.raises(OverError, match="closed"):
        seated(database, room, "Bo")
    assert led(database, room, closed=False).closed is False
    assert seated(database, room, "Bo").person.id == anna.person.id + 1


def test_of_a_room_that_is_over_results_can_still_be_hidden_and_shown(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = opened(database)
    led(database, room, closed=True)
    assert led(database, room, hidden=True).hidden
    with pytest.raises(OverError, match="closed"):
        led(database, room, Step.BETS, hidden=False)
    later = room_of(database, room.code).expires + 1
    monkeypatch.setattr(time, "time", lambda: later)
    shown = led(database, room, hidden=False)
    assert (shown.hidden, shown.closed, shown.expired) == (False, True, True)
    with pytest.raises(OverError, match="expired"):
        led(database, room, closed=False)


def test_a_room_expires(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "LIFETIME_SECONDS", -1)
    room = opened(database)
    assert room_of(database, room.code).expired
    for attempt in (lambda: led(database, room, closed=True), lambda: seated(database, room, "Anna")):
        with pytest.raises(OverError, match="expired"):
            attempt()


def test_a_month_after_it_expired_a_room_is_deleted_with_its_people(database: Database) -> None:
    room, other = opened(database), opened(database)
    anna = seated(database, room, "Anna")
    led(database, room, Step.BETS)
    hand_in(database, again(database, room, anna), small(), "", Bet(value=1))
    led(database, room, Step.REVEAL)
    with database.writing() as connection:
        long_ago = int(time.time()) - rooms.KEPT_SECONDS - 1
        connection.execute(ROOMS.update().where(ROOMS.c.code == room.code).values(expires=long_ago))
    opened(database)
    with pytest.raises(NoRoomError):
        room_of(database, room.code)
    with database.reading() as connection:
        assert not connection.execute(select(PEOPLE).where(PEOPLE.c.room == room.code)).first()
        assert not connection.execute(select(SUBMISSIONS).where(SUBMISSIONS.c.room == room.code)).first()
    assert room_of(database, other.code)


def test_there_is_an_end_to_how_many_rooms_are_open(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_of(database, opened(database).code)
    with database.reading() as connection:
        there = len(connection.execute(select(ROOMS.c.code).where(ROOMS.c.expires > time.time())).all())
    monkeypatch.setattr(rooms, "MOST", there)
    with pytest.raises(RoomError, match=f"rooms of the last seven days are here; allowed: {there}. Try again"):
        opened(database)
    monkeypatch.setattr(time, "time", lambda: room.expires + 1)
    opened(database)


def test_a_pulse_changes_with_whatever_happens(database: Database) -> None:
    room = opened(database)
    assert pulse_of(database, room.code) == Pulse(1, 0, 0)
    seated(database, room, "Anna")
    assert pulse_of(database, room.code) == Pulse(1, 1, 0)
    led(database, room, hidden=True)
    assert pulse_of(database, room.code) == Pulse(2, 1, 0)


@pytest.mark.attack
def test_nobody_is_seen_from_another_room(database: Database) -> None:
    one, other = opened(database), opened(database)
    join(database, one.code, "Anna", "her token")
    with pytest.raises(NotYoursError):
        seat_of(database, other.code, "her token")
    assert everything_of(database, other.code, other.host).people == ()


def test_a_room_without_guesses_or_fixes_leaves_their_steps_out() -> None:
    assert way(["a path"], has_fixes=True) == tuple(Step)
    short = way([], has_fixes=False)
    assert short == (Step.LOBBY, Step.BETS, Step.REVEAL, Step.OUTCOME)
    assert beside(short, Step.REVEAL, 1) is Step.OUTCOME
    assert beside(short, Step.LOBBY, -1) is beside(short, Step.OUTCOME, 1) is None
