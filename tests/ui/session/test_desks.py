"""What a visitor chose, and the one question under way for it."""

from typing import Any, cast

import pytest

from sim.experiments.inquiry import Memory
from sim.experiments.library import load
from sim.experiments.workers import Workers
from sim.scenario.faults import ScenarioError
from ui.session import Desk, desks
from ui.session.choice import Choice

TINY = load("tiny")


class Asked:
    """A question that only remembers that it was stopped."""

    def __init__(self, *_: Any) -> None:
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True


def choice(*fixes: str, **sets: float) -> Choice:
    return Choice("tiny", TINY, {path.replace("__", "."): value for path, value in sets.items()}, fixes)


def ask(desk: Desk, chosen: Choice) -> Asked:
    return cast(Asked, desk.ask(chosen, cast(Workers, None), cast(Workers, None), Memory()))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(desks, "Inquiry", Asked)
    return Desk()


def test_the_same_choice_is_asked_once_and_another_supersedes_it(desk: Desk) -> None:
    first = ask(desk, choice())
    assert ask(desk, choice()) is first
    second = ask(desk, choice(assets__trolleys__pool=14))
    assert first.stopped
    assert not second.stopped


def test_a_choice_that_contradicts_itself_leaves_the_question_under_way_alone(desk: Desk) -> None:
    first = ask(desk, choice())
    with pytest.raises(ScenarioError):
        ask(desk, choice(assets__trolleys__pool=-1))
    assert not first.stopped
    assert ask(desk, choice()) is first
