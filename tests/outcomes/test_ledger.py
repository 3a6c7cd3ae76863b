from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.engines.clock import WEEK
from sim.engines.plan import plan_of
from sim.engines.randomness import Luck
from sim.engines.records import BUSY, NO_RESPONSE, NOT_BORROWED, REPAIRS, STILL_HERE
from sim.outcomes.ledger import PartWriter, assemble, customers_table, resources_table, table_paths, visits_table
from tests.engines.worlds import Run, outcome_of, run, tiny
from tests.outcomes.by_hand import FIVE, WHO, outcome_by_hand, rows_of, shop

LUCK = Luck(1, 3, 2)
BUSY_SHOP = {"weeks": 3, "assets.trolleys.breaks": 0.2, "assets.trolleys.pool": 3, "assets.trolleys.reserve": 1}
NOBODY = {"customers.base": 0, "customers.newcomers_per_week": 0, "weeks": 2}


COUNTER = {"id": "counter", "label": "Counter", "stage": "pay", "department": "service", "pays": True}


def visits_by_hand() -> dict[str, list[Any]]:
    scenario = shop()
    table: dict[str, list[Any]] = visits_table(rows_of(FIVE, plan_of(scenario)), scenario, LUCK).to_pydict()
    return table


def write(folder: Path, done: Run, replication: int, chunks: int = 1) -> None:
    folder.mkdir(exist_ok=True)
    with PartWriter(folder, done.scenario, Luck(1, replication)) as part:
        for chunk in np.array_split(done.visits, chunks) if done.visits.size else []:
            part.add(chunk)
        part.finish(outcome_of(done))


def test_a_row_says_in_words_what_happened() -> None:
    table = visits_by_hand()
    assert table["replication"] == [3] * 5
    assert table["site"] == [2] * 5
    assert table["customer"] == [0, 1, 2, 2, WHO[3]]
    assert table["visit"] == [0, 0, 0, 1, 0]
    assert table["week"] == [0, 0, 0, 1, 1]
    assert table["segment"] == ["regulars", "hurried", "regulars", "regulars", "hurried"]
    assert table["channel"] == ["store"] * 5
    assert table["trip_type"] == ["main", "main", "small", "main", "main"]
    assert table["completed"] == [True, True, False, True, True]
    assert table["left"] == [False, True, False, True, False]


def test_what_did_not_happen_is_null() -> None:
    table = visits_by_hand()
    assert table["response_wheel"] == [None, "persevere", None, None, None]
    assert table["response_queue"] == [None, None, "abandon", None, None]
    assert table["response_refused"] == [None, "shrug", None, None, None]
    assert table["response_empty_bay"] == [None] * 5
    assert table["bad_asset"] == [False, True, None, None, None]
    assert table["wait_checkout_minutes"] == [0.0, 4.0, 12.0, None, 1.0]
    assert table["wait_desk_minutes"] == [None, 2.0, None, None, None]
    assert not [name for name in table if name.startswith(("wait_bay", "wait_aisles"))]


def test_money_is_whole_minor_units() -> None:
    scenario = shop()
    table = visits_table(rows_of(FIVE, plan_of(scenario)), scenario, LUCK)
    money = ["spend", "recaptured", "revenue", *(name for name in table.column_names if name.startswith("lost_"))]
    assert len(money) == 7
    for name in money:
        assert table.schema.field(name).type == pa.int64()
    assert table["lost_wheel"].to_pylist() == [0, 300, 0, 0, 0]
    assert table["revenue"].to_pylist() == [10_000, 4_700, 0, 1_135, 2_000]


def test_customers_say_whence_and_when_they_came_and_when_they_left() -> None:
    table = customers_table(outcome_by_hand(), LUCK).to_pydict()
    assert table["customer"] == WHO
    assert table["segment"] == ["regulars", "hurried", "regulars", "hurried"]
    assert table["source"] == ["base", "base", "base", "newcomer"]
    assert table["joined"] == [None, None, None, 1]
    assert table["left"] == [None, 0, 1, None]


