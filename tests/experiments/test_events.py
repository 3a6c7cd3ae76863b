"""What a run comes to, against what both engines count; and a run that comes to far more."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.experiments import events, runs, task, workers
from sim.experiments.events import (
    OverrunError,
    TooLargeError,
    events_a_visit,
    expected_events,
    refuse_endless,
    what_failed,
)
from sim.experiments.price import Budget, price_of
from sim.experiments.runs import Effort
from sim.experiments.task import ENGINES, Engine, Task, simulate
from sim.outcomes.ledger import table_paths
from sim.scenario.scenario import Scenario
from sim.scenario.walks.passes import weights_of
from tests.engines.generated import Data, generated, scenarios
from tests.engines.worlds import checked, run, tiny, tiny_data

pytestmark = pytest.mark.attack

BOTH: tuple[Engine, ...] = ("compiled", "simpy")
TINY = tiny({"weeks": 2, "warm_up_days": 0})


def counted(world: Scenario, engine: Engine) -> int:
    """The events of one run, as that engine counts them."""
    plan, told = plan_of(world), [0]
    ENGINES[engine](
        plan, population_of(world, plan, Luck(1, 0)), Luck(1, 0), lambda _: None, lambda _: None, told.append
    )
    assert told == sorted(told)
    return told[-1]


def in_the_ledger(world: Scenario, seed: int = 1) -> float:
    visits = run(world, seed, engine="compiled").visits
    return visits.size + float((visits["passes"] @ weights_of(world)).sum())


@pytest.mark.parametrize("engine", BOTH)
def test_an_engine_counts_visits_touchpoints_passed_and_failures_looked_at(engine: Engine) -> None:
    assert counted(TINY, engine) == in_the_ledger(TINY) > 0


FEW_VISITS, RUNS = 30, 8
over: list[bool] = []


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(scenarios())
def _prices(data: Data) -> None:
    world = generated(data | {"warm_up_days": 0})
    visits = run(world, engine="compiled").visits.size
    if visits >= FEW_VISITS:  # of fewer, chance says more than any price can
        found = sum(in_the_ledger(world, seed) for seed in range(RUNS)) / RUNS  # so that one lively customer is no law
        priced = expected_events(world)
        assert priced >= found / 2
        over.append(priced > 5 * found)


def test_generated_worlds_come_to_at_most_twice_their_price_and_seldom_to_less_than_a_fifth_of_it() -> None:
    over.clear()
    _prices()
    assert len(over) >= 20
    assert sum(over) <= len(over) / 5  # 6% of 376 of them


def sent_round(chance: float, places: int, customers: int = 20) -> Scenario:
    """Something fails nearly always, and whoever it fails goes through many places and comes back."""
    data = tiny_data({"weeks": 1, "warm_up_days": 0, "customers.base": customers})
    first = {key: data["journey"][0][key] for key in ("id", "label", "stage", "department")}
    round_about = [first | {"id": f"r{i}", "label": f"Round {i}", "next": [{"to": f"r{i + 1}"}]} for i in range(places)]
    round_about[-1]["next"] = [{"to": first["id"]}]
    data["journey"] = [first | {"next": [{"to": "r0", "when": "failed"}]}, *round_about]
    data["failures"] = [
        {"id": "jam", "label": "A jam", "at": first["id"], "cause": "chance", "chance": chance}
        | {"responses": [{"id": "stay", "label": "Stays"}]}
    ]
    data["attributes"] = []
    return checked(data)


def test_a_failure_that_sends_people_round_is_priced_as_often_as_it_does() -> None:
    world = sent_round(0.98, 20)
    assert events_a_visit(world) == pytest.approx(1 + 50 * 2 + 49 * 20, rel=1e-3)
    found = in_the_ledger(world)
    assert found / 2 <= expected_events(world) <= 5 * found


def test_a_way_round_that_is_as_good_as_endless_is_refused_before_it_starts() -> None:
    refuse_endless(sent_round(0.998, 60))
    with pytest.raises(TooLargeError, match=r"may pass .* 2,000 times on average; allowed: 1,000 times"):
        Budget().check([Task(sent_round(0.9995, 60), 1, 0)], "--replications (now 1)")


def test_the_twin_is_priced_as_the_world_that_it_is() -> None:
    alone, both = (price_of([Task(sent_round(0.98, 20), 1, 0, with_unbroken=twin)]) for twin in (False, True))
    assert alone.events < both.events < 1.05 * alone.events


def test_more_failures_take_more_memory() -> None:
    data = tiny_data()
    failure = data["failures"][0]
    data["failures"] += [failure | {"id": f"more_{i}", "cause": "chance", "chance": 0.1} for i in range(400)]
    few, many = (price_of([Task(world, 1, 0)]).memory_bytes for world in (TINY, checked(data)))
    assert many > few + 32_768 * 16 * 400


def test_where_a_queue_has_too_much_to_do_room_is_priced_for_everybody() -> None:
    served = tiny({"resources.tills.servers": 100})
    crowd = tiny({"resources.tills.servers": 1, "customers.base": 20_000})
    assert events.at_once(served) < events.people(served)
    assert events.at_once(crowd) == events.people(crowd)


# ---- a run that comes to far more ----------------------------------------------------------------


@pytest.mark.parametrize("engine", BOTH)
def test_a_run_that_comes_to_three_times_its_price_stops_itself(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "FEW_EVENTS", 0)
    monkeypatch.setattr(task, "expected_events", lambda world: counted(TINY, "compiled") / 3.5)
    with pytest.raises(OverrunError, match=r"stopped itself after [\d,]+ events, 3\.\d times what it was priced at"):
        simulate(Task(TINY, 1, 0, engine, with_unbroken=False))
    monkeypatch.setattr(task, "expected_events", lambda world: counted(TINY, "compiled") / 2.5)
    simulate(Task(TINY, 1, 0, engine, with_unbroken=False))


def late(monkeypatch: pytest.MonkeyPatch, fine: int) -> None:
    """So many worlds are as priced, and those after them are not."""
    asked: list[Scenario] = []

    def meter_of(world: Scenario) -> object:
        asked.append(world)
        overruns = len(asked) > fine

        def meter(count: int) -> None:
            if overruns:
                raise OverrunError(count, count / 4)

        return meter

    monkeypatch.setattr(task, "meter_of", meter_of)
    monkeypatch.setattr(workers, "cores", lambda: 2)  # so that a few are under way at a time, wherever this runs


def test_what_was_finished_before_is_kept_and_the_ledger_is_not_half_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    late(monkeypatch, fine=8)
    target = tmp_path / "visits.parquet"
    done = runs.run(TINY, Effort(1, 12), ledger=target)
    assert 2 <= len(done.replications) < 12
    assert done.stopped is not None
    assert done.stopped.startswith(
        f"Only {len(done.replications)} of 12 runs were finished: a run stopped itself after"
    )
    assert done.stopped.endswith("No ledger was written.")
    assert not any(path.exists() for path in table_paths(target).values())
    assert [one.number for one in done.replications] == sorted(one.number for one in done.replications)


def test_a_comparison_keeps_the_pairs_that_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    dearer = TINY.model_copy(update={"title": "Another"})
    late(monkeypatch, fine=30)
    done = runs.compare(TINY, dearer, Effort(1, 12))
    assert 1 <= len(done.world.replications) < 12
    assert [one.number for one in done.world.replications] == [one.number for one in done.baseline.replications]
    assert done.world.stopped


def test_where_nothing_was_finished_the_reason_is_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    late(monkeypatch, fine=0)
    with pytest.raises(OverrunError):
        runs.run(TINY, Effort(1, 2))


def test_pages_say_that_a_run_stopped_itself_and_not_that_it_failed() -> None:
    assert what_failed(OverrunError(4, 1)) == "A run came to far more than its price and stopped itself"
    assert what_failed(RuntimeError()) == "A run failed"
