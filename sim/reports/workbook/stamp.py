"""Stamps: where a workbook's figures come from, so that anybody can make them again."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sim.experiments.cache import semantics_version


@dataclass(frozen=True)
class Stamp:
    """What has to be known to make the same figures again; shown on the Summary.

    `draws` futures were simulated twice each, as things are and mended. `semantics` is
    `sim.experiments.cache.semantics_version()`, `version` Ripple's own, `again` the link or command that does it.
    """

    scenario: str
    seed: int
    draws: int
    semantics: str
    version: str
    again: str

    def rows(self) -> list[tuple[str, str]]:
        """What it says, line by line."""
        return [
            ("Scenario", self.scenario),
            ("Seed", str(self.seed)),
            ("Futures simulated", f"{self.draws:,}, each with and without the fixes"),
            ("Simulator", self.semantics),
            ("Ripple", self.version),
            ("Made again by", self.again),
        ]


def stamp(scenario: str, seed: int, draws: int, again: str) -> Stamp:
    """The stamp of a case made by this Ripple."""
    return Stamp(scenario, seed, draws, semantics_version(), _version(), again)


def _version() -> str:
    project = Path(__file__).parents[3] / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
