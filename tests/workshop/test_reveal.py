"""The answer that is bet on: what a plain comparison gives, simulated once; and tries that are counted."""

from pathlib import Path

import pytest

from sim.experiments.cache import REPLICATION, Store
from sim.experiments.runs import Effort, compare, run
from sim.experiments.workers import Workers
from sim.scenario.faults import ScenarioError
from sim.scenario.world import world_of
from sim.workshop import rooms
from sim.workshop.leaderboard import RevealJob
from sim.workshop.room import Question
from sim.workshop.rooms import Tries, wait_said
from tests.workshop.rooms import FIX, small

EFFORT = Effort(seed=1, replications=3)


def found(question: Question, store: Store) -> RevealJob:
    with Workers() as workers:
        job = RevealJob(small(), question, EFFORT, store, workers)
        job.follow(lambda share: None)
        return job


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reveal")


@pytest.fixture(scope="module")
def store(folder: Path) -> Store:
    return Store(folder)


def test_what_a_fix_adds_is_the_difference_on_the_same_luck(store: Store) -> None:
    answer = found(Question(measure="contribution", fixes=(FIX,)), store).answer
    assert answer == compare(small(), world_of(small(), fixes=[FIX]), EFFORT).difference("contribution")


def test_a_level_is_that_of_the_business_as_it_stands(store: Store) -> None:
    answer = found(Question(measure="revenue_lost_per_year"), store).answer
    assert answer == run(small(), EFFORT).estimate("revenue_lost_per_year")


def test_asked_again_it_is_not_simulated_again(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question(measure="contribution")
    first = found(question, store).answer
    monkeypatch.setattr(REPLICATION, "make", None)
    assert found(question, Store(folder)).answer == first


def test_fixes_that_nobody_knows_are_refused(store: Store) -> None:
    with pytest.raises(ScenarioError, match="no_such"):
        found(Question(measure="contribution", fixes=("no_such",)), store)


def test_after_some_wrong_tries_there_is_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Tries(most=3)
    for _ in range(2):
        counted.count()
    assert counted.seconds_to_wait == 0
    counted.count()
    wait = counted.seconds_to_wait
    assert 55 <= wait <= 61
    assert str(wait) in wait_said(wait)
    monkeypatch.setattr(rooms, "WINDOW_SECONDS", 0.0)
    assert counted.seconds_to_wait == 0
