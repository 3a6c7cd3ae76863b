"""The full ledger on disk: three Parquet tables, written only when whole.

Each replication leaves a part of each table in a folder of its own; `assemble` joins the parts beside the
target and only then moves them into place.
"""

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.engines.plan import plan_of
from sim.engines.population import SOURCES
from sim.engines.randomness import Luck
from sim.engines.records import (
    BUSY,
    COUNTERS,
    KEPT,
    NO_RESPONSE,
    NOT_BORROWED,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    SHORTAGES,
    STILL_HERE,
    UNTESTED,
    WORKING,
    visit_dtype,
)
from sim.outcomes.outcome import Outcome
from sim.scenario.scenario import Scenario

TABLES = ("visits", "customers", "resources")
_YES_OR_NO = ("answered", "complained", "solved_first", "cross_sold", "prospect", "completed", "left")
_MINUTES_A_WEEK = 7 * 24 * 60


class PartWriter(AbstractContextManager["PartWriter"]):
    """Writes one replication's part of the three tables into a folder."""

    def __init__(self, folder: Path, world: Scenario, luck: Luck) -> None:
        self._folder, self._world, self._luck = folder, world, luck
        self._visits: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._visits:
            self._visits.close()

    def add(self, visits: NDArray[np.void]) -> None:
        """Append a chunk of visits."""
        table = visits_table(visits, self._world, self._luck)
        if self._visits is None:
            self._visits = pq.ParquetWriter(self._path("visits"), table.schema)
        self._visits.write_table(table)

    def finish(self, outcome: Outcome) -> None:
        """Write the other two tables; where nobody came, a table of visits without rows."""
        if self._visits is None:
            self.add(np.empty(0, visit_dtype(plan_of(self._world))))
        pq.write_table(customers_table(outcome, self._luck), self._path("customers"))
        pq.write_table(resources_table(outcome, self._luck), self._path("resources"))

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}-{self._luck.replication:06d}.parquet"


def visits_table(visits: NDArray[np.void], world: Scenario, luck: Luck) -> pa.Table:
    """A chunk of visits with names for codes; money in minor units, waits in minutes, missing as null.

    A wait is summed over every time that the visit joined the queue there, which `queued_..._times` counts. `left` is
    true on the visit after which a customer left for good; who decides before paying made no visit then, so that the
    table of customers alone says when.
    """
    columns: dict[str, pa.Array] = {
        "replication": _constant(luck.replication, visits.size),
        "site": _constant(luck.site, visits.size),
        **{name: pa.array(visits[name]) for name in ("customer", "visit", "week")},
        "segment": _named(visits["segment"], [segment.id for segment in world.segments]),
        "channel": _named(visits["channel"], [channel.id for channel in world.channels]),
        "trip_type": _named(visits["trip"], [trip.id for trip in world.trips]),
        "spend": pa.array(visits["spend"]),
        **{f"lost_{f.id}": pa.array(visits["lost"][:, k].copy()) for k, f in enumerate(world.failures)},
        "recaptured": pa.array(visits["recaptured"]),
        "revenue": pa.array(visits["revenue"]),
        "refund": pa.array(visits["refund"].copy()),
        **{
            f"wait_{t.id}_minutes": pa.array(visits["wait"][:, k].copy(), from_pandas=True)
            for k, t in enumerate(world.journey)
            if t.resource is not None
        },
        **{
            f"queued_{t.id}_times": pa.array(visits["joins"][:, k].astype(np.int64))
            for k, t in enumerate(world.journey)
            if t.resource is not None
        },
        "bad_asset": pa.array(visits["bad_asset"] == 1, mask=visits["bad_asset"] == NOT_BORROWED),
        **{
            f"response_{f.id}": _named(visits["response"][:, k], [response.id for response in f.responses])
            for k, f in enumerate(world.failures)
        },
        **{name: pa.array(visits[name].copy()) for name in ("contacts", "experience", "satisfaction")},
        "handled_minutes": pa.array(visits["handled"].copy()),
        **{name: pa.array(visits[name].copy(), from_pandas=True) for name in ("expectation", "trust", "delivered")},
        "promise_kept": pa.array(visits["promise"] == KEPT, mask=visits["promise"] == UNTESTED),
        "survey_score": pa.array(visits["score"].copy()),
        **{name: pa.array(visits[name].copy()) for name in _YES_OR_NO},
    }
    return pa.table(columns)


