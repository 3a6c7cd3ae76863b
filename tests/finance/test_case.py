from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy_financial as npf
import pytest

from sim.finance import appraisal, uncertainty
from sim.finance.assumptions import Terms
from sim.finance.case import DOTS, Case
from sim.finance.cash import Cash, before_tax, prices
from sim.finance.uncertainty import percentiles, spread
from tests.finance.shops import BREAKS, DRAWS, LOSS, MARGIN, ONCE, RANGES, RATE, TROLLEYS, VISITS, case_in, tiny


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_in(tmp_path_factory.mktemp("case"))


def test_it_holds_every_future_and_values_for_each(case: Case) -> None:
    assert case.futures == len(case.npvs) == DRAWS
    assert all(column.shape == (DRAWS,) for column in case.values.values())
    assert set(case.drawn) == set(RANGES)
    assert (case.years_simulated, case.fixes) == (1, (TROLLEYS,))


def test_figures_are_those_of_the_mean_cash(case: Case) -> None:
    net = case.cash.net.mean(axis=0)
    assert case.net.tolist() == net.tolist()
    assert case.irr == appraisal.irr(net)
    assert case.payback_years == appraisal.payback_years(net)
    assert case.discounted_payback_years == appraisal.discounted_payback_years(0.1, net)
    assert case.rate == 0.1
    benefit, cost = case.cash.pv_benefit.mean(), case.cash.pv_cost.mean()
    assert case.roi == pytest.approx((benefit - cost) / cost)
    assert case.benefit_cost_ratio == pytest.approx(benefit / cost)


def test_the_npv_is_the_mean_over_futures_with_an_interval(case: Case) -> None:
    assert case.npv.mean == pytest.approx(case.npvs.mean())
    assert case.npv.low is not None
    assert case.npv.high is not None
    assert case.npv.low < case.npv.mean < case.npv.high


def test_each_future_is_discounted_at_its_own_rate(case: Case) -> None:
    expected = [npf.npv(*draw) for draw in zip(case.values[RATE], case.cash.net, strict=True)]
    np.testing.assert_allclose(case.npvs, expected)


def test_year_one_and_benefit_are_before_tax_also_where_the_npv_is_after_it(case: Case) -> None:
    taxed = replace(case, terms=Terms(tax_rate=0.25))
    assert taxed.npv.mean != pytest.approx(case.npv.mean)
    assert (taxed.year_one_cost, taxed.benefit) == (case.year_one_cost, case.benefit)
    untaxed = before_tax(case.twins.now, case.twins.then, case.prices, case.terms)
    assert case.year_one_cost == pytest.approx(case.values[ONCE].mean() + 50)
    assert case.benefit == pytest.approx(untaxed.benefit.sum() / DRAWS)


def test_mid_year_every_figure_that_discounts_follows_and_no_other(case: Case) -> None:
    middle = replace(case, terms=Terms(mid_year=True))
    rates, later = case.cash.rate, case.npvs + case.cash.outlay
    np.testing.assert_allclose(middle.npvs, later * (1 + rates) ** 0.5 - case.cash.outlay)
    benefit, cost = (float(part.mean()) for part in (middle.cash.pv_benefit, middle.cash.pv_cost))
    assert (middle.roi, middle.benefit_cost_ratio) == ((benefit - cost) / cost, benefit / cost)
    assert middle.irr == appraisal.irr(case.net, mid_year=True) != case.irr
    discounted = appraisal.discounted_payback_years(case.rate, case.net, mid_year=True)
    assert middle.discounted_payback_years == discounted
    assert (middle.payback_years, middle.benefit, middle.year_one_cost) == (
        case.payback_years,
        case.benefit,
        case.year_one_cost,
    )
    assert middle.spread != case.spread


def test_other_terms_reckon_the_same_futures_anew(case: Case) -> None:
    longer = replace(case, terms=Terms(horizon_years=5))
    assert longer.cash.benefit.shape == (DRAWS, 5)
    np.testing.assert_array_equal(longer.cash.benefit[:, :3], case.cash.benefit)


def test_dots_are_equally_likely_npvs_in_order(case: Case) -> None:
    assert case.dots.shape == (DOTS,)
    assert (np.diff(case.dots) >= 0).all()
    assert case.npvs.min() <= case.dots[0] <= case.dots[-1] <= case.npvs.max()
    assert case.dots_paying_back == sum(dot >= 0 for dot in case.dots)
    assert case.dots_paying_back / DOTS == pytest.approx(1 - case.prob_loss, abs=1 / DRAWS + 1 / DOTS)
    assert case.percentiles == percentiles(case.npvs)
    assert case.prob_loss == np.mean(case.npvs < 0)


def test_a_future_that_is_exactly_level_pays_back_and_is_no_loss(case: Case) -> None:
    nothing, free = np.zeros((DRAWS, 3)), np.zeros(DRAWS)
    level = replace(case)
    vars(level)["cash"] = Cash(nothing, nothing, free, case.prices.rate)
    assert (level.dots_paying_back, level.prob_loss) == (DOTS, 0)


def test_luck_and_inputs_are_told_apart_by_the_first_futures_once_more(case: Case) -> None:
    assert case.again is not None
    first = {path: column[: len(case.again.now.earned)] for path, column in case.values.items()}
    priced = prices(case.study, case.fixes, first, DRAWS)
    again = replace(case, twins=case.again, again=None).npvs
    assert priced.once.shape == (1, DRAWS)
    assert case.spread == spread(case.npvs, again)
    assert case.spread.run_noise_sd is not None
    assert case.spread.run_noise_sd > 0
    assert not np.isclose(again, case.npvs).any()


def test_until_luck_is_known_nothing_is_said_of_what_knowing_is_worth(case: Case) -> None:
    early = replace(case, again=None, sides=())
    assert (early.spread.run_noise_sd, early.spread.input_sd) == (None, None)
    assert (early.evpi, early.evppi, early.tornado) == (None, {}, [])


def test_what_knowing_is_worth_is_of_inputs_alone_and_no_part_is_worth_more_than_all(case: Case) -> None:
    share = case.spread.input_share
    assert share is not None
    assert 0 < share < 1
    assert case.evpi == uncertainty.evpi(case.npvs, share)
    assert list(case.evppi) == sorted(case.evppi, key=lambda path: -case.evppi[path])
    assert set(case.evppi) == set(RANGES)
    assert all(0 <= worth <= case.evpi for worth in case.evppi.values())


def test_the_tornado_has_the_uncertain_quantities_widest_swing_first(case: Case) -> None:
    assert {side.path for side in case.tornado} == {VISITS, BREAKS, LOSS, MARGIN, RATE, ONCE}
    swings = [side.swing for side in case.tornado]
    assert swings == sorted(swings, reverse=True)
    assert {side.path for side in case.sides} - set(RANGES) == {"assets.trolleys.pool"}


def test_where_nothing_is_drawn_all_of_the_spread_is_luck(tmp_path: Path) -> None:
    lucky = case_in(tmp_path, tiny({}))
    assert lucky.spread.run_noise_sd == lucky.spread.total_sd
    assert (lucky.spread.input_sd, lucky.evpi, lucky.evppi, lucky.tornado) == (0, 0, {}, [])
