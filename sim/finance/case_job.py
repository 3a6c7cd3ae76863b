"""Making a business case, at once or in the background: futures first, then one quantity at a time."""

from collections.abc import Sequence
from typing import Protocol

from sim.engines.records import Progress
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.workers import Background, Workers, carried_out
from sim.finance.case import Case
from sim.finance.draws import drawn, future
from sim.finance.one_at_a_time import RUNS, Side, SideTask, movable
from sim.finance.study import Study
from sim.finance.terms import Terms
from sim.finance.twins import Twins, TwinTask, stacked
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

DRAWS, FEWEST_DRAWS, MOST_DRAWS = 256, 16, 4096
AGAIN = 32
"""How many futures are simulated twice, to tell luck from not knowing."""
_OTHER_LUCK = 1_000_000
_HOUR = Budget()


class _Task(Protocol):
    def carry_out(self, progress: Progress) -> Twins | Side: ...


def _carry_out(task: _Task, progress: Progress) -> Twins | Side:
    return task.carry_out(progress)


class CaseJob(Background):
    """Making a case: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        ScenarioError: fixes unknown, contradicting each other, or without costs; too few or too many draws.
        TooLargeError: it would take more time or memory than the budget; nothing was started.
    """

    def __init__(
        self,
        study: Study,
        fixes: Sequence[str],
        terms: Terms,
        workers: Workers,
        draws: int = DRAWS,
        budget: Budget = _HOUR,
    ) -> None:
        check(study.scenario, fixes, draws)
        self.study, self.terms, self.draws = study, terms, draws
        self.fixes = tuple(fix.id for fix in study.scenario.fixes if fix.id in fixes)
        self._values = drawn(study.scenario, draws, study.seed)
        firsts = min(AGAIN, draws)
        self._twins = [self._twin(draw, draw) for draw in range(draws)]
        self._again = [self._twin(draw, _OTHER_LUCK + draw) for draw in range(firsts)]
        self._sides = [SideTask(study, self.fixes, terms, path) for path in movable(study.scenario, self.fixes)]
        task = study.task(study.setting(self.fixes, {}, 0))
        worlds = 2 * (draws + firsts) + 4 * RUNS * len(self._sides)
        budget.check([task] * worlds, f"--draws (now {draws})", IN_THE_FILE)
        tasks: list[_Task] = [*self._twins[:firsts], *self._again, *self._twins[firsts:], *self._sides]
        weights = [1.0] * (draws + firsts) + [2.0 * RUNS] * len(self._sides)
        self._job = workers.start(_carry_out, tasks, weights)

    def _twin(self, draw: int, replication: int) -> TwinTask:
        return TwinTask(self.study, self.fixes, future(self._values, draw), replication)

    @property
    def futures_done(self) -> int:
        """How many futures are there, counted from the first without a gap."""
        return len(self._done[0])

    @property
    def case(self) -> Case | None:
        """What the futures so far say; None before there are enough of them."""
        twins, again, sides = self._done
        if len(twins) < FEWEST_DRAWS:
            return None
        values = {path: column[: len(twins)] for path, column in self._values.items()}
        once_more = stacked(again[: len(twins)]) if len(again) > 1 else None  # they may be ahead, kept from before
        return Case(self.study, self.fixes, self.terms, values, stacked(twins), once_more, tuple(sides))

    @property
    def _done(self) -> tuple[list[Twins], list[Twins], list[Side]]:
        results, firsts = self._job.results, len(self._again)
        twins = [*results[:firsts], *results[2 * firsts : firsts + self.draws]]
        again, sides = results[firsts : 2 * firsts], results[firsts + self.draws :]
        there = [side for side in sides if isinstance(side, Side)]
        return _unbroken(twins), _unbroken(again), there if len(there) == len(sides) else []


def _unbroken(results: Sequence[Twins | Side | None]) -> list[Twins]:
    """The results before the first that is not there yet: quasi-random points are balanced from the first on."""
    found: list[Twins] = []
    for result in results:
        if not isinstance(result, Twins):
            break
        found.append(result)
    return found


def check(scenario: Scenario, fixes: Sequence[str], draws: int = DRAWS) -> None:
    """Raise ScenarioError for what no case can be made of, naming the field."""
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        _refuse("draws", f"found {draws}; allowed: {FEWEST_DRAWS} to {MOST_DRAWS:,}")
    if not fixes:
        known = ", ".join(fix.id for fix in scenario.fixes) or "none: this scenario has no fixes"
        _refuse("fix", f"found none; allowed: one or more of {known}")
    world_of(scenario, fixes=fixes)
    chosen = [fix for fix in scenario.fixes if fix.id in fixes]
    if not any(_costs(fix.costs.once.value, fix.costs.per_year.value, fix.costs.per_use.value) for fix in chosen):
        _refuse(f"fixes.{chosen[0].id}.costs", "found no cost at all; allowed: a cost once, per year or per use")


def _costs(*costs: float) -> bool:
    return any(cost > 0 for cost in costs)


def _refuse(path: str, message: str) -> None:
    raise ScenarioError((Fault("case", None, path, message),))


def make_case(
    study: Study,
    fixes: Sequence[str],
    terms: Terms,
    draws: int = DRAWS,
    budget: Budget = _HOUR,
    progress: Progress = lambda share: None,
) -> Case:
    """The whole case; errors are those of `CaseJob`."""
    case = carried_out(lambda workers: CaseJob(study, fixes, terms, workers, draws, budget), progress).case
    assert case is not None  # every future is there
    return case