def customers_table(outcome: Outcome, luck: Luck) -> pa.Table:
    """Everybody who may have come: from where, and the weeks in which they became a customer and left.

    Joined is null for the base and for those who never became one, left for those still there.
    """
    population, left, joined = outcome.population, outcome.records.left_week, outcome.records.joined_week
    return pa.table(
        {
            "replication": _constant(luck.replication, population.who.size),
            "site": _constant(luck.site, population.who.size),
            "customer": pa.array(population.who),
            "segment": _named(population.segment, [segment.id for segment in outcome.scenario.segments]),
            "joined": pa.array(joined, mask=~outcome.joined),
            "source": _named(population.source, list(SOURCES)),
            "left": pa.array(left, mask=left == STILL_HERE),
        }
    )


def resources_table(outcome: Outcome, luck: Luck) -> pa.Table:
    """Each resource and pool by week: mean queue and number busy, availability, and counts where there are any.

    Availability is the share of a resource's servers that are free, or of a pool that is in working order. For a
    pool, `queue` is how many wait for or are under repair and `busy` how many are lent out.
    """
    scenario, records = outcome.scenario, outcome.records
    weeks = scenario.weeks
    parts = [
        _resource_rows("resource", resource.id, resource.servers.value, records.resources[i])
        for i, resource in enumerate(scenario.resources)
    ]
    parts += [
        _resource_rows("asset", asset.id, asset.pool.value, records.pools[i]) for i, asset in enumerate(scenario.assets)
    ]
    rows = pd.concat(parts) if parts else _resource_rows("", "", 0, np.zeros((len(COUNTERS), weeks))).iloc[:0]
    rows.insert(0, "replication", luck.replication)
    rows.insert(1, "site", luck.site)
    return pa.Table.from_pandas(rows, preserve_index=False)


def _resource_rows(kind: str, name: str, size: float, counters: NDArray[np.float64]) -> pd.DataFrame:
    levels = counters / _MINUTES_A_WEEK
    in_use = size - levels[BUSY] if kind == "resource" else levels[WORKING]
    rows: dict[str, Any] = {"week": range(counters.shape[1]), "kind": kind, "resource": name}
    rows |= {"queue": levels[QUEUE], "busy": levels[BUSY], "availability": in_use / size if size else np.nan}
    for counter in (REPORTS, REFUSALS, REPAIRS, SHORTAGES):
        rows[COUNTERS[counter]] = counters[counter] if kind == "asset" else np.nan
    return pd.DataFrame(rows)


def _constant(value: int, size: int) -> pa.Array:
    return pa.array(np.full(size, value, np.int64))


def _named(codes: NDArray[np.int64], names: list[str]) -> pa.Array:
    missing = codes == NO_RESPONSE
    indices = pa.array(codes.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def table_paths(target: Path) -> dict[str, Path]:
    """Where the three tables go: visits in the file named, the other two beside it."""
    return {
        "visits": target,
        **{table: target.with_name(f"{target.stem}_{table}{target.suffix}") for table in TABLES[1:]},
    }


def assemble(folder: Path, target: Path) -> None:
    """Join the parts in `folder`, in the order of replications, and put the tables in place once all are whole."""
    finished: list[tuple[Path, Path]] = []
    for table, path in table_paths(target).items():
        whole = folder / f"{table}.parquet"
        _join(_parts(folder, table), whole)
        finished.append((whole, path))
    with _uninterrupted():  # all three or none
        for whole, path in finished:
            whole.replace(path)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """An interrupt (Ctrl-C) meanwhile is heard afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _parts(folder: Path, table: str) -> list[Path]:
    return sorted(folder.glob(f"{table}-*.parquet"))


def _join(parts: list[Path], whole: Path) -> None:
    if not parts:
        raise FileNotFoundError(f"{whole.parent} holds no part of the table {whole.stem}")
    with pq.ParquetWriter(whole, pq.ParquetFile(parts[0]).schema_arrow) as writer:
        for path in parts:
            part = pq.ParquetFile(path)
            for group in range(part.num_row_groups):
                writer.write_table(part.read_row_group(group))
