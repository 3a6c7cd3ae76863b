"""Cash by hand: what flows are worth once prices and terms are known."""

from dataclasses import replace

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.finance import appraisal
from sim.finance.assumptions import Terms
from sim.finance.cash import Cash, Prices, UnitEconomics, before_tax, cash_of
from sim.finance.study import Flows

money = st.floats(-1e6, 1e6)


def one(*values: float) -> NDArray[np.float64]:
    return np.array([values], float)


def flows(*earned: float, visits: float = 0, returned: float = 0, uses: float = 0) -> Flows:
    """One future of a world, a figure a year; whatever else there is, the same every year."""
    same = np.ones((1, len(earned)))
    return Flows(one(*earned), visits * same, returned * same, uses * same[:, np.newaxis])


def economics(margin: float = 0.25, visit_cost: float = 0, acquisition: float = 0) -> UnitEconomics:
    return UnitEconomics(np.array([margin]), np.array([visit_cost]), np.array([acquisition]))


def priced(
    rate: float = 0.1,
    once: float = 0,
    per_year: float = 0,
    per_use: float = 0,
    now: UnitEconomics | None = None,
    then: UnitEconomics | None = None,
) -> Prices:
    known = now or economics()
    return Prices(known, then or known, np.array([rate]), one(once), one(per_year), one(per_use))


NOTHING = flows(0, 0, 0)


def test_npv_payback_and_ratios_by_hand() -> None:
    cash = cash_of(flows(1_000, 1_000, 1_000), flows(3_000, 5_000, 7_000), priced(0.1, 900, 100), Terms())
    assert cash.benefit.tolist() == [[500, 1_000, 1_500]]
    assert cash.running.tolist() == [[100, 100, 100]]
    assert cash.net.tolist() == [[-900, 400, 900, 1_400]]
    assert cash.npv[0] == pytest.approx(-900 + 400 / 1.1 + 900 / 1.21 + 1_400 / 1.331)
    assert cash.pv_benefit[0] == pytest.approx(500 / 1.1 + 1_000 / 1.21 + 1_500 / 1.331)
    assert cash.pv_cost[0] == pytest.approx(900 + 100 / 1.1 + 100 / 1.21 + 100 / 1.331)
    assert appraisal.payback_years(cash.net[0]) == pytest.approx(1 + 7 / 12)  # 500 of 900 are needed: 6.7 months


MID_YEAR = Terms(mid_year=True)


def test_mid_year_npv_present_values_and_ratios_by_hand() -> None:
    now, then = flows(1_000, 1_000, 1_000), flows(3_000, 5_000, 7_000)
    cash, at_end = (cash_of(now, then, priced(0.21, 900, 100), terms) for terms in (MID_YEAR, Terms()))
    assert cash.net.tolist() == at_end.net.tolist() == [[-900, 400, 900, 1_400]]  # nothing grows, so only the day moves
    assert cash.npv[0] == pytest.approx(-900 + 400 / 1.1 + 900 / 1.331 + 1_400 / 1.61051)  # 1.21 to ½, 1½ and 2½
    assert cash.pv_benefit[0] == pytest.approx(500 / 1.1 + 1_000 / 1.331 + 1_500 / 1.61051)
    assert cash.pv_cost[0] == pytest.approx(900 + 100 / 1.1 + 100 / 1.331 + 100 / 1.61051)
    assert cash.npv[0] == pytest.approx(-900 + (at_end.npv[0] + 900) * 1.21**0.5)


def test_mid_year_prices_have_grown_to_the_middle_of_the_year() -> None:
    terms = Terms(horizon_years=2, mid_year=True, inflation=0.0404)
    cash = before_tax(flows(0, 0), flows(4_000, 4_000), priced(0.1, 900, 100), terms)
    growth = [1.0404**0.5, 1.0404**1.5]
    assert growth[0] == pytest.approx(1.02)
    assert cash.benefit[0] == pytest.approx([1_000 * grown for grown in growth])
    assert cash.running[0] == pytest.approx([100 * grown for grown in growth])
    assert cash.outlay.tolist() == [900]  # paid today, in today's prices


