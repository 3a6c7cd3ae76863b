"""Which step of the journey a visitor looks at, whether it was clicked in the picture or picked from the list."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from ui.charts.journey_picture import CHOSEN


@dataclass(frozen=True)
class JourneyDesk:
    """The step looked at in a scenario, kept where the control that picks it keeps its own value."""

    kept: MutableMapping[Any, Any]
    name: str

    @property
    def key(self) -> str:
        """The key of the control that picks a step, holding its id or None."""
        return f"step of {self.name}"

    @property
    def step(self) -> str | None:
        """The id of the step looked at."""
        chosen: str | None = self.kept.get(self.key)
        return chosen

    def picture_key(self, kind: str) -> str:
        """The key of a picture: another for each step looked at, since a chart tells of no second click on one step."""
        return f"journey {kind} of {self.name} at {self.step}"

    def clicked(self, picture_key: str) -> None:
        """Look at the step just clicked in that picture; a click beside every step changes nothing."""
        found = self.kept[picture_key].selection[CHOSEN]
        if found:
            self.kept[self.key] = found[0]["id"]
