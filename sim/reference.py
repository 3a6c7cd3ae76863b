"""The reference in docs/reference, written from the code: `python -m sim.reference` or `make docs`.

A page each for scenario files, measures, levers, laws and commands; every one is blocks of Markdown.
"""

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from sim.cli.commands import app
from sim.experiments.library import load, names
from sim.outcomes import measures
from sim.outcomes.measures import MEASURES, Measure
from sim.reports.laws import Chapter, Law, chapters
from sim.reports.markdown import Cell, code, escaped, number, plain_table, prose, table
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario

# ---- scenario files: what every field is, from their schema ----------------------------------------

Schema = dict[str, Any]
SCHEMA: Schema = Scenario.model_json_schema()
PARTS: dict[str, Schema] = {"Scenario": SCHEMA, **SCHEMA["$defs"]}
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


def parts_in(schema: Schema) -> list[str]:
    """Names of the parts that a field holds."""
    return re.findall(r"#/\$defs/(\w+)", str(schema))


def _first_sentence(text: str) -> str:
    sentence = " ".join(text.split()).partition(". ")[0].rstrip(".")
    return sentence[0].lower() + sentence[1:]


COLUMNS = ("field", "what it is", "unit", "allowed", "when left out", "what it means")
NO_EFFECT = "no effect"


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
    default, source = ("is required", "") if required else _when_left_out(schema)
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
        items = schema.get("items")
        if items is None or "prefixItems" in items:
            return "pairs of numbers" if items else f"{schema['minItems']} numbers"
        return f"list: {_kind(items)}"
    if inner := parts_in(schema):
        return f"[{inner[0]}](#{inner[0].lower()})"
    if "enum" in schema:
        return "a word"
    text = "id" if schema.get("pattern", "").startswith("^[a-z]") else "text"
    kinds = {"string": text, "boolean": "yes or no: `true`, `false`", "integer": "whole number"}
    options = [_kind(option) for option in schema.get("anyOf", []) if option.get("type") not in ("null", "integer")]
    return kinds.get(schema.get("type", "")) or " or ".join(options) or "number"


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


def _when_left_out(schema: Schema) -> tuple[str, str]:
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


# ---- commands, laws, levers, measures --------------------------------------------------------------

COMMAND_COLUMNS = ("argument or option", "what it takes", "when left out", "what it does")


def commands() -> dict[str, Any]:
    """Every command by name, as typer has it."""
    found: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return found


def commands_page() -> Iterator[str]:
    """Blocks of Markdown: every command with its arguments and options."""
    yield "# Commands"
    yield (
        "`python -m sim COMMAND`, in the checkout, with the Python of `.venv`. Answers go to standard output, progress "
        "and errors to standard error. Exit codes: 0 fine, 1 a check failed, 2 bad input, 130 interrupted. `--help` "
        "after any command says the same as this page."
    )
    for name, command in commands().items():
        yield f"## `{name}`"
        yield prose(command.help)
        arguments = [parameter.metavar for parameter in command.params if parameter.param_type_name == "argument"]
        yield f"```\npython -m sim {' '.join([name, *arguments])} [OPTIONS]\n```"
        yield table(COMMAND_COLUMNS, map(_command_row, command.params))


def _command_row(parameter: Any) -> list[str]:
    is_argument = parameter.param_type_name == "argument"
    name = parameter.metavar if is_argument else parameter.opts[0]
    return [code(name), _takes(parameter), _default(parameter), prose(parameter.help)]


def _takes(parameter: Any) -> str:
    """What is typed after an option: its placeholder, its choices, or a number and its bounds."""
    if parameter.param_type_name == "argument":
        return ""
    if parameter.is_flag:
        return "nothing"
    if choices := _choices(parameter.type_descriptor.annotation):
        return ", ".join(map(code, choices))
    if parameter.min is not None and parameter.max is not None:
        return f"{number(parameter.min)} to {parameter.max:,}"
    taken = escaped(parameter.metavar or parameter.type_descriptor.annotation.__name__)
    return f"{taken}, any number of times" if parameter.multiple else taken


