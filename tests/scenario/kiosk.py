"""A small scenario with one of everything, as text to be broken line by line."""

from pathlib import Path

import pytest

from sim.scenario.faults import ScenarioError
from sim.scenario.files import parse_scenario
from sim.scenario.scenario import Scenario

KIOSK = (Path(__file__).parent / "kiosk.yaml").read_text(encoding="utf-8")


def kiosk() -> Scenario:
    return parse_scenario(KIOSK, "kiosk.yaml")


def edited(*changes: tuple[str, str]) -> str:
    """The kiosk's text with these snippets replaced, each of which it has exactly once."""
    text = KIOSK
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def line_of(text: str, snippet: str) -> int:
    """The line on which that snippet stands, the only one of its kind."""
    assert text.count(snippet) == 1, snippet
    return text[: text.index(snippet)].count("\n") + 1


def faults_in(text: str) -> list[str]:
    """Every fault of a scenario that cannot be used, as people read it."""
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, "kiosk.yaml")
    return str(refused.value).splitlines()


def refusal(refused: pytest.ExceptionInfo[ScenarioError]) -> str:
    """The one fault that was raised."""
    (fault,) = refused.value.faults
    return str(fault)
