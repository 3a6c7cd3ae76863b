"""The JSON Schema that editors and other programs check scenario files by."""

from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sim.experiments.library import names, path_of
from sim.scenario.document import parse, read
from sim.scenario.paths import replaced
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import KIOSK

SCHEMA = Scenario.model_json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def faults(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


def broken(path: str, value: Any) -> dict[str, Any]:
    """The kiosk's data with the value at that path replaced."""
    data = deepcopy(parse(KIOSK, "kiosk.yaml").data)
    replaced(data, path, value)
    return data


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_is_valid_by_the_schema(name: str) -> None:
    assert faults(read(path_of(name)).data) == []


def test_the_kiosk_is_valid_by_the_schema() -> None:
    assert faults(parse(KIOSK, "kiosk.yaml").data) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", ""),
        ("weeks", 0),
        ("weeks", 1.5),
        ("currency", "pounds"),
        ("weather.rain", 1.5),
        ("weather.rain", "often"),
        ("weather.rain", True),
        ("weather.rain", None),
        ("weather.rain", {"mode": 0.5, "grade": "C"}),
        ("weather.rain", {"mode": 0.5, "evidence": "E"}),
        ("assets.carts.pool", 7.5),
        ("assets.carts.pool", -1),
        ("failures.wobble.cause", "bad luck"),
        ("failures.wobble.reported", "yes"),
        ("failures.wobble.responses", []),
        ("segments.old", {"id": "old", "label": "Old"}),
        ("segments.old", {"id": "old", "label": "Old", "share": 0.4, "color": "grey"}),
        ("segments.old.id", "Old people"),
        ("customers.leaving", {"concentration": 16}),
        ("customers.leaving", {"concentration": 16, "churn_per_year": 0.1, "chance_per_visit": 0.1}),
    ],
)
def test_what_a_file_may_not_say_is_not_valid_by_the_schema(path: str, value: Any) -> None:
    assert faults(broken(path, value))


def test_leaving_may_be_said_as_a_chance_at_each_visit() -> None:
    assert faults(broken("customers.leaving", {"concentration": 16, "chance_per_visit": 0.1})) == []


def test_every_number_of_the_schema_says_its_unit_and_every_part_what_it_is() -> None:
    for name, part in SCHEMA["$defs"].items():
        assert part.get("description"), name
        for field, schema in part.get("properties", {}).items():
            if "anyOf" in schema and any("Quantity" in option.get("$ref", "") for option in schema["anyOf"]):
                assert schema.get("x-unit"), f"{name}.{field}"
