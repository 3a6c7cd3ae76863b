"""The reference of scenario files, from their schema: what every field is, and what it means."""

import re
from collections.abc import Iterator
from typing import Any

from sim.reports.markdown import escaped, number, prose, table
from sim.scenario.scenario import Scenario

SCHEMA: dict[str, Any] = Scenario.model_json_schema()
PARTS: dict[str, dict[str, Any]] = {"Scenario": SCHEMA, **SCHEMA["$defs"]}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SAME_EVERYWHERE: dict[str, str] = {
    "id": "its name in paths: a lower-case letter, then lower-case letters, digits and underscores",
    "label": "what people read",
    "help": "what people read beside it",
    "title": "what people read as its name",
    "story": "what happens, in a few sentences",
    "unit": "what it is counted in",
    "evidence": "its grade: A measured on your own data, B published, C a vendor or a single study, D a guess",
    "source": "where it comes from",
    "low": "the least it could be",
    "mode": "the likeliest: what a plain run uses",
    "high": "the most it could be",
    "measure": "a measure's name",
    "text": "what people read about it",
    **dict.fromkeys(_DAYS, "that weekday; left out: closed"),
    "Scenario.stages": "the parts of the journey, in their order",
    "Scenario.departments": "who owns touchpoints and fixes",
    "Setting.value": "where that lever stands",
    "Preset.fixes": "fixes that it picks",
}
"""Fields that need no description of their own. The only ones: everything else says what it means, or its part does."""


def meaning(part: str, field: str) -> str | None:
    """What a field means; None where nothing says so."""
    schema = PARTS[part]["properties"][field]
    said = schema.get("description") or SAME_EVERYWHERE.get(f"{part}.{field}") or SAME_EVERYWHERE.get(field)
    if said:
        return str(said)
    inner = parts_in(schema)
    return _first_sentence(PARTS[inner[0]]["description"]) if inner and inner[0] != "Quantity" else None


def parts_in(schema: dict[str, Any]) -> list[str]:
    """Names of the parts that a field holds."""
    return re.findall(r"#/\$defs/(\w+)", str(schema))


def _first_sentence(text: str) -> str:
    sentence = " ".join(text.split()).partition(". ")[0].rstrip(".")
    return sentence[0].lower() + sentence[1:]


COLUMNS = ("field", "what it is", "unit", "allowed", "when left out", "what it means")
NO_EFFECT = "no effect"
Schema = dict[str, Any]


def scenario_page() -> Iterator[str]:
    """Blocks of Markdown: the whole file first, then each part where it is first needed."""
    yield "# Scenario files"
    yield (
        "Every field of a scenario file. `python -m sim schema` prints the same as JSON Schema, for editors. "
        "[Write a story of your own](../how-to/write-a-story.md) says how to go about it. A *quantity* is a plain "
        "number, or a mapping with its range, unit, grade and source: see [Quantity](#quantity)."
    )
    for name in _in_order():
        yield f"## {name}"
        yield "\n\n".join(prose(" ".join(part.split())) for part in PARTS[name]["description"].split("\n\n"))
        required = PARTS[name].get("required", [])
        yield table(COLUMNS, (_row(name, field, field in required) for field in PARTS[name]["properties"]))


def _in_order() -> list[str]:
    """The parts, each after the one that holds it, in the order of the fields."""
    order, waiting = [], ["Scenario"]
    while waiting:
        name = waiting.pop(0)
        if name not in order:
            order.append(name)
            waiting = [part for field in PARTS[name]["properties"].values() for part in parts_in(field)] + waiting
    return sorted(order, key="Quantity".__eq__)  # it is part of nearly everything: last


def _row(part: str, field: str, required: bool) -> list[str]:
    schema = PARTS[part]["properties"][field]
    plain = _without_null(schema)
    said = meaning(part, field) or ""
    default, source = ("is required", "") if required else _default(schema)
    says = f"{prose(said)}. {source}" if source else prose(said)
    return [f"`{field}`", _kind(plain), escaped(plain.get("x-unit", "")), _allowed(plain), default, says]


def _without_null(schema: Schema) -> Schema:
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    return options[0] if len(options) == 1 else schema


def _kind(schema: Schema) -> str:
    """What stands there, in words, with a link to the part that it is."""
    if "x-unit" in schema:
        return "whole quantity" if _number(schema)["type"] == "integer" else "quantity"
    if schema.get("type") == "array":
        return _list(schema)
    if inner := parts_in(schema):
        return f"[{inner[0]}](#{inner[0].lower()})"
    if "enum" in schema:
        return "a word"
    kinds = {"string": _text(schema), "boolean": "yes or no: `true`, `false`", "integer": "whole number"}
    options = [_kind(option) for option in schema.get("anyOf", []) if option.get("type") not in ("null", "integer")]
    return kinds.get(schema.get("type", "")) or " or ".join(options) or "number"


def _list(schema: Schema) -> str:
    items = schema.get("items")
    if items is None or "prefixItems" in items:
        return "pairs of numbers" if items else f"{schema['minItems']} numbers"
    return f"list: {_kind(items)}"


def _text(schema: Schema) -> str:
    return "id" if schema.get("pattern", "").startswith("^[a-z]") else "text"


def _number(schema: Schema) -> Schema:
    found: Schema = next((option for option in schema.get("anyOf", []) if "minimum" in option), schema)
    return found


def _allowed(schema: Schema) -> str:
    """Bounds of a number, words to choose from, or how many there must be."""
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    bounds = _number(schema)
    if "minimum" in bounds:
        return f"{number(bounds['minimum'])} to {number(bounds['maximum'])}"
    if "exclusiveMinimum" in schema:
        return f"above {number(schema['exclusiveMinimum'])}"
    at_least = ["at least one"] if schema.get("minItems") == 1 else []
    is_open = schema.get("minItems") != schema.get("maxItems")
    at_most = [f"at most {schema['maxItems']:,}"] if "maxItems" in schema and is_open else []
    return ", ".join([*at_least, *at_most, *([schema["x-in-all"]] if "x-in-all" in schema else [])])


def _default(schema: Schema) -> tuple[str, str]:
    """What a field is when the file leaves it out, and where that number comes from."""
    default = schema.get("default")
    if isinstance(default, dict) and "mode" in default:
        source = default["source"]
        rests_on = "" if NO_EFFECT in source else f"Default: grade {default['evidence']}, {escaped(source)}."
        return number(default["mode"]), rests_on
    if isinstance(default, bool):
        return f"`{str(default).lower()}`", ""
    if isinstance(default, str | int | float):
        return f"`{default}`", ""
    return ("its own defaults", "") if default else ("nothing", "")
