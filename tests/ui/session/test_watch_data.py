"""What the player of a watched stretch is given: whole, plain, and nothing that is not JSON."""

import json

import pytest

from sim.engines.clock import WEEK
from sim.engines.people import Kind
from sim.engines.randomness import Luck
from sim.experiments.library import load
from sim.experiments.replay import Watched, watch
from sim.experiments.replay.words import Telling, tellings
from ui.session.replay import SPEEDS, Data, data_of

TINY = load("tiny").model_copy(update={"weeks": 2, "warm_up_days": 7})
COLUMNS = ("said", "minute", "kind", "visit", "place", "what", "detail", "wrong", "spent", "lost")


@pytest.fixture(scope="module")
def day() -> tuple[Watched, list[Telling], Data]:
    watched = watch(TINY, Luck(1, 0), 0.0, 2.0 * WEEK).between(0.0, 1_440.0)
    told = list(tellings(watched))
    return watched, told, data_of(watched, told, "tiny 0")


def test_every_event_is_a_row_of_the_columns_in_order_with_its_words(day: tuple[Watched, list[Telling], Data]) -> None:
    watched, told, data = day
    assert {len(data[name]) for name in COLUMNS} == {len(told)}
    assert [data["words"][said] for said in data["said"]] == [one.words for one in told]
    assert data["minute"] == sorted(data["minute"])
    assert len(data["segment"]) == len(data["counted"]) == len(watched.met)
    assert sum(data["spent"]) == watched.rows["revenue"].sum()
    assert sum(data["lost"]) == watched.rows["lost"].sum()


def test_it_is_plain_json(day: tuple[Watched, list[Telling], Data]) -> None:
    data = day[2]
    assert json.loads(json.dumps(data)) == data


def test_the_clock_runs_over_the_hours_in_which_something_happens(day: tuple[Watched, list[Telling], Data]) -> None:
    data = day[2]
    assert data["days"] == ["Mon 5 Jan"]
    assert data["opens"] == 9 * 60
    assert data["opens"] % 60 == data["closes"] % 60 == 0
    assert data["closes"] - 60 <= data["minute"][-1] < data["closes"]
    assert data["speed"] in SPEEDS


def test_places_things_and_people_are_the_scenarios(day: tuple[Watched, list[Telling], Data]) -> None:
    data = day[2]
    assert [place["label"] for place in data["places"]] == [one.label for one in TINY.journey]
    assert [place["next"] for place in data["places"]] == [[1], [2], [3], []]
    assert sorted(place for stage in data["stages"] for place in stage["places"]) == [0, 1, 2, 3]
    assert data["resources"][data["pools"][0]["workshop"]]["label"] == "Repairer"
    assert data["pools"][0]["size"] == 9
    assert data["kinds"]["is_refused"] == Kind.IS_REFUSED
    assert data["money"] == {"sign": "£", "minor": 100}


def test_where_nobody_comes_there_is_still_a_clock() -> None:
    watched = watch(TINY, Luck(1, 0), 0.0, 2.0 * WEEK).between(1_440.0, 1_441.0)
    data = data_of(watched, [], "none")
    assert (data["opens"], data["closes"], data["minute"]) == (0, 60, [])
