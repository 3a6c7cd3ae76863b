"""One thread against two: replications side by side in one process, which compiled kernels allow."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks import common
from benchmarks.common import COMPILED, out, show, table
from sim.scenario.scenario import Scenario

GOAL_TIMES = 1.7
REPLICATIONS = 8


def seconds(threads: int, scenario: Scenario) -> float:
    """How long so many threads take over the same replications."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda number: common.simulate(COMPILED, scenario, replication=number), range(REPLICATIONS)):
            pass
    return time.perf_counter() - began


def report(full: bool) -> None:
    """Print replications a second with one thread and with two."""
    scenario = common.shop(weeks=156 if full else 52)
    common.warm_up(scenario)
    busy = os.getloadavg()[0]
    rounds = [(seconds(1, scenario), seconds(2, scenario)) for _ in range(3)]
    one, two = (min(times) for times in zip(*rounds, strict=True))
    found = table("threads", "seconds", "replications a second", "throughput")
    found.add_row("1", f"{one:.2f}", f"{REPLICATIONS / one:.2f}", "1.00 ×")
    found.add_row("2", f"{two:.2f}", f"{REPLICATIONS / two:.2f}", f"{one / two:.2f} ×")
    reached = common.yes_or_no(one / two >= GOAL_TIMES)
    show(
        found,
        f"{REPLICATIONS} replications of {scenario.weeks} weeks, by turns with one thread and with two, best of three "
        f"each. The goal is {GOAL_TIMES} × ({reached}); it needs two cores with nothing else to do (load when it "
        f"began: {busy:.1f}, this process counted).",
    )


if __name__ == "__main__":
    out.rule("Two threads")
    report(full=False)
