"""What was simulated before, kept on disk by its content: asking again answers at once, also after a restart."""

import hashlib
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from diskcache import Cache, Disk, Timeout
from diskcache.core import MODE_BINARY, MODE_RAW
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Background, Workers
from sim.folders import hash_of_sources, kept_folder
from sim.outcomes.measures import MEASURES
from sim.scenario.paths import Same

_MOST_BYTES = 256 * 2**20
MOST_BYTES_IN_MEMORY = 64 * 2**20
_LAYERS = ("scenario", "behaviour", "engines", "outcomes", "experiments", "finance")
_OFF = "RIPPLE_NO_CACHE"
_CHECKSUM = hashlib.sha256().digest_size


@cache
def semantics_version() -> str:
    """A hash of all code that decides what a simulation gives: after any edit, nothing older is taken for current."""
    here = Path(__file__).parents[1]
    return hash_of_sources(*(here / layer for layer in _LAYERS))


def key_of(*said: object) -> str:
    """The key of what these describe, and of the code that computes it."""
    return hashlib.sha256(repr((semantics_version(), *said)).encode()).hexdigest()


class _Bytes(Disk):  # type: ignore[misc]
    """A disk of text keys and bytes: nothing read back from it is ever run, which pickles would be."""

    def get(self, key: Any, raw: bool) -> Any:
        return key if raw else None

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        return super().fetch(mode, filename, value, read) if mode in (MODE_RAW, MODE_BINARY) else None


class Store:
    """Arrays of float64 by key, in two tiers: what was used last in memory, all of it on disk. Safe from any thread.

    Both are bounded: what was used longest ago goes first. Where the disk cannot be written or is not wanted, or
    `RIPPLE_NO_CACHE` is set, there is memory alone. What is damaged on disk is as if it had never been kept: each array
    is kept with a checksum of its key and itself.
    """

    def __init__(self, folder: Path | None = None, most_bytes: int = _MOST_BYTES, on_disk: bool = True) -> None:
        self._cache: Any = _opened(folder, most_bytes) if on_disk and not os.environ.get(_OFF) else None
        self._remembered: OrderedDict[str, NDArray[np.float64]] = OrderedDict()
        self._size, self._lock = 0, threading.Lock()

    def remembered(self, key: str) -> NDArray[np.float64] | None:
        """What is in memory under that key: at once, whatever the disk does."""
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
            return self._remembered.get(key)

    def get(self, key: str) -> NDArray[np.float64] | None:
        """What is kept under that key, not to be changed."""
        found = self.remembered(key)
        if found is not None:
            return found
        kept = self._tried(lambda: self._cache.get(key))
        if not isinstance(kept, bytes) or kept[:_CHECKSUM] != _checksum(key, kept[_CHECKSUM:]):
            return None
        rows = int.from_bytes(kept[_CHECKSUM : _CHECKSUM + 4], "little")
        return self._remember(key, np.frombuffer(kept[_CHECKSUM + 4 :], np.float64).reshape(rows, -1))

    def put(self, key: str, table: NDArray[np.float64]) -> None:
        """Keep an array of shape (rows, columns)."""
        kept = len(table).to_bytes(4, "little") + table.astype(np.float64).tobytes()
        self._remember(key, np.frombuffer(kept[4:], np.float64).reshape(table.shape))
        self._tried(lambda: self._cache.set(key, _checksum(key, kept) + kept))

    def _remember(self, key: str, table: NDArray[np.float64]) -> NDArray[np.float64]:
        with self._lock:
            before = self._remembered.pop(key, None)
            self._remembered[key] = table
            self._size += table.nbytes - (0 if before is None else before.nbytes)
            while self._size > MOST_BYTES_IN_MEMORY:
                self._size -= self._remembered.popitem(last=False)[1].nbytes
        return table

    def _tried(self, use: Callable[[], Any]) -> Any:
        """What that gives; None where the disk does not play along, which must never spoil an answer."""
        if self._cache is None:
            return None
        try:
            return use()
        except (OSError, sqlite3.Error, Timeout):
            return None


