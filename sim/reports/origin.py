"""Where the figures of an export come from, said in it, so that anybody can make them again."""

import re
import textwrap
from dataclasses import dataclass
from datetime import datetime

from sim.reports.workbook.inputs import stamp

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything that no XML document may hold, not even escaped (XML 1.0, production 2)."""


def printable(text: str) -> str:
    """The text without those characters."""
    return _FORBIDDEN.sub("", text)


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
    made = stamp(scenario, seed, 0, link)
    return Origin(scenario, simulated, seed, when, link, made.semantics, made.version)


def runs_said(runs: int, weeks: int) -> str:
    """How much was simulated, of runs."""
    return f"{runs} run{'' if runs == 1 else 's'} of {weeks} weeks"


def futures_said(futures: int) -> str:
    """How much was simulated, of a business case."""
    return f"{futures:,} futures, each with and without the fixes"
