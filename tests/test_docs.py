"""What the documents say is what there is."""

import re
from pathlib import Path
from typing import get_args

import typer

from sim.__main__ import app
from sim.scenario.failures import Cause
from sim.scenario.scenario import Scenario

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SCENARIOS = (ROOT / "docs" / "scenarios.md").read_text()


def test_every_command_and_option_is_in_the_readme() -> None:
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        assert re.search(rf"`{name}[ `]", README), name
        for option in command.params:
            if option.opts[0].startswith("--"):
                assert f"`{option.opts[0]}" in README, option.opts[0]


def test_every_part_of_a_scenario_and_every_cause_is_documented() -> None:
    missing = {"currency", "weeks", "warm_up_days", "channel"}
    for part in set(Scenario.model_fields) - missing:
        assert f"`{part}`" in SCENARIOS, part
    for cause in get_args(Cause):
        assert f"`{cause}`" in SCENARIOS, cause


def test_links_between_documents_lead_somewhere() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
