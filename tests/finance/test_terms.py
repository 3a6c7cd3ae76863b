import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.finance.assumptions import Terms, terms_of
from sim.scenario.faults import ScenarioError


def refused(**given: object) -> str:
    with pytest.raises(ScenarioError) as error:
        terms_of(given)
    return str(error.value)


def test_left_out_it_is_three_years_of_year_end_cash_at_a_nominal_rate_before_tax_and_without_adjustment() -> None:
    plain = {"horizon_years": 3, "real": False, "mid_year": False, "inflation": 0, "tax_rate": 0}
    assert terms_of({}) == Terms(**plain, cost_uplift=0, benefit_cut=0)


@pytest.mark.parametrize("value", [1, 0.5, "yes", None])
@pytest.mark.parametrize("name", ["real", "mid_year"])
def test_a_switch_is_on_or_off(name: str, value: object) -> None:
    assert name in refused(**{name: value})


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("horizon_years", 1, 10),
        ("inflation", -0.05, 0.25),
        ("tax_rate", 0, 0.9),
        ("cost_uplift", 0, 3),
        ("benefit_cut", 0, 1),
    ],
)
def test_every_term_has_ends_that_are_allowed_and_beyond_them_is_refused_by_name(
    name: str, least: float, most: float
) -> None:
    for value in (least, most):
        assert getattr(terms_of({name: value}), name) == value
    step = 1 if isinstance(least, int) and name == "horizon_years" else 1e-6
    for value in (least - step, most + step):
        said = refused(**{name: value})
        assert name in said
        assert "found" in said
        assert "allowed" in said


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "a lot", None, True])
@pytest.mark.parametrize("name", ["horizon_years", "inflation", "tax_rate", "cost_uplift", "benefit_cut"])
def test_what_is_no_number_is_no_term(name: str, value: object) -> None:
    assert name in refused(**{name: value})


def test_half_a_year_is_no_horizon() -> None:
    assert "horizon_years" in refused(horizon_years=2.5)


def test_an_unknown_term_is_named_and_every_wrong_one_is_said() -> None:
    assert "discount" in refused(discount=0.1)
    said = refused(tax_rate=2, inflation=3)
    assert "tax_rate" in said
    assert "inflation" in said


@given(st.integers(1, 10), st.floats(0, 0.9), st.floats(0, 3))
def test_terms_come_back_from_what_they_are_written_as(years: int, tax: float, uplift: float) -> None:
    terms = Terms(horizon_years=years, tax_rate=tax, cost_uplift=uplift)
    assert terms_of(terms.model_dump()) == terms
