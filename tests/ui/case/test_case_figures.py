"""Key figures: each with a range, or with the reason why it has none."""

import pytest

from sim.finance.assumptions import Terms
from tests.ui.case.cases import case
from ui.case.section import FIGURES, KeyFigure, key_figures, years
from ui.text import MINUS


def figure(label: str, gains: list[float], terms: Terms | None = None) -> KeyFigure:
    return next(one for one in key_figures(case(gains, terms=terms)) if one.label == label)


def test_there_is_a_figure_for_every_label_in_their_order() -> None:
    assert [one.label for one in key_figures(case([3_000.0] * 16))] == list(FIGURES)


def test_money_has_a_range_or_says_that_it_never_differs() -> None:
    assert figure("Net present value", [1_000.0 + 100 * i for i in range(16)]).range == f"{MINUS}£159 to £587"
    assert figure("Cost in year one", [1_000.0, 3_000.0] * 8).value == "£800"
    assert figure("Cost in year one", [1_000.0, 3_000.0] * 8).range == "the same in every future"


def test_five_years_stand_beside_whatever_the_horizon_is() -> None:
    short, long = (figure(list(FIGURES)[1], [3_000.0] * 16, Terms(horizon_years=years)) for years in (1, 5))
    assert short.value == long.value
    assert "repeat the last" in short.help


def test_a_rate_that_some_futures_lack_has_no_range_and_says_so() -> None:
    assert figure("Internal rate of return", [3_000.0] * 16).range == "the same in every future"
    some = figure("Internal rate of return", [3_000.0] * 12 + [100.0] * 4)
    assert some.range == "no range: 4 of 16 futures have no single rate"
    none = figure("Internal rate of return", [100.0] * 16)
    assert none.value == "none"


def test_never_is_slower_than_any_payback() -> None:
    assert figure("Payback", [3_000.0] * 12 + [100.0] * 4).range == "13 months to never"
    assert figure("Payback", [100.0] * 16).value == "never"
    assert figure("Payback", [100.0] * 16).range == "never in nine of ten futures"


@pytest.mark.parametrize(
    ("value", "said"), [(None, "never"), (0.0, "0 months"), (1 / 12, "1 month"), (1.5, "18 months"), (2.4, "2.4 years")]
)
def test_a_time_in_words(value: float | None, said: str) -> None:
    assert years(value) == said
