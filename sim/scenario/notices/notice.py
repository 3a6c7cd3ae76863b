"""A notice, and the line of a file where it stands."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sim.scenario.faults import Document
from sim.scenario.paths import location
from sim.scenario.quantity import Quantity

Said = tuple[str, str]
"""A path, and what is said of it."""


@dataclass(frozen=True)
class Notice:
    """One thing that is legal and probably not meant. `file` and `line` (from 1) where they are known.

    `path` is "" where it is about no one place.
    """

    path: str
    message: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.path, self.message) if part)

    def report(self) -> dict[str, str]:
        """The same as plain data."""
        return {"path": self.path, "message": self.message}


def located(notices: Iterable[Notice], document: Document) -> tuple[Notice, ...]:
    """The notices with the lines of that document, in its order."""
    placed = [replace(notice, file=document.file, line=_line(notice.path, document)) for notice in notices]
    return tuple(sorted(placed, key=lambda notice: notice.line or math.inf))


def _line(path: str, document: Document) -> int | None:
    """The line of what stands at a path, or of the nearest part of the file around it."""
    if not document.lines or not path:
        return None
    while path:
        try:
            return document.line_of(location(document.data, path))
        except (KeyError, TypeError):
            path = re.sub(r"\.?[^.\[\]]+$|\[\d+\]$", "", path)
    return document.line_of(())


def shown_of(found: Quantity) -> str:
    """A quantity as a notice names it: its value and unit."""
    return f"{found.value:g} {found.unit or ''}".rstrip()
