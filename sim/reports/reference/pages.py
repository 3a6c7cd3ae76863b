"""Every page of the reference and what writes it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from sim.reports.reference.commands_page import commands_page
from sim.reports.reference.laws_page import laws_page
from sim.reports.reference.levers_page import levers_page
from sim.reports.reference.measures_page import measures_page
from sim.reports.reference.scenario_page import scenario_page

FOLDER = Path(__file__).parents[3] / "docs" / "reference"
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
