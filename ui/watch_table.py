"""The events of a watched stretch as a table to read, and as a file to take away."""

import csv
import io

import pandas as pd

from sim.engines.calendar import DAY
from sim.experiments.replay.stretch import date_of
from sim.experiments.replay.words import Telling
from sim.reports.csv_tables import plain
from sim.scenario.scenario import Scenario
from ui.text import MISSING

COLUMNS = ("When", "Who", "Where", "What happened")


def frame(world: Scenario, told: list[Telling], only_wrong: bool) -> pd.DataFrame:
    """A row an event, in the order in which they happened; all of them, or only what went wrong."""
    rows = [_row(world, one) for one in told if one.is_wrong or not only_wrong]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(world: Scenario, one: Telling) -> tuple[str, str, str, str]:
    return moment(world, one.event.minute), one.who or MISSING, one.where or MISSING, one.words


def moment(world: Scenario, minute: float) -> str:
    """The date and time of a minute since the start of week 0."""
    hours, minutes = divmod(int(minute % DAY), 60)
    return f"{date_of(world, minute):%Y-%m-%d} {hours:02}:{minutes:02}"


def file_of(table: pd.DataFrame) -> bytes:
    """The table as CSV (UTF-8); no cell begins a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([plain(cell) for cell in row] for row in table.itertuples(index=False))
    return text.getvalue().encode()
