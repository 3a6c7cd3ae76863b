"""How often a visit passes each touchpoint, solved from the routes as they are walked.

A visit is a Markov chain over states: a touchpoint, and whether there is something to report on coming there. Its
steps are what may happen inside (see `inside`) and the routes that then hold. The expected number of passes solves one
linear system for each kind of visit that routes tell apart.

Chances that only a run can tell are taken in one of two ways. `likely`: as they are likely to be; the expected
passes, for loads. `upper`: each lies anywhere in its range, at each state where it makes the rest of the visit
longest; that is a Markov decision process, solved by policy iteration (Howard 1960), and no scenario within the ranges
passes more touchpoints, for prices.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

from sim.scenario.scenario import Scenario
from sim.scenario.walks.inside import CONDITIONS, Stage, stages_of
from sim.scenario.walks.walking import NOWHERE, Kinds, Routes, holds, kinds_of, routes_of, shares_taken

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
    """The expected passes of each touchpoint on one visit of a scenario that has passed its checks.

    `likely` is the value to expect, `upper` one that holds whatever the chances that only a run can tell.
    """
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
            longer = _summed(steps, self.weights)
            if np.all(longer <= value * (1 + _LONGER) + _LONGER):
                break
            value, chosen = longer, self._longest(shares, longer)
        start = np.zeros(2 * self.size)
        start[0] = 1.0
        by_state = _summed(csc_array(steps.T), start)
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


def _summed(steps: csc_array, each: NDArray[np.float64]) -> NDArray[np.float64]:
    """What these amounts, one a state, come to over all steps of a visit."""
    states = each.size
    summed: NDArray[np.float64] = splu(csc_array(eye_array(states) - _GOES_ON * steps)).solve(each)
    return summed
