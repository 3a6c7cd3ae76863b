import pytest

from sim.experiments.library import load
from sim.experiments.price import Budget, TooLargeError, expected_visits, price_of, spoken
from sim.experiments.replication import Task
from sim.scenario.world import world_of

TINY = load("tiny").model_copy(update={"weeks": 3})


def test_the_price_of_a_task_is_about_the_visits_it_simulates() -> None:
    alone = expected_visits(Task(TINY, 1, 0, with_unbroken=False))
    assert alone == pytest.approx(300 * 0.8 * (3 + 2))
    assert expected_visits(Task(TINY, 1, 0)) == 2 * alone
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
        Budget(minutes=2).check(tasks, 50)
    said = str(refused.value)
    for part in ("about 67,200,000 visits", "minutes", "allowed: 2.0 minutes", "--replications (now 50)", "--weeks"):
        assert part in said
    assert "--engine compiled" in said
    Budget(minutes=600).check(tasks, 50)


def test_too_little_memory_is_a_refusal_of_its_own() -> None:
    crowd = Task(world_of(TINY, {"customers.base": 10_000_000}), 1, 0)
    with pytest.raises(TooLargeError, match=r"allowed: 1.0 GB of memory. Lower --customers"):
        Budget(memory_bytes=1e9).check([crowd], 1)
    Budget(memory_bytes=1e11).check([crowd], 1)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.25, "0.2 seconds"), (42, "42 seconds"), (100, "1.7 minutes"), (3_000, "50 minutes"), (7_200, "2.0 hours")],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert spoken(seconds) == said
