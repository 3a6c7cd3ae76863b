"""What the command line prints: answers to standard output, progress and errors to standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sim.experiments.library import COMPILING, is_compiled, located
from sim.experiments.plain import alike
from sim.scenario.notices import Notice
from sim.tables import figures_table, table_of

out = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, highlight=False)


def show_report(tables: Iterable[tuple[str, list[dict[str, Any]]]], sentences: Iterable[str]) -> None:
    """Tables of figures under their titles, and what they say in words."""
    for title, rows in tables:
        out.print(title, style="italic", markup=False)  # of its own: a table breaks its title to its own width
        out.print(figures_table(rows), "")
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


def show_rows(rows: list[dict[str, Any]], as_json: bool, *columns: str) -> None:
    """Rows as JSON, or as a table with these columns."""
    if as_json:
        print_json(rows)
    else:
        out.print(table_of(rows, *columns))
