"""Money is counted in the minor units of its currency."""

from sim.scenario.quantity import minor_units


def test_money_has_the_minor_units_of_its_currency() -> None:
    assert [minor_units(currency) for currency in ("GBP", "EUR", "JPY", "KWD")] == [100, 100, 1, 1000]
