"""What is compiled before anybody waits for it."""

import pytest

from sim.experiments import warmth
from sim.experiments.library import load, names
from sim.experiments.price import expected_visits
from sim.experiments.task import Task


def test_warming_simulates_a_week_of_the_smallest_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated: list[Task] = []
    monkeypatch.setattr(warmth, "simulate", simulated.append)
    warmth.warm()
    (task,) = simulated
    worlds = [load(name).model_copy(update={"weeks": 1}) for name in names()]
    assert task.world in worlds
    assert expected_visits(task) == min(expected_visits(Task(world, 1, 0)) for world in worlds)
