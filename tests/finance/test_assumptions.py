import pytest

from sim.experiments.library import load, names
from sim.finance.assumptions import ECONOMICS, RATE, assumptions, counting, counts, is_financial, ranged
from sim.scenario.paths import quantity_at, settables
from sim.scenario.quantity import Quantity
from sim.scenario.wording import label_of
from sim.scenario.world import restated
from tests.finance.shops import BREAKS, MARGIN, ONCE, RANGES, TROLLEYS, VISITS, between, tiny
from tests.finance.shops import RATE as SHOP_RATE


def test_what_is_drawn_has_a_range_simulated_first_in_the_files_order_and_money_last() -> None:
    drawn = [path for path in ranged(tiny()) if counts(path, [TROLLEYS])]
    assert set(drawn) == set(RANGES)
    simulated = [path for path in settables(tiny()) if path in RANGES and not is_financial(path)]
    assert drawn[: len(simulated)] == simulated
    assert set(drawn[len(simulated) :]) == {MARGIN, RATE, ONCE}


def test_a_range_without_width_is_no_range() -> None:
    assert VISITS not in ranged(tiny({VISITS: between(0.8, 0.8, 0.8)}))


def test_money_alone_is_financial() -> None:
    assert all(is_financial(path) for path in (*ECONOMICS, ONCE))
    assert not any(
        is_financial(path) for path in (VISITS, f"fixes.{TROLLEYS}.changes[0].times", "segments.regulars.margin_times")
    )
    assert SHOP_RATE == RATE


def test_costs_of_other_fixes_and_what_chains_and_trials_are_do_not_count() -> None:
    assert counts(ONCE, [TROLLEYS])
    assert not counts(ONCE, [])
    assert not counts("fixes.five_more.costs.once", [TROLLEYS])
    assert not counts("chain.stays", [TROLLEYS])
    assert not counts("trial.days", [TROLLEYS])
    assert counts(VISITS, [])


def test_what_a_policy_moves_is_not_drawn_but_stays_an_assumption() -> None:
    scenario = load("six_departments")
    moved = next(move.path for policy in scenario.policies for move in policy.moves if move.path != MARGIN)
    value = quantity_at(scenario, moved).value
    wide = restated(scenario, {moved: between(value / 2, value, value * 1.5)})
    assert moved not in ranged(wide)
    assert moved in counting(wide, [scenario.fixes[0].id])


def test_every_assumption_says_value_range_unit_grade_and_source() -> None:
    rows = {row.path: row for row in assumptions(tiny(), [TROLLEYS])}
    breaks = rows[BREAKS]
    assert (breaks.value, breaks.low, breaks.high) == (0.01, 0.005, 0.02)
    assert (breaks.unit, breaks.evidence, breaks.source) == ("units", "D", "a test")
    assert (breaks.label, breaks.financial, breaks.drawn) == ("Breakages per trip", False, True)
    assert (rows[ONCE].financial, rows[ONCE].drawn) == (True, True)
    gap = rows["customers.gap_cv"]
    assert (gap.low, gap.high, gap.evidence, gap.drawn) == (None, None, None, False)


def test_the_range_of_one_number_changes_nobody_elses_place() -> None:
    wider = tiny({**RANGES, "economics.service_cost_per_visit": between(0.4, 0.5, 0.6)})
    before, after = list(ranged(tiny())), list(ranged(wider))
    simulated = [path for path in before if not is_financial(path)]
    assert after[: len(simulated)] == simulated


@pytest.mark.parametrize("name", names())
def test_every_quantity_of_every_shipped_scenario_is_an_assumption_with_a_label_of_its_own(name: str) -> None:
    scenario = load(name)
    every = [fix.id for fix in scenario.fixes]
    rows = assumptions(scenario, every)
    quantities = {
        path for path, said in settables(scenario).items() if isinstance(said, Quantity) and counts(path, every)
    }
    assert {row.path for row in rows} == quantities
    assert all(label_of(scenario, row.path) == row.label for row in rows)
    assert len({row.label for row in rows}) == len(rows)
