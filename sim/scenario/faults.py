"""What is wrong with a scenario: where, what was found, and what is allowed, in plain English."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.spelling import Form, Option, hint, homes, keys_of, options_of, origin_of, range_of
from sim.scenario.spelling.names import did_you_mean, proposed, short, shown

Loc: TypeAlias = tuple[str | int, ...]

MOST = 50
"""How many faults are listed; of the others it is said how many there are."""
MOST_SOUGHT = 200
"""After how many findings about a whole scenario the search for more stops."""
LONGEST_MESSAGE = 1_000
_LONGEST_PATH = 300


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


@dataclass(frozen=True)
class Rest(Fault):
    """The faults beyond those listed: `count` of them, or, where the search was stopped, at least so many."""

    count: int = 0
    is_all: bool = True


class ScenarioError(ValueError):
    """A scenario that cannot be used, with the first `MOST` faults found in it and a `Rest`; as text, one a line.

    However much is wrong with a file or a link, and however long what it says is, the answer stays short.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = _bounded(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[tuple[Fault, ...]]]:
        """Pickled by its faults, not by their text."""
        return type(self), (self.faults,)


def _bounded(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    listed: list[Fault] = []
    count, is_all = 0, True
    for fault in faults:
        if isinstance(fault, Rest):
            count, is_all = count + fault.count, is_all and fault.is_all
        elif len(listed) < MOST:
            path, message = short(fault.path, _LONGEST_PATH), short(fault.message, LONGEST_MESSAGE)
            listed.append(replace(fault, path=path, message=message))
        else:
            count += 1
    return (*listed, *rest(listed[0].file if listed else "", count, is_all))


def rest(file: str, count: int, is_all: bool = True) -> tuple[Rest, ...]:
    """What stands for `count` more faults in that file, nothing for none."""
    said = f"and {'' if is_all else 'at least '}{count:,} more"
    return (Rest(file, None, "", said, count, is_all),) if count > 0 else ()


@dataclass(frozen=True)
class Document:
    """A scenario as plain dicts, lists, text, numbers, booleans and None.

    `lines` has the line (from 1) of every key and item, and is empty for data that comes from no file: its
    faults carry no line.
    """

    file: str
    data: dict[str, Any]
    lines: Mapping[Loc, int] = field(default_factory=dict, repr=False)

    def line_of(self, loc: Loc) -> int:
        """The line of the key or item at `loc`, or of its nearest known ancestor."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)


def faults_at(file: str, findings: Iterable[tuple[int | None, Loc, str]], data: Any) -> tuple[Fault, ...]:
    """Faults of what was found on these lines and at these places of `data`, by line, each once, the first `MOST`."""
    ordered = sorted(dict.fromkeys(findings), key=lambda found: found[0] or 0)
    listed = [Fault(file, line, path_of(loc, data), message) for line, loc, message in ordered[:MOST]]
    return (*listed, *rest(file, len(ordered) - MOST))


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults by line, each once, and what stands for more of them last."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (isinstance(fault, Rest), fault.line or 0)))


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
        data = data[part] if has_part(data, part) else None
        name = data.get("id") if isinstance(part, int) and isinstance(data, dict) else part
        path += f".{shown(name)}" if isinstance(name, str) else f"[{part}]"
    return path.removeprefix(".")


def has_part(data: Any, part: str | int) -> bool:
    """Whether data has that key or that item."""
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)


_INPUT = "Input should be "
_PLAIN_NUMBER = "allowed: a number,"
_MEANT = "; did you mean "
_ENDS = ("low", "mode", "high")
_QUANTITY = frozenset(_ENDS)
_MOST_HOMES = 3  # parts that have a key; one of more says nothing
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
    | {"string_pattern_mismatch": "text of another form"}
)


def faults_of(error: ValidationError, document: Document) -> tuple[Fault, ...]:
    """Turns pydantic's errors into faults by line; the tries of a union at one value become one fault.

    The model is looked up by its name, which is all that the error says of it: of two models of one name the
    one defined last. Beyond the first `MOST` faults, errors are counted and not looked at.
    """
    findings: dict[tuple[Loc, str], list[str]] = {}
    root: list[Option] = [(m, ()) for m in _descendants(BaseModel) if m.__name__ == error.title][-1:]
    errors = [details for details in error.errors(include_url=False) if not _only_follows(details)]
    errors.sort(key=lambda details: document.line_of(details["loc"]))
    more = 0
    for position, details in enumerate(errors):
        loc, what, allowed = finding_of(details, document.data, root)
        if len(findings) == MOST and (loc, what) not in findings:
            more = len({_spot(later, document.data) for later in errors[position:]})
            break
        findings.setdefault((loc, what), []).append(allowed)
    listed = [
        Fault(
            document.file,
            document.line_of(loc) if document.lines else None,
            path_of(loc, document.data),
            what + _either(allowed),
        )
        for (loc, what), allowed in findings.items()
    ]
    return in_order([*listed, *rest(document.file, more)])


def _spot(error: ErrorDetails, data: Any) -> Loc:
    """Where an error is, the tries of a union at one value being in one place."""
    if error["type"] in ("extra_forbidden", "missing"):
        return error["loc"]
    steps: list[str | int] = []
    for part in error["loc"]:
        if has_part(data, part):
            data = data[part]
            steps.append(part)
    return tuple(steps)


def _descendants(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _descendants(child)


def _only_follows(error: ErrorDetails) -> bool:
    """Whether a list is called too short only because pydantic left out the items that are at fault themselves."""
    if error["type"] != "too_short" or not isinstance(error["input"], list | tuple):
        return False
    return len(error["input"]) >= int(error.get("ctx", {}).get("min_length", 0))


def finding_of(error: ErrorDetails, data: Any, root: list[Option]) -> tuple[Loc, str, str]:
    """Where it is, what was found there, and what is allowed ("" when the second says it all)."""
    *parents, last = error["loc"] or ("",)
    if error["type"] in ("extra_forbidden", "missing"):
        loc, options = _located(tuple(parents), data, root)
        if error["type"] == "missing":
            return loc, f"missing; needed: {path_of((last,), None)}", ""
        cut = "; a text with a comma in it stands in quotes between braces" if error["input"] is None else ""
        return (*loc, last), _unknown_key(str(last), options, root) + cut, ""
    loc, options = _located(error["loc"], data, root)
    key = next((step for step in reversed(loc) if isinstance(step, str)), "")
    meant = hint(error["input"], options, key)
    if error["type"] not in _ALLOWED and not error["msg"].startswith(_INPUT):
        own = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        numbers = f"{_PLAIN_NUMBER[:-1]}{range_of(options, key)},"
        words = shown(own, longest=LONGEST_MESSAGE).replace(_PLAIN_NUMBER, numbers)
        return loc, words if "did you mean" in words else words + meant, ""
    allowed = _allowed(error, options)
    value = found(error["input"])
    return loc, "found " + (value.removesuffix(" (number)") if "number" in allowed else value), allowed + meant


def _allowed(error: ErrorDetails, options: list[Option]) -> str:
    forms = [note for _, notes in options for note in notes if isinstance(note, Form)]
    if forms and error["type"] in ("string_pattern_mismatch", "string_type"):
        return forms[0].said
    if error["type"] not in _ALLOWED:
        return error["msg"].removeprefix(_INPUT)
    noun = _ALLOWED[error["type"]].format(**error.get("ctx", {})).replace("'", "")
    if error["type"] in _OUT_OF_RANGE and [kind for kind, _ in options] == [int]:
        noun = "a whole number"
    return noun + _range(error.get("ctx", {}), options) if noun in ("a number", "a whole number") else noun


def _range(ctx: dict[str, Any], options: list[Option]) -> str:
    known = {end: value for end, value in ctx.items() if end in _RANGE}
    for _, notes in options:
        known |= {end: getattr(note, end) for note in notes for end in _RANGE if hasattr(note, end)}
    if known.keys() == {"ge", "le"}:
        return f" from {known['ge']} to {known['le']}"
    return " and".join(f" {word} {known[end]}" for end, word in _RANGE.items() if end in known)


def _either(allowed: list[str]) -> str:
    """Every distinct thing allowed and what was likely meant; whole numbers go without saying where numbers are."""
    said = [words.partition(_MEANT)[0] for words in allowed]
    wider = [words.replace("a whole number", "a number") for words in said]
    kept = [a for a, w in zip(said, wider, strict=True) if a and (a == w or w not in said)]
    meant = next((_MEANT + words.partition(_MEANT)[2] for words in allowed if _MEANT in words), "")
    return f"; allowed: {' or '.join(dict.fromkeys(kept))}{meant}" if kept else ""


def _unknown_key(key: str, options: list[Option], root: list[Option]) -> str:
    known = [name for kind, _ in options for name in keys_of(kind)]
    language = homes(root[0][0]) if root else {}
    said = f'unknown key "{shown(key)}"'
    before, colon, after = key.partition(":")
    if colon and before in known:
        return f"{said}; did you mean {before}: {shown(after)}, with a space after the colon?"
    if near := proposed(key, known, language):
        return said + did_you_mean(near)
    if 0 < len(home := language.get(key, ())) <= _MOST_HOMES:
        said += f", which belongs in {' or '.join(home)}"
    if _QUANTITY.issubset(known):
        return f"{said}; allowed: one number for all times and customers, or a mapping of {', '.join(known)}"
    return said + (f"; known keys: {', '.join(known)}" if known else "")


def _located(loc: Loc, data: Any, options: list[Option]) -> tuple[Loc, list[Option]]:
    """The steps of `loc` that the file has, without pydantic's own names, and the types allowed there."""
    steps: list[str | int] = []
    tried = False
    for part in loc:
        arms = [option for option in options if _is_arm(option[0], part)]
        if arms and len(options) > 1 and not tried:
            options, tried = arms, True
        elif has_part(data, part):
            data, options, tried = data[part], [below for o in options for below in _below(o, part)], False
            steps.append(part)
    return tuple(steps), options


def _is_arm(kind: Any, label: str | int) -> bool:
    """Whether pydantic calls this member of a union so: by a name of its type, or by its tag."""
    tags = [tag for field in keys_of(kind).values() for tag in get_args(field.annotation)]
    return label in tags or getattr(kind, "__name__", "?") in str(label)


def _below(option: Option, part: str | int) -> list[Option]:
    """What may stand below an option; what a quantity must be, each of its ends must be."""
    kind, notes = option
    if field := keys_of(kind).get(str(part)):
        inherited = notes if part in _ENDS and field.default is None else ()
        return options_of(field.annotation, (*field.metadata, *inherited))
    if origin_of(kind) not in (list, tuple, dict):
        return []
    items = [item for item in get_args(kind) if item is not Ellipsis]
    fixed = origin_of(kind) is tuple and isinstance(part, int) and part < len(items)
    return options_of(items[int(part)] if fixed else items[-1])
