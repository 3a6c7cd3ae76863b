"""What a visitor chose, and the one question under way for it."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from sim.experiments.library import load
from sim.scenario.faults import ScenarioError
from ui.session import simulators
from ui.session.choice import Choice
from ui.session.simulators import inquiry

TINY = load("tiny")


class Asked:
    """A question that only remembers that it was stopped."""

    def __init__(self, *_: Any) -> None:
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True

    def wait(self, seconds: float) -> None:
        pass

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        pass


def choice(*fixes: str, **sets: float) -> Choice:
    return Choice("tiny", TINY, {path.replace("__", "."): value for path, value in sets.items()}, fixes)


def ask(chosen: Choice) -> Asked:
    return cast(Asked, inquiry(chosen))


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = simulators.Slot[Any]()
    monkeypatch.setattr(simulators, "Inquiry", Asked)
    monkeypatch.setattr(simulators, "desk", lambda: slot)


def test_the_same_choice_is_asked_once_and_another_supersedes_it() -> None:
    first = ask(choice())
    assert ask(choice()) is first
    second = ask(choice(assets__trolleys__pool=14))
    assert first.stopped
    assert not second.stopped


def test_a_choice_that_contradicts_itself_leaves_the_question_under_way_alone() -> None:
    first = ask(choice())
    with pytest.raises(ScenarioError):
        ask(choice(assets__trolleys__pool=-1))
    assert not first.stopped
    assert ask(choice()) is first


def test_asked_again_it_is_begun_anew() -> None:
    first = ask(choice())
    simulators.ask_again()
    assert ask(choice()) is not first
