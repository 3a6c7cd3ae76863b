"""The numbers of the laws that hold for everybody, in one row that both engines read."""

from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from sim.scenario.quantity import Quantity
from sim.scenario.relationship import Beliefs
from sim.scenario.scenario import Scenario

_WHERE = {
    "hearing": "beliefs.hearing",
    "learning": "beliefs.learning",
    "by_expectation": "beliefs.conversion_by_expectation",
    "by_trust": "beliefs.conversion_by_trust",
    "trust": "beliefs.trust",
    "hit": "beliefs.hit",
    "heal": "beliefs.heal",
    "cap": "beliefs.cap",
    "cap_after_lie": "beliefs.cap_after_lie",
    "expectation": "beliefs.expectation",
    "shock_times": "relationship.shock_times",
    "shock_half_life": "relationship.shock_half_life",
    "shock_tenure": "relationship.shock_tenure",
    "tenure_at_start": "relationship.tenure_at_start",
    "telling": "word_of_mouth.telling",
    "told_good": "word_of_mouth.told_good",
    "told_bad": "word_of_mouth.told_bad",
    "shift_good": "word_of_mouth.shift_good",
    "shift_bad": "word_of_mouth.shift_bad",
    "talk_half_life": "word_of_mouth.half_life",
    "considering": "word_of_mouth.considering",
    "referred_leaving": "word_of_mouth.referred_leaving",
    "newcomers_a_week": "customers.newcomers_per_week",
    "leads_a_week": "customers.leads_per_week",
    "reputation": "reputation.weight",
    "reputation_starts": "reputation.starts",
    "reviews": "reputation.reviews",
    "review_pace": "reputation.pace",
    "survey_delay": "survey.delay",
    "forgetting": "survey.forgetting",
    "answers": "survey.answers",
    "extremes": "survey.extremes",
}
LAWS = np.dtype([(name, "f8") for name in _WHERE])
_NO_BELIEFS = Beliefs(expectation=Quantity(mode=0))


def laws_of(scenario: Scenario) -> NDArray[np.void]:
    """One row of `LAWS`, shape (1,), each in the unit of the scenario's quantity."""
    whole = scenario if scenario.beliefs else scenario.model_copy(update={"beliefs": _NO_BELIEFS})
    return np.array([tuple(attrgetter(path)(whole).value for path in _WHERE.values())], LAWS)
