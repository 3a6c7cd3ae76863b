"""What is wrong with a scenario: where, what was found, and what is allowed, in plain English."""

import difflib
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

if TYPE_CHECKING:
    from sim.scenario.document import Document

Loc: TypeAlias = tuple[str | int, ...]
_Option: TypeAlias = tuple[Any, tuple[Any, ...]]  # a type that may stand somewhere, and what annotates it

_INPUT = "Input should be "
_RANGE = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
_OUT_OF_RANGE = ("greater_than_equal", "greater_than", "less_than_equal", "less_than")
_ALLOWED = (
    dict.fromkeys(("bool_type", "bool_parsing"), "true or false")
    | dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number")
    | dict.fromkeys(("float_type", "float_parsing", *_OUT_OF_RANGE), "a number")
    | dict.fromkeys(("list_type", "tuple_type"), "a list")
    | dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "a mapping")
    | dict.fromkeys(("literal_error", "enum"), "{expected}")
    | {"string_type": "text", "none_required": "nothing", "finite_number": "a finite number"}
    | {"string_too_short": "text of length {min_length} or more", "too_short": "length {min_length} or more"}
    | {"string_too_long": "text of length {max_length} or less", "too_long": "length {max_length} or less"}
    | {"string_pattern_mismatch": "text matching {pattern}"}
)


@dataclass(frozen=True)
class Fault:
    """One thing wrong. `line` counts from 1, None when unknown; `path` is "" for the whole file."""

    file: str
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.path, self.message) if part)


