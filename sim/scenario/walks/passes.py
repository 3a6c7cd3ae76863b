"""How often a visit passes each touchpoint, solved from the routes as they are walked.

A visit is a Markov chain over states: a touchpoint, and whether there is something to report on coming there. Its
steps are what may happen inside a touchpoint, as the engines walk it, and the routes that then hold. The expected
number of passes solves one linear system for each kind of visit that routes tell apart.

Chances that only a run can tell are taken in one of two ways. `likely`: as they are likely to be; the expected
passes, for loads. `upper`: each lies anywhere in its range, at each state where it makes the rest of the visit
longest; that is a Markov decision process, solved by policy iteration (Howard 1960), and no scenario within the ranges
passes more touchpoints, for prices.

Inside, a visit is in one of four conditions (`CONDITIONS`): has something to report or not, and something went wrong on
this pass or not. Each stage of a touchpoint (a failure, a report heard, a decision) moves visits between them, or ends
some: a matrix whose rows sum to at most 1. Chances that a scenario states are exact. One that only a run can tell (that
a thing is faulty or the bay empty, that patience ends, that a promise is broken, that contact comes too early) lies in
a range.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

from sim.scenario.journey import Failure, Lift, Skill, Touchpoint
from sim.scenario.paths import Same
from sim.scenario.scenario import Scenario
from sim.scenario.walks import CONDITIONS, NOWHERE, Kinds, Routes, holds, kinds_of, routes_of, shares_taken

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
        quiet = 1.0 - complains
        happens = stays * np.array([[0, quiet, 0, complains], [0, quiet, 0, complains], [0, 0, 0, 1.0], [0, 0, 0, 1.0]])
        return Stage(*((1.0 - p) * _NOTHING + p * happens for p in chance))

    def _responses(self, failure: Failure) -> tuple[float, float]:
        """The share whose visit goes on after this failure, and of them the share who then have something to report."""
        shares = shares_of(self.scenario, failure)
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
        return Stage(*(np.vstack([_NOTHING[:2], (_HEARD @ matrix)[2:]]) for matrix in refused))  # others pass by

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


def shares_of(scenario: Scenario, failure: Failure) -> list[float]:
    """The share of those whom a failure happens to who respond each way, over wet days and dry ones."""
    dry = 1.0 - scenario.weather.rain.value
    after = [
        (response.share.value if response.share else 0.0) * (dry if response.not_in_rain else 1.0)
        for response in failure.responses[1:]
    ]
    return [max(0.0, 1.0 - sum(after)), *after]


def _below(promised: float, level: float, spread: float) -> float:
    """The chance of a delivery below the promise: normal, kept within [0, 1] (see `behaviour.promising.delivered`)."""
    if spread == 0 or promised <= 0:
        return float(promised > 0 and min(max(level, 0.0), 1.0) < promised)
    return 0.5 * math.erfc((level - promised) / spread / math.sqrt(2))


def logistic(odds: float) -> float:
    """The chance of these log-odds, as in `behaviour.telling`, a layer above."""
    return 1.0 / (1.0 + math.exp(-odds))


def shifted(chance: float, odds: float) -> float:
    """A chance moved by that much in log-odds, as in `behaviour.chance`, a layer above."""
    return chance if chance <= 0 or chance >= 1 else logistic(math.log(chance / (1.0 - chance)) + odds)


Taken = Literal["likely", "upper"]
_GOES_ON = 1.0 - 1e-9
"""A journey that never ends has passes without number; so each step is the last of one visit in a thousand million."""
_MOST_KINDS = 48
_MOST_POLICIES = 50
_LONGER = 1e-9


class Passes(NamedTuple):
    """Passes of each touchpoint on a visit, shape (touchpoints,): of all visits, and of the kind with most of them."""

    mean: NDArray[np.float64]
    most: NDArray[np.float64]


def passes_of(scenario: Scenario, taken: Taken = "likely") -> Passes:
    """The expected passes of each touchpoint on one visit of a scenario that has passed its checks; solved once.

    `likely` is the value to expect, `upper` one that holds whatever the chances that only a run can tell.
    """
    return _passes(Same(scenario), taken)


@lru_cache(maxsize=16)
def _passes(same: Same, taken: Taken) -> Passes:
    scenario = same.scenario
    routes, stages = routes_of(scenario), stages_of(scenario)
    kinds = _fewer(kinds_of(scenario, share_of_prospects(scenario)))
    chain = _Chain(routes, stages, taken, weights_of(scenario))
    taken_by = np.stack([shares_taken(routes, holds(routes, kinds, *condition)) for condition in CONDITIONS])
    every = np.stack([chain.passes(taken_by[:, :, kind]) for kind in range(kinds.weight.size)])
    return Passes(kinds.weight @ every, every.max(axis=0))


def share_of_prospects(scenario: Scenario) -> float:
    """About which share of visits are made by people who have never bought."""
    customers = scenario.customers
    strangers = customers.newcomers_per_week.value + customers.leads_per_week.value
    there = customers.base.value + strangers * scenario.weeks / 2
    first = strangers + customers.passers_by_per_week.value
    return first / max(first + there * customers.visits_per_week.value, 1e-12)


def minutes_of(scenario: Scenario, place: Touchpoint) -> float:
    """Mean minutes of one pass, over all trips."""
    times = sum(trip.share.value * trip.time_times.value for trip in scenario.trips) if place.grows_with_trip else 1.0
    return place.minutes.mean.value * times if place.minutes else 0.0


def weights_of(scenario: Scenario) -> NDArray[np.float64]:
    """How much a pass of each touchpoint counts in what `upper` makes most of: failures are looked at one by one."""
    places = {touchpoint.id: i for i, touchpoint in enumerate(scenario.journey)}
    weights = np.ones(len(places))
    for failure in scenario.failures:
        weights[places[failure.at]] += failure.on and failure.cause == "chance"
    return weights


def _fewer(kinds: Kinds) -> Kinds:
    """The kinds, or where there are very many the most frequent ones, for all of them."""
    if kinds.weight.size <= _MOST_KINDS:
        return kinds
    kept = np.sort(np.argsort(-kinds.weight, kind="stable")[:_MOST_KINDS])
    weight = kinds.weight[kept] / kinds.weight[kept].sum()
    return Kinds(kinds.open[:, kept], kinds.customer[kept], weight)


class _Chain:
    """The steps of a visit, before it is said who makes it."""

    def __init__(self, routes: Routes, stages: Stage, taken: Taken, weights: NDArray[np.float64]) -> None:
        known = routes.to != NOWHERE
        self.known, self.at, self.to = known, routes.at[known], routes.to[known]
        self.size = routes.touchpoints
        self.weights = np.repeat(weights, 2)
        likely = taken == "likely"
        self.least, self.most = (stages.likely, stages.likely) if likely else (stages.least, stages.most)
        self.choices = 1 if likely else _MOST_POLICIES

    def passes(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Passes of each touchpoint, shape (touchpoints,), by who takes these shares (4 conditions, routes)."""
        shares = shares[:, self.known]
        chosen = np.zeros(self.least.shape[:-1], np.bool_)
        value = np.zeros(2 * self.size)
        for _ in range(self.choices):
            steps = self._steps(shares, chosen)
            longer = summed(steps, self.weights)
            if np.all(longer <= value * (1 + _LONGER) + _LONGER):
                break
            value, chosen = longer, self._longest(shares, longer)
        start = np.zeros(2 * self.size)
        start[0] = 1.0
        by_state = summed(csc_array(steps.T), start)
        return by_state[0::2] + by_state[1::2]

    def _steps(self, shares: NDArray[np.float64], chosen: NDArray[np.bool_]) -> csc_array:
        """From state to state, shape (states, states), where the most is made of what is chosen."""
        through = np.broadcast_to(np.eye(4), (self.size, 4, 4))
        for least, most, which in zip(self.least, self.most, chosen, strict=True):
            through = through @ np.where(which[:, :, None], most, least)
        cells: list[NDArray[np.float64]] = []
        for before in (0, 2):  # who comes in has met nothing here yet
            for reporting in (0, 1):
                left = through[self.at, before, 2 * reporting : 2 * reporting + 2]
                cells.append((left * shares[2 * reporting : 2 * reporting + 2].T).sum(axis=1))
        begins, ends = np.repeat([0, 0, 1, 1], self.at.size), np.repeat([0, 1, 0, 1], self.at.size)
        where = 2 * np.tile(self.at, 4) + begins, 2 * np.tile(self.to, 4) + ends
        return csc_array((np.concatenate(cells), where), shape=(2 * self.size, 2 * self.size))

    def _longest(self, shares: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Where the most of each stage makes the rest of a visit longest, given what each state is worth."""
        onward = np.zeros((self.size, 4))
        for number, (reporting, _) in enumerate(CONDITIONS):
            np.add.at(onward[:, number], self.at, shares[number] * value[2 * self.to + reporting])
        chosen = np.zeros(self.least.shape[:-1], np.bool_)
        for stage in reversed(range(len(self.least))):
            least = np.einsum("tij,tj->ti", self.least[stage], onward)
            most = np.einsum("tij,tj->ti", self.most[stage], onward)
            chosen[stage] = most > least
            onward = np.maximum(least, most)
        return chosen


def summed(steps: csc_array, each: NDArray[np.float64]) -> NDArray[np.float64]:
    """What these amounts, one a state, come to over all steps of a visit."""
    states = each.size
    summed: NDArray[np.float64] = splu(csc_array(eye_array(states) - _GOES_ON * steps)).solve(each)
    return summed
