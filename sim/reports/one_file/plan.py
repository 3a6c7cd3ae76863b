"""What one file is to be made of, before any of it is simulated."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from sim.experiments.runs import Effort
from sim.experiments.sensitivity import SECONDS, Asked, Doubts, Grid, differing, grid_of, seconds_of
from sim.scenario.offers import Agenda, agenda_of
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of


@dataclass(frozen=True)
class Plan:
    """What is asked of a scenario, and the worlds that answer it: those of the grid, and those of the doubts."""

    asked: Asked
    agenda: Agenda
    grid: Grid
    doubts: Doubts

    @property
    def worlds(self) -> dict[Hashable, Scenario]:
        """Every world to simulate."""
        return self.grid.worlds | self.doubts.worlds

    def seconds(self, effort: Effort) -> float:
        """About how long that takes at the most, where nothing was simulated before."""
        return seconds_of(self.asked, len(self.grid.points) + self.doubts.most_worlds, effort)


def plan_of(scenario: Scenario, sets: Sets, fixes: Sequence[str], effort: Effort) -> Plan:
    """The plan of a scenario's file, whose grid is as fine as its worlds and those of the doubts leave time for.

    `sets` say where the sliders start, and what else stands elsewhere; `fixes` are proposed, the scenario's own
    proposal where none are given.

    Raises:
        ScenarioError: sets and fixes contradict each other.
    """
    world_of(scenario, sets, fixes)
    agenda = agenda_of(scenario, fixes)
    proposed = tuple(fix.id for fix in agenda.fixes)
    asked = Asked(scenario, agenda.levers, agenda.number, differing(scenario, sets), proposed)
    doubts = Doubts(scenario, agenda.number, asked.held, proposed)
    seconds = min(SECONDS, 60 * effort.budget.minutes)
    return Plan(asked, agenda, grid_of(asked, effort, seconds, besides=doubts.most_worlds), doubts)
