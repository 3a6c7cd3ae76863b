"""The tables of saved things."""

from sqlalchemy import Column, MetaData, Table, Text

TABLES = MetaData()

DOCUMENTS = Table(
    "documents",
    TABLES,
    Column("name", Text, primary_key=True, comment="a mark and the first digits of the SHA-256 of the text"),
    Column("text", Text, nullable=False, comment="a scenario file, whole"),
)
