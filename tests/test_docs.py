"""What the documents say is what there is."""

import re
from pathlib import Path
from typing import get_args

import typer

from sim.cli.commands import app
from sim.scenario.journey import Cause
from sim.scenario.scenario import Scenario

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = (ROOT / "docs" / "how-to" / "use-the-command-line.md").read_text()
SCENARIOS = (ROOT / "docs" / "how-to" / "write-a-story.md").read_text()


def test_every_command_and_option_is_in_their_guide() -> None:
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        assert re.search(rf"`{name}[ `]", COMMANDS), name
        for option in command.params:
            if option.opts[0].startswith("--"):
                assert f"`{option.opts[0]}" in COMMANDS, option.opts[0]


def test_every_part_of_a_scenario_and_every_cause_is_documented() -> None:
    for part in Scenario.model_fields:
        assert f"`{part}`" in SCENARIOS, part
    for cause in get_args(Cause):
        assert f"`{cause}`" in SCENARIOS, cause


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_links_into_a_page_lead_to_one_of_its_headings() -> None:
    for document in DOCUMENTS:
        for target, heading in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", document.read_text()):
            page = document.parent / target if target else document
            titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
            assert heading in map(_anchor, titles), f"{document.name}: {target}#{heading}"


def _anchor(title: str) -> str:
    """What a heading is called in a link."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_every_document_can_be_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    linked = {ROOT / "docs" / target for target in re.findall(r"\]\(([^)#]+)", index)}
    assert linked | {ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "README.md"} == set(DOCUMENTS)


def test_commands_in_documents_exist_with_their_options() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for document in DOCUMENTS:
        for line in re.findall(r"python -m sim ([^\n`]+)", document.read_text()):
            name, *rest = line.split()
            if name.isalpha() and name.islower():
                known = {option for parameter in commands[name].params for option in parameter.opts}
                options = {word for word in rest if word.startswith("--")}
                assert options <= known | {"--help"}, f"{document.name}: {line}"
