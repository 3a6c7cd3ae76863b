"""How levers are shown, and what is meant by what they show."""

import math
from dataclasses import dataclass

from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from ui.text import NO_OR_YES


@dataclass(frozen=True)
class Dial:
    """How a lever is shown: on a slider, shares in percent, whole steps as whole numbers; no or yes on a switch."""

    lever: Lever
    default: float
    unit: str

    @property
    def is_switch(self) -> bool:
        """Whether it is off or on, and nothing in between."""
        ends = (self.lever.min, self.lever.max, self.lever.step)
        return self.unit == NO_OR_YES and ends == (0, 1, 1) and self.default in ends

    @property
    def scale(self) -> int:
        """What the slider shows for 1."""
        return 100 if self.unit.startswith("share") else 1

    def shown(self, value: float) -> float:
        """The slider's number for a value, or whether the switch is on."""
        if self.is_switch:
            return value >= 1
        number = round(value * self.scale, 10)
        return int(number) if self._is_whole else float(number)

    def value(self, shown: float) -> float:
        """The value for a slider's number, or for whether the switch is on."""
        if self.is_switch:
            return int(shown)
        return shown if self.scale == 1 else round(shown / self.scale, 12)

    @property
    def _is_whole(self) -> bool:
        ends = (self.lever.min, self.lever.max, self.lever.step, self.default)
        return all(round(end * self.scale, 10).is_integer() for end in map(float, ends))

    @property
    def step(self) -> float:
        """The slider's step."""
        step = round(self.lever.step * self.scale, 10)
        return int(step) if self._is_whole else float(step)

    @property
    def format(self) -> str | None:
        """The slider's number format."""
        digits = max(0, -math.floor(math.log10(self.step))) if self.step < 1 else 0
        return f"%.{digits}f%%" if self.scale == 100 else None if self._is_whole else f"%.{max(digits, 1)}f"


def dial_of(baseline: Scenario, lever: Lever) -> Dial:
    """The dial of a lever in a scenario."""
    quantity = quantity_at(baseline, lever.path)
    return Dial(lever, quantity.value, quantity.unit or "")
