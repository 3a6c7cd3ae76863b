import json
import math
from typing import Any

import pytest

from sim.experiments import plain, runs
from sim.experiments.estimate import MISSING, Estimate, Target
from sim.experiments.library import load, names
from sim.experiments.runs import Comparison, Effort
from sim.outcomes.measures import MEASURES
from sim.scenario.notices import Notice
from sim.scenario.world import world_of
from tests.scenario.kiosk import kiosk

NOBODY = world_of(
    load("tiny").model_copy(update={"weeks": 1}), {"customers.base": 0, "customers.newcomers_per_week": 0}
)


def as_json(value: Any) -> Any:
    """What another program reads; NaN and infinity make this fail."""
    return json.loads(json.dumps(value, allow_nan=False))


@pytest.fixture(scope="module")
def empty() -> Comparison:
    """A shop to which nobody comes, beside itself with another pool: most measures have nothing to measure."""
    return runs.compare(NOBODY, world_of(NOBODY, {"assets.trolleys.pool": 30}), Effort(1, 2))


def test_the_head_says_what_was_run() -> None:
    noticed = [Notice("weather.rain", "found 2", "tiny.yaml", 3)]
    assert plain.head("tiny", Effort(3, 5, "simpy"), 10, {"assets.trolleys.pool": 7}, ["a_fix"], noticed) == {
        "scenario": "tiny",
        "seed": 3,
        "replications": 10,
        "engine": "simpy",
        "sets": {"assets.trolleys.pool": 7},
        "fixes": ["a_fix"],
        "notices": [{"path": "weather.rain", "message": "found 2"}],
    }


def test_what_was_gone_on_for_is_said_with_whether_it_was_reached() -> None:
    narrow = plain.target_report(Target("revenue", 2.5, 64), [9.0, 10.0, 11.0])
    assert as_json(narrow) == narrow
    assert (narrow["reached"], narrow["runs"], narrow["at_most"]) == (True, 3, 64)
    assert narrow["half_width_reached"] == pytest.approx(2.484, abs=0.001)
    said = plain.target_sentence(plain.target_report(Target("revenue", None), [math.nan]))
    assert said == "Not reached after 1 runs: revenue was to be clear of 0, and has no interval."


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Estimate(2.0, 1.0, 3.0), {"mean": 2.0, "low": 1.0, "high": 3.0, "unit": "GBP"}),
        (Estimate(2.0, None, None), {"mean": 2.0, "low": None, "high": None, "unit": "GBP"}),
        (MISSING, {"mean": None, "low": None, "high": None, "unit": "GBP"}),
        (Estimate(math.nan, -math.inf, math.inf), {"mean": None, "low": None, "high": None, "unit": "GBP"}),
    ],
)
def test_a_figure_that_is_missing_is_none_and_never_nan(found: Estimate, said: dict[str, Any]) -> None:
    assert as_json(plain.estimate_report(found, "GBP")) == said


def test_where_nobody_comes_what_cannot_be_measured_is_none_and_what_can_is_0(empty: Comparison) -> None:
    report = as_json(plain.comparison_report(empty))
    for world in ("baseline", "world"):
        assert report[world]["visits"]["mean"] == 0
        for name in ("basket_value", "churn_rate", "bad_trip_share", "satisfaction", "refused_share"):
            assert report[world][name]["mean"] is None
    assert report["verdict"]["basket_value"] == "not measured"
    assert report["verdict"]["visits"] == "no difference"
    assert report["variance_ratio"]["visits"] is None


def test_a_comparison_says_the_same_of_every_measure(empty: Comparison) -> None:
    report = plain.comparison_report(empty)
    assert list(report) == ["baseline", "world", "difference", "lost_by_failure_point", "verdict", "variance_ratio"]
    for part in ("baseline", "world", "difference", "verdict", "variance_ratio"):
        assert list(report[part]) == list(MEASURES)
    assert list(report["lost_by_failure_point"]) == [failure.id for failure in NOBODY.failures]
    assert report["difference"]["revenue"]["unit"] == "GBP a year"
    assert report["world"]["lifetime_value"]["unit"] == "GBP a customer in 1 weeks"


def test_a_measure_is_listed_with_what_it_means() -> None:
    rows = as_json(plain.measure_rows())
    assert [row["name"] for row in rows] == list(MEASURES)
    assert all(list(row) == ["name", "label", "unit", "definition", "better"] for row in rows)


def test_a_lever_is_listed_with_its_quantitys_unit_and_value() -> None:
    assert as_json(plain.lever_rows(kiosk())) == [
        {
            "path": "assets.carts.pool",
            "label": "Carts",
            "unit": "carts",
            "min": 5,
            "max": 40,
            "step": 1,
            "default": 10,
            "direction": "down",
            "outcome": "bad_trip_share",
        }
    ]


@pytest.mark.parametrize("name", names())
def test_a_description_holds_every_failure_fix_lever_and_number(name: str) -> None:
    scenario = load(name)
    said = as_json(plain.describe(name, scenario))
    assert said["scenario"] == name
    assert [failure["id"] for failure in said["failures"]] == [failure.id for failure in scenario.failures]
    assert [fix["id"] for fix in said["fixes"]] == [fix.id for fix in scenario.fixes]
    assert [lever["path"] for lever in said["levers"]] == [lever.path for lever in scenario.levers]
    assert said["sources"] == as_json(plain.source_rows(scenario))


def test_a_source_row_has_value_range_unit_grade_and_source() -> None:
    rows = {row["path"]: row for row in plain.source_rows(kiosk())}
    assert rows["assets.carts.pool"] == {
        "path": "assets.carts.pool",
        "value": 10,
        "low": 8,
        "high": 12,
        "unit": "carts",
        "evidence": "C",
        "source": "counted by eye",
    }
    assert rows["weather.rain"]["evidence"] is None
    assert not any(path.endswith(".on") for path in rows)
