"""What is legal in a scenario and probably not meant: where, what was found, what it does now, and how to mend it.

Beside faults. Notices stop nothing: whoever means it that way may go on.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from sim.scenario.faults import Document
from sim.scenario.notices.rules import (
    lent_for_ever,
    measured_without_data,
    money_that_is_nothing,
    more_work_than_can_be_done,
    moves_nothing,
    patience_without_effect,
    range_for_spread,
)
from sim.scenario.notices.work import Said, dies_out_or_explodes
from sim.scenario.paths import location
from sim.scenario.scenario import Scenario

_MOST = 50
_OF_THE_BUSINESS: tuple[Callable[[Scenario], Iterator[Said]], ...] = (
    patience_without_effect,
    more_work_than_can_be_done,
    lent_for_ever,
    range_for_spread,
    measured_without_data,
    money_that_is_nothing,
    dies_out_or_explodes,
)


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


def notices_of(scenario: Scenario, as_it_stands: Scenario | None = None) -> tuple[Notice, ...]:
    """Every notice that a scenario deserves, each once; of very many the first ones, and how many more there are.

    Of a world, with `as_it_stands` the scenario that it comes from: what fixes and levers would move is told of that
    one, for in the world they have moved it already.
    """
    offers = scenario if as_it_stands is None else as_it_stands
    said = [*(one for kind in _OF_THE_BUSINESS for one in kind(scenario)), *moves_nothing(offers)]
    found = tuple(Notice(path, message) for path, message in dict.fromkeys(said))
    if len(found) <= _MOST:
        return found
    return (*found[:_MOST], Notice("", f"found {len(found) - _MOST} more like these; mend these first"))


def notices_of_both(as_it_stands: Scenario, world: Scenario) -> tuple[Notice, ...]:
    """The notices of a world that is compared with the scenario as it stands, and that one's where only it has them."""
    found = notices_of(world, as_it_stands)
    known = {notice.path for notice in found}
    before = notices_of(as_it_stands) if world is not as_it_stands else ()
    gone = (notice for notice in before if notice.path not in known)
    return (*found, *(Notice(notice.path, f"as it stands: {notice.message}") for notice in gone))
