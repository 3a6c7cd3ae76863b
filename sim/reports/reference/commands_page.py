"""The reference of the command line, from its own help."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import typer

from sim.__main__ import app
from sim.reports.markdown import code, escaped, number, prose, table

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
