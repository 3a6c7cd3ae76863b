"""Charts that a visitor has seen and that no choice makes again: those of a room, and those side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ui.take_away_ready import Drawn, Ready

_MOST = 8


@dataclass
class _Leaf:
    scenarios: set[str] = field(default_factory=set)
    charts: dict[str, tuple[Drawn, Ready]] = field(default_factory=dict)


class Album:
    """The charts as they were seen last, by the link that leads back to them."""

    def __init__(self) -> None:
        self._leaves: dict[str, _Leaf] = {}

    def keep(self, link: str, scenarios: Iterable[str], name: str, simulated: str, drawn: Drawn) -> None:
        """Keep a chart beside what else was seen there, or instead of its former self.

        `scenarios` are the names under which it is to be found; what was seen there before is found under them too.
        """
        leaf = self._leaves.pop(link, None) or _Leaf()
        self._leaves[link] = leaf
        leaf.scenarios.update(scenarios)
        before, kept = leaf.charts.get(name, (None, Ready(name, simulated, lambda: drawn, link)))
        if before != drawn:
            leaf.charts[name] = drawn, replace(kept, simulated=simulated, draw=lambda: drawn, version=kept.version + 1)
        while len(self._leaves) > _MOST:
            self._leaves.pop(next(iter(self._leaves)))

    def of(self, scenario: str) -> list[Ready]:
        """Those of a scenario, in the order first seen; what was seen last hides others of its name."""
        there = [leaf for leaf in self._leaves.values() if scenario in leaf.scenarios]
        return list({name: chart for leaf in there for name, (_, chart) in leaf.charts.items()}.values())
