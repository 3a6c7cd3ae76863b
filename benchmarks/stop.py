"""How soon a stop is heard: from asking to the last thread's end, in the middle of long runs."""

import time

from benchmarks import common
from benchmarks.common import out, show, table
from sim.experiments.task import Task, simulate
from sim.experiments.workers import Workers

GOAL_SECONDS = 1.0
TIMES = 20


def seconds(workers: Workers, task: Task) -> float:
    """How long two such tasks go on once they are to stop, each well under way."""
    job = workers.start(simulate, [task, task])
    while not job.share_done:
        job.wait(0.01)
    asked = time.perf_counter()
    job.stop()
    while not job.finished:
        job.wait(60)
    return time.perf_counter() - asked


def report(full: bool) -> None:
    """Print how soon two runs of the yardstick ended, the slowest of twenty times too."""
    scenario = common.shop(weeks=520 if full else 156)
    common.warm_up(scenario)
    with Workers(2) as workers:
        found = sorted(seconds(workers, Task(scenario, 1, 0, with_unbroken=False)) for _ in range(TIMES))
    shown = table("", "milliseconds")
    for said, taken in (("the middle one", found[TIMES // 2]), ("the slowest", found[-1])):
        shown.add_row(said, f"{1_000 * taken:.0f}")
    reached = common.yes_or_no(found[-1] <= GOAL_SECONDS)
    show(
        shown,
        f"Two threads, each in a run of {scenario.weeks} weeks, told to stop, {TIMES} times. The goal is a second for "
        f"the slowest ({reached}). The tests count instead: a run is never more than 131,072 events from hearing it.",
    )


if __name__ == "__main__":
    out.rule("A stop")
    report(full=False)
