"""The room's own numbers: pooled by the latest word of each, with their provenance, in a scenario of their own."""

from datetime import date

import pytest

from sim.saved import documents
from sim.saved.database import Database
from sim.scenario.paths import quantity_at
from sim.workshop.opinion_pool import Voice
from sim.workshop.people import Bet, Guess, Submission
from sim.workshop.room import Room, Step
from sim.workshop.setting_up import agreed, made, pool_of, voices_of
from tests.workshop.rooms import BREAKS, LOSS, MARGIN, SETTINGS, shop, small

POOL = "assets.trolleys.pool"
ON = date(2026, 11, 22)
ROOM = Room("CDF346", 7, "~x", None, Step.AGREED, False, False, False, SETTINGS, 2**40)


def submission(person: int, path: str, *said: float, round: int = 1) -> Submission:
    low, mode, high = said
    return Submission(person, path, round, Guess(low=low, mode=mode, high=high), 1)


SLIPS = (
    Submission(1, "", 1, Bet(value=3), 1),
    submission(1, BREAKS, 0.01, 0.02, 0.03),
    submission(1, BREAKS, 0.02, 0.03, 0.04, round=2),
    submission(2, BREAKS, 0.01, 0.02, 0.03),
)


def test_the_latest_word_of_each_counts() -> None:
    assert voices_of(SLIPS, BREAKS) == {1: Voice(0.02, 0.03, 0.04), 2: Voice(0.01, 0.02, 0.03)}
    assert voices_of(SLIPS, BREAKS, rounds=1) == {1: Voice(0.01, 0.02, 0.03), 2: Voice(0.01, 0.02, 0.03)}
    assert voices_of(SLIPS, LOSS) == {}
    assert pool_of(SLIPS, LOSS) is None


def test_the_pool_becomes_the_range_and_says_where_it_comes_from(database: Database) -> None:
    found = agreed(small(), ROOM, SLIPS, ON)
    assert list(found) == [BREAKS]  # nobody guessed at the other
    one = found[BREAKS]
    assert one.low is not None and one.mode is not None and one.high is not None
    assert 0.01 <= one.low < one.mode < one.high <= 0.04
    assert (one.evidence, one.unit) == ("D", "share of trips")
    assert one.source == "pooled from 2 people in a workshop on 2026-11-22, revised once"
    name = made(database, shop(), found)
    kept = documents.load(database, name)
    assert quantity_at(kept, BREAKS) == one
    assert quantity_at(kept, MARGIN) == quantity_at(small(), MARGIN)


def test_a_room_may_believe_what_lies_beyond_a_lever(database: Database) -> None:
    """And what it believes of another number is put in beside it."""
    settings = SETTINGS.model_copy(update={"guesses": (BREAKS, POOL)})
    room = Room("CDF346", 7, "~x", None, Step.AGREED, False, False, False, settings, 2**40)
    submissions = (submission(1, BREAKS, 0.1, 0.2, 0.3), submission(1, POOL, 50, 60, 70))
    kept = documents.load(database, made(database, shop(), agreed(small(), room, submissions, ON)))
    assert [quantity_at(kept, path).value for path in (BREAKS, POOL)] == [0.2, 60]
    assert {lever.path: lever.max for lever in kept.levers[:2]} == {BREAKS: 0.2, POOL: 60}


def test_without_a_second_round_nobody_is_said_to_have_revised() -> None:
    one = agreed(small(), ROOM, (submission(2, BREAKS, 0.01, 0.02, 0.03),), ON)[BREAKS]
    assert one.source == "pooled from one person in a workshop on 2026-11-22"
    assert (one.low, one.mode, one.high) == (0.01, 0.02, 0.03)


@pytest.mark.parametrize("value", [9.0, 12.0])
def test_whole_numbers_stay_whole(value: float) -> None:
    settings = SETTINGS.model_copy(update={"guesses": (POOL,)})
    room = Room("CDF346", 7, "~x", None, Step.AGREED, False, False, False, settings, 2**40)
    said = (submission(1, POOL, value, value, value + 1), submission(2, POOL, value - 2, value, value))
    one = agreed(small(), room, said, ON)[POOL]
    assert all(isinstance(end, int) for end in (one.low, one.mode, one.high))
