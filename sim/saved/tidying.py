"""What nobody can come back to is deleted whenever something is saved, so that the database does not grow for ever."""

from sqlalchemy import Connection, select

from sim.saved.tables import DOCUMENTS, SAVED

_DAY_SECONDS = 24 * 3_600

DELETED_SECONDS = 30 * _DAY_SECONDS
"""How long a saved scenario is still there after it was deleted."""

UNUSED_SECONDS = 365 * _DAY_SECONDS
"""How long, at the least, a scenario file that no saved scenario refers to is kept after it was last kept or opened.

Links may name it that nobody here knows of. Rooms name it too, and they are gone long before.
"""

REMEMBERED_SECONDS = 30 * _DAY_SECONDS
"""How long an opened file may be held in memory, and after which its next opening is noted here."""


def tidy(connection: Connection, now: int) -> None:
    """Delete what was deleted from the list, or not used, for too long; as part of what else is written.

    `now` is in seconds since 1970.
    """
    long_deleted = SAVED.c.deleted < now - DELETED_SECONDS
    connection.execute(SAVED.delete().where(long_deleted))
    unused = DOCUMENTS.c.used < now - UNUSED_SECONDS - 2 * REMEMBERED_SECONDS  # an opening may be noted that late
    connection.execute(DOCUMENTS.delete().where(unused, DOCUMENTS.c.name.not_in(select(SAVED.c.kept))))
