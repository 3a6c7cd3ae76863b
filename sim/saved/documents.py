"""Scenario files that did not come with Ripple, kept by their content: what a name means never changes."""

import hashlib

from sqlalchemy import select

from sim.experiments import library
from sim.saved.database import Database
from sim.saved.tables import DOCUMENTS
from sim.scenario.document import parse
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.reading import scenario_of
from sim.scenario.scenario import Scenario

MARK = "~"
"""What the name of a kept scenario begins with; no name in `scenarios/` does."""

_LETTERS = 24


def is_kept(name: str) -> bool:
    """Whether a scenario's name means a kept file rather than one that comes with Ripple."""
    return name.startswith(MARK)


def name_of(content: str) -> str:
    """The name that a file with this content is kept under."""
    return MARK + hashlib.sha256(content.encode()).hexdigest()[:_LETTERS]


def keep(database: Database, content: str, file: str = "the file") -> str:
    """Keep a scenario file; its name from now on. Keeping it twice is keeping it once.

    Raises:
        ScenarioError: every fault in the file; nothing is kept.
        DatabaseError: nothing is kept.
    """
    _read(content, file)
    name = name_of(content)
    with database.writing() as connection:
        if connection.execute(select(DOCUMENTS.c.name).where(DOCUMENTS.c.name == name)).first() is None:
            connection.execute(DOCUMENTS.insert().values(name=name, text=content))
    return name


def text_of(database: Database, name: str) -> str:
    """The file kept under that name.

    Raises:
        ScenarioError: there is none here.
        DatabaseError: it cannot be read.
    """
    with database.reading() as connection:
        found = connection.execute(select(DOCUMENTS.c.text).where(DOCUMENTS.c.name == name)).scalar()
    if found is None:
        missing = "this scenario is not kept here; ask whoever made the link for its file, and open that"
        raise ScenarioError((Fault("scenario", None, "scenario", missing),))
    return str(found)


def load(database: Database, name: str) -> Scenario:
    """The scenario kept under that name. Raises as `text_of`, and where its file fits this version no longer."""
    return _read(text_of(database, name), name)


def _read(content: str, file: str) -> Scenario:
    return scenario_of(parse(content, file), library.unknown_measures)
