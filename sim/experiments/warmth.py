"""Whether the engine is compiled, and how to have it compiled before anybody waits for it.

`python -m sim.experiments.warmth` compiles what is not compiled yet, and says so.
"""

import sys

from sim.experiments.library import load
from sim.experiments.replication import Engine, Task, simulate
from sim.kernel import cache_folder

COMPILING = "Compiling the simulator: about half a minute, once"


def is_compiled() -> bool:
    """Whether this version of the engine's inner loop is on disk, compiled by this version of Python."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    return any(cache_folder().rglob(f"loop.advance-*.{version}.nbi"))


def warm(engine: Engine = "compiled") -> None:
    """Have everything compiled, or loaded from disk, that a run needs: by a short run."""
    world = load("tiny").model_copy(update={"weeks": 1})
    simulate(Task(world, seed=1, replication=0, engine=engine))


if __name__ == "__main__":
    if not is_compiled():
        print(f"{COMPILING}…", flush=True)
        warm()
