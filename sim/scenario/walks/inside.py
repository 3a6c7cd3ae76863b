"""What may happen inside a touchpoint, as the engines walk it: failures, responses, reports heard, decisions.

A visit there is in one of four conditions (`CONDITIONS`): has something to report or not, and something went wrong on
this pass or not. Each stage of a touchpoint moves visits between them, or ends some: a matrix whose rows sum to at
most 1. Chances that a scenario states are exact. One that only a run can tell (that a thing is faulty or the bay
empty, that patience ends, that a promise is broken, that contact comes too early) lies in a range.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.journey import Failure, Lift, Skill, Touchpoint
from sim.scenario.scenario import Scenario

CONDITIONS = ((False, False), (False, True), (True, False), (True, True))
"""(has something to report, something went wrong here), in the order of rows and columns."""
SELDOM, MOSTLY = 0.1, 0.9
"""Where only a run can tell a chance: what it is likely to be, and the most that is allowed for.

Even an overloaded queue serves those whom its servers have time for, so no such failure is taken to be certain.
"""
Matrix = NDArray[np.float64]


class Chance(NamedTuple):
    """The least and the most that a chance may be, and what it is likely to be."""

    least: float
    most: float
    likely: float

    def times(self, share: float) -> "Chance":
        """The chance that both this and something of that share are so."""
        return Chance(*(share * chance for chance in self))


class Stage(NamedTuple):
    """A stage at each of the three chances, (4, 4); or of all touchpoints, (stages, touchpoints, 4, 4)."""

    least: Matrix
    most: Matrix
    likely: Matrix


_NOTHING = np.eye(4)
_NO_STAGE = Stage(_NOTHING, _NOTHING, _NOTHING)
_UNKNOWN = Chance(0.0, MOSTLY, SELDOM)
_HEARD = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
"""Nothing is left to report."""


def stages_of(scenario: Scenario) -> Stage:
    """The stages of every touchpoint, in the order in which the engines meet them."""
    at: dict[str, list[Failure]] = {touchpoint.id: [] for touchpoint in scenario.journey}
    for failure in scenario.failures:
        at[failure.at].append(failure)
    rates = _Rates(scenario)
    every = np.array([list(_stages(rates, place, at[place.id])) for place in scenario.journey])
    return Stage(*every.transpose(2, 1, 0, 3, 4))


def _stages(rates: "_Rates", place: Touchpoint, failures: list[Failure]) -> Iterator[Stage]:
    """One of each, `_NO_STAGE` where there is none: all touchpoints have the same number of them."""
    on = {failure.cause: failure for failure in failures if failure.on}
    off = {failure.cause for failure in failures if not failure.on}
    yield rates.suffered(on.get("intrusion"), rates.intrusion)
    yield rates.suffered(on.get("shortage"), rates.borrowing)
    yield rates.suffered(on.get("asset"), rates.borrowing)
    yield rates.by_chance([failure for failure in failures if failure.on and failure.cause == "chance"])
    yield rates.suffered(on.get("wait"), _UNKNOWN)
    yield rates.reported(on.get("unresolved")) if place.hears_reports else _NO_STAGE
    yield rates.suffered(on.get("promise"), rates.broken(place))
    yield rates.answered(place, on.get("unresolved"), "unresolved" in off)
    yield rates.decided(place)


class _Rates:
    """How likely what a scenario leaves open is, and the stages that follow from it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.rain = scenario.weather.rain.value
        self.lifts: dict[tuple[str, str], tuple[Skill, Lift]] = {
            (lift.at, lift.rate): (skill, lift) for skill in scenario.skills for lift in skill.lifts
        }
        asks = any(place.permission.value > 0 for place in scenario.journey)
        self.intrusion = _UNKNOWN if asks else Chance(1.0, 1.0, 1.0)  # nobody ever agrees
        self.borrowing = _UNKNOWN.times(max(trip.borrows.value for trip in scenario.trips))

    def suffered(self, failure: Failure | None, chance: Chance) -> Stage:
        """What a failure of that chance does; each responds in one of its ways, and some have something to report."""
        if failure is None:
            return _NO_STAGE
        stays, complains = self._responses(failure)
        happens = stays * _suffers(complains)
        return Stage(*((1.0 - p) * _NOTHING + p * happens for p in chance))

    def _responses(self, failure: Failure) -> tuple[float, float]:
        """The share whose visit goes on after this failure, and of them the share who then have something to report."""
        shares = [response.share.value if response.share else 0.0 for response in failure.responses]
        moved = [
            self.rain * share if r.not_in_rain else 0.0 for share, r in zip(shares, failure.responses, strict=True)
        ]
        shares = [share - dry for share, dry in zip(shares, moved, strict=True)]
        shares[0] = max(0.0, 1.0 - sum(shares[1:]))
        then = [response.then for response in failure.responses]
        stays = sum(share for share, what in zip(shares, then, strict=True) if what != "leave")
        # Who has handed the faulty thing back has nothing in hand to report.
        rid = sum(share for share, what in zip(shares, then, strict=True) if what == "hand_back")
        silent = rid / stays if failure.cause == "asset" and stays > 0 else 0.0
        return stays, (1.0 - silent) * self._complains(failure)

    def _complains(self, failure: Failure) -> float:
        law = self.scenario.relationship
        odds = law.complaint_intercept.value + law.complaint_slope.value * failure.severity.value
        return logistic(odds) if failure.reported else 0.0

    def by_chance(self, failures: list[Failure]) -> Stage:
        """All that may happen here by chance, one after another."""
        stage = _NO_STAGE
        for failure in failures:
            assert failure.chance is not None
            more = self.suffered(failure, self._lifted(failure.id, "failure", failure.chance.value))
            stage = Stage(*(before @ after for before, after in zip(stage, more, strict=True)))
        return stage

    def _lifted(self, at: str, rate: str, chance: float) -> Chance:
        """A chance without the skill that lifts it, with all of it, and with what there is at the start."""
        if (at, rate) not in self.lifts:
            return Chance(chance, chance, chance)
        skill, lift = self.lifts[at, rate]
        full = shifted(chance, lift.log_odds.value)
        now = shifted(chance, lift.log_odds.value * skill.at_start.value)
        return Chance(min(chance, full), max(chance, full), now)

    def reported(self, unresolved: Failure | None) -> Stage:
        """A desk hears what there is to report, and may do nothing about it."""
        refused = self.suffered(unresolved, _UNKNOWN)
        return Stage(*(_only_reporting(_HEARD @ matrix) for matrix in refused))

    def broken(self, place: Touchpoint) -> Chance:
        """The chance that less is delivered than promised, whoever it is and whatever they heard or expect."""
        beliefs, delivers = self.scenario.beliefs, place.delivers
        if beliefs is None or delivers is None:
            return _UNKNOWN
        segments, level, spread = self.scenario.segments, delivers.level.value, delivers.spread.value
        heard = [touchpoint.claim.level.value for touchpoint in self.scenario.journey if touchpoint.claim]
        heard = heard or [(segment.expectation or beliefs.expectation).value for segment in segments] + [level]
        fits = [segment.fit.value for segment in segments]
        return Chance(
            _below(min(heard), level + max(fits), spread),
            _below(max(heard), level + min(fits), spread),
            _below(sum(heard) / len(heard), level + sum(fits) / len(fits), spread),
        )

    def answered(self, place: Touchpoint, unresolved: Failure | None, always: bool) -> Stage:
        """A contact settles the question or the complaint, or ends without an answer."""
        if place.contact is None:
            return _NO_STAGE
        resolves = 1.0 if always else place.contact.resolves.value
        answer = self._lifted(place.id, "resolution", resolves)
        failed = self.suffered(unresolved, Chance(1.0, 1.0, 1.0)).most
        return Stage(*(p * _HEARD + (1.0 - p) * failed for p in answer))

    def decided(self, place: Touchpoint) -> Stage:
        """Yes or no, and a no ends the visit."""
        if place.converts is None:
            return _NO_STAGE
        yes = self._lifted(place.id, "conversion", place.converts.chance.value)
        if beliefs := self.scenario.beliefs:
            by, trusts = beliefs.conversion_by_expectation.value, beliefs.conversion_by_trust.value
            low = by * beliefs.expectation.value + trusts * beliefs.trust.value
            high = by + trusts - low
            yes = Chance(shifted(yes.least, -low), shifted(yes.most, high), yes.likely)
        return Stage(*(p * _NOTHING for p in yes))


