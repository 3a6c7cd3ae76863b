import math

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sim.finance.appraisal import (
    benefit_cost_ratio,
    by_half_year,
    discounted_payback_years,
    irr,
    irrs,
    payback_years,
    roi,
    times,
)
from sim.finance.cash import Cash

POUNDS = st.integers(-100_000_000, 100_000_000).map(lambda pence: pence / 100)
FLOWS = st.lists(POUNDS, min_size=1, max_size=11).map(np.array)
RATE = st.floats(-0.5, 2)
INCOME = st.lists(st.floats(0, 1e5), min_size=1, max_size=10).filter(lambda income: max(income) > 1)
FIELD = np.array([-100.0, 15, 25, 35, 45])
GITMAN = np.array([-40_000.0, 5_000, 8_000, 12_000, 30_000])  # numpy-financial's own example, after Gitman 2003


def npvs(rates: np.ndarray, flows: np.ndarray, mid_year: bool = False) -> np.ndarray:
    """What each draw's flows, the outlay first, are worth as cash of a case."""
    return Cash(flows[:, 1:], np.zeros_like(flows[:, 1:]), -flows[:, 0], rates, mid_year).npv


def npv(rate: float, flows: np.ndarray, mid_year: bool = False) -> float:
    return float(npvs(np.array([rate]), flows[np.newaxis], mid_year)[0])


def test_a_net_present_value_worked_out_elsewhere() -> None:
    assert npv(0.08, GITMAN) == pytest.approx(3065.22267, abs=1e-5)


def test_the_outlay_is_not_discounted_and_the_first_year_is_discounted_once() -> None:
    assert npv(0.1, np.array([-100.0])) == -100
    assert npv(0.1, np.array([0.0, 110.0])) == pytest.approx(100)


@given(RATE, FLOWS)
def test_a_net_present_value_is_numpy_financials(rate: float, flows: np.ndarray) -> None:
    assert npv(rate, flows) == pytest.approx(npf.npv(rate, flows), rel=1e-9, abs=1e-6)


@given(st.lists(st.tuples(RATE, st.tuples(POUNDS, POUNDS, POUNDS)), min_size=1, max_size=6))
def test_many_at_once_are_each_alone(draws: list[tuple[float, tuple[float, float, float]]]) -> None:
    rates, flows = np.array([rate for rate, _ in draws]), np.array([of for _, of in draws])
    alone = [npv(rate, of) for rate, of in zip(rates, flows, strict=True)]
    assert npvs(rates, flows) == pytest.approx(alone, rel=1e-12)


def test_at_year_end_or_mid_year_the_same_cash_is_worth_this_by_hand() -> None:
    income = 15 / 1.08 + 25 / 1.08**2 + 35 / 1.08**3 + 45 / 1.08**4
    assert npv(0.08, FIELD) == pytest.approx(-100 + income) == pytest.approx(-3.817, abs=5e-4)
    assert (
        npv(0.08, FIELD, mid_year=True) == pytest.approx(-100 + income * 1.08**0.5) == pytest.approx(-0.044, abs=5e-4)
    )
    assert npvs(np.array([0.08, 0.0]), np.array([FIELD, FIELD]), mid_year=True) == pytest.approx(
        [-0.0435, 20], abs=5e-4
    )


def test_mid_year_cash_comes_half_a_year_before_year_end_and_the_outlay_at_once() -> None:
    assert times(3).tolist() == [0, 1, 2, 3]
    assert times(3, mid_year=True).tolist() == [0, 0.5, 1.5, 2.5]
    assert by_half_year(np.array([-9.0, 1, 2, 3])).tolist() == [-9, 1, 0, 2, 0, 3]
    assert by_half_year(np.array([-9.0])).tolist() == [-9]
    assert npv(0.21, np.array([-100.0, 110]), mid_year=True) == pytest.approx(0)  # 1.21 to the half is 1.1


