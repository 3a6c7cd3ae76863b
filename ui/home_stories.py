"""The stories that a newcomer chooses from, as their files tell them: in order, each with a question and a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sim.experiments import library
from sim.scenario.document import read
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import MORE_FROM
from ui.home_picture import drawn

PICTURES = "pictures"
"""The folder beside the scenarios in which NAME.svg is the picture of NAME.yaml."""

_TITLE = "{http://www.w3.org/2000/svg}title"

FAULTY = "Its file has a fault: open it to read which."


@dataclass(frozen=True)
class Story:
    """A scenario as a card: `picture` is SVG of ours; title and question are an author's, and text."""

    name: str
    title: str
    question: str
    picture: str
    is_more: bool

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return ElementTree.fromstring(self.picture).findtext(_TITLE) or ""


def stories(titles: Mapping[str, str]) -> tuple[Story, ...]:
    """The scenarios of `library.titles`, in the same order but for faulty files, which are last of all."""
    told = [_story(name, title) for name, title in titles.items()]
    return tuple(sorted(told, key=lambda story: story.question == FAULTY))


def _story(name: str, title: str) -> Story:
    file = library.path_of(name)
    try:
        data = read(file).data
    except ScenarioError:
        data = {}
    question, order = data.get("question"), data.get("order")
    return Story(
        name,
        title,
        question if isinstance(question, str) else FAULTY,
        _picture(file, data),
        is_more=not (isinstance(order, int) and order < MORE_FROM),
    )


def _picture(file: Path, data: dict[str, Any]) -> str:
    """The picture that is kept beside the scenario; where there is none, one drawn from its journey."""
    kept = file.parent / PICTURES / f"{file.stem}.svg"
    return kept.read_text(encoding="utf-8") if kept.is_file() else drawn(data)
