"""A step of the journey in both worlds, as the words that are written at it."""

from dataclasses import dataclass

from sim.experiments.flow import Flow, Leak, Step
from ui.journey_story import brief, brief_money

_FAINT = 0.45


@dataclass(frozen=True)
class Told:
    """A step in both worlds, as words: what is written at it."""

    now: Step
    moved: Step
    is_moved: bool
    currency: str

    @property
    def name(self) -> str:
        """The touchpoint's id."""
        return self.moved.touchpoint.id

    @property
    def opacity(self) -> float:
        """Faint where nobody comes."""
        return 1.0 if self.moved.met.mean or self.now.met.mean else _FAINT

    @property
    def count(self) -> str:
        """How often customers come."""
        return brief(self.moved.met.mean) if self.moved.met.mean else "nobody"

    @property
    def was(self) -> list[str]:
        """How often they come as it is, where that reads differently."""
        before = brief(self.now.met.mean)
        return [f"was {before}"] if self.is_moved and before != brief(self.moved.met.mean) else []

    @property
    def leaks(self) -> list[tuple[Leak, Leak]]:
        """Failure points in the baseline and in the world shown."""
        return list(zip(self.now.leaks, self.moved.leaks, strict=True))

    def amount(self, leak: Leak) -> str:
        """What is lost there, or that it cannot be or is not."""
        if not leak.failure.on:
            return "switched off"
        return brief_money(leak.lost.mean, self.currency) if leak.lost.mean else "nothing"

    def loss(self, leak: Leak) -> str:
        """What is lost there and to what; what loses nothing is named first."""
        named = (self.amount(leak), leak.failure.label)
        return ": ".join(named if leak.lost.mean else reversed(named))

    def amount_was(self, before: Leak, after: Leak) -> list[str]:
        """What is lost there as it is, where that reads differently."""
        said = self.amount(before)
        return [f"was {said}"] if self.is_moved and said != self.amount(after) else []


def told(now: Flow, moved: Flow, currency: str) -> list[Told]:
    """Every step in journey order."""
    return [Told(now.step(s.touchpoint.id), s, now is not moved, currency) for s in moved.steps]
