"""Peak memory against the number of visits: the same customers, who come more often, with tallies only."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import common
from benchmarks.common import COMPILED, out, show, table
from sim.engines.plan import plan_of
from sim.engines.records import STILL_HERE
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

ROOT = Path(__file__).parents[1]
STATUS = Path("/proc/self/status")
WEEKS = 1_040
MILLION = 1_000_000
SIZES, LARGEST = (MILLION // 100, MILLION, 10 * MILLION), 100 * MILLION
FLAT = 1.1
"""Times the memory of a run a tenth as long that still counts as flat."""


def crowded(visits: int) -> Scenario:
    """The shop with its 5,000 customers, whom nobody joins or leaves, coming so often that these visits result.

    Tills, people and trolleys are as many in every size as the largest needs, so that only the visits differ.
    """
    scenario = common.lasting(common.shop(), WEEKS, warm_up_days=0)
    times = visits / (scenario.customers.base.value * plan_of(scenario).op_weeks[-1])
    return world_of(
        scenario,
        {
            "customers.visits_per_week": float(times),
            "customers.leaving.churn_per_year": 0,
            "customers.newcomers_per_week": 0,
            "resources.tills.servers": 160,
            "resources.desk.servers": 4,
            "resources.repairer.servers": 4,
            "assets.trolleys.pool": 800,
        },
    )


def measure(visits: int) -> dict[str, float]:
    """Run that many visits in this process: peak resident memory in MB so far, visits, seconds, who left."""
    scenario = crowded(visits)
    began = time.perf_counter()
    outcome = common.simulate(COMPILED, scenario)
    return {
        "seconds": time.perf_counter() - began,
        "megabytes": _peak_bytes() / MILLION,
        "visits": float(outcome.tally.visits.sum()),
        "left": int((outcome.records.left_week != STILL_HERE).sum()),
    }


def _peak_bytes() -> int:
    """Peak resident memory of this process."""
    if STATUS.exists():  # on Linux, where ru_maxrss of a new process begins with the peak of the one that started it
        [peak] = [line.split()[1] for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(peak) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _in_fresh_process(visits: int) -> dict[str, float]:
    """Peak memory only ever rises, so each size is measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.memory", str(visits)]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def report(full: bool) -> None:
    """Print peak memory for each number of visits."""
    _in_fresh_process(1)  # whoever compiles first needs more memory than whoever finds it compiled
    peaks = []
    found = table("visits", "seconds", "peak memory, MB", "customers who left")
    for visits in (*SIZES, LARGEST) if full else SIZES:
        at = _in_fresh_process(visits)
        peaks.append(at["megabytes"])
        found.add_row(f"{at['visits']:,.0f}", f"{at['seconds']:.1f}", f"{at['megabytes']:.0f}", f"{at['left']}")
    flat = max(peaks[1:]) <= FLAT * peaks[1]
    more = "" if full else " 100 million visits: with --full."
    show(
        found,
        f"The first row is little but Python and its libraries. The goal is memory that stays flat while visits grow "
        f"({common.yes_or_no(flat)}).{more}",
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        out.rule("Memory")
        report(full=False)
