"""How long a year is, everywhere: for visits, for leaving, for money."""

WEEKS_A_YEAR = 365.0 / 7.0
"""52 weeks and a day."""