def _choices(annotation: Any) -> list[str]:
    """The words that an option allows, if it takes one of several."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for inner in get_args(annotation) for choice in _choices(inner)]


def _default(parameter: Any) -> str:
    if parameter.required:
        return "is required"
    default = parameter.default
    return "" if default in (None, False, []) else code(str(default))


def laws_page() -> Iterator[str]:
    """Blocks of Markdown: an overview, then every law by module."""
    yield "# Laws of behaviour"
    yield (
        "What customers do, each law once in `sim/behaviour/`, called by both engines. `u` is a uniform number that "
        "belongs to one customer and one decision. [The model and its sources](../background/model.md) says how the "
        "laws work together, and how good the evidence is."
    )
    found = list(chapters())
    yield table(("module", "what it is about", "rests on"), map(_overview, found))
    for chapter in found:
        yield f"## {chapter.name}"
        yield "\n\n".join(map(prose, chapter.says))
        for law in chapter.laws:
            yield from _law(law)


def _overview(chapter: Chapter) -> list[str]:
    sources = dict.fromkeys(source for law in chapter.laws for source in law.rests_on)
    return [f"[{chapter.name}](#{chapter.name})", prose(chapter.says[0]), escaped("; ".join(sources))]


def _law(law: Law) -> Iterator[str]:
    yield f"### `{law.name}({', '.join(law.arguments)})`"
    yield "\n\n".join(map(prose, law.says))
    if law.formula:
        yield f"In code: `{law.formula}`"
    if law.rests_on:
        yield f"Rests on: {escaped('; '.join(law.rests_on))}."


WAYS = {"up": "up", "down": "down", "interior": "best inside", "none": "not at all"}


def levers_page() -> Iterator[str]:
    """Blocks of Markdown: every lever, by scenario."""
    yield "# Levers"
    yield (
        "What sliders and `--set` move, and which way a higher value should move which measure. A test simulates every "
        "lever and fails where it does otherwise. Grades: A measured on your own data, B published and peer-reviewed, "
        "C a vendor's figure or a single study, D a guess nobody has measured."
    )
    for name in names():
        scenario = load(name)
        yield f"## {code(name)}"
        yield f"{escaped(scenario.title)}. {escaped(scenario.question)}"
        rows = [_lever_row(scenario, lever) for lever in scenario.levers]
        yield plain_table(rows, ("path", "moves")) if rows else "It has no levers."


def _lever_row(scenario: Scenario, lever: Lever) -> dict[str, Cell]:
    now = quantity_at(scenario, lever.path)
    row = {"path": lever.path, "lever": lever.label, "range": f"{number(lever.min)} to {number(lever.max)}"}
    moves = {"moves": lever.outcome, "which way": WAYS[lever.direction]}
    return {**row, "now": now.value, "unit": now.unit, "grade": now.evidence, **moves}


MEASURE_COLUMNS = ("measure", "label", "unit", "better", "definition")


def measures_page() -> Iterator[str]:
    """Blocks of Markdown: every measure, in the order in which people read them."""
    yield "# Measures"
    yield (
        "Every figure that Ripple shows, defined once. A measure that has nothing to measure is missing (`null`, “not "
        "measured”) and never 0. `{currency}` and `{weeks}` are the scenario's."
    )
    for module, found in groupby(MEASURES.values(), lambda measure: measure.take.__module__):
        yield f"## {escaped(_title(module))}"
        yield table(MEASURE_COLUMNS, map(_measure_row, found))


def _title(module: str) -> str:
    """What a module of measures says it holds."""
    kind = getattr(measures, module.rpartition(".")[2])
    return str(kind.__doc__).splitlines()[0].removeprefix("Measures of ").rstrip(".").capitalize()


def _measure_row(measure: Measure) -> list[str]:
    better = "" if measure.better == "neither" else measure.better
    unit = measure.unit.replace("{", "`{").replace("}", "}`")
    return [f"`{measure.name}`", escaped(measure.label), unit, better, prose(measure.definition)]


FOLDER = Path(__file__).parents[1] / "docs" / "reference"
HOW = "<!-- Written from the code by `make docs`: what is changed here by hand is lost. -->"

WRITERS: dict[str, Callable[[], Iterator[str]]] = {
    "scenario.md": scenario_page,
    "measures.md": measures_page,
    "levers.md": levers_page,
    "laws.md": laws_page,
    "commands.md": commands_page,
}


def page(name: str) -> str:
    """The text of one page."""
    return "\n\n".join((HOW, *WRITERS[name]())) + "\n"


def main() -> None:
    """Write every page whose text is not what the code says now, and say which these are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in WRITERS:
        file, text = FOLDER / name, page(name)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8", newline="\n")
            print(f"Wrote docs/reference/{name}")


if __name__ == "__main__":
    main()