def test_resources_say_week_by_week_how_many_were_busy() -> None:
    rows = resources_table(outcome_by_hand(), LUCK).to_pylist()
    assert [(row["kind"], row["resource"], row["week"]) for row in rows] == [
        (kind, name, week)
        for kind, name in (("resource", "tills"), ("resource", "desk"), ("resource", "repairer"), ("asset", "trolleys"))
        for week in (0, 1)
    ]
    tills, trolleys = rows[0], rows[7]
    assert (tills["queue"], tills["busy"], tills["availability"]) == (0.25, 1.0, 0.0)
    assert (trolleys["queue"], trolleys["busy"], trolleys["availability"]) == (0.0, 1.0, 0.5)
    assert [trolleys[name] for name in ("reports", "refusals", "repairs", "shortages")] == [3, 0, 2, 7]
    assert [tills[name] for name in ("reports", "refusals", "repairs", "shortages")] == [None] * 4


def test_the_availability_of_a_pool_of_nothing_is_missing() -> None:
    rows = resources_table(outcome_by_hand(**{"assets.trolleys.pool": 0}), LUCK).to_pylist()
    assert [row["availability"] for row in rows if row["kind"] == "asset"] == [None, None]


def test_a_business_without_resources_has_a_table_without_rows() -> None:
    outcome = outcome_of(run(tiny({"weeks": 1, "failures": [], "assets": [], "resources": [], "journey": [COUNTER]})))
    assert resources_table(outcome, LUCK).num_rows == 0


def assert_rows_written(table: pa.Table, done: Run) -> None:
    """Every value of every column is that of the run."""
    visits = done.visits
    for name in ("customer", "visit", "week", "spend", "recaptured", "revenue", "experience", "satisfaction"):
        np.testing.assert_array_equal(table[name].to_numpy(), visits[name], err_msg=name)
    for name in ("completed", "left"):
        assert table[name].to_pylist() == visits[name].tolist()
    for k, failure in enumerate(done.scenario.failures):
        np.testing.assert_array_equal(table[f"lost_{failure.id}"].to_numpy(), visits["lost"][:, k])
        ids = [response.id for response in failure.responses]
        chosen = [None if code == NO_RESPONSE else ids[code] for code in visits["response"][:, k].tolist()]
        assert table[f"response_{failure.id}"].to_pylist() == chosen
    for k, place in enumerate(done.scenario.journey):
        if place.resource:
            np.testing.assert_array_equal(table[f"wait_{place.id}_minutes"].to_numpy(), visits["wait"][:, k])
            np.testing.assert_array_equal(table[f"queued_{place.id}_times"].to_numpy(), visits["joins"][:, k])
    bad = [None if code == NOT_BORROWED else bool(code) for code in visits["bad_asset"].tolist()]
    assert table["bad_asset"].to_pylist() == bad


def test_what_is_written_is_what_is_read_back(tmp_path: Path) -> None:
    runs = [run(tiny(BUSY_SHOP), replication=replication) for replication in range(2)]
    for replication, done in reversed(list(enumerate(runs))):
        write(tmp_path / "parts", done, replication, chunks=3)
    assemble(tmp_path / "parts", tmp_path / "ledger.parquet")
    visits = pq.read_table(tmp_path / "ledger.parquet")
    assert visits["replication"].to_pylist() == [0] * runs[0].visits.size + [1] * runs[1].visits.size
    for replication, done in enumerate(runs):
        assert_rows_written(visits.filter(pa.compute.equal(visits["replication"], replication)), done)

    customers = pq.read_table(tmp_path / "ledger_customers.parquet").to_pydict()
    assert customers["customer"] == [*runs[0].population.who.tolist(), *runs[1].population.who.tolist()]
    left = np.concatenate([done.records.left_week for done in runs])
    assert customers["left"] == [None if week == STILL_HERE else week for week in left.tolist()]

    resources = pq.read_table(tmp_path / "ledger_resources.parquet")
    assert resources.num_rows == 2 * 4 * 3
    pool = resources.filter(pa.compute.equal(resources["resource"], "trolleys"))
    for name, counter, size in (("busy", BUSY, WEEK), ("repairs", REPAIRS, 1)):
        expected = np.concatenate([done.records.pools[0, counter] for done in runs]) / size
        np.testing.assert_array_equal(pool[name].to_numpy(), expected)