def test_mid_year_the_outlay_is_taken_off_the_first_years_profit_in_its_middle() -> None:
    terms = Terms(horizon_years=1, mid_year=True, tax_rate=0.25)
    cash = cash_of(NOTHING, flows(4_000), priced(0.21, 1_000, 200), terms)
    assert cash.npv[0] == pytest.approx(-1_000 + ((1_000 - 200) * 0.75 + 250) / 1.1)


def test_contribution_is_margin_on_revenue_less_what_visits_cost_and_what_is_given_back() -> None:
    now, then = flows(1_000, visits=100, returned=10), flows(2_000, visits=150, returned=40)
    cash = before_tax(now, then, priced(now=economics(0.3, 0.5)), Terms(horizon_years=1))
    assert cash.benefit[0, 0] == pytest.approx(0.3 * 1_000 - 0.5 * 50 - 30)


def test_a_fix_may_change_what_revenue_leaves() -> None:
    prices = priced(now=economics(0.2, 0.5), then=economics(0.3, 0.4))
    cash = before_tax(flows(1_000, visits=100), flows(1_000, visits=100), prices, Terms(horizon_years=1))
    assert cash.benefit[0, 0] == pytest.approx(0.1 * 1_000 + 0.1 * 100)


def test_uses_are_paid_for_as_often_as_the_mended_world_makes_them() -> None:
    cash = before_tax(flows(0, uses=5), flows(0, uses=7), priced(per_use=3), Terms(horizon_years=1))
    assert cash.running.tolist() == [[21]]


def test_spending_less_on_winning_customers_frees_cash_and_is_no_contribution() -> None:
    prices = priced(now=economics(acquisition=500), then=economics(acquisition=300))
    cash = before_tax(NOTHING, NOTHING, prices, Terms(horizon_years=1))
    assert (cash.benefit.tolist(), cash.running.tolist()) == ([[0]], [[-200]])


def test_costs_of_several_fixes_add_up() -> None:
    several = Flows(one(0), one(0), one(0), np.array([[[2.0], [10.0]]]))
    ones = np.array([[1.0], [20.0]])
    prices = Prices(economics(), economics(), np.array([0.1]), ones, 2 * ones, 3 * ones)
    cash = before_tax(flows(0), several, prices, Terms(horizon_years=1))
    assert (cash.outlay.tolist(), cash.running.tolist()) == ([21], [[42 + 2 * 3 + 10 * 60]])


def test_a_horizon_beyond_what_was_simulated_repeats_the_last_year_and_a_shorter_one_cuts() -> None:
    then = flows(400, 800)
    assert cash_of(flows(0, 0), then, priced(), Terms(horizon_years=5)).benefit.tolist() == [[100, 200, 200, 200, 200]]
    assert cash_of(flows(0, 0), then, priced(), Terms(horizon_years=1)).benefit.tolist() == [[100]]


def test_tax_takes_its_share_of_contribution_less_costs_the_outlay_in_year_one() -> None:
    cash = cash_of(NOTHING, flows(4_000, 4_000, 4_000), priced(0.1, 1_000, 200), Terms(tax_rate=0.25))
    year = (1_000 - 200) * 0.75
    assert cash.net.tolist() == [[-1_000, pytest.approx(year + 250), year, year]]


@given(money, money, st.floats(0, 0.9), st.floats(0, 0.5))
def test_tax_on_flows_without_an_outlay_leaves_its_complement_of_the_npv(
    earned: float, cost: float, tax: float, rate: float
) -> None:
    prices = priced(rate, per_year=abs(cost))
    before, after = (cash_of(NOTHING, flows(earned), prices, Terms(tax_rate=taken)).npv[0] for taken in (0, tax))
    assert after == pytest.approx((1 - tax) * before, abs=1e-6)


def test_optimism_bias_raises_every_cost_once() -> None:
    plain, raised = (
        cash_of(NOTHING, flows(4_000, uses=4), priced(0.1, 1_000, 200, 5), Terms(cost_uplift=uplift))
        for uplift in (0, 0.4)
    )
    np.testing.assert_allclose(raised.outlay, 1.4 * plain.outlay)
    np.testing.assert_allclose(raised.running, 1.4 * plain.running)
    np.testing.assert_array_equal(raised.benefit, plain.benefit)


