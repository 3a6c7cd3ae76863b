"""The tables of saved things."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text

TABLES = MetaData()

DOCUMENTS = Table(
    "documents",
    TABLES,
    Column("name", Text, primary_key=True, comment="a mark and the first digits of the SHA-256 of the text"),
    Column("text", Text, nullable=False, comment="a scenario file, whole"),
    Column("used", BigInteger, nullable=False, index=True, comment="seconds since 1970: last kept or opened"),
)

SAVED = Table(
    "saved_scenarios",
    TABLES,
    Column("id", Text, primary_key=True, comment="random, so that nobody can guess it"),
    Column("version", Integer, nullable=False, comment="counts its changes; a change names the one it was made on"),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False, comment="empty where none was given"),
    Column("scenario", Text, nullable=False, comment="the name that it was chosen under"),
    Column("kept", Text, ForeignKey(DOCUMENTS.c.name), nullable=False, comment="the scenario's file when it was saved"),
    Column("sets", JSON, nullable=False, comment="a value by its lever's path"),
    Column("fixes", JSON, nullable=False, comment="ids of fixes"),
    Column("figures", JSON, nullable=False, comment="headline results, empty where they were not known"),
    Column("created", BigInteger, nullable=False, comment="seconds since 1970, as are the others"),
    Column("changed", BigInteger, nullable=False),
    Column("deleted", BigInteger, index=True, comment="nothing while it is on the list"),
)