def _checksum(key: str, kept: bytes) -> bytes:
    return hashlib.sha256(key.encode() + kept).digest()


def _opened(folder: Path | None, most_bytes: int) -> Any:
    try:
        where = folder or kept_folder("results")
        return Cache(str(where), disk=_Bytes, size_limit=most_bytes, eviction_policy="least-recently-used", timeout=5)
    except (OSError, sqlite3.Error, Timeout):
        return None


Made = TypeVar("Made")


@dataclass
class Recipe(Generic[Made]):
    """What is made of a task, and how that is written into an array and read from it; `kind` names it in keys."""

    kind: str
    make: Callable[[Task, Progress], Made]
    packed: Callable[[Made], NDArray[np.float64]]
    unpacked: Callable[[Task, NDArray[np.float64]], Made]

    def key(self, task: Task) -> str:
        """The key of what is made of a task: neither a ledger nor a split is kept."""
        world = _written(Same(task.world))
        return key_of(self.kind, world, task.seed, task.replication, task.engine, task.with_unbroken)

    def remembered(self, store: Store, task: Task) -> Made | None:
        """What was made of a task, if it is in memory."""
        kept = store.remembered(self.key(task))
        return None if kept is None else self.unpacked(task, kept)

    def carry_out(self, store: Store, task: Task, progress: Progress) -> Made:
        """What is made of a task, unless it is kept from before."""
        key = self.key(task)
        kept = store.get(key)
        if kept is None:
            kept = self.packed(self.make(task, progress))
            store.put(key, kept)
        return self.unpacked(task, kept)


@lru_cache(maxsize=512)
def _written(same: Same) -> str:
    return same.scenario.model_dump_json()


def _packed(found: Replication) -> NDArray[np.float64]:
    totals = [each for pair in found.totals.values() for each in pair]
    parts = [list(found.measures.values()), totals, list(found.lost.values()), found.passes, found.flows]
    return np.concatenate([*parts, found.retention]).astype(np.float64)[np.newaxis]


def _unpacked(task: Task, kept: NDArray[np.float64]) -> Replication:
    pooled, world = [name for name, measure in MEASURES.items() if measure.pooled], task.world
    routes = sum(len(touchpoint.next) for touchpoint in world.journey)
    sizes = (len(MEASURES), 2 * len(pooled), len(world.failures), len(world.journey), routes)
    measures, totals, lost, passes, flows, retention = np.split(kept[0], np.cumsum(sizes))
    return Replication(
        number=task.replication,
        measures=dict(zip(MEASURES, measures.tolist(), strict=True)),
        lost=dict(zip((failure.id for failure in world.failures), lost.tolist(), strict=True)),
        retention=retention,
        passes=passes,
        flows=flows,
        totals=dict(zip(pooled, map(tuple, totals.reshape(-1, 2).tolist()), strict=True)),
    )


REPLICATION = Recipe("replication", simulate, _packed, _unpacked)


class KeptJob(Background, Generic[Made]):
    """What a recipe makes of tasks, each under a name: what memory has is there at once, what the disk has soon.

    Tasks that are the same are done once. A job that goes on where another stopped is begun like any other.
    """

    def __init__(self, recipe: Recipe[Made], tasks: Mapping[Any, Task], store: Store) -> None:
        self._recipe, self._store = recipe, store
        self._keys = {name: recipe.key(task) for name, task in tasks.items()}
        every = {self._keys[name]: task for name, task in tasks.items()}
        there = {key: recipe.remembered(store, task) for key, task in every.items()}
        self._known = {key: made for key, made in there.items() if made is not None}
        self._missing = {key: task for key, task in every.items() if key not in self._known}

    def _begin(self, workers: Workers) -> None:
        self._job = workers.start(partial(self._recipe.carry_out, self._store), list(self._missing.values()))

    @property
    def done(self) -> dict[Any, Made]:
        """What there is so far, by name."""
        new = zip(self._missing, self._job.results, strict=True)
        found = self._known | {key: made for key, made in new if made is not None}
        return {name: found[key] for name, key in self._keys.items() if key in found}
