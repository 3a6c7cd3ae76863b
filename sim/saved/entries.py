"""What people write and choose for a saved scenario, checked before it is kept."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.scenario.wording import clean

LONGEST_NAME, LONGEST_NOTE, LONGEST_AUTHOR = 80, 2_000, 60
_MOST_CHOSEN = 500
# What would end a line, and half characters; what nobody sees is taken out before.
_UNFIT = re.compile("[\t\n\ud800-\udfff]")


class EntryError(ValueError):
    """A sentence on what was entered and what is allowed; nothing was kept."""


@dataclass(frozen=True)
class Figure:
    """One headline result: a mean with its 95% interval, and what it was simulated with; None is not known."""

    measure: str
    mean: float | None
    low: float | None
    high: float | None
    runs: int
    weeks: int
    seed: int


@dataclass(frozen=True)
class Entry:
    """A choice under a name: of a scenario, of where its levers stand and of fixes, with what it came to.

    `scenario` is the name that it was chosen under and `kept` the name of that scenario's file as it then was, which
    later editing of a file that comes with Ripple does not change. `figures` is empty where none are known.
    """

    name: str
    scenario: str
    kept: str
    note: str = ""
    author: str = ""
    sets: Mapping[str, float] = field(default_factory=dict)
    fixes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


def checked(entry: Entry) -> Entry:
    """The entry as it is kept: without spaces around what was written, and without characters that nobody sees.

    Raises:
        EntryError: what is wrong with the first thing that is, and what is allowed.
    """
    name = _line("name", entry.name, LONGEST_NAME)
    if not name:
        raise EntryError(f"The name is empty; allowed: 1 to {LONGEST_NAME} characters.")
    if len(entry.sets) + len(entry.fixes) > _MOST_CHOSEN:
        raise EntryError(f"More than {_MOST_CHOSEN} levers and fixes are chosen; allowed: that many.")
    if not all(math.isfinite(value) for value in entry.sets.values()):
        raise EntryError("A lever stands at no finite number; allowed: a number on its slider.")
    author = _line("author’s name", entry.author, LONGEST_AUTHOR)
    return replace(entry, name=name, author=author, note=_note(entry.note))


def _line(what: str, text: str, longest: int) -> str:
    kept = clean(text).strip()
    if len(kept) > longest:
        raise EntryError(f"The {what} has {len(kept):,} characters; allowed: at most {longest}.")
    if unfit := _UNFIT.search(kept):
        raise EntryError(
            f"The {what} contains the character U+{ord(unfit[0]):04X}; allowed: whole letters on one line."
        )
    if kept and not any(letter.isprintable() and not letter.isspace() for letter in kept):
        raise EntryError(f"The {what} has nothing that can be seen; allowed: letters, digits and signs.")
    return unicodedata.normalize("NFC", kept)


def _note(text: str) -> str:
    """A note may have lines; what nobody sees is lost of it, and what kind of line end there was."""
    kept = clean(text).strip()
    _line("note", kept.replace("\n", " ").replace("\t", " "), LONGEST_NOTE)
    return unicodedata.normalize("NFC", kept)