def test_every_pound_of_the_tally_is_in_the_visits_and_nowhere_else(tmp_path: Path) -> None:
    done = run(tiny(BUSY_SHOP))
    write(tmp_path / "parts", done, 0)
    assemble(tmp_path / "parts", tmp_path / "ledger.parquet")
    visits = pq.read_table(tmp_path / "ledger.parquet")
    assert pa.compute.sum(visits["revenue"]).as_py() == int(outcome_of(done).tally.revenue.sum())
    for path in list(table_paths(tmp_path / "ledger.parquet").values())[1:]:
        assert not {"spend", "revenue", "recaptured"} & set(pq.read_schema(path).names)


def test_a_replication_in_which_nobody_came_has_tables_without_visits(tmp_path: Path) -> None:
    write(tmp_path / "parts", run(tiny(NOBODY)), 0)
    write(tmp_path / "parts", run(tiny(NOBODY | {"customers.base": 30})), 1)
    assemble(tmp_path / "parts", tmp_path / "ledger.parquet")
    assert set(pq.read_table(tmp_path / "ledger.parquet")["replication"].to_pylist()) == {1}
    write(tmp_path / "empty", run(tiny(NOBODY)), 0)
    assemble(tmp_path / "empty", tmp_path / "nobody.parquet")
    nobody = pq.read_table(tmp_path / "nobody.parquet")
    assert nobody.num_rows == 0
    assert nobody.schema == pq.read_schema(tmp_path / "ledger.parquet")


def test_the_other_two_tables_stand_beside_the_one_that_was_named(tmp_path: Path) -> None:
    assert table_paths(tmp_path / "a.parquet") == {
        "visits": tmp_path / "a.parquet",
        "customers": tmp_path / "a_customers.parquet",
        "resources": tmp_path / "a_resources.parquet",
    }


@pytest.mark.attack
@pytest.mark.parametrize("table", ["visits", "customers", "resources"])
@pytest.mark.parametrize("harm", ["cut short", "missing"])
def test_a_failure_midway_leaves_nothing_behind_and_an_older_ledger_untouched(
    tmp_path: Path, table: str, harm: str
) -> None:
    target, done = tmp_path / "ledger.parquet", run(tiny({"weeks": 1}))
    older = table_paths(target)
    older["customers"].write_bytes(b"an older ledger")
    for replication in (0, 1):
        write(tmp_path / "parts", done, replication)
    part = tmp_path / "parts" / f"{table}-000001.parquet"
    if harm == "cut short":
        part.write_bytes(part.read_bytes()[:-100])
    else:
        for path in (part, part.with_name(f"{table}-000000.parquet")):
            path.unlink()
    with pytest.raises((OSError, pa.ArrowInvalid)):
        assemble(tmp_path / "parts", target)
    assert not older["visits"].exists()
    assert not older["resources"].exists()
    assert older["customers"].read_bytes() == b"an older ledger"


def test_a_part_is_closed_even_when_the_run_fails(tmp_path: Path) -> None:
    done = run(tiny({"weeks": 1}))
    with pytest.raises(RuntimeError, match="stopped"), PartWriter(tmp_path, done.scenario, Luck(1, 0)) as part:
        part.add(done.visits)
        raise RuntimeError("stopped")
    assert pq.read_table(tmp_path / "visits-000000.parquet").num_rows == done.visits.size
    assert not (tmp_path / "customers-000000.parquet").exists()
