"""What a link asked for and cannot have: the first in words, the others counted, however long the link is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.scenario.faults import MOST


@dataclass
class Objections:
    """Sentences on what is wrong with a link, as many as an error lists faults; beyond them none is put into words."""

    _said: list[str] = field(default_factory=list)
    _more: int = 0

    def add(self, sentence: Callable[[], str]) -> None:
        """One thing more is wrong; the sentence is asked for only where it will be shown."""
        if len(self._said) < MOST:
            self._said.append(sentence())
        else:
            self._more += 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is to be shown."""
        return (*self._said, *([f"And {self._more:,} more."] if self._more else []))
