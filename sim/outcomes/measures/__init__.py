"""Every measure there is, in the order in which people read them."""

from sim.outcomes.measures import customers, minds, money, service
from sim.outcomes.measures.registry import MEASURES, Measure, Pooled, Sample, ratio, totals_of, unit_of

__all__ = [
    "MEASURES",
    "Measure",
    "Pooled",
    "Sample",
    "customers",
    "minds",
    "money",
    "ratio",
    "service",
    "totals_of",
    "unit_of",
]
