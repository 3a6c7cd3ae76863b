"""Which skill lifts which chance, and by how much."""

from typing import NamedTuple

from sim.scenario.scenario import Scenario

NO_SKILL = -1


class Lifts(NamedTuple):
    """Position of a skill and its log-odds at full skill, by what it lifts: (touchpoint or failure, rate)."""

    by_rate: dict[tuple[str, str], tuple[int, float]]

    def of(self, at: str, rate: str) -> tuple[int, float]:
        """The skill that lifts that rate there and by how much; NO_SKILL and 0 where none does."""
        return self.by_rate.get((at, rate), (NO_SKILL, 0.0))


def lifts_of(scenario: Scenario) -> Lifts:
    """The lifts of every skill of a scenario that has passed its checks: at most one a rate."""
    return Lifts(
        {
            (lift.at, lift.rate): (position, lift.log_odds.value)
            for position, skill in enumerate(scenario.skills)
            for lift in skill.lifts
        }
    )
