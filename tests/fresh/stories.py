"""Run by the Python of each machine: every story for a few weeks, and a fingerprint of each table it writes."""

import hashlib
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from sim.experiments.library import names

WEEKS = 13


def main() -> None:
    """Prints one JSON document: this Python's version, and by table its rows and its fingerprint."""
    with tempfile.TemporaryDirectory(prefix="ripple-stories-") as folder:
        for name in names():
            _run(name, Path(folder) / f"{name}.parquet")
        tables = {path.stem: fingerprint(path) for path in sorted(Path(folder).glob("*.parquet"))}
    print(json.dumps({"python": platform.python_version(), "tables": tables}))


def _run(name: str, ledger: Path) -> None:
    options = ["--weeks", str(WEEKS), "--replications", "1", "--ledger", str(ledger)]
    done = subprocess.run([sys.executable, "-m", "sim", "run", name, *options], capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr.decode()}")


def fingerprint(path: Path) -> tuple[int, str]:
    """Rows of a Parquet file, and a hash of its columns' names, types and values to the last bit.

    Not of the file's bytes: those also tell which versions of libraries wrote it.
    """
    table = pq.read_table(path)
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(repr((name, str(column.type), column.to_pylist())).encode())
    return table.num_rows, digest.hexdigest()


if __name__ == "__main__":
    main()
