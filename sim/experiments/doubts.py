"""Which guess an answer hangs on most: each moved alone from one end of its range to the other."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.experiments.estimate import Estimate, estimate
from sim.experiments.runs import Comparison, Run
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import settables
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

_GUESS = "D"


@dataclass(frozen=True)
class Doubt:
    """A guess, and what the answer would be were it at either end of its range.

    `apart` is the answer at the high end less that at the low end, run by run on the same luck.
    """

    path: str
    quantity: Quantity
    at_low: Estimate
    at_high: Estimate
    apart: Estimate

    @property
    def swing(self) -> float | None:
        """How far apart the two answers are; None where either is missing."""
        return None if self.apart.mean is None else abs(self.apart.mean)

    @property
    def is_felt(self) -> bool:
        """Whether the answer is another at the other end in any run at all."""
        return any((self.apart.mean, self.apart.low, self.apart.high))


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

    @property
    def most_worlds(self) -> int:
        """How many worlds that is at the most, without making any."""
        return len(self.guesses) * 2 * (2 if self.is_change else 1)

    def _pair(self, path: str, end: float) -> list[tuple[str, Scenario]]:
        now = ("now", world_of(self.scenario, {path: end}))
        if not self.is_change:
            return [now]
        return [now, ("then", world_of(self.scenario, {path: end, **self.sets}, self.fixes))]

    def greatest(self, runs: Mapping[Hashable, Run]) -> Doubt | None:
        """The guess on which the answer hangs most; None where it hangs on none that could be weighed."""
        felt = [doubt for doubt in self._found(runs) if doubt.is_felt]
        return max(felt, key=lambda doubt: doubt.swing or 0.0, default=None)

    def unweighed(self, runs: Mapping[Hashable, Run]) -> list[str]:
        """The paths of guesses at an end of which there is no such business, or nothing to measure."""
        weighed = {doubt.path for doubt in self._found(runs) if doubt.swing is not None}
        return [path for path in self.guesses if path not in weighed]

    @property
    def is_change(self) -> bool:
        """Whether the answer is what sets and fixes change, rather than the measure itself."""
        return bool(self.sets or self.fixes)

    def _found(self, runs: Mapping[Hashable, Run]) -> list[Doubt]:
        """What was found of each guess whose ends make worlds."""
        known = {path: said for path, said in self.guesses.items() if (path, _ends(said)[0], "now") in runs}
        return [self._doubt(runs, path, said) for path, said in known.items()]

    def _doubt(self, runs: Mapping[Hashable, Run], path: str, said: Quantity) -> Doubt:
        low, high = (self._answers(runs, path, end) for end in _ends(said))
        apart = [there - here for here, there in zip(low, high, strict=True)]
        return Doubt(path, said, estimate(low), estimate(high), estimate(apart))

    def _answers(self, runs: Mapping[Hashable, Run], path: str, end: float) -> list[float]:
        """One answer a replication."""
        now, then = runs[path, end, "now"], runs.get((path, end, "then"))
        return Comparison(now, then).differences(self.measure) if then else now.values(self.measure)


def _is_guess(said: Quantity) -> bool:
    return said.evidence == _GUESS and len(set(_ends(said))) > 1


def _ends(said: Quantity) -> Sequence[float]:
    return () if said.low is None or said.high is None else (float(said.low), float(said.high))
