"""What every field of a scenario file means: its own description, or else what its name or its part says."""

import re
from typing import Any

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
