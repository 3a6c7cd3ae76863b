"""What each choice of fixes brings, simulated on the same luck; and the answer that a room bets on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.experiments.cache import Store
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.runs import Comparison, Effort, WorldsJob
from sim.experiments.workers import Background, Workers
from sim.finance.assumptions import Terms
from sim.finance.portfolio import Bundle, BundleTask
from sim.finance.study import Study
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import shown
from sim.scenario.wording import joined
from sim.scenario.world import world_of
from sim.workshop.room import Question

RUNS = 8
_BUDGET = Budget()


@dataclass(frozen=True)
class Vote:
    """What somebody would mend: the ids of fixes, none of them for doing nothing."""

    person: int
    fixes: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A choice of fixes: its rank, 1 for the best; whether others share it; and the people who made it, ascending.

    `cost` is what it takes in year one before tax, `npv` the mean over runs with its 95% interval, both in currency
    units. Doing nothing costs and brings exactly 0.
    """

    rank: int
    tied: bool
    fixes: tuple[str, ...]
    people: tuple[int, ...]
    cost: float
    npv: Estimate


@dataclass(frozen=True)
class Board:
    """The choices that were simulated, the best first. `labels` names every fix."""

    rows: tuple[Row, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[tuple[Row, ...], ...]:
        """The rows by rank: no two of a group can be told apart."""
        ranks = dict.fromkeys(row.rank for row in self.rows)
        return tuple(tuple(row for row in self.rows if row.rank == rank) for rank in ranks)


def ranked(bundles: Sequence[Bundle], people: Mapping[tuple[str, ...], tuple[int, ...]]) -> tuple[Row, ...]:
    """The rows of these choices, the highest mean NPV first, the cheapest of equals.

    Two choices cannot be told apart where their paired difference, run by run on the same luck, has a 95% interval
    (Student t) that holds 0. A choice shares the rank of those above it where it can be told apart from none of them;
    else it is the first of a group of its own, and its rank counts all who are above. So a chain of small differences
    ends as soon as any two of it differ. Each comparison is made alone: of twenty choices worth the same, about one
    will look different.
    """
    rows: list[Row] = []
    for group in _groups(bundles):
        rank, tied = len(rows) + 1, len(group) > 1
        rows += [Row(rank, tied, one.fixes, people[one.fixes], one.needs, one.npv) for one in group]
    return tuple(rows)


def _groups(bundles: Sequence[Bundle]) -> list[list[Bundle]]:
    groups: list[list[Bundle]] = []
    for bundle in sorted(bundles, key=lambda one: (-one.worth, one.needs, one.fixes)):
        if groups and not any(differs(other.npvs, bundle.npvs) for other in groups[-1]):
            groups[-1].append(bundle)
        else:
            groups.append([bundle])
    return groups


def differs(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether values of the same runs, paired, differ beyond what luck may do; one run alone cannot tell."""
    found = estimate((np.asarray(one) - np.asarray(other)).tolist())
    return found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)


class BoardJob(Background):
    """Simulating what a room would mend, each distinct choice once: ask for what is there, or stop it.

    Raises:
        ScenarioError: nobody chose anything, a fix is unknown, or fixes contradict each other; nothing was started.
        TooLargeError: it would take more time or memory than an hour on this machine; nothing was started.
    """

    def __init__(
        self,
        scenario: Scenario,
        entries: Sequence[Vote],
        terms: Terms,
        store: Store,
        workers: Workers,
        seed: int = 1,
        runs: int = RUNS,
    ) -> None:
        study = Study(scenario, seed, store)
        self._people = people_by_choice(study, entries)
        self._labels = {fix.id: fix.label for fix in scenario.fixes}
        worlds = [study.task(study.setting(fixes, {}, 0)) for fixes in ((), *self._people)]
        _BUDGET.check(worlds * runs, "the number of distinct choices", IN_THE_FILE)
        self._job = workers.start(
            BundleTask.carry_out, [BundleTask(study, terms, fixes, runs) for fixes in self._people]
        )

    @property
    def board(self) -> Board | None:
        """The board of the choices that are there so far; None before the first."""
        there = [bundle for bundle in self._job.results if bundle is not None]
        return Board(ranked(there, self._people), self._labels) if there else None


def people_by_choice(study: Study, entries: Sequence[Vote]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Who made each distinct choice, its fixes in the scenario's order; the choice of most people first.

    Raises:
        ScenarioError: there are no entries, a fix is unknown, or fixes contradict each other.
    """
    known = [fix.id for fix in study.scenario.fixes]
    faults = tuple(_unknown(known, entries))
    if not entries:
        faults = (_fault("", "found nobody's choice; allowed: that of one person or more"),)
    people: dict[tuple[str, ...], set[int]] = {}
    for entry in () if faults else entries:
        people.setdefault(tuple(fix for fix in known if fix in entry.fixes), set()).add(entry.person)
    faults = faults or tuple(fault for fixes in people for fault in _impossible(study, fixes))
    if faults:
        raise ScenarioError(faults)
    return {fixes: tuple(sorted(people[fixes])) for fixes in sorted(people, key=lambda one: (-len(people[one]), one))}


def _unknown(known: Sequence[str], entries: Sequence[Vote]) -> Iterator[Fault]:
    wrong = {fix: None for entry in entries for fix in entry.fixes if fix not in known}
    allowed = f"allowed: any of {', '.join(known)}" if known else "allowed: none, for this scenario has no fixes"
    yield from (_fault("fixes", f'found "{shown(fix)}"; {allowed}') for fix in wrong)


def _impossible(study: Study, fixes: tuple[str, ...]) -> Iterator[Fault]:
    """Why there is no world with these fixes together, if there is none."""
    try:
        study.world(fixes, {})
    except ScenarioError as error:
        labels = called(fixes, {fix.id: fix.label for fix in study.scenario.fixes})
        yield _fault("fixes", f"{labels} cannot be done together: {error.faults[0].message}")


def _fault(path: str, message: str) -> Fault:
    return Fault("board", None, path, message)


NOTHING = "doing nothing"


def called(fixes: Sequence[str], labels: Mapping[str, str]) -> str:
    """A choice by its fixes' labels."""
    return joined([f"“{labels.get(fix, fix)}”" for fix in fixes]) or NOTHING


class RevealJob(WorldsJob):
    """Finding the answer: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        ScenarioError: its fixes make no world together.
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(self, scenario: Scenario, question: Question, effort: Effort, store: Store, workers: Workers) -> None:
        self.scenario, self.question = scenario, question
        worlds = {"now": scenario}
        if question.fixes:
            worlds["then"] = world_of(scenario, fixes=question.fixes)
        super().__init__(worlds, effort, store, workers)

    @property
    def answer(self) -> Estimate | None:
        """The answer from the replications done so far; None before there is an interval."""
        if not self.has_interval:
            return None
        now, *then = self.paired.values()
        measure = self.question.measure
        return Comparison(now, then[0]).difference(measure) if then else now.estimate(measure)
