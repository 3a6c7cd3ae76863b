"""What money is counted in, and how long a year is: for visits, for leaving, for money."""

WEEKS_A_YEAR = 365.0 / 7.0
"""52 weeks and a day."""


_MINOR_UNITS = {"JPY": 1, "KRW": 1, "ISK": 1, "VND": 1, "BHD": 1000, "KWD": 1000, "OMR": 1000, "TND": 1000}


def minor_units(currency: str) -> int:
    """How many minor units (pence) make one unit of that ISO 4217 currency."""
    return _MINOR_UNITS.get(currency, 100)
