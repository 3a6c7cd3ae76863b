"""What ledgers were when the rules of a visit were last known to be right: `python -m tests.engines.ledgers` writes.

Both engines call the same rules, so that their agreement says nothing of a slip in one. These hashes do, of every
scenario that comes with Ripple and of every one with a known answer. They change only on purpose, each time with its
reason in the change log.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.experiments.library import FOLDER, load, names
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures
from tests.engines.worlds import Run, run

FILE = Path(__file__).with_suffix(".json")
KNOWN_ANSWERS = [path for path in sorted(FOLDER.glob("known_answers/*.yaml")) if path.stem != "known_answers"]
KNOWN: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def shipped(name: str) -> dict[str, Scenario]:
    """The first weeks of a scenario that comes with Ripple, and of its twin in which nothing fails."""
    scenario = load(name)
    short = scenario.model_copy(update={"weeks": min(scenario.weeks, 6)})
    return {name: short, f"{name}, nothing fails": without_failures(short)}


def with_known_answer(path: Path) -> dict[str, Scenario]:
    """The first weeks of a scenario with a known answer."""
    scenario = load(str(path))
    return {path.stem: scenario.model_copy(update={"weeks": min(scenario.weeks, 2)})}


def hash_of(done: Run) -> str:
    """A hash of all that was written, column by column, whatever its rows look like in memory."""
    digest = hashlib.sha256()
    columns = [done.visits[name] for name in done.visits.dtype.names or ()]
    for column in (*columns, *done.records):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()[:32]


def _every() -> Iterator[tuple[str, Scenario]]:
    for name in names():
        yield from shipped(name).items()
    for path in KNOWN_ANSWERS:
        yield from with_known_answer(path).items()


if __name__ == "__main__":
    found = {name: hash_of(run(world, engine="compiled")) for name, world in _every()}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
