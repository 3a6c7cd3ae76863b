import importlib.util
import pickle
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import diskcache
import numpy as np
import pytest
from numpy.typing import NDArray

from sim.experiments import cache as stores
from sim.experiments.cache import Store, key_of, semantics_version


def table(value: float, columns: int = 2) -> NDArray[np.float64]:
    return np.full((3, columns), value)


@pytest.mark.parametrize(
    "kept", [np.arange(6.0).reshape(3, 2), np.array([[np.nan, -0.0, 1e-300, np.inf]]), table(1, 0)]
)
def test_what_is_put_comes_back_bit_for_bit_also_in_another_store_of_the_folder(
    tmp_path: Path, kept: NDArray[np.float64]
) -> None:
    Store(tmp_path).put("key", kept)
    found = Store(tmp_path).get("key")
    assert found is not None
    assert found.shape == kept.shape
    assert found.tobytes() == kept.tobytes()


def test_what_was_never_put_is_missing(tmp_path: Path) -> None:
    assert Store(tmp_path).get("key") is None


def test_whatever_is_told_of_and_the_code_that_computes_it_make_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of("a scenario", 1, ("a fix",), 0.1)
    assert key == key_of("a scenario", 1, ("a fix",), 0.1)
    assert key not in {key_of("a scenario", 1, ("a fix",), 0.2), key_of("a scenario", 2, ("a fix",), 0.1)}
    monkeypatch.setattr(stores, "semantics_version", lambda: "another")
    assert key != key_of("a scenario", 1, ("a fix",), 0.1)


def copied_to(folder: Path) -> ModuleType:
    """The module of stores as part of a program that lives in that folder."""
    file = folder / "sim" / "experiments" / "store.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(Path(stores.__file__).read_bytes())
    spec = importlib.util.spec_from_file_location("copied_store", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("layer", ["scenario", "behaviour", "engines", "outcomes", "finance"])
def test_an_edit_of_any_code_below_makes_another_version(tmp_path: Path, layer: str) -> None:
    source = tmp_path / "sim" / layer / "deep" / "law.py"
    source.parent.mkdir(parents=True)
    source.write_text("HALF = 0.5\n")
    before = copied_to(tmp_path).semantics_version()
    assert copied_to(tmp_path).semantics_version() == before
    source.write_text("HALF = 0.4\n")
    assert copied_to(tmp_path).semantics_version() != before
    assert len(semantics_version()) == 16


def test_it_is_bounded_and_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    most = 400_000
    store = Store(tmp_path, most_bytes=most)
    for i in range(200):
        store.put(f"key {i}", table(i, 500))
        assert Store(tmp_path, most_bytes=most).get("key 0") is not None  # used again and again
    assert sum(file.stat().st_size for file in tmp_path.rglob("*.val")) < most
    assert Store(tmp_path).get("key 1") is None
    assert Store(tmp_path).get("key 199") is not None


def test_where_the_folder_cannot_be_made_it_remembers_as_long_as_the_program_runs(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("no folder")
    store = Store(taken / "below")
    store.put("key", table(4))
    np.testing.assert_array_equal(store.get("key"), table(4))
    assert Store(taken / "below").get("key") is None


@pytest.mark.parametrize("problem", [sqlite3.OperationalError("disk full"), OSError("read-only")])
def test_a_disk_that_fails_later_spoils_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    Store(tmp_path).put("before", table(1))
    store = Store(tmp_path)

    def fails(*_: Any) -> None:
        raise problem

    monkeypatch.setattr(diskcache.Cache, "set", fails)
    monkeypatch.setattr(diskcache.Cache, "get", fails)
    store.put("after", table(2))
    assert store.get("before") is None
    np.testing.assert_array_equal(store.get("after"), table(2))


def test_what_it_remembers_without_a_disk_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIPPLE_NO_CACHE", "1")
    monkeypatch.setattr(stores, "MOST_BYTES_IN_MEMORY", 3 * table(0).nbytes)
    store = Store()
    for i in range(4):
        store.put(str(i), table(i))
        assert store.get("0") is not None
    assert [store.get(str(i)) is not None for i in range(4)] == [True, False, True, True]


def test_what_was_got_from_disk_is_in_memory_from_then_on(tmp_path: Path) -> None:
    Store(tmp_path).put("key", table(1))
    store = Store(tmp_path)
    assert store.remembered("key") is None
    store.get("key")
    np.testing.assert_array_equal(store.remembered("key"), table(1))


def test_without_a_cache_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIPPLE_NO_CACHE", "1")
    Store(tmp_path).put("key", table(1))
    assert list(tmp_path.iterdir()) == []


def test_left_out_the_folder_is_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Store().put("key", table(1))
    assert (tmp_path / "ripple" / "results" / "cache.db").exists()


def test_threads_and_other_stores_of_the_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    both = [Store(tmp_path), Store(tmp_path)]

    def used(i: int) -> bool:
        both[i % 2].put(f"key {i % 20}", table(i % 20))
        found = both[(i + 1) % 2].get(f"key {i % 20}")
        return found is not None and bool((found == i % 20).all())

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(used, range(100)))


class Trap:
    """Unpickled, it leaves a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def test_a_planted_pickle_is_not_read(tmp_path: Path) -> None:
    store, sprung = Store(tmp_path / "kept"), tmp_path / "sprung"
    store.put("key", table(1))
    with sqlite3.connect(tmp_path / "kept" / "cache.db") as database:
        database.execute("UPDATE Cache SET mode = 4, filename = NULL, value = ?", (pickle.dumps(Trap(sprung)),))
    assert Store(tmp_path / "kept").get("key") is None
    assert not sprung.exists()
    pickle.loads(pickle.dumps(Trap(sprung)))
    assert sprung.exists()  # the trap is one


@pytest.mark.parametrize("size", [2, 20_000])
def test_what_is_damaged_or_anothers_is_as_if_it_had_never_been_kept(tmp_path: Path, size: int) -> None:
    store = Store(tmp_path)
    store.put("key", table(1, size))
    store.put("other", table(2, size))
    with sqlite3.connect(tmp_path / "cache.db") as database:
        swap = "SELECT value, filename, mode FROM Cache WHERE key = 'other'"
        database.execute("UPDATE Cache SET (value, filename, mode) = (SELECT * FROM (" + swap + ")) WHERE key = 'key'")
    assert Store(tmp_path).get("key") is None
    np.testing.assert_array_equal(Store(tmp_path).get("other"), table(2, size))
    store.put("key", table(1, size))
    np.testing.assert_array_equal(Store(tmp_path).get("key"), table(1, size))
