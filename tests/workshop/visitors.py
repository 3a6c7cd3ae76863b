"""Many processes whose people come into one room and bet; run as a program, one of them.

`python -m tests.workshop.visitors URL CODE PROCESS EACH`: prints how many of its people were told that their bet is in.
"""

import subprocess
import sys
from pathlib import Path

from sim.experiments import library
from sim.saved.database import TABLES, Database
from sim.workshop.people import Bet, hand_in, join, seat_of
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def all_handed_in(url: str, code: str, processes: int, each: int) -> int:
    """How many bets were acknowledged, of that many processes with so many people each."""
    command = [sys.executable, "-m", "tests.workshop.visitors", url, code]
    started = [
        subprocess.Popen([*command, str(number), str(each)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for number in range(processes)
    ]
    return sum(int(process.communicate(timeout=PATIENCE)[0]) for process in started)


if __name__ == "__main__":
    where, room, process, people = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    database, shop = Database(TABLES, where), library.load("tiny")
    for person in range(people):
        join(database, room, f"{process}-{person}", f"token {process} {person}")
        seat = seat_of(database, room, f"token {process} {person}")
        for value in (0, 100 * process + person):  # changed once
            hand_in(database, seat, shop, "", Bet(value=value))
    print(people)
