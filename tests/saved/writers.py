"""Many processes that change one thing at the same time; run as a program, one of them.

`python -m tests.saved.writers shelf|counter URL ID CHANGES`: prints how many of its changes were acknowledged.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select, update

from sim.saved import database as databases
from sim.saved import shelf
from sim.saved.database import SAVED, TABLES, Database, DatabaseError
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def acknowledged(how: str, url: str, id: str, processes: int, changes: int) -> int:
    """What that many processes, each making that many changes of one more, were told was written."""
    command = [sys.executable, "-m", "tests.saved.writers", how, url, id, str(changes)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    ended = [(process.communicate(timeout=PATIENCE), process.returncode) for process in started]
    assert [said[1] for said, code in ended if code] == []
    return sum(int(said[0]) for said, _ in ended)


def _on_the_shelf(database: Database, id: str) -> None:
    """One change as the page makes it: what was seen, one more, and again if somebody else was first."""
    while True:
        seen = shelf.get(database, id)
        try:
            shelf.changed(database, seen, replace(seen.entry, note=str(int(seen.entry.note) + 1)))
            return
        except shelf.ConflictError:
            continue


def _counted(database: Database, id: str) -> None:
    """Read, add one, write, in one go and without naming a version."""
    with database.writing() as connection:
        note = connection.execute(select(SAVED.c.note).where(SAVED.c.id == id)).scalar_one()
        connection.execute(update(SAVED).where(SAVED.c.id == id).values(note=str(int(note) + 1)))


def _patiently(change: Callable[[Database, str], None], database: Database, id: str) -> None:
    """A change tried again where, in a great crowd, it waited its five seconds in vain: that was told, so not lost."""
    while True:
        try:
            return change(database, id)
        except DatabaseError as error:
            if databases.BUSY not in str(error):  # something else is wrong
                raise


if __name__ == "__main__":
    way, where, which, times = sys.argv[1:]
    opened = Database(TABLES, where)
    for _ in range(int(times)):
        _patiently({"shelf": _on_the_shelf, "counter": _counted}[way], opened, which)
    print(times)
