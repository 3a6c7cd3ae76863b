"""How long a year is, everywhere: for visits, for leaving, for money."""

DAYS_A_YEAR = 365.0
WEEKS_A_YEAR = DAYS_A_YEAR / 7.0
"""52 weeks and a day."""