@given(RATE, FLOWS)
def test_mid_year_income_is_worth_half_a_years_growth_more(rate: float, flows: np.ndarray) -> None:
    income = npv(rate, flows) - flows[0]
    expected = flows[0] + (1 + rate) ** 0.5 * income
    assert npv(rate, flows, mid_year=True) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_mid_year_internal_rate_is_the_one_at_which_mid_year_cash_is_worth_nothing() -> None:
    assert irrs(np.array([-100.0, 110]), mid_year=True) == pytest.approx((0.21,), abs=1e-9)
    (year_end,), (middle,) = irrs(FIELD), irrs(FIELD, mid_year=True)
    assert npv(middle, FIELD, mid_year=True) == pytest.approx(0, abs=1e-9)
    assert year_end < middle < 0.08  # case 9 of the field: just below nothing at 8%
    assert irr(FIELD, mid_year=True) == (middle, "8.0%")
    assert year_end == pytest.approx(npf.irr(FIELD))


@given(FLOWS)
def test_at_a_mid_year_internal_rate_nothing_is_gained_or_lost(flows: np.ndarray) -> None:
    found = irrs(flows, mid_year=True)
    assert list(found) == sorted(set(found))
    for rate in found:
        assert rate > -1
        assert abs(npv(rate, flows, mid_year=True)) <= 1e-7 * npv(rate, np.abs(flows), mid_year=True)


def test_several_mid_year_rates_are_all_found() -> None:
    flows = np.array([-1000.0, 0, 0])
    for one, other in ((0.1, 0.3), (0.05, 0.9)):  # two years' income that two rates of one's choosing bring to nothing
        at = np.array([[(1 + rate) ** -0.5, (1 + rate) ** -1.5] for rate in (one, other)])
        flows[1:] = np.linalg.solve(at, [1000.0, 1000.0])
        assert irrs(flows, mid_year=True) == pytest.approx((one, other), abs=1e-8)
        assert irr(flows, mid_year=True)[0] is None


def test_discounted_payback_mid_year_by_hand_and_payback_the_same() -> None:
    flows = np.array([-100.0, 60, 60, 60])
    first, second = 60 / 1.21**0.5, 60 / 1.21**1.5  # 54.5 and 45.1 of 100: not quite level in the second year
    third = 60 / 1.21**2.5
    expected = math.ceil(12 * (2 + (100 - first - second) / third)) / 12
    assert discounted_payback_years(0.21, flows, mid_year=True) == pytest.approx(expected)
    assert discounted_payback_years(0.21, flows) == pytest.approx(
        math.ceil(12 * (2 + (100 - 60 / 1.21 - 60 / 1.21**2) / (60 / 1.21**3))) / 12
    )
    assert discounted_payback_years(0.21, flows, mid_year=True) < discounted_payback_years(0.21, flows)
    assert payback_years(flows) == pytest.approx(1 + 8 / 12)


@given(st.floats(1, 1e6), INCOME, RATE, st.floats(0.01, 1))
def test_a_higher_rate_makes_an_investment_worth_less(
    outlay: float, income: list[float], rate: float, more: float
) -> None:
    flows = np.array([-outlay, *income])
    assert npv(rate + more, flows) < npv(rate, flows)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [  # numpy-financial's examples
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
        ([-100, 100, 0, 7], 0.06206),
    ],
)
def test_internal_rates_worked_out_elsewhere(flows: list[float], rate: float) -> None:
    assert irrs(np.array(flows)) == pytest.approx((rate,), abs=5e-5)


def test_two_rates_are_both_found() -> None:
    assert irrs(np.array([-1000.0, 2300.0, -1320.0])) == pytest.approx((0.1, 0.2), abs=1e-9)


