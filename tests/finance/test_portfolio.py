from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments import library
from sim.experiments.cache import Store
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.workers import Workers
from sim.finance.assumptions import Terms
from sim.finance.portfolio import (
    EXACT,
    Bundle,
    BundleTask,
    Portfolio,
    PortfolioJob,
    best_possible,
    best_within,
    check_money,
    find_portfolio,
    pairwise,
    smallest,
    subsets,
)
from sim.finance.sensitivity import npvs_at
from sim.finance.study import Study
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Change, Costs, Fix
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import kiosk, refusal
from tests.waiting import held

NAMES = tuple("abcdefghij")


def fix_of(name, path, department="operations", once=0.0, per_year=0.0, **change):
    costs = Costs(once=Quantity(mode=once), per_year=Quantity(mode=per_year))
    words = {"label": name, "help": "For a test.", "source": "made up", "evidence": "D"}
    return Fix(id=name, department=department, changes=(Change(path=path, **change),), costs=costs, **words)


def shop() -> Scenario:
    """The tiny shop with two fixes more: one that works on the same fault, and a placebo."""
    tiny = library.load("tiny")
    fixes = (
        *tiny.fixes,
        fix_of("no_reserve", "assets.trolleys.reserve", "service", once=200.0, set=0),
        fix_of("repaint", "failures.queue.severity", "service", once=100.0, per_year=10.0, times=0.5),
    )
    return tiny.model_copy(update={"fixes": fixes})


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(shop(), 1, Store(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def found(study: Study) -> Portfolio:
    return find_portfolio(study, ["repaint", "five_more_trolleys", "no_reserve"], Terms())


def made_up(worth, cost, size, exact=True, impossible=()) -> Portfolio:
    """A portfolio of every set of the first few fixes, by what sets of positions are worth and cost."""
    sets = [one for one in subsets(size, size) if not any(set(bad) <= set(one) for bad in impossible)]
    bundles = [Bundle(named(one), cost(one), (worth(one) - 1.0, worth(one) + 1.0)) for one in sets]
    return Portfolio(unsimulated(), Terms(), NAMES[:size], tuple(bundles), exact, tuple(map(named, impossible)))


@cache
def unsimulated() -> Study:
    """Ten fixes, two of one department and the others of another, and nowhere to keep worlds, as there are none."""
    fixes = [fix_of(name, "weather.rain", "ab" if name in "ab" else "rest", set=0) for name in NAMES]
    return Study(kiosk().model_copy(update={"fixes": tuple(fixes)}), 1, None)


def named(positions):
    return tuple(NAMES[position] for position in positions)


# ---- the choice, by hand ------------------------------------------------------------------------


WORTH = {(): 0, (0,): 60, (1,): 55, (2,): 30, (0, 1): 65, (0, 2): 90, (1, 2): 85, (0, 1, 2): 90}


def overlapping(one):
    """The first two mend the same fault, so together they bring little more than either; the third adds to both."""
    return WORTH[one]


def test_adding_up_solos_misses_what_is_best_together():
    portfolio = made_up(overlapping, lambda one: 10.0 * len(one), 3)
    solos = sorted(NAMES[:3], key=lambda name: -portfolio.bundle((name,)).worth)
    assert solos[:2] == ["a", "b"]  # what a ranking of solos would buy for 20
    assert portfolio.within(20).fixes == ("a", "c")
    assert portfolio.within(20).worth == 90
    assert portfolio.sum_of_solos.mean == 145
    assert portfolio.joint.mean == 90


def test_budget_is_kept_to_and_nothing_is_always_possible():
    portfolio = made_up(overlapping, lambda one: 10.0 * len(one), 3)
    assert portfolio.within(0) == Bundle((), 0.0, (-1.0, 1.0))
    assert portfolio.within(9.99).fixes == ()
    assert portfolio.within(10).fixes == ("a",)
    assert portfolio.within(1e9).fixes == ("a", "c")  # b on top is worth nothing more and costs 10


def test_what_costs_a_rounding_too_much_is_within_the_budget():
    assert made_up(overlapping, lambda one: len(one) * 3000 * 1.1, 1).within(3300).fixes == ("a",)


def test_what_frees_money_needs_no_budget():
    portfolio = made_up(lambda one: 5.0 * len(one), lambda one: -10.0 if one == (0,) else 10.0 * len(one), 2)
    assert portfolio.within(0).fixes == ("a",)
    assert [bundle.fixes for bundle in portfolio.frontier] == [(), ("a",), ("a", "b")]


worths = st.lists(st.integers(-50, 50), min_size=16, max_size=16)
costs = st.lists(st.integers(0, 30), min_size=16, max_size=16)


@given(worths, costs)
@settings(max_examples=60, deadline=None)
def test_frontier_is_what_nothing_beats(worth, cost):
    sets = subsets(4, 4)
    worth_of, cost_of = dict(zip(sets, [0, *worth[1:]], strict=True)), dict(zip(sets, [0, *cost[1:]], strict=True))
    portfolio = made_up(lambda one: float(worth_of[one]), lambda one: float(cost_of[one]), 4)
    frontier = portfolio.frontier
    assert frontier[0].fixes == ()
    dearer = [(bundle.needs, bundle.worth) for bundle in frontier[1:]]
    for column in zip(*dearer, strict=True):
        assert list(column) == sorted(set(column))
    for budget in (0, 5, 12, 30):
        best = max(worth_of[one] for one in sets if cost_of[one] <= budget)
        assert portfolio.within(budget).worth == best
        assert max(bundle.worth for bundle in frontier if bundle.needs <= budget) == best


@given(st.lists(st.floats(-1e4, 1e4), min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_credit_sums_to_the_joint_value_exactly(values):
    worth = dict(zip(subsets(3, 3), [0.0, *values[1:]], strict=True))
    portfolio = made_up(worth.__getitem__, lambda one: 1.0, 3)
    assert sum(portfolio.credit.values()) == round(100 * portfolio.bundles[-1].worth)
    assert portfolio.credit_by_department == {
        "ab": portfolio.credit["a"] + portfolio.credit["b"],
        "rest": portfolio.credit["c"],
    }


def test_credit_is_the_mean_of_what_each_adds():
    portfolio = made_up(overlapping, lambda one: 1.0, 2)
    assert portfolio.credit == {"a": 3_500, "b": 3_000}  # 65 shared: (60 + 10) / 2 and (55 + 5) / 2


def test_contradictions_have_no_joint_value_and_no_credit():
    portfolio = made_up(overlapping, lambda one: 1.0, 3, impossible=[(0, 1)])
    assert portfolio.joint is None and portfolio.credit is None and portfolio.credit_by_department is None
    assert portfolio.why_no_credit == "a and b cannot be done together, so there is nothing joint to share"
    assert portfolio.sum_of_solos.mean == 145


def test_what_cannot_be_done_even_alone_leaves_no_sum():
    assert made_up(overlapping, lambda one: 1.0, 3, impossible=[(2,)]).sum_of_solos is None


def test_too_many_to_try_have_no_credit():
    portfolio = made_up(overlapping, lambda one: 1.0, 2, exact=False)
    assert portfolio.credit is None and "allowed: up to 8" in portfolio.why_no_credit


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf"), 1e9 + 1])
def test_a_budget_out_of_range_is_refused(amount):
    with pytest.raises(ScenarioError) as refused:
        check_money(amount)
    assert f"found {amount}; allowed: an amount from 0 to 1,000,000,000" in refusal(refused)
    assert "budget" in refusal(refused)


# ---- the search, beside trying everything -------------------------------------------------------


def sum_of(table, chosen):
    """What a set is worth by the table."""
    return float(np.triu(table)[np.ix_(chosen, chosen)].sum())


def test_sets_come_small_first():
    assert subsets(3, 2) == [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2)]
    assert len(subsets(8, 8)) == 256


def test_smallest_of_what_is_impossible():
    assert smallest([(0, 1), (0, 1, 2), (2, 3), (3,)]) == [(0, 1), (3,)]


@given(st.integers(8, 10), st.integers(0, 10_000), st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_search_finds_what_trying_everything_finds(size, seed, share):
    rng = np.random.default_rng(seed)
    worth, cost = np.triu(rng.integers(-40, 60, (size, size))), np.diag(rng.integers(1, 50, size))
    budget, impossible = share * cost.sum(), [(0, 1), (2,)]
    found = best_within(worth, cost, budget, impossible)

    def allowed(one):
        return sum_of(cost, one) <= budget and not any(set(bad) <= set(one) for bad in impossible)

    assert allowed(found)
    assert sum_of(worth, found) == max(sum_of(worth, one) for one in subsets(size, size) if allowed(one))


def test_pairs_are_what_they_add_to_their_sum():
    table = pairwise({(0,): 10.0, (1,): 20.0, (0, 1): 25.0, (2,): 1.0}, 3)
    assert table.tolist() == [[10, -5, 0], [0, 20, 0], [0, 0, 1]]
    assert sum_of(table, (0, 1, 2)) == 26


def test_what_turns_out_to_be_impossible_is_passed_over():
    worth, cost = np.diag([5.0, 4.0, 3.0]), np.diag([1.0, 1.0, 1.0])
    assert best_possible(worth, cost, 3, [], lambda one: len(one) < 3 and one != (0, 1)) == (0, 2)


# ---- real worlds --------------------------------------------------------------------------------


def test_every_set_is_simulated_on_the_same_luck(study, found):
    assert found.candidates == ("five_more_trolleys", "no_reserve", "repaint")  # the scenario's order
    assert {bundle.fixes for bundle in found.bundles} == {
        one for size in range(4) for one in combinations(found.candidates, size)
    }
    pair = ("five_more_trolleys", "no_reserve")
    assert found.bundle(pair).npvs == tuple(npvs_at(study, pair, Terms(), {}, 4))
    assert found.bundle(()) == Bundle((), 0.0, (0.0,) * 4)
    assert found.exact and found.impossible == ()


def test_cost_of_year_one_is_before_tax_and_uplifted(study):
    assert BundleTask(study, Terms(), ("five_more_trolleys",), 2).carry_out().year_one_cost == 800
    taxed = Terms(tax_rate=0.3, cost_uplift=0.5)
    assert BundleTask(study, taxed, ("five_more_trolleys",), 2).carry_out().year_one_cost == 1_200


def test_mid_year_the_placebo_costs_its_outlay_and_three_middles_of_a_year(study):
    bundle = BundleTask(study, Terms(mid_year=True), ("repaint",), 2).carry_out()
    assert bundle.npvs == pytest.approx([-100 - sum(10 / 1.1**when for when in (0.5, 1.5, 2.5))] * 2, abs=1e-9)


def test_placebo_is_worth_its_cost_and_nothing_else(found):
    cost = 100 + sum(10 / 1.1**year for year in (1, 2, 3))
    assert found.bundle(("repaint",)).npvs == pytest.approx([-cost] * 4, abs=1e-9)
    assert found.credit["repaint"] == pytest.approx(-100 * cost, abs=1.5)
    assert sum(found.credit.values()) == round(100 * found.joint.mean)
    assert "repaint" not in found.within(1e9).fixes


def test_two_fixes_of_one_fault_bring_less_than_their_sum(found):
    assert found.joint.mean < found.sum_of_solos.mean
    assert found.credit_by_department["operations"] == found.credit["five_more_trolleys"]


def test_contradicting_fixes_are_left_out_and_named(tmp_path):
    study = Study(kiosk(), 1, Store(tmp_path))
    portfolio = find_portfolio(study, ["exactly_twenty", "exactly_thirty", "four_more"], Terms(), runs=2)
    assert portfolio.impossible == (("exactly_twenty", "exactly_thirty"),)
    assert len(portfolio.bundles) == 6  # eight, less those two together with and without the third
    assert portfolio.credit is None and portfolio.joint is None and portfolio.sum_of_solos is not None
    assert portfolio.within(1e6).fixes


def test_more_than_eight_are_searched(tmp_path):
    mends = [fix_of(f"mend_{i}", "assets.carts.breaks", "floor", once=1.0 + i, times=0.9) for i in range(7)]
    scenario = kiosk().model_copy(update={"fixes": (*kiosk().fixes[:3], *mends)})
    study = Study(scenario, 1, Store(tmp_path))
    portfolio = find_portfolio(study, [fix.id for fix in scenario.fixes], Terms(), runs=1)
    assert not portfolio.exact and len(portfolio.candidates) == 10 > EXACT
    sizes = [len(bundle.fixes) for bundle in portfolio.bundles]
    assert sizes[0] == 0 and sizes.count(1) == 10 and sizes.count(2) == 45 and 10 in sizes
    assert len(portfolio.bundles) == len({bundle.fixes for bundle in portfolio.bundles})
    assert portfolio.joint is not None and portfolio.credit is None


def test_search_buys_three_when_three_are_best(tmp_path):
    costs = [fix_of(f"cost_{i}", "failures.slow.severity", "floor", per_year=5.0, times=0.9) for i in range(6)]
    gains = [fix_of(f"gain_{i}", "economics.incremental_margin", "floor", once=1.0, add=0.02) for i in range(3)]
    study = Study(kiosk().model_copy(update={"fixes": (*costs, *gains)}), 1, Store(tmp_path))
    portfolio = find_portfolio(study, [fix.id for fix in study.scenario.fixes], Terms(), runs=1)
    assert portfolio.within(1e9).fixes == ("gain_0", "gain_1", "gain_2")


def test_unknown_fixes_and_none_are_refused(study):
    for asked, found in ((["nope"], '"nope"'), ([], "none")):
        with pytest.raises(ScenarioError) as refused:
            find_portfolio(study, asked, Terms())
        assert refusal(refused).endswith(
            f"found {found}; allowed: one or more of five_more_trolleys, no_reserve, repaint"
        )


def test_what_takes_too_long_is_refused_before_it_starts(study):
    with pytest.raises(TooLargeError, match=r"the number of --fix \(now 3\)"):
        find_portfolio(study, ["repaint", "five_more_trolleys", "no_reserve"], Terms(), budget=Budget(minutes=1e-6))


def test_a_job_has_no_portfolio_until_all_of_it_is_there(tmp_path: Path):
    study = Study(shop(), 1, Store(tmp_path))
    with Workers(1) as workers:
        job = PortfolioJob(study, ["five_more_trolleys", "no_reserve", "repaint"], Terms(), workers, runs=2)
        while not job.finished:
            job.wait(0.01)
            assert job.portfolio is None or job.finished
        assert job.portfolio is not None


def test_a_job_that_was_stopped_has_none(tmp_path: Path):
    study = Study(shop(), 1, Store(tmp_path))
    with Workers(1) as workers:
        busy = workers.start(held(lambda task, _: None, lambda task: True), [0])  # so that nothing else begins
        job = PortfolioJob(study, ["five_more_trolleys", "repaint"], Terms(), workers, runs=2)
        job.stop()
        assert job.finished and job.portfolio is None
        busy.stop()
