"""Every measure there is, in the order in which people read them."""

from sim.outcomes.measures import customers, minds, money, service
from sim.outcomes.measures.registry import MEASURES, Measure, ratio, unit_of

__all__ = ["MEASURES", "Measure", "customers", "minds", "money", "ratio", "service", "unit_of"]
