"""What was simulated before, kept on disk by its content: asking again answers at once, also after a restart."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from diskcache import Cache, Disk, Timeout
from diskcache.core import MODE_BINARY, MODE_RAW
from numpy.typing import NDArray

from sim.folders import kept_folder

_MOST_BYTES = 256 * 2**20
_MOST_REMEMBERED = 100_000
_LAYERS = ("scenario", "behaviour", "engines", "outcomes", "experiments", "finance")
_OFF = "RIPPLE_NO_CACHE"
_CHECKSUM = hashlib.sha256().digest_size


@cache
def semantics_version() -> str:
    """A hash of all code that decides what a simulation gives: after any edit, nothing older is taken for current."""
    here = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for layer in _LAYERS:
        for source in sorted((here / layer).rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


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
    """Arrays of float64 by key, bounded: what was used longest ago goes first. Safe from any thread and process.

    Where the disk cannot be written, or `RIPPLE_NO_CACHE` is set, it remembers only as long as the program runs. What
    is damaged there is as if it had never been kept: each array is kept with a checksum of its key and itself.
    """

    def __init__(self, folder: Path | None = None, most_bytes: int = _MOST_BYTES) -> None:
        self._cache: Any = None if os.environ.get(_OFF) else _opened(folder, most_bytes)
        self._remembered: dict[str, bytes] = {}

    def get(self, key: str) -> NDArray[np.float64] | None:
        """What is kept under that key."""
        kept = self._remembered.get(key) or self._tried(lambda: self._cache.get(key))
        if not isinstance(kept, bytes) or kept[:_CHECKSUM] != _checksum(key, kept[_CHECKSUM:]):
            return None
        rows = int.from_bytes(kept[_CHECKSUM : _CHECKSUM + 4], "little")
        return np.frombuffer(kept[_CHECKSUM + 4 :], np.float64).reshape(rows, -1)

    def put(self, key: str, table: NDArray[np.float64]) -> None:
        """Keep an array of shape (rows, columns)."""
        kept = len(table).to_bytes(4, "little") + table.astype(np.float64).tobytes()
        kept = _checksum(key, kept) + kept
        if not self._tried(lambda: self._cache.set(key, kept)) and len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[key] = kept

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