@pytest.mark.parametrize(
    ("flows", "rates"),
    [
        ([0.0, 0.0, 0.0], ()),
        ([0.0], ()),
        ([-5.0], ()),
        ([0.0, 7.0, 0.0], ()),
        ([-5.0, -1.0], ()),
        ([5.0, 1.0, 3.0], ()),
        ([-1.0, 1.0, -1.0], ()),  # complex rates only
        ([-1.0, 1.0], (0.0,)),
        ([0.0, 0.0, -10.0, 11.0, 0.0], (0.1,)),
        ([-1000.0, 2200.0, -1210.0], (0.1,)),  # touches nothing at 10% without crossing
        ([-1000.0, 3300.0, -3630.0, 1331.0], (0.1,)),  # 10% three times over
        ([-1000.0, 3600.0, -4310.0, 1716.0], (0.1, 0.2, 0.3)),
        ([-1.0, 1e9], (1e9 - 1,)),
        ([-1e9, 1.0], (1e-9 - 1,)),
        ([-1000.0, 1100.0, -1e-13], (0.1,)),  # what rounding left behind is no flow
    ],
)
def test_every_rate_is_found_once(flows: list[float], rates: tuple[float, ...]) -> None:
    assert irrs(np.array(flows)) == pytest.approx(rates, rel=1e-9, abs=1e-7)


@given(FLOWS)
@example(np.array([-0.01, 0.0, 1e6, -0.01, 0.0]))
def test_at_an_internal_rate_nothing_is_gained_or_lost(flows: np.ndarray) -> None:
    found = irrs(flows)
    assert list(found) == sorted(set(found))
    for rate in found:
        assert rate > -1
        gross = npv(rate, np.abs(flows))
        assert abs(npv(rate, flows)) <= 1e-7 * gross


@given(st.lists(st.floats(-0.6, 1), min_size=1, max_size=5))
def test_flows_made_from_rates_have_those_rates(rates: list[float]) -> None:
    assume(all(abs(a - b) > 0.02 for i, a in enumerate(rates) for b in rates[:i]))
    flows = -1000 * np.poly([1 + rate for rate in rates])
    assert irrs(flows) == pytest.approx(sorted(rates), abs=1e-5)


@pytest.mark.parametrize("rate", np.linspace(-0.5, 1, 31).round(2).tolist())
def test_a_rate_at_which_flows_only_touch_nothing_is_found_once(rate: float) -> None:
    assert irrs(-1000 * np.poly([1 + rate, 1 + rate])) == pytest.approx((rate,), abs=1e-9)


@given(st.floats(1, 1e6), INCOME)
def test_an_investment_has_one_internal_rate(outlay: float, income: list[float]) -> None:
    flows = np.array([-outlay, *income])
    rate, _ = irr(flows)
    assert (rate,) == irrs(flows)


@given(FLOWS, st.floats(0.01, 100))
def test_an_internal_rate_knows_no_currency(flows: np.ndarray, pounds: float) -> None:
    assume(np.abs(flows).max() > 0)
    assert len(irrs(flows * pounds)) == len(irrs(flows))


@pytest.mark.parametrize(
    ("flows", "rate", "text"),
    [
        ([-100.0, 110.0], 0.1, "10.0%"),
        ([-1.0, 1.0], 0.0, "0.0%"),
        ([-1.0, 0.9999], -0.0001, "0.0%"),
        ([-100.0, 1e6], 9999.0, "999,900.0%"),
        ([100.0, 50.0], None, "never: no rate brings this to nothing"),
        ([0.0, 0.0], None, "never: no rate brings this to nothing"),
        ([-1000.0, 2300.0, -1320.0], None, "found 2 rates: 10.0% and 20.0%; go by the NPV"),
        ([-1000.0, 3600.0, -4310.0, 1716.0], None, "found 3 rates: 10.0%, 20.0% and 30.0%; go by the NPV"),
        ([100.0, -110.0], 0.1, "10.0% is what it costs, as the money comes in first; go by the NPV"),
    ],
)
def test_the_rate_is_said_in_words(flows: list[float], rate: float | None, text: str) -> None:
    found, said = irr(np.array(flows))
    assert said == text
    assert found == (None if rate is None else pytest.approx(rate, abs=1e-9))


