"""How visits end: with a decision, before one, in a queue too long to join, or never, which is refused."""

import numpy as np
import pytest

from sim.engines.records import KEPT
from sim.experiments.task import Engine, Task, simulate
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from tests.engines.practised import practised
from tests.engines.worlds import checked, run, tiny_data

PITCH, QUEUE = 1, 0
RUDE = {"id": "rude", "label": "Rude", "at": "door", "cause": "chance", "chance": 0.5}
STAYS = {"reference": 0.8, "loss_aversion": 2, "gain": 0.2, "leaving_sensitivity": 0, "recapture": 0.5}
RUDE |= {"responses": [{"id": "go", "label": "Goes", "loss": 1, "then": "leave"}]}


def door(**more: object) -> Scenario:
    """A door at which half are driven away, then a counter at which one in five of the others buys."""
    data = tiny_data({"weeks": 4}) | {"relationship": STAYS}
    common = {"stage": "shop", "department": "service"}
    counter = common | {"id": "counter", "label": "Counter", "converts": {"chance": 0.2}, "pays": True}
    first = common | {"id": "door", "label": "Door", "next": [{"to": "counter"}]}
    return checked(data | {"journey": [first, counter], "failures": [RUDE], "assets": [], "warm_up_days": 0} | more)


def test_who_is_driven_away_before_deciding_loses_what_would_have_been_bought_on_average() -> None:
    lost = [simulate(Task(door(**{"relationship": STAYS | {"recapture": 0}}), 1, n)).measures for n in range(4)]
    ledger, twins = (sum(one[name] for one in lost) for name in ("basket_lost", "revenue_lost_per_year"))
    assert ledger == pytest.approx(twins, rel=0.1)


def test_who_has_said_yes_and_is_driven_away_loses_the_whole_basket() -> None:
    after = RUDE | {"at": "till"}
    till = {"id": "till", "label": "Till", "stage": "shop", "department": "service", "pays": True}
    first = {"id": "door", "label": "Door", "stage": "shop", "department": "service", "converts": {"chance": 0.2}}
    world = door(journey=[first | {"next": [{"to": "till"}]}, till], failures=[after])
    found = simulate(Task(world, 1, 0)).measures
    assert found["basket_lost"] == pytest.approx(found["revenue_lost_per_year"] + recaptured(world), rel=1e-9)


def recaptured(world: Scenario) -> float:
    done = run(world, engine="compiled")
    return float(done.visits["recaptured"].sum()) / 100 * 365 / 7 / world.weeks


def test_who_will_not_join_a_queue_has_not_waited() -> None:
    visits = practised({"journey.pitch.balks_at": 0, "customers.base": 300}).visits
    balked = (visits["response"][:, QUEUE] == 1) & (visits["passes"][:, PITCH] > 0)
    assert balked.sum() > 10
    assert np.isnan(visits["wait"][balked, PITCH]).all()
    assert not visits["joins"][balked, PITCH].any()


def test_a_right_price_keeps_a_promise_and_a_wrong_one_breaks_it() -> None:
    wrong = RUDE | {"at": "counter", "breaks_promise": True, "responses": [{"id": "pay", "label": "Pays"}]}
    found = simulate(Task(door(failures=[wrong], weeks=12), 1, 0)).measures
    assert found["broken_promise_share"] == pytest.approx(0.5, abs=0.05)
    assert KEPT == 1


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_visit_that_goes_round_for_ever_is_refused_and_said_where(engine: Engine) -> None:
    always = {"id": "again", "label": "Again", "at": "door", "cause": "intrusion"}
    always |= {"responses": [{"id": "sigh", "label": "Sighs"}]}
    common = {"id": "door", "label": "Door", "stage": "shop", "department": "service"}
    world = door(journey=[common | {"next": [{"to": "door", "when": "failed"}]}], failures=[always])
    with pytest.raises(ScenarioError, match=r"journey\.door\.next: a visit came by 10,000 times"):
        simulate(Task(world, 1, 0, engine))
