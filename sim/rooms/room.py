"""A room as everybody in it sees it."""

import time
from dataclasses import dataclass, replace

from sim.rooms.settings import Settings
from sim.rooms.steps import Step, Taking, taking


@dataclass(frozen=True)
class Room:
    """A room at one moment. `version` counts what the facilitator did; `expires` is in seconds since 1970.

    `scenario` names what it was opened on, `made` the same with the room's own numbers, once there are any. `over`
    are the steps that took something and were left for a later one, which may have shown what came of it.
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
    over: frozenset[Step] = frozenset()

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

    @property
    def is_late(self) -> bool:
        """Whether what this step takes could be given with what came of it in view."""
        return self.step in self.over

    def at(self, step: Step) -> "Room":
        """The room at another step. Before its numbers are agreed it has none.

        It is open for what that step takes, but locked where the step was over already: what came of it may be known.
        """
        order = list(Step)
        left = min(self.step, step, key=order.index)
        over = self.over | {left} if left != max(self.step, step, key=order.index) and taking(left) else self.over
        made = self.made if order.index(step) >= order.index(Step.AGREED) else None
        return replace(self, step=step, locked=step in over, made=made, over=over)


@dataclass(frozen=True)
class Person:
    """Somebody in a room: a number, and a first name that is text and nothing else."""

    id: int
    name: str
