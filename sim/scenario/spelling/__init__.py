"""What people mean by what they wrote, as it should be written: the end of every message about a value.

Nothing is ever taken for what it likely means; a message says it, and whoever wrote it decides.
"""

import math
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.spelling.names import nearest, plain
from sim.scenario.spelling.values import Asked, numbers

Option: TypeAlias = tuple[Any, tuple[Any, ...]]
"""A type that may stand somewhere, and what annotates it."""

_LONGEST_ID = 40
_SWITCH = dict.fromkeys(("yes", "on", "y", "true", "1"), "true")
_SWITCH |= dict.fromkeys(("no", "off", "n", "false", "0"), "false")
_CURRENCIES = {"£": "GBP", "€": "EUR", "$": "USD", "¥": "JPY", "pound": "GBP", "pounds": "GBP", "sterling": "GBP"}
_CURRENCIES |= {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "us$": "USD", "yen": "JPY"}
_LAWS = ("fixed", "constant", "exponential", "lognormal", "normal", "gamma", "poisson", "uniform", "triangular", "beta")
_UNITS_OF_KEYS = ("minutes", "days", "weeks", "years")
_RATES = {"per_week": "a week", "per_year": "a year"}
_ENDS = ("ge", "gt", "le", "lt")


@dataclass(frozen=True)
class Form:
    """How a text must look, as an annotation of it: said in words, and the ways to write what a value likely means."""

    said: str
    meant: Callable[[Any], list[str]]


