"""Attribution: sharing out what failures cost, from pricing it to the figures, at once or in the background."""

from collections.abc import Sequence

from sim.engines.records import Progress
from sim.experiments.background import Background, carried_out
from sim.experiments.losses import Losses
from sim.experiments.replication import Task
from sim.experiments.runs import Effort
from sim.experiments.sharing import Sharing, share_out
from sim.experiments.subsets import AT_MOST, points_on, worlds_of
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario

_RUNS_FOR_AN_INTERVAL = 2


class AttributionJob(Background):
    """Sharing out the loss in the background: ask how far it is and what it has, as often as you like, or stop it.

    Replications `known` from before are not simulated again. `stopped` says whether it was asked to stop, `finished`
    whether everything has ended.

    Raises:
        ScenarioError: more failure points are on than `at_most`; nothing was started.
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(
        self,
        world: Scenario,
        effort: Effort,
        workers: Workers,
        at_most: int = AT_MOST,
        known: Sequence[Sharing] = (),
    ) -> None:
        self.world, self.runs = world, effort.replications
        effort.budget.check(tasks_of(world, effort, at_most), f"--replications (now {effort.replications})")
        self._known = tuple(known)
        missing = sorted(set(range(self.runs)) - {sharing.number for sharing in known})
        self._job = workers.start(share_out, [Task(world, effort.seed, n, effort.engine) for n in missing])

    @property
    def done(self) -> tuple[Sharing, ...]:
        """The replications done so far, in their order."""
        new = [sharing for sharing in self._job.results if sharing is not None]
        return tuple(sorted([*self._known, *new], key=lambda sharing: sharing.number))

    @property
    def result(self) -> Losses | None:
        """What the replications done so far say; None before there is an interval to show."""
        done = self.done
        return Losses(self.world, done) if len(done) >= min(_RUNS_FOR_AN_INTERVAL, self.runs) else None


def tasks_of(world: Scenario, effort: Effort, at_most: int = AT_MOST) -> list[Task]:
    """The worlds that will be simulated, one task each, for pricing. Raises ScenarioError for too many points."""
    points_on(world, at_most)
    one = Task(world, effort.seed, 0, effort.engine, with_unbroken=False)
    return [one] * (len(worlds_of(world)) * effort.replications)


def attribute(
    world: Scenario, effort: Effort, progress: Progress = lambda share: None, at_most: int = AT_MOST
) -> Losses:
    """Share out what failures cost in a world; errors are those of `AttributionJob`."""
    job = carried_out(lambda workers: AttributionJob(world, effort, workers, at_most), progress)
    return job.result or Losses(world, ())
