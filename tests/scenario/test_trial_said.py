"""What a scenario says of a trial, or leaves to the model."""

import pytest

from sim.scenario.files import parse_scenario
from sim.scenario.paths import quantity_at
from sim.scenario.world import world_of
from tests.scenario.kiosk import KIOSK, faults_in, kiosk

MISMATCH, COST = "trial.mismatch", "trial.measuring_cost_per_store_week"


def test_a_trial_is_a_guess_with_a_range_where_a_file_says_nothing() -> None:
    mismatch, cost = quantity_at(kiosk(), MISMATCH), quantity_at(kiosk(), COST)
    assert (mismatch.low, mismatch.mode, mismatch.high, mismatch.evidence) == (0.003, 0.01, 0.03, "D")
    assert (cost.low, cost.mode, cost.high, cost.evidence) == (20, 50, 100, "D")
    assert all(str(guess.source).startswith("a guess: ") for guess in (mismatch, cost))


def test_a_trial_may_be_said_in_part_and_set() -> None:
    scenario = parse_scenario(KIOSK + "trial: {mismatch: 0.02}\n", "kiosk.yaml")
    assert quantity_at(scenario, MISMATCH).value == 0.02
    assert quantity_at(scenario, COST) == quantity_at(kiosk(), COST)
    assert quantity_at(world_of(scenario, {COST: 80}), COST).value == 80


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("{mismatch: 2}", "trial.mismatch: found 2; allowed: a number from 0 to 1"),
        (
            "{measuring_cost_per_store_week: -1}",
            "trial.measuring_cost_per_store_week: found -1; allowed: a number from 0 to 1000000000",
        ),
        ("{weeks: 8}", 'trial.weeks: unknown key "weeks"; known keys: mismatch, measuring_cost_per_store_week'),
    ],
)
def test_what_a_trial_may_not_say_is_refused(said: str, fault: str) -> None:
    (found,) = faults_in(KIOSK + f"trial: {said}\n")
    assert found.endswith(fault)