def _suffers(complains: float) -> Matrix:
    """Something went wrong, and some have something to report that had not."""
    quiet = 1.0 - complains
    return np.array([[0, quiet, 0, complains], [0, quiet, 0, complains], [0, 0, 0, 1.0], [0, 0, 0, 1.0]])


def _only_reporting(matrix: Matrix) -> Matrix:
    """The stage for those who have something to report; the others pass by."""
    return np.vstack([_NOTHING[:2], matrix[2:]])


def _below(promised: float, level: float, spread: float) -> float:
    """The chance of a delivery below the promise: normal, kept within [0, 1] (see `behaviour.promising.delivered`)."""
    if spread == 0 or promised <= 0:
        return float(promised > 0 and min(max(level, 0.0), 1.0) < promised)
    return 0.5 * math.erfc((level - promised) / spread / math.sqrt(2))


def logistic(odds: float) -> float:
    """The chance of these log-odds, as in `behaviour.complaining`, a layer above."""
    return 1.0 / (1.0 + math.exp(-odds))


def shifted(chance: float, odds: float) -> float:
    """A chance moved by that much in log-odds, as in `behaviour.chance`, a layer above."""
    return chance if chance <= 0 or chance >= 1 else logistic(math.log(chance / (1.0 - chance)) + odds)
