"""Steps that can be taken back and taken again."""

from dataclasses import dataclass
from typing import Generic, Self, TypeVar

MOST = 200
"""Steps remembered; earlier ones are forgotten."""
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class History(Generic[Kept]):
    """What is chosen now, what was chosen before it (latest last), and what was taken back (latest first)."""

    present: Kept
    past: tuple[Kept, ...] = ()
    future: tuple[Kept, ...] = ()

    def now(self, chosen: Kept) -> Self:
        """One step on, unless that is what is chosen already; what was taken back is then gone for good."""
        if chosen == self.present:
            return self
        return type(self)(chosen, (*self.past, self.present)[-MOST:])

    def undone(self) -> Self:
        """One step back; the same where there is none."""
        if not self.past:
            return self
        return type(self)(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redone(self) -> Self:
        """The step taken back last, taken again; the same where there is none."""
        if not self.future:
            return self
        return type(self)(self.future[0], (*self.past, self.present), self.future[1:])