def ids(value: Any) -> list[str]:
    """The id that is nearest to a name with capitals, accents or spaces."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return []
    name = re.sub(r"[^a-z0-9]+", "_", plain(str(value)[:200])).strip("_")
    if not any(letter.isalpha() for letter in name):
        return []
    return [(name if name[0].isalpha() else f"n_{name}")[:_LONGEST_ID].rstrip("_")]


def currencies(value: Any) -> list[str]:
    """The code of a currency that is named by its sign, its word or in small letters."""
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch("[A-Za-z]{3}", text) and text.lower() not in _CURRENCIES:
        return [text.upper()]
    return [code] if (code := _CURRENCIES.get(text.lower())) else []


def hint(value: Any, options: Sequence[Option], key: str = "") -> str:
    """The end of a message on a value that may not stand there: how to write what it likely means, "" if unknown."""
    if isinstance(value, str) and plain(value[:_LONGEST_ID]) in _LAWS and any(_asked(option, "") for option in options):
        return "; a law is said beside a mean, in minutes: {mean: 5, law: exponential}"
    ways = dict.fromkeys(way for option in options for way in _ways(value, option, key))
    return f"; did you mean {' or '.join(list(ways)[:3])}?" if ways else ""


def number_hint(text: str, asked: Asked, key: str = "") -> str:
    """The end of a message on a text that is no number the field takes, as `hint` says it."""
    ways = numbers(text, replace(asked, unit=_unit(asked.unit, key)))
    return f"; did you mean {' or '.join(ways)}?" if ways else ""


def range_of(options: Sequence[Option], key: str = "") -> str:
    """The bounds of a quantity that may stand there, with a unit of time; "" where no quantity may."""
    for option in options:
        if (asked := _asked(option, key)) is not None and hasattr(option[0], "model_fields"):
            unit = f" {asked.unit}" if asked.unit in (*_UNITS_OF_KEYS, *_RATES.values()) else ""
            return f" from {asked.least:.15g} to {asked.most:.15g}{unit}"
    return ""


def _ways(value: Any, option: Option, key: str) -> Iterator[str]:
    """How to write the value so that this option takes it."""
    kind, notes = option
    forms = [note for note in notes if isinstance(note, Form)]
    if asked := _asked(option, key):
        yield from numbers(value, asked)
    elif forms:
        yield from (f'"{way}"' for form in forms for way in form.meant(value))
    elif kind is bool and not isinstance(value, bool):
        said = str(value).strip().lower() if isinstance(value, str | int) else ""
        yield from [_SWITCH[said]] if said in _SWITCH else []
    elif kind is str and isinstance(value, bool | int | float):
        yield f'"{str(value).lower() if isinstance(value, bool) else value}"'
    elif origin_of(kind) is Literal:
        yield from nearest(value, map(str, get_args(kind))) if isinstance(value, str) else []
    elif origin_of(kind) in (tuple, list):
        yield from _in_a_list(value, kind, key)
    elif hasattr(kind, "model_fields"):
        yield from _in_a_mapping(value, kind)


def _asked(option: Option, key: str) -> Asked | None:
    """What a field that takes a number asks for; None for any other field."""
    kind, notes = option
    for note in notes:
        if isinstance(note, Asked):
            return replace(note, unit=_unit(note.unit, key))
    if kind not in (int, float):
        return None
    stated = [(name, getattr(note, name, None)) for note in reversed(notes) for name in _ENDS]
    ends = {name: float(end) for name, end in stated if end is not None}
    least, most = ends.get("ge", ends.get("gt", -math.inf)), ends.get("le", ends.get("lt", math.inf))
    return Asked(least, most, _unit("", key), whole=kind is int)


def _unit(unit: str, key: str) -> str:
    """The unit of a field, or the time that its key ends with."""
    rate = next((per for end, per in _RATES.items() if key.endswith(end)), None)
    return rate or unit or next((time for time in _UNITS_OF_KEYS if key == time or key.endswith(f"_{time}")), "")


def _in_a_list(value: Any, kind: Any, key: str) -> Iterator[str]:
    """One value where a list of such is allowed."""
    if not isinstance(value, str | int | float) or isinstance(value, bool) or len(str(value)) > _LONGEST_ID:
        return
    inner = [way for item in get_args(kind)[:1] for option in options_of(item) for way in _ways(value, option, key)]
    said = f'"{value}"' if isinstance(value, str) else str(value)
    yield f"[{inner[0] if inner else said}]"


def _in_a_mapping(value: Any, kind: Any) -> Iterator[str]:
    """One number where a mapping is allowed of which nothing but a number is needed."""
    needed = [name for name, field in kind.model_fields.items() if field.is_required()]
    if len(needed) != 1 or isinstance(value, dict | list | tuple | bool) or value is None:
        return
    field = kind.model_fields[needed[0]]
    for option in options_of(field.annotation, tuple(field.metadata)):
        if asked := _asked(option, needed[0]):
            right = isinstance(value, int | float) and asked.allows(value)
            ways = [str(value)] if right else numbers(value, asked)
            yield from (f"{{{needed[0]}: {way}}}" for way in ways)


def options_of(annotation: Any, notes: tuple[Any, ...] = ()) -> list[Option]:
    """The types that an annotation allows, but None, each with what annotates it."""
    if hasattr(annotation, "__metadata__"):
        inner, *more = get_args(annotation)
        flat = [n for note in more for n in (note.metadata if isinstance(note, FieldInfo) else [note])]
        return options_of(inner, (*notes, *flat))
    if origin_of(annotation) in (Union, types.UnionType):
        return [option for member in get_args(annotation) for option in options_of(member, notes)]
    return [] if annotation is types.NoneType else [(annotation, notes)]


def origin_of(kind: Any) -> Any:
    """What a type with arguments is made of: `tuple` of `tuple[int, ...]`."""
    return get_origin(kind)


def keys_of(kind: Any) -> dict[str, FieldInfo]:
    """The keys of a part as a file has them, with their fields; none of what is no part."""
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return {}
    return {field.alias or name: field for name, field in kind.model_fields.items()}


def parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The parts that an annotation allows, also in its lists."""
    for kind, _ in options_of(annotation):
        if keys_of(kind):
            yield kind
        elif origin_of(kind) in (tuple, list, dict):
            for item in get_args(kind):
                yield from parts_in(item)


@lru_cache(maxsize=16)
def homes(root: type[BaseModel]) -> Mapping[str, tuple[str, ...]]:
    """Every key of the language whose whole file `root` is, with the keys under which the parts that have it stand."""
    found: dict[str, dict[str, None]] = {name: {} for name in keys_of(root)}
    seen: set[Any] = {root}
    waiting: list[Any] = [root]
    while waiting:
        for name, field in keys_of(waiting.pop()).items():
            for part in parts_in(field.annotation):
                for key in keys_of(part):
                    found.setdefault(key, {})[name] = None
                waiting += [part] if part not in seen else []
                seen.add(part)
    return MappingProxyType({key: tuple(names) for key, names in found.items()})
