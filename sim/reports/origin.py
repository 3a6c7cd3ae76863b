"""Files to take away: where their figures come from, so that anybody can make them again, and how they are written."""

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.experiments.cache import semantics_version
from sim.folders import beside, why_no_file, why_not_written
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.wording import counted

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything that no XML document may hold, not even escaped (XML 1.0, production 2)."""


def printable(text: str) -> str:
    """The text without those characters."""
    return _FORBIDDEN.sub("", text)


_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain(value: Any) -> Any:
    """A cell of a CSV: numbers as they are; text that would be taken for a formula has an apostrophe in front."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value


_LETTERS = 80  # of a title, on the line that says all of it


@dataclass(frozen=True)
class Origin:
    """What has to be known to make the same figures again.

    `simulated` says how much was: "4 runs of 156 weeks". `when` is the moment it was made, `link` the page that makes
    it again. `semantics` is `sim.experiments.cache.semantics_version()`, `version` Ripple's own.
    """

    scenario: str
    simulated: str
    seed: int
    when: datetime
    link: str
    semantics: str
    version: str

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What it says, line by line."""
        return [
            ("Scenario", self.scenario),
            ("Simulated", self.simulated),
            ("Seed", str(self.seed)),
            ("Simulator", self.semantics),
            ("Ripple", self.version),
            ("Made", self.day),
            ("Made again by", self.link),
        ]

    @property
    def day(self) -> str:
        """The day it was made."""
        return f"{self.when.day} {self.when:%B %Y}"

    @property
    def line(self) -> str:
        """The same on one line."""
        made = f"Ripple {self.version}, simulator {self.semantics}, {self.day}"
        scenario = textwrap.shorten(self.scenario, _LETTERS, placeholder=" …")
        return f"{scenario}: {self.simulated}, seed {self.seed}. {made}. {self.link}"


def origin(scenario: str, simulated: str, seed: int, when: datetime, link: str) -> Origin:
    """The origin of figures that this Ripple made."""
    return Origin(scenario, simulated, seed, when, link, semantics_version(), version("ripple"))


def runs_said(runs: int, weeks: int) -> str:
    """How much was simulated, of runs."""
    return f"{counted(runs, 'run')} of {weeks} weeks"


def futures_said(futures: int) -> str:
    """How much was simulated, of a business case."""
    return f"{futures:,} futures, each with and without the fixes"


@dataclass(frozen=True)
class OnDisk:
    """A kind of file, by which command and option it is asked for, and how its name may end."""

    command: str
    option: str
    endings: tuple[str, ...]

    def check(self, path: Path) -> None:
        """Raise ScenarioError, naming the option, for a path where no such file could be written."""
        if why := why_no_file(path, *self.endings):
            raise self._refusal(why)

    @contextmanager
    def whole(self, path: Path) -> Iterator[Path]:
        """A path beside that one to write the file to, which is moved into place when it is whole.

        Raises:
            ScenarioError: it cannot be written there.
        """
        self.check(path)
        try:
            with beside(path) as folder:
                whole = folder / f"whole{self.endings[0]}"
                yield whole
                whole.replace(path)
        except OSError as error:
            raise self._refusal(why_not_written(path, error)) from None

    def _refusal(self, message: str) -> ScenarioError:
        return ScenarioError((Fault(self.command, None, self.option, message),))
