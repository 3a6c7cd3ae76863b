"""Runs: one world, or a world beside the scenario as it stands, over many replications."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.engines.records import Progress
from sim.experiments.cache import REPLICATION, KeptJob, Store
from sim.experiments.estimate import Estimate, Target, estimate, values_of, variance_ratio, verdict
from sim.experiments.events import OverrunError
from sim.experiments.price import IN_THE_FILE, Advice, Budget
from sim.experiments.task import Engine, Replication, Task, simulate
from sim.experiments.workers import Workers
from sim.folders import beside
from sim.outcomes.breakdown import By
from sim.outcomes.measures import MEASURES
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """One world and what its replications gave, in their order; and why there are fewer than asked for, if so."""

    world: Scenario
    replications: tuple[Replication, ...] = ()
    seed: int = 1
    stopped: str | None = None

    def values(self, measure: str) -> list[float]:
        """One value of that measure a replication, pooled ones as `PooledValues`; NaN for nothing to measure."""
        return values_of(MEASURES[measure], [one.sample(measure) for one in self.replications])

    def estimate(self, measure: str) -> Estimate:
        """Mean and interval of that measure."""
        return estimate(self.values(measure))

    def part(self, name: str, measure: str) -> Estimate:
        """Mean and interval of that measure of one part of the world; the run was asked for that split."""
        return estimate(values_of(MEASURES[measure], [one.sample(measure, name) for one in self.replications]))

    def among(self, numbers: Collection[int]) -> "Run":
        """The same with the replications of those numbers alone."""
        return replace(self, replications=tuple(one for one in self.replications if one.number in numbers))

    def lost(self, failure: str) -> Estimate:
        """Basket lost now to that failure point, in currency units a year."""
        return estimate([replication.lost[failure] for replication in self.replications])


@dataclass(frozen=True)
class Comparison:
    """A world beside its baseline, replication by replication on the same luck."""

    baseline: Run
    world: Run

    def differences(self, measure: str) -> list[float]:
        """World less baseline, one value a replication."""
        pairs = zip(self.world.values(measure), self.baseline.values(measure), strict=True)
        return [world - baseline for world, baseline in pairs]

    def difference(self, measure: str) -> Estimate:
        """Mean and interval of the paired difference."""
        return estimate(self.differences(measure))

    def verdict(self, measure: str) -> str:
        """What the paired differences say, in words."""
        return verdict(self.differences(measure))

    def variance_ratio(self, measure: str) -> float | None:
        """How many times more replications independent worlds would have needed; None where it cannot be said."""
        return variance_ratio(self.baseline.values(measure), self.world.values(measure))


@dataclass(frozen=True)
class Effort:
    """How much is simulated: the seed, how many replications to begin with, on which engine, and how far to go on.

    With a target, replications are doubled until it is reached or its cap is. What would cost more than the budget is
    refused before it starts. `by` asks for every measure split too.
    """

    seed: int = 1
    replications: int = 10
    engine: Engine = "compiled"
    target: Target | None = None
    budget: Budget = field(default_factory=Budget)
    by: By | None = None

    @property
    def most(self) -> int:
        """How many replications it may come to."""
        return max(self.replications, self.target.at_most) if self.target else self.replications

    @property
    def counts(self) -> Iterator[int]:
        """How many replications there are to be after each go."""
        count = self.replications
        yield count
        while count < self.most:
            count = min(2 * count, self.most)
            yield count


NEEDS_TWIN = frozenset({"revenue_lost_per_year"})
"""The one measure that asks what would be without failures."""
RUNS_FOR_AN_INTERVAL = 2


class WorldsJob(KeptJob[Replication]):
    """Worlds, each under a name, over the same replications: ask how far it is and what it has, or stop it.

    Every world is simulated once before any is simulated twice, equal worlds only once, and what the store has not at
    all. `asked_by` says what asks for so many runs, and `or_else` what else there is to lower, where the effort's
    budget does not allow them; without `asked_by`, whatever it costs is simulated.

    Raises:
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(
        self,
        worlds: Mapping[Any, Scenario],
        effort: Effort,
        store: Store,
        workers: Workers,
        with_unbroken: bool = True,
        asked_by: str | None = "the number of runs",
        or_else: Advice = IN_THE_FILE,
    ) -> None:
        super().__init__(REPLICATION, tasks_of(worlds, effort, with_unbroken), store)
        self.worlds, self.effort, self.runs = dict(worlds), effort, effort.replications
        if asked_by is not None:
            effort.budget.check(list(self._missing.values()), f"{asked_by} (now {self.runs})", or_else)
        self._begin(workers)

    @property
    def paired(self) -> dict[Any, Run]:
        """Each world with the replications that all worlds have, so that their differences are paired."""
        done = self.done
        whole = [number for number in range(self.runs) if all((name, number) in done for name in self.worlds)]
        return {
            name: Run(world, tuple(done[name, number] for number in whole), self.effort.seed)
            for name, world in self.worlds.items()
        }

    @property
    def runs_done(self) -> int:
        """How many replications every world has."""
        return len(next(iter(self.paired.values())).replications) if self.worlds else self.runs

    @property
    def complete(self) -> bool:
        """Whether every run is there; not so after a stop."""
        return self.runs_done == self.runs

    @property
    def has_interval(self) -> bool:
        """Whether there are runs enough for an interval, or as many as were asked for."""
        return self.runs_done >= min(RUNS_FOR_AN_INTERVAL, self.runs)


def tasks_of(worlds: Mapping[Any, Scenario], effort: Effort, with_unbroken: bool) -> dict[Any, Task]:
    """What is simulated of these worlds, by world and replication."""
    return {
        (name, number): Task(world, effort.seed, number, effort.engine, with_unbroken)
        for number in range(effort.replications)
        for name, world in worlds.items()
    }