@pytest.mark.parametrize(("earned", "cut"), [(4_000, 900), (-4_000, -1_100)])
def test_a_cut_makes_every_benefit_worse_gains_smaller_and_losses_larger(earned: float, cut: float) -> None:
    cash = cash_of(NOTHING, flows(earned), priced(), Terms(horizon_years=1, benefit_cut=0.1))
    assert cash.benefit[0, 0] == pytest.approx(cut)


def test_an_uplift_never_makes_a_saving_larger() -> None:
    prices = priced(now=economics(acquisition=500), then=economics(acquisition=300))
    cash = cash_of(NOTHING, NOTHING, prices, Terms(horizon_years=1, cost_uplift=0.5))
    assert cash.running.tolist() == [[-100]]


@given(
    st.lists(money, min_size=3, max_size=3),
    st.floats(0, 1e6),
    st.floats(0, 1e5),
    st.floats(0, 0.3),
    st.floats(-0.05, 0.25),
    st.integers(1, 10),
    st.booleans(),
)
def test_a_nominal_rate_with_inflation_values_as_the_real_rate_does_without(
    earned: list[float], once: float, per_year: float, real: float, inflation: float, years: int, mid_year: bool
) -> None:
    nominal = (1 + real) * (1 + inflation) - 1
    inflated = Terms(horizon_years=years, inflation=inflation, mid_year=mid_year)
    in_todays_prices = Terms(horizon_years=years, inflation=inflation, real=True, mid_year=mid_year)
    grown = cash_of(NOTHING, flows(*earned), priced(nominal, once, per_year), inflated)
    plain = cash_of(NOTHING, flows(*earned), priced(real, once, per_year), in_todays_prices)
    np.testing.assert_allclose(grown.npv, plain.npv, rtol=1e-9, atol=1e-6)


def test_inflation_grows_every_year_and_leaves_the_outlay() -> None:
    cash = cash_of(NOTHING, flows(4_000), priced(0.1, 1_000, 100), Terms(inflation=0.1))
    np.testing.assert_allclose(cash.benefit, [[1_100, 1_210, 1_331]])
    np.testing.assert_allclose(cash.running, [[110, 121, 133.1]])
    assert cash.outlay.tolist() == [1_000]


@given(st.floats(0, 0.5), st.lists(money, min_size=1, max_size=6), st.floats(0, 1e6))
def test_the_npv_is_that_of_the_net_cash(rate: float, earned: list[float], once: float) -> None:
    cash = cash_of(flows(*[0] * len(earned)), flows(*earned), priced(rate, once, 17), Terms())
    assert cash.npv[0] == pytest.approx(npf.npv(rate, cash.net[0]), rel=1e-9, abs=1e-6)


def test_every_future_has_its_own_prices() -> None:
    now, then = (Flows(np.full((2, 1), e), *(np.zeros((2, 1)),) * 2, np.zeros((2, 1, 1))) for e in (0.0, 1_000.0))
    both = UnitEconomics(np.array([0.1, 0.2]), np.zeros(2), np.zeros(2))
    prices = Prices(both, both, np.array([0.0, 1.0]), np.array([[10.0, 20.0]]), np.zeros((1, 2)), np.zeros((1, 2)))
    cash = cash_of(now, then, prices, Terms(horizon_years=1))
    assert cash.npv.tolist() == [100 - 10, pytest.approx(200 / 2 - 20)]


def test_what_is_given_is_never_changed() -> None:
    prices = priced(0.1, 1_000, 200)
    untaxed = before_tax(NOTHING, flows(4_000), prices, Terms(tax_rate=0.25))
    copy: Cash = replace(untaxed, running=untaxed.running.copy())
    cash_of(NOTHING, flows(4_000), prices, Terms(tax_rate=0.25))
    np.testing.assert_array_equal(untaxed.running, copy.running)
    assert prices.per_year.tolist() == [[200]]
