"""The laws of behaviour as their own docstrings and code state them."""

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sim.behaviour

_NAME = r"[A-Z][a-z]+"
_CITED = re.compile(
    rf"(?:de |van )?{_NAME}(?:(?:, | and )(?:van (?:den )?)?{_NAME})* (?:19|20)\d\d|TARP|SQM|Complete Journey"
)
_GUESS = re.compile(r"\bgrade D\b|\bguess(?:es)?\b")


@dataclass(frozen=True)
class Law:
    """One function of `sim/behaviour`: what it says, its formula where it is a single one, and what it rests on."""

    name: str
    arguments: tuple[str, ...]
    says: tuple[str, ...]
    formula: str | None
    rests_on: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """One module of `sim/behaviour` and its laws, in the order in which they are written."""

    name: str
    says: tuple[str, ...]
    laws: tuple[Law, ...]


def chapters() -> Iterator[Chapter]:
    """Every module of laws, by name."""
    for found in pkgutil.iter_modules(sim.behaviour.__path__):
        module = importlib.import_module(f"sim.behaviour.{found.name}")
        laws = tuple(_law(function, module) for function in _public(module))
        yield Chapter(found.name, _paragraphs(module), laws)


def _public(module: ModuleType) -> list[Callable[..., Any]]:
    """The functions that a module defines for others, compiled or not, in the order of its text."""
    found = [getattr(thing, "py_func", thing) for name, thing in vars(module).items() if not name.startswith("_")]
    own = [thing for thing in found if inspect.isfunction(thing) and thing.__module__ == module.__name__]
    return sorted(own, key=lambda function: function.__code__.co_firstlineno)


def _law(function: Callable[..., Any], module: ModuleType) -> Law:
    says = _paragraphs(function)
    arguments = tuple(inspect.signature(function).parameters)
    return Law(
        function.__name__, arguments, says, _formula(function), _rests_on(says) or _rests_on(_paragraphs(module))
    )


def _paragraphs(thing: object) -> tuple[str, ...]:
    """A docstring's paragraphs, each on one line."""
    return tuple(" ".join(part.split()) for part in (inspect.getdoc(thing) or "").split("\n\n") if part.strip())


def _rests_on(says: tuple[str, ...]) -> tuple[str, ...]:
    """The sources that paragraphs cite, and whether they call anything a guess."""
    text = " ".join(says)
    guesses = ("a guess",) if _GUESS.search(text) else ()
    return tuple(dict.fromkeys(_CITED.findall(text))) + guesses


def _formula(function: Callable[..., Any]) -> str | None:
    """What a function returns, where that is all it does."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    body = [step for step in tree.body if not (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    return ast.unparse(body[0].value)
