"""Markdown written so that nothing anybody wrote is ever taken for markup."""

import re
from collections.abc import Iterable, Mapping, Sequence

Cell = str | float | bool | None
_MARKUP = re.compile(r"([\\`*_\[\]<>|~$&#{}]|:(?=//|[a-z][\w+-]*:)|(?<=www)\.)")  # a colon: links, short names of emoji
_MEANT = re.compile(r"(`[^`]+`|\*\w+\*)")
_AT_START = re.compile(r"^([-+=])|^(\d+)([.)])")


def escaped(text: str) -> str:
    """Text as it stands, on one line, for a place that would read Markdown."""
    plain = _inline(" ".join(text.split()))
    return _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", plain)


def _inline(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def prose(text: str) -> str:
    """A docstring of our own: `code` and *stress* are meant, all else is text as it stands."""
    return "".join(part if _MEANT.fullmatch(part) else _inline(part) for part in _MEANT.split(text))


def code(text: str) -> str:
    """A name as code; text that cannot be shown so is escaped instead. Safe in a table's cell."""
    plain = " ".join(text.split())
    return escaped(plain) if not plain or "`" in plain or "|" in plain else f"`{plain}`"


def number(value: float) -> str:
    """A number as people write it, without digits that are only rounding's."""
    return f"{value:.10g}"


def cell(value: Cell, as_code: bool = False) -> str:
    """What stands in a table's cell; what is missing is blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return code(value) if as_code else _inline(" ".join(value.split()))
    return number(value)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain_table(rows: Sequence[Mapping[str, Cell]], names: Sequence[str] = ()) -> str:
    """A table of plain rows; the first row names the columns, and columns among `names` are shown as code."""
    columns = list(rows[0])
    return table(columns, ([cell(row[column], column in names) for column in columns] for row in rows))