def run(
    world: Scenario, effort: Effort = Effort(), progress: Progress = lambda share: None, ledger: Path | None = None
) -> Run:
    """Simulate one world; with `ledger`, its three tables are put there once all is done (see `table_paths`).

    Where a replication comes to far more than its price, those finished by then are kept, and the run says so; a ledger
    is whole or none.

    Raises:
        TooLargeError: it would take more time or memory than the budget; nothing was started. Or the very first
            replication came to far more than its price.
        OSError: the ledger cannot be written; nothing is left half-written.
    """
    with _ledger(ledger) as parts:
        return _until(effort, [Run(world, seed=effort.seed)], parts, progress, _values)[0]


def extend(done: Run, effort: Effort, progress: Progress = lambda share: None) -> Run:
    """The same run with replications added to those already done, until there are as many as that effort asks for.

    Raises:
        ValueError: the effort has another seed than the run.
        TooLargeError: as in `run`.
    """
    if effort.seed != done.seed:
        raise ValueError(f"found seed {effort.seed}; allowed: {done.seed}, the seed of the run that is to go on")
    return _until(effort, [done], _Parts(), progress, _values)[0]


def _values(runs: Sequence[Run]) -> Callable[[str], list[float]]:
    return runs[0].values


def compare(
    baseline: Scenario,
    world: Scenario,
    effort: Effort = Effort(),
    progress: Progress = lambda share: None,
    ledger: Path | None = None,
) -> Comparison:
    """Simulate a world and its baseline on the same luck; `ledger` is the world's, and errors are as in `run`."""
    if world == baseline:  # every difference is 0 already: there is nothing to go on for
        only = run(world, replace(effort, target=None), progress, ledger)
        return Comparison(only, only)
    with _ledger(ledger) as parts:
        both = [Run(world, seed=effort.seed), Run(baseline, seed=effort.seed)]
        moved, now = _until(effort, both, parts, progress, lambda runs: Comparison(runs[1], runs[0]).differences)
    return Comparison(now, moved)


@dataclass
class _Parts:
    """Where the parts of a ledger are put, if one is wanted, and whether it will be whole."""

    folder: Path | None = None
    are_all: bool = True


@contextmanager
def _ledger(target: Path | None) -> Iterator[_Parts]:
    """A folder for the parts of a ledger, which is put together when the block ends well and all of them are there."""
    if target is None:
        yield _Parts()
        return
    from sim.outcomes.ledger import assemble  # slow to import, and most runs write no ledger

    with beside(target) as folder:
        parts = _Parts(folder)
        yield parts
        if parts.are_all:
            assemble(folder, target)


def _until(
    effort: Effort,
    runs: Sequence[Run],
    ledger: _Parts,
    progress: Progress,
    values: Callable[[Sequence[Run]], Callable[[str], list[float]]],
) -> Sequence[Run]:
    """These runs with replications added, doubled until those values reach the target. Only the first has a ledger."""
    _check_price(effort, runs)
    with Workers() as workers:
        for count in effort.counts:
            runs = _more(workers, effort, runs, count, ledger.folder, progress)
            ledger.are_all = runs[0].stopped is None
            if runs[0].stopped or effort.target is None or effort.target.settled(values(runs)(effort.target.measure)):
                break
    progress(1.0)
    return runs


def _check_price(effort: Effort, runs: Sequence[Run]) -> None:
    """Refuse what the most replications that this may come to would cost; those done already cost nothing."""
    new = range(len(runs[0].replications), effort.most)
    runs_asked = f"--at-most (now {effort.most})" if effort.target else f"--replications (now {effort.replications})"
    effort.budget.check([task for run in runs for task in _tasks(effort, run.world, new, None)], runs_asked)


def _more(
    workers: Workers,
    effort: Effort,
    runs: Sequence[Run],
    count: int,
    ledger_folder: Path | None,
    progress: Progress,
) -> list[Run]:
    """The runs with as many replications as that, all worlds side by side."""
    done = len(runs[0].replications)
    new = range(done, count)
    tasks = [
        task for i, run in enumerate(runs) for task in _tasks(effort, run.world, new, None if i else ledger_folder)
    ]
    job = workers.start(simulate, tasks)
    try:
        job.follow(lambda share: progress((done + share * len(new)) / effort.most))
    except OverrunError as error:
        job.stop()
        return _kept(runs, job.results, effort.most, error, ledger_folder is not None)
    return _added(runs, job.results)


def _added(runs: Sequence[Run], found: Sequence[Replication | None]) -> list[Run]:
    """The runs with what was found, all of the first and then all of the second; one that either lacks is left out."""
    each = len(found) // len(runs)
    by_run = [found[i * each : (i + 1) * each] for i in range(len(runs))]
    whole = [row for row in zip(*by_run, strict=True) if None not in row]
    return [
        replace(run, replications=run.replications + tuple(one for row in whole if (one := row[i])))
        for i, run in enumerate(runs)
    ]


def _kept(
    runs: Sequence[Run], found: Sequence[Replication | None], most: int, error: OverrunError, with_ledger: bool
) -> list[Run]:
    """The runs with what was finished before one came to far more than its price. Raises that where nothing was."""
    kept = _added(runs, found)
    if not kept[0].replications:
        raise error
    what = f"Only {len(kept[0].replications)} of {most} runs were finished: {error}."
    return [replace(run, stopped=f"{what} No ledger was written." if with_ledger else what) for run in kept]


def _tasks(effort: Effort, world: Scenario, numbers: range, ledger_folder: Path | None) -> list[Task]:
    """One task a replication."""
    return [
        Task(world, effort.seed, number, effort.engine, ledger_folder=ledger_folder, by=effort.by) for number in numbers
    ]
