"""The tables of rooms: in the same database as all that is saved. Times are seconds since 1970."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Integer, Table, Text
from sqlalchemy.schema import UniqueConstraint

from sim.saved.database import TABLES

ROOMS = Table(
    "rooms",
    TABLES,
    Column("code", Text, primary_key=True),
    Column("version", Integer, nullable=False, comment="counts what the facilitator did"),
    Column("scenario", Text, nullable=False, comment="the name of the scenario it was opened on"),
    Column("made", Text, comment="the name of the scenario with the room's own numbers, once there is one"),
    Column("step", Text, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("settings", Text, nullable=False, comment="JSON, see Settings"),
    Column("host", Text, nullable=False, comment="SHA-256 of the facilitator's token"),
    Column("opened", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
)

OVER = Table(
    "steps_over",
    TABLES,
    Column("room", Text, ForeignKey("rooms.code"), primary_key=True),
    Column("step", Text, primary_key=True, comment="took slips, and was left for a later one"),
)

PEOPLE = Table(
    "people",
    TABLES,
    Column("room", Text, ForeignKey("rooms.code"), primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False, comment="from 1, in the order of joining"),
    Column("token", Text, nullable=False, comment="SHA-256 of the person's own token"),
    Column("name", Text, nullable=False),
    Column("joined", BigInteger, nullable=False),
    UniqueConstraint("room", "token"),
)

IS_HERE = PEOPLE.c.name != ""
"""Who was not taken out. Whoever was leaves their number behind, without name or token, so that nobody gets it."""

SLIPS = Table(
    "slips",
    TABLES,
    Column("room", Text, primary_key=True),
    Column("person", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True, comment="bet, guess or plan"),
    Column("key", Text, primary_key=True, comment="the path guessed at; empty for a bet or a plan"),
    Column("round", Integer, primary_key=True, autoincrement=False, comment="2: revised"),
    Column("payload", Text, nullable=False, comment="JSON, see Bet, Guess and Plan"),
    Column("version", Integer, nullable=False, comment="how many times it was handed in"),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["room", "person"], ["people.room", "people.id"]),
)
"""What each person has handed in: one slip a question and round, replaced by handing in again."""
