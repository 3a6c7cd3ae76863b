"""The events as a table, filtered and taken away."""

import csv
import io

import pytest

from sim.engines.randomness import Luck
from sim.experiments.library import load
from sim.experiments.replay import watch
from sim.experiments.replay.words import Telling, tellings
from ui.replay import COLUMNS, file_of, frame, moment
from ui.text import MISSING

TINY = load("tiny").model_copy(update={"weeks": 2, "warm_up_days": 7})


@pytest.fixture(scope="module")
def told() -> list[Telling]:
    return list(tellings(watch(TINY, Luck(1, 0), 0.0, 1_440.0)))


def test_everything_or_only_what_went_wrong(told: list[Telling]) -> None:
    everything, wrong = frame(TINY, told, only_wrong=False), frame(TINY, told, only_wrong=True)
    assert tuple(everything.columns) == COLUMNS
    assert len(everything) == len(told) > len(wrong) == sum(one.is_wrong for one in told) > 0
    assert everything["When"].iloc[0].startswith("2026-01-05 09:")
    assert "A long queue. Waits on." in set(wrong["What happened"])


def test_who_stays_away_is_a_row_without_a_visitor_or_a_place() -> None:
    """Where that is decided before paying, one who leaves for good makes no visit to be seen on."""
    leaving = TINY.customers.leaving.model_copy(update={"decides": "before_paying"})
    world = TINY.model_copy(update={"customers": TINY.customers.model_copy(update={"leaving": leaving})})
    rows = frame(world, list(tellings(watch(world, Luck(1, 0), 0.0, 14 * 1_440.0))), only_wrong=True)
    away = rows[rows["What happened"] == "A customer who was due does not come, and will not come again."]
    assert len(away) > 0
    assert set(away["Who"]) == set(away["Where"]) == {MISSING}


def test_a_minute_is_a_date_and_a_time() -> None:
    assert moment(TINY, 24 * 60 + 75.9) == "2026-01-06 01:15"


def test_nothing_in_the_file_begins_a_formula(told: list[Telling]) -> None:
    evil = told[0].__class__(told[0].event, "=1+1", "@here", "+SUM(A1)", False)
    text = file_of(frame(TINY, [evil, *told], only_wrong=False)).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(COLUMNS)
    assert rows[1][1:] == ["'=1+1", "'@here", "'+SUM(A1)"]
    assert len(rows) == len(told) + 2