class ScenarioError(ValueError):
    """A scenario that cannot be used, with every fault found in it; as text, one fault a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults by line, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0))


def shown(text: str, longest: int = 40) -> str:
    """The text on one line, at most `longest` characters of it, with nothing a terminal would obey."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def found(value: Any) -> str:
    """How a message names a value from a file: itself when short, and its kind."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{str(value).lower()} (true/false)"
        case int() | float():
            return f"{value} (number)"
        case str():
            return f'"{shown(value)}" (text)'
        case list() | tuple():
            return f"a list (length {len(value)})"
    return "a mapping"


def path_of(loc: Loc, data: Any) -> str:
    """How people address a place in `data`: `assets.trolleys.pool`, items without an id as `[2]`."""
    path = ""
    for part in loc:
        data = data[part] if _has(data, part) else None
        name = data.get("id") if isinstance(part, int) and isinstance(data, dict) else part
        path += f".{shown(name)}" if isinstance(name, str) else f"[{part}]"
    return path.removeprefix(".")


def faults_of(error: ValidationError, document: "Document") -> tuple[Fault, ...]:
    """Turns pydantic's errors into faults by line; the tries of a union at one value become one fault.

    The model is looked up by its name, which is all that the error says of it: of two models of one name the
    one defined last.
    """
    findings: dict[tuple[Loc, str], list[str]] = {}
    root: list[_Option] = [(m, ()) for m in _descendants(BaseModel) if m.__name__ == error.title][-1:]
    for details in error.errors(include_url=False):
        if _only_follows(details):
            continue
        loc, what, allowed = _finding(details, document.data, root)
        findings.setdefault((loc, what), []).append(allowed)
    return in_order(
        Fault(
            document.file,
            document.line_of(loc) if document.lines else None,
            path_of(loc, document.data),
            what + _either(allowed),
        )
        for (loc, what), allowed in findings.items()
    )


def _descendants(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _descendants(child)


def _only_follows(error: ErrorDetails) -> bool:
    """Whether a list is called too short only because pydantic left out the items that are at fault themselves."""
    if error["type"] != "too_short" or not isinstance(error["input"], list | tuple):
        return False
    return len(error["input"]) >= int(error.get("ctx", {}).get("min_length", 0))


def _finding(error: ErrorDetails, data: Any, root: list[_Option]) -> tuple[Loc, str, str]:
    """Where it is, what was found there, and what is allowed ("" when the second says it all)."""
    *parents, last = error["loc"] or ("",)
    if error["type"] in ("extra_forbidden", "missing"):
        loc, options = _located(tuple(parents), data, root)
        if error["type"] == "missing":
            return loc, f"missing; needed: {path_of((last,), None)}", ""
        return (*loc, last), _unknown_key(str(last), options), ""
    loc, options = _located(error["loc"], data, root)
    if error["type"] not in _ALLOWED and not error["msg"].startswith(_INPUT):
        return loc, _own_words(error["msg"]), ""
    allowed = _allowed(error, options)
    value = found(error["input"])
    return loc, "found " + (value.removesuffix(" (number)") if "number" in allowed else value), allowed


def _own_words(message: str) -> str:
    """What a validator's own error says, without pydantic's preface."""
    return shown(message.removeprefix("Value error, ").removeprefix("Assertion failed, "), longest=1000)


def _allowed(error: ErrorDetails, options: list[_Option]) -> str:
    if error["type"] not in _ALLOWED:
        return error["msg"].removeprefix(_INPUT)
    noun = _ALLOWED[error["type"]].format(**error.get("ctx", {})).replace("'", "")
    if error["type"] in _OUT_OF_RANGE and [kind for kind, _ in options] == [int]:
        noun = "a whole number"
    return noun + _range(error.get("ctx", {}), options) if noun in ("a number", "a whole number") else noun


def _range(ctx: dict[str, Any], options: list[_Option]) -> str:
    known = {end: value for end, value in ctx.items() if end in _RANGE}
    for _, notes in options:
        known |= {end: getattr(note, end) for note in notes for end in _RANGE if hasattr(note, end)}
    if known.keys() == {"ge", "le"}:
        return f" from {known['ge']} to {known['le']}"
    return " and".join(f" {word} {known[end]}" for end, word in _RANGE.items() if end in known)


def _either(allowed: list[str]) -> str:
    """Every distinct thing allowed; whole numbers go without saying where numbers are."""
    wider = [words.replace("a whole number", "a number") for words in allowed]
    kept = [a for a, w in zip(allowed, wider, strict=True) if a and (a == w or w not in allowed)]
    return f"; allowed: {' or '.join(dict.fromkeys(kept))}" if kept else ""


def _unknown_key(key: str, options: list[_Option]) -> str:
    known = [name for kind, _ in options for name in _fields(kind)]
    near = difflib.get_close_matches(key, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known keys: {', '.join(known)}"
    return f'unknown key "{shown(key)}"' + (f"; {hint}" if known else "")


def _located(loc: Loc, data: Any, options: list[_Option]) -> tuple[Loc, list[_Option]]:
    """The steps of `loc` that the file has, without pydantic's own names, and the types allowed there."""
    steps: list[str | int] = []
    tried = False
    for part in loc:
        arms = [option for option in options if _is_arm(option[0], part)]
        if arms and len(options) > 1 and not tried:
            options, tried = arms, True
        elif _has(data, part):
            data, options, tried = data[part], [below for o in options for below in _below(o[0], part)], False
            steps.append(part)
    return tuple(steps), options


def _has(data: Any, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)


def _fields(kind: Any) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in getattr(kind, "model_fields", {}).items()}


def _is_arm(kind: Any, label: str | int) -> bool:
    """Whether pydantic calls this member of a union so: by a name of its type, or by its tag."""
    tags = [tag for field in _fields(kind).values() for tag in get_args(field.annotation)]
    return label in tags or getattr(kind, "__name__", "?") in str(label)


def _below(kind: Any, part: str | int) -> list[_Option]:
    if field := _fields(kind).get(str(part)):
        return _options(field.annotation, tuple(field.metadata))
    if get_origin(kind) not in (list, tuple, dict):
        return []
    items = [item for item in get_args(kind) if item is not Ellipsis]
    fixed = get_origin(kind) is tuple and isinstance(part, int) and part < len(items)
    return _options(items[int(part)] if fixed else items[-1], ())


def _options(annotation: Any, notes: tuple[Any, ...]) -> list[_Option]:
    """The types an annotation allows, but None."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        flat = [n for note in more for n in (note.metadata if isinstance(note, FieldInfo) else [note])]
        return _options(inner, (*notes, *flat))
    if get_origin(annotation) in (Union, types.UnionType):
        return [option for member in get_args(annotation) for option in _options(member, notes)]
    return [] if annotation is types.NoneType else [(annotation, notes)]
