"""A room as everybody in it sees it."""

import time
from dataclasses import dataclass, replace

from sim.rooms.settings import Settings
from sim.rooms.steps import Step, Taking, taking


@dataclass(frozen=True)
class Room:
    """A room at one moment. `version` counts what the facilitator did; `expires` is in seconds since 1970.

    `scenario` names what it was opened on, `made` the same with the room's own numbers, once there are any.
    """

    code: str
    version: int
    scenario: str
    made: str | None
    step: Step
    locked: bool
    hidden: bool
    closed: bool
    settings: Settings
    expires: int

    @property
    def expired(self) -> bool:
        """Whether its time is up."""
        return time.time() >= self.expires

    @property
    def is_over(self) -> bool:
        """Whether nothing can be handed in any more, nor anybody join."""
        return self.closed or self.expired

    @property
    def takes(self) -> Taking | None:
        """What can be handed in just now."""
        return None if self.locked or self.is_over else taking(self.step)

    @property
    def believed(self) -> str:
        """The name of the scenario that the room tries fixes in: with its own numbers where it has any."""
        return self.made or self.scenario

    def at(self, step: Step) -> "Room":
        """The room at another step, open for what that takes. Before its numbers are agreed it has none."""
        made = self.made if list(Step).index(step) >= list(Step).index(Step.AGREED) else None
        return replace(self, step=step, locked=False, made=made)


@dataclass(frozen=True)
class Person:
    """Somebody in a room: a number, and a first name that is text and nothing else."""

    id: int
    name: str
