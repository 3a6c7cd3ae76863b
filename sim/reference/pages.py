"""Every page of the reference and what writes it: commands, laws, levers, measures, scenario files."""

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from sim.cli.commands import app
from sim.experiments.library import load, names
from sim.outcomes import measures
from sim.outcomes.measures import MEASURES, Measure
from sim.reference.scenario_page import scenario_page
from sim.reports.laws import Chapter, Law, chapters
from sim.reports.markdown import code, escaped, number, prose, table
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario

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
        yield f"```\npython -m sim {' '.join([name, *_arguments(command)])} [OPTIONS]\n```"
        yield table(COMMAND_COLUMNS, map(_command_row, command.params))


def _arguments(command: Any) -> list[str]:
    return [parameter.metavar for parameter in command.params if parameter.param_type_name == "argument"]


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


LEVER_COLUMNS = ("path", "lever", "range", "now", "unit", "grade", "moves", "which way")
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
        yield table(LEVER_COLUMNS, rows) if rows else "It has no levers."


def _lever_row(scenario: Scenario, lever: Lever) -> list[str]:
    quantity = quantity_at(scenario, lever.path)
    return [
        code(lever.path),
        escaped(lever.label),
        f"{number(lever.min)} to {number(lever.max)}",
        number(quantity.value),
        escaped(quantity.unit or ""),
        quantity.evidence or "",
        code(lever.outcome),
        WAYS[lever.direction],
    ]


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


FOLDER = Path(__file__).parents[2] / "docs" / "reference"
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


def pages() -> Iterator[tuple[str, str]]:
    """Every page's file name and text."""
    return ((name, page(name)) for name in WRITERS)
