"""Which guess an answer hangs on most: each moved alone from one end of its range to the other."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.experiments.estimate import Estimate
from sim.experiments.runs import Comparison, Run
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import settables
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

_GUESS = "D"


@dataclass(frozen=True)
class Doubt:
    """A guess, and what the answer would be were it at either end of its range."""

    path: str
    quantity: Quantity
    at_low: Estimate
    at_high: Estimate

    @property
    def swing(self) -> float:
        """How far apart the two answers are; 0 where either is missing."""
        if self.at_low.mean is None or self.at_high.mean is None:
            return 0.0
        return abs(self.at_high.mean - self.at_low.mean)


@dataclass(frozen=True)
class Doubts:
    """Every guess of grade D with a range, among the levers and what the fixes do.

    The answer is what sets and fixes change of the measure, or the measure itself where there are none.
    """

    scenario: Scenario
    measure: str
    sets: Sets = field(default_factory=dict)
    fixes: tuple[str, ...] = ()

    @property
    def guesses(self) -> dict[str, Quantity]:
        """By path, in the file's order."""
        levers = {lever.path for lever in self.scenario.levers}
        effects = tuple(f"fixes.{name}.changes[" for name in self.fixes)
        return {
            path: said
            for path, said in settables(self.scenario).items()
            if isinstance(said, Quantity) and (path in levers or path.startswith(effects)) and _is_guess(said)
        }

    @cached_property
    def worlds(self) -> dict[Hashable, Scenario]:
        """The worlds to simulate: each guess at either end, as it is and with what is proposed."""
        found: dict[Hashable, Scenario] = {}
        for path, said in self.guesses.items():
            try:
                found |= {(path, end, way): world for end in _ends(said) for way, world in self._pair(path, end)}
            except ScenarioError:
                continue  # an end of this range makes no world with what is proposed
        return found

    def _pair(self, path: str, end: float) -> list[tuple[str, Scenario]]:
        now = ("now", world_of(self.scenario, {path: end}))
        if not self.sets and not self.fixes:
            return [now]
        return [now, ("then", world_of(self.scenario, {path: end, **self.sets}, self.fixes))]

    def greatest(self, runs: Mapping[Hashable, Run]) -> Doubt | None:
        """The guess on which the answer hangs most; None where it hangs on none."""
        found = [
            Doubt(path, said, *(self._answer(runs, path, end) for end in _ends(said)))
            for path, said in self.guesses.items()
            if (path, _ends(said)[0], "now") in runs
        ]
        widest = max(found, key=lambda doubt: doubt.swing, default=None)
        return widest if widest and widest.swing > 0 else None

    def _answer(self, runs: Mapping[Hashable, Run], path: str, end: float) -> Estimate:
        now, then = runs[path, end, "now"], runs.get((path, end, "then"))
        return Comparison(now, then).difference(self.measure) if then else now.estimate(self.measure)


def _is_guess(said: Quantity) -> bool:
    return said.evidence == _GUESS and len(set(_ends(said))) > 1


def _ends(said: Quantity) -> Sequence[float]:
    return () if said.low is None or said.high is None else (float(said.low), float(said.high))
