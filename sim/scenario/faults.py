"""What is wrong with a scenario: where, what was found, and what is allowed, in plain English."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

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
            listed.append(_cut(fault))
        else:
            count += 1
    return (*listed, *rest(listed[0].file if listed else "", count, is_all))


def _cut(fault: Fault) -> Fault:
    if len(fault.message) <= LONGEST_MESSAGE and len(fault.path) <= _LONGEST_PATH:
        return fault
    return replace(fault, path=_short(fault.path, _LONGEST_PATH), message=_short(fault.message, LONGEST_MESSAGE))


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def rest(file: str, count: int, is_all: bool = True) -> tuple[Rest, ...]:
    """What stands for `count` more faults in that file, nothing for none."""
    said = f"and {'' if is_all else 'at least '}{count:,} more"
    return (Rest(file, None, "", said, count, is_all),) if count > 0 else ()


def faults_at(file: str, findings: Iterable[tuple[int | None, Loc, str]], data: Any) -> tuple[Fault, ...]:
    """Faults of what was found on these lines and at these places of `data`, by line, each once, the first `MOST`."""
    ordered = sorted(dict.fromkeys(findings), key=lambda found: found[0] or 0)
    listed = [Fault(file, line, path_of(loc, data), message) for line, loc, message in ordered[:MOST]]
    return (*listed, *rest(file, len(ordered) - MOST))


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults by line, each once, and what stands for more of them last."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (isinstance(fault, Rest), fault.line or 0)))


def shown(text: str, longest: int = 40) -> str:
    """The text on one line, at most `longest` characters of it, with nothing a terminal would obey."""
    short = _short(text, longest)
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
        data = data[part] if has_part(data, part) else None
        name = data.get("id") if isinstance(part, int) and isinstance(data, dict) else part
        path += f".{shown(name)}" if isinstance(name, str) else f"[{part}]"
    return path.removeprefix(".")


def has_part(data: Any, part: str | int) -> bool:
    """Whether data has that key or that item."""
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)
