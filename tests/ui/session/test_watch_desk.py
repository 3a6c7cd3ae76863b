"""Where what is watched is simulated: one at a time, superseded and let go."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from sim.experiments.library import load
from sim.experiments.replay import WatchJob
from sim.experiments.workers import Workers
from tests.waiting import PATIENCE
from ui.session import replay
from ui.session.replay import WatchDesk

TINY = load("tiny").model_copy(update={"weeks": 2, "warm_up_days": 0})


class Asked:
    def __init__(self, world: Any, seed: int, part: int, workers: Any) -> None:
        self.world, self.part, self.stopped = world, part, False

    def stop(self) -> None:
        self.stopped = True

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        pass


def ask(desk: WatchDesk, weeks: int, part: int = 0) -> Asked:
    world = TINY.model_copy(update={"weeks": weeks})
    return cast(Asked, desk.watch(world, 1, part, cast(Workers, None)))


def test_the_same_is_asked_once_and_another_world_or_part_supersedes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "WatchJob", Asked)
    desk = WatchDesk()
    first = ask(desk, 2)
    assert ask(desk, 2) is first
    second = ask(desk, 3)
    third = ask(desk, 3, part=1)
    assert (first.stopped, second.stopped, third.stopped) == (True, True, False)
    desk.__del__()
    assert third.stopped


def test_a_span_is_made_ready_once() -> None:
    with Workers(1) as workers:
        desk = WatchDesk()
        job = desk.watch(TINY, 1, 0, workers)
        job.wait(PATIENCE)
        assert isinstance(job, WatchJob)
        assert job.watched is not None
        monday = desk.shown(job, job.watched, 0)
        assert desk.shown(job, job.watched, 0) is monday
        wednesday = desk.shown(job, job.watched, 2)
        assert monday.data["name"] != wednesday.data["name"]
        assert wednesday.data["days"][0] == "Wed 7 Jan"
