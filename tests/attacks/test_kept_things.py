"""What was acknowledged stays, whatever is killed or stopped in the middle."""

import sqlite3
import time
from collections.abc import Callable

import pytest

from sim.saved import documents, shelf
from sim.saved.database import TABLES, Database
from sim.workshop.people import seat_of
from sim.workshop.rooms import open_room
from tests.attacks.killed import Writer, once_told
from tests.postgresql import Server, empty_database
from tests.workshop.rooms import SETTINGS, shop

pytestmark = [pytest.mark.attack, pytest.mark.long]

Record = Callable[[str, object], None]
PROCESSES, ROUNDS = 3, 4


def written(url: str, how: str, name: str, more: int) -> list[str]:
    """What processes were told that was written, by the time they are killed: when it is so many, all together."""
    writers = [Writer(how, url, name) for _ in range(PROCESSES)]
    once_told(writers, more)
    return [told for writer in writers for told in writer.kill()]


def test_whoever_is_killed_while_saving_loses_nothing_that_was_acknowledged(
    url: str, database: Database, record_property: Record
) -> None:
    name = documents.keep(database, shop())
    told: list[str] = []
    for round in range(ROUNDS):
        told += written(url, "save", name, 20 + 7 * round)
    there = {saved.id for saved in shelf.listed(database)}
    assert told
    assert set(told) <= there
    assert len(told) == len(set(told))
    record_property("measured", f"{len(told)} acknowledged, none lost")
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_whoever_is_killed_while_joining_is_in_the_room_if_they_were_told_so(
    url: str, database: Database, record_property: Record
) -> None:
    room = open_room(database, documents.keep(database, shop()), SETTINGS)
    told = written(url, "join", room.code, 60)
    assert told
    for token in told:
        assert seat_of(database, room.code, token).person.name.startswith("Person ")
    record_property("measured", f"{len(told)} acknowledged, none lost")


def test_a_postgresql_stopped_in_the_middle_loses_nothing_and_is_used_again(
    postgresql_to_stop: Server, record_property: Record
) -> None:
    url = empty_database(postgresql_to_stop.url)
    database = Database(TABLES, url)
    name = documents.keep(database, shop())
    writers = [Writer("save", url, name) for _ in range(PROCESSES)]
    for _ in range(3):
        once_told(writers, 40)
        postgresql_to_stop.stop()
        time.sleep(0.5)
        postgresql_to_stop.start()
    once_told(writers, 40)  # they go on by themselves
    told = [one for writer in writers for one in writer.kill()]
    assert set(told) <= {saved.id for saved in shelf.listed(database)}
    record_property("measured", f"{len(told)} acknowledged, none lost")
    database.close()
