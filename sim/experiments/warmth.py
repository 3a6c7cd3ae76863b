"""Whether the engine is compiled, and how to have it compiled before anybody waits for it."""

import sys

from sim.experiments.library import load, names
from sim.experiments.price import expected_visits
from sim.experiments.task import Engine, Task, simulate
from sim.kernel import cache_folder

COMPILING = "Compiling the simulator: about half a minute, once"


def is_compiled() -> bool:
    """Whether this version of the engine's inner loop is on disk, compiled by this Python for this place."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    return any(cache_folder().rglob(f"loop.advance-*.{version}.nbi"))


def warm(engine: Engine = "compiled") -> None:
    """Have everything compiled, or loaded from disk, that a run needs: by a week of the smallest scenario."""
    worlds = [load(name).model_copy(update={"weeks": 1}) for name in names()]
    simulate(min((Task(world, seed=1, replication=0, engine=engine) for world in worlds), key=expected_visits))


if __name__ == "__main__":
    if is_compiled():
        print("The simulator is compiled.")
    else:
        print(f"{COMPILING}…", flush=True)
        warm()
