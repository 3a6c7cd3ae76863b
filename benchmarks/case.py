"""A business case: how soon the first bands are there, how soon all futures, and how soon when asked again."""

import tempfile
import time
from pathlib import Path

from benchmarks.common import show, table
from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.experiments.warmth import warm
from sim.experiments.workers import Workers
from sim.finance.assumptions import Terms
from sim.finance.case import DRAWS, CaseJob
from sim.finance.study import Study

_SCENARIO, _FIX = "dodgy_trolley", "twenty_more_trolleys"
_QUICK_DRAWS = 32


def report(full: bool) -> None:
    """Print when the bands, the futures and the whole case were there, first from nothing and then from disk."""
    warm()
    draws = DRAWS if full else _QUICK_DRAWS
    filled = table("asked", "first bands, s", f"all {draws} futures, s", "with one at a time, s")
    with tempfile.TemporaryDirectory() as folder:
        for asked in ("for the first time", "again, as after a restart"):
            filled.add_row(asked, *(f"{seconds:,.1f}" for seconds in _timed(Path(folder), draws)))
    show(
        filled,
        f"The case for {_FIX} of {_SCENARIO} on all cores. Goals on two: first bands within 15 s, {DRAWS} futures "
        "within 360 s, again at once.",
    )


def _timed(folder: Path, draws: int) -> tuple[float, float, float]:
    began = time.perf_counter()
    study = Study(load(_SCENARIO), 1, Store(folder))
    bands = futures = None
    with Workers() as workers:
        job = CaseJob(study, [_FIX], Terms(), workers, draws)
        while not job.finished:
            job.wait(0.05)
            now = time.perf_counter() - began
            bands = bands or (now if job.case else None)
            futures = futures or (now if job.futures_done == draws else None)
    if job.error:
        raise job.error
    whole = time.perf_counter() - began
    return bands or whole, futures or whole, whole
