"""A model card as data: sections of items, each of sentences, steps and tables; and the same as Markdown."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sim.reports.markdown import Cell, escaped, plain_table

NAMES = ("path", "id", "measure", "lever", "law", "command")
"""Columns that hold names, shown as code."""
Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """Rows under a title; the first row names the columns."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Item:
    """One numbered item of the guideline."""

    number: str
    title: str
    says: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Section:
    """A numbered group of items."""

    number: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Card:
    """The whole card of one scenario."""

    scenario: str
    title: str
    guideline: str
    sections: tuple[Section, ...]

    def report(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)

    def markdown(self) -> str:
        """The same as Markdown; whatever the scenario's author wrote stays text."""
        return "\n\n".join(self._blocks()) + "\n"

    def _blocks(self) -> Iterator[str]:
        yield f"# Model card: {escaped(self.title)}"
        yield escaped(self.guideline)
        for section in self.sections:
            yield f"## {section.number}. {section.title}"
            for item in section.items:
                yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    yield f"### {item.number} {item.title}"
    yield from map(escaped, item.says)
    if item.steps:
        yield "\n".join(f"{place}. {escaped(step)}" for place, step in enumerate(item.steps, 1))
    for table in item.tables:
        if table.rows:
            yield f"**{escaped(table.title)}**"
            yield plain_table(table.rows, NAMES)
