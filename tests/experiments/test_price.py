import pytest

from sim.experiments.library import load
from sim.experiments.price import (
    IN_THE_FILE,
    Budget,
    TooLargeError,
    expected_visits,
    price_of,
    spoken,
)
from sim.experiments.task import Task
from sim.scenario.world import world_of

TINY = load("tiny").model_copy(update={"weeks": 3})


def test_the_price_of_a_task_is_about_the_visits_it_simulates() -> None:
    alone = expected_visits(Task(TINY, 1, 0, with_unbroken=False))
    there = 300 + 2 * 3 / 2
    assert 0.97 * there * 0.8 * (3 + 2) < alone - 2 * 3 < there * 0.8 * (3 + 2)  # few leave in three weeks
    assert expected_visits(Task(TINY, 1, 0)) == pytest.approx(2 * alone)
    story = load("dodgy_trolley_story")
    assert expected_visits(Task(story, 1, 0, with_unbroken=False)) == pytest.approx(730 * 392 / 3)


def test_more_runs_cost_more_time_and_more_customers_more_memory() -> None:
    few, many = (price_of([Task(TINY, 1, number) for number in range(count)]) for count in (10, 100))
    assert many.seconds == pytest.approx(10 * few.seconds)
    assert many.memory_bytes == few.memory_bytes
    crowd = price_of([Task(world_of(TINY, {"customers.base": 1_000_000}), 1, 0)])
    assert crowd.memory_bytes > price_of([Task(TINY, 1, 0)]).memory_bytes + 2e8


def test_simpy_costs_many_times_more() -> None:
    compiled, simpy = (price_of([Task(TINY, 1, 0, engine=engine)]).seconds for engine in ("compiled", "simpy"))
    assert simpy > 20 * compiled


def test_a_refusal_says_the_price_what_is_allowed_and_what_to_lower() -> None:
    tasks = [Task(load("dodgy_trolley"), 1, number, "simpy") for number in range(50)]
    with pytest.raises(TooLargeError) as refused:
        Budget(minutes=2).check(tasks, "--replications (now 50)")
    said = str(refused.value)
    for part in (" visits, ", "minutes", "allowed: 2.0 minutes", "--replications (now 50)", "--weeks"):
        assert part in said
    assert "--engine compiled" in said
    Budget(minutes=600).check(tasks, "")


def test_too_little_memory_is_a_refusal_of_its_own() -> None:
    crowd = Task(world_of(TINY, {"customers.base": 10_000_000}), 1, 0)
    with pytest.raises(TooLargeError, match=r"allowed: 1.0 GB of memory. Lower --customers or --weeks"):
        Budget(memory_bytes=1e9).check([crowd], "")
    Budget(memory_bytes=1e11).check([crowd], "")


@pytest.mark.parametrize("budget", [Budget(memory_bytes=1e6), Budget(minutes=1e-9, memory_bytes=1e12)])
def test_where_there_are_no_options_none_is_named(budget: Budget) -> None:
    with pytest.raises(TooLargeError, match=r"Lower .*customers.base.* of the scenario\.") as refused:
        budget.check([Task(TINY, 1, 0)], "the number of runs", IN_THE_FILE)
    assert "--" not in str(refused.value)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.25, "0.2 seconds"), (42, "42 seconds"), (100, "1.7 minutes"), (3_000, "50 minutes"), (7_200, "2.0 hours")],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert spoken(seconds) == said


@pytest.mark.parametrize("sets", [{"customers.newcomers_per_week": 2_000}, {"segments.regulars.visits_times": 10}])
def test_newcomers_and_segments_that_come_often_cost_more(sets: dict[str, float]) -> None:
    plain, dearer = (price_of([Task(world, 1, 0)]).seconds for world in (TINY, world_of(TINY, sets)))
    assert dearer > 5 * plain