@pytest.mark.parametrize(
    ("flows", "years"),
    [
        ([-100, 50, 50, 0], 2.0),
        ([-0.3, 0.1, 0.1, 0.1], 3.0),  # which sum to 0.3 only but for rounding
        ([-100, 60, 60], 1 + 8 / 12),  # 1.667 years are exactly 20 months
        ([-100, 60, 61], 1 + 8 / 12),  # 19.87 months, rounded up
        ([-100, 60, 59.9], 1 + 9 / 12),  # 20.01 months, rounded up
        ([-100, 1200], 1 / 12),
        ([-100, 50, 49], None),
        ([-100], None),
        ([-100, 200, -150, 10], 0.5),  # level once, whatever comes after
        ([100, -300, 250, 0], 1 + 10 / 12),  # below 0 only in year 1; level after 1.8 years
        ([0, -50, 100], 1.5),
        ([0, 0, 0], 0.0),
        ([100, -50], 0.0),
        ([0.0, 0.3, -0.1, -0.1, -0.1], 0.0),
    ],
)
def test_when_it_has_paid_back(flows: list[float], years: float | None) -> None:
    found = payback_years(np.array(flows, float))
    assert found == (None if years is None else pytest.approx(years, abs=1e-12))


def test_a_discounted_payback_worked_out_by_hand() -> None:
    """At 10%, 60 a year is 54.55 and then 49.59: 45.45 of 49.59 is .9167 of a year, 11.0 months, rounded up to 11."""
    assert discounted_payback_years(0.1, np.array([-100.0, 60, 60])) == pytest.approx(1 + 11 / 12)
    assert discounted_payback_years(0.0, np.array([-100.0, 50, 50])) == 2.0
    assert discounted_payback_years(0.2, np.array([-100.0, 60, 60])) is None


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=9))
def test_payback_is_what_the_cumulative_cash_says(pounds: list[int]) -> None:
    flows = np.array(pounds, float)
    years, months = payback_years(flows), np.arange(12 * (len(flows) - 1) + 1)
    whole_years = [sum(pounds[: year + 1]) for year in range(len(pounds))]
    monthly = np.interp(months / 12, np.arange(len(flows)), whole_years)
    monthly = np.where(np.abs(monthly) < 1e-7, 0, monthly)
    falls = next((year for year, cash in enumerate(whole_years) if cash < 0), None)
    if falls is None:
        assert years == 0
    else:
        level = [month / 12 for month in months if month > 12 * falls and monthly[month] >= 0]
        assert years == (pytest.approx(level[0]) if level else None)


@given(FLOWS, st.floats(0, 1))
def test_discounting_never_pays_an_investment_back_sooner(flows: np.ndarray, rate: float) -> None:
    invested = np.concatenate(([-1.0], np.abs(flows)))
    plain, later = payback_years(invested), discounted_payback_years(rate, invested)
    assert later is None or (plain is not None and plain <= later)


@given(st.floats(0, 1e6), st.floats(0.01, 1e6))
def test_the_ratio_is_the_return_and_one_more(benefit: float, cost: float) -> None:
    found, ratio = roi(benefit, cost), benefit_cost_ratio(benefit, cost)
    assert found is not None and ratio is not None
    assert ratio == pytest.approx(found + 1)
    assert (found > 0) == (benefit > cost)


def test_returns_by_hand() -> None:
    assert (roi(150, 100), benefit_cost_ratio(150, 100)) == (0.5, 1.5)
    assert (roi(-50, 100), benefit_cost_ratio(-50, 100)) == (-1.5, -0.5)


@pytest.mark.parametrize("cost", [0.0, -5.0, math.nan])
def test_without_a_cost_there_is_no_return_on_it(cost: float) -> None:
    assert roi(100, cost) is None
    assert benefit_cost_ratio(100, cost) is None


@pytest.mark.parametrize("appraise", [lambda flows: discounted_payback_years(0.1, flows), irrs, irr, payback_years])
@pytest.mark.parametrize("flows", [[], [1.0, math.nan], [-math.inf, 1.0], [[-1.0, 1.0]]])
def test_flows_that_are_missing_are_refused(appraise, flows) -> None:
    with pytest.raises(ValueError, match=r"^found .*; allowed: "):
        appraise(np.array(flows))


@pytest.mark.parametrize("rate", [-1.0, -2.0, math.nan])
def test_a_rate_that_leaves_less_than_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match=r"found a discount rate of .*; allowed: above -1"):
        discounted_payback_years(rate, GITMAN)
