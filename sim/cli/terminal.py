"""What the command line prints: answers and tables to standard output, progress and errors to standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim.experiments import plain
from sim.experiments.library import located
from sim.experiments.plain import Report, alike
from sim.experiments.runs import Comparison, Effort, Run
from sim.experiments.warmth import COMPILING, is_compiled
from sim.outcomes.measures import MEASURES
from sim.scenario.notices import Notice
from sim.scenario.world import Sets


def table_of(rows: list[Report], *columns: str, title: str | None = None) -> Table:
    """Rows with these columns: of text, of the report of a figure, or missing, which is blank."""
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(_shown(row[column])) for column in columns))
    return table


def _shown(cell: Any) -> str:
    return "" if cell is None else _figure(cell) if isinstance(cell, dict) else str(cell)


def _figure(report: Report) -> str:
    if report["mean"] is None:
        return "not measured"
    if report["low"] is None:
        return f"{_number(report['mean'])} (one run: no interval)"
    return f"{_number(report['mean'])} ({_number(report['low'])} to {_number(report['high'])})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


def run_table(run: Run) -> Table:
    """Every measure of a world, its headline first."""
    table = Table("measure", "mean (95% interval)", "unit", box=None, pad_edge=False)
    reports = plain.measures_report(run)
    for name in sorted(reports, key=lambda name: name != run.world.headline):
        style = "bold" if name == run.world.headline else None
        table.add_row(name, _figure(reports[name]), reports[name]["unit"], style=style)
    return table


def comparison_table(comparison: Comparison) -> Table:
    """Every measure in both worlds, with the paired difference in figures and words."""
    report = plain.comparison_report(comparison)
    columns = ("measure", "baseline", "world", "difference (95% interval)", "in words", "pairing gained", "unit")
    table = Table(*columns, box=None, pad_edge=False)
    for name in MEASURES:
        gained = report["variance_ratio"][name]
        table.add_row(
            name,
            _figure(report["baseline"][name]).partition(" (")[0],
            _figure(report["world"][name]).partition(" (")[0],
            _figure(report["difference"][name]),
            report["verdict"][name],
            "" if gained is None else f"{gained:.1f} x",
            report["difference"][name]["unit"],
        )
    return table


def lost_table(run: Run) -> Table:
    """What each failure point takes from baskets at the visit."""
    table = Table("lost to", "basket now (95% interval)", "unit", box=None, pad_edge=False)
    for name, report in plain.lost_report(run).items():
        table.add_row(name, _figure(report), report["unit"])
    return table


out = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, highlight=False)


Tables = Iterable[tuple[str, list[Report]]]


def show_report(tables: Tables, sentences: Iterable[str]) -> None:
    """Tables under their titles, and what they say in words; the first row names the columns."""
    for title, rows in tables:
        out.print(title, style="italic", markup=False)  # of its own: a table breaks its title to its own width
        shown = [
            {name: _figure(cell) if isinstance(cell, dict) else cell for name, cell in row.items()} for row in rows
        ]
        out.print(table_of([dict.fromkeys(rows[0]) | row for row in shown], *rows[0]), "")
    for sentence in sentences:
        out.print(sentence, markup=False)


def show_notices(name: str, notices: Sequence[Notice]) -> None:
    """What is legal in that scenario and probably not meant, a line each as faults have them."""
    if notices:
        count = "One notice" if len(notices) == 1 else f"{len(notices)} notices"
        out.print(f"{count}: legal, and probably not meant.", style="yellow")
    for notice in located(name, notices):
        out.print(str(notice), markup=False, soft_wrap=True)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error while the block runs."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:.0f}%"))
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bar:
        task = bar.add_task(what if is_compiled() else f"{COMPILING}; then: {what}", total=1.0)
        yield lambda share: bar.update(task, completed=share)


def print_json(value: Any) -> None:
    """One JSON document, its figures alike on all machines (see `alike`); what is missing is null, never NaN."""
    print(json.dumps(alike(value), indent=2, ensure_ascii=False, allow_nan=False), flush=True)


def show_rows(rows: list[Report], as_json: bool, *columns: str) -> None:
    """Rows as JSON, or as a table with these columns."""
    if as_json:
        print_json(rows)
    else:
        out.print(table_of(rows, *columns))


@dataclass(frozen=True)
class Request:
    """What a command was asked, which every report begins with: of which scenario, how changed, with which luck.

    `notices` are what is hardly meant in it.
    """

    name: str
    effort: Effort
    sets: Sets
    fixes: Sequence[str]
    notices: Sequence[Notice]

    def report(self, replications: int, found: Report) -> None:
        """Print as one JSON object what was asked, of how many runs there were in the end, and what was found."""
        print_json(plain.head(self.name, self.effort, replications, self.sets, self.fixes, self.notices) | found)

    def tell(self, as_json: bool, replications: int, found: Report, tables: Tables, sentences: Iterable[str]) -> None:
        """Print what was found: as one JSON object, or for people, in tables, sentences and notices."""
        if as_json:
            self.report(replications, found)
        else:
            show_report(tables, sentences)
            show_notices(self.name, self.notices)
