"""A ledger is the same bit for bit wherever and however it is made."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chromium import ROOT

pytestmark = [pytest.mark.attack, pytest.mark.long]

SURROUNDINGS = {
    "as it is": {},
    "one hash seed": {"PYTHONHASHSEED": "0"},
    "another hash seed": {"PYTHONHASHSEED": "4242"},
    "another locale and time zone": {"LC_ALL": "C", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
    "another time zone": {"TZ": "America/St_Johns", "PYTHONUTF8": "0"},
    "one thread": {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
}


def ledger(folder: Path, surroundings: dict[str, str], one_core: bool = False) -> dict[str, str]:
    """SHA-256 of the three files of a run."""
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "sim",
        "run",
        "tiny",
        "--replications",
        "4",
        "--ledger",
        str(folder / "visits.parquet"),
    ]
    bound = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if one_core else []
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RIPPLE_NO_CACHE": "1", **surroundings}
    subprocess.run([*bound, *command], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=600)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_a_ledger_is_the_same_whatever_the_hash_seed_locale_time_zone_and_threads(tmp_path: Path) -> None:
    found = {name: ledger(tmp_path / str(place), how) for place, (name, how) in enumerate(SURROUNDINGS.items())}
    assert len(found["as it is"]) == 3
    assert {name: files for name, files in found.items() if files != found["as it is"]} == {}


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no choice of cores here")
def test_a_ledger_is_the_same_on_one_core_and_on_all(tmp_path: Path) -> None:
    assert ledger(tmp_path / "one", {}, one_core=True) == ledger(tmp_path / "all", {})
