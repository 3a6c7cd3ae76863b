"""A program that saves, or comes into a room, until it is killed; it says what it was told is written.

`python -m tests.attacks.killed save|join URL NAME`: a line for each acknowledged, as soon as it is.
"""

import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

from sim.saved import shelf
from sim.saved.database import TABLES, Database, DatabaseError
from sim.saved.shelf import Entry
from sim.workshop.people import join
from sim.workshop.room import RefusedError, new_token
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]


class Writer:
    """Such a program in a process of its own."""

    def __init__(self, how: str, url: str, name: str) -> None:
        command = [sys.executable, "-m", "tests.attacks.killed", how, url, name]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.told: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as said:
            self.told.extend(line.strip() for line in said if line.endswith("\n"))

    def kill(self) -> list[str]:
        """End it as nothing can be caught; what it had been told by then."""
        self._process.kill()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return self.told


def once_told(writers: list[Writer], more: int) -> None:
    """Wait until they were told so many more, all together."""
    before = _told(writers)
    wait_until(lambda: _told(writers) >= before + more)


def _told(writers: list[Writer]) -> int:
    return sum(len(writer.told) for writer in writers)


def main(how: str, url: str, name: str) -> None:
    """Go on until killed. A database that is away for a while is asked again."""
    database = Database(TABLES, url)
    for number in count():
        try:
            if how == "save":
                told = shelf.save(database, Entry(f"number {number}", "tiny", name)).id
            else:
                told = new_token()
                join(database, name, f"Person {number}", told)
        except DatabaseError:
            time.sleep(0.05)
            continue
        except RefusedError:  # the room is full
            time.sleep(PATIENCE)
        print(told, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
