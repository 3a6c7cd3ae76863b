"""What the picture of a journey says, in words: at a step, under it, and as a list; plain text."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiments.estimate import Estimate
from sim.experiments.flow import Flow, Leak, Step, Yearly
from sim.scenario.wording import MINUS, PLUS, figure, money, sign_of

NOTHING_LOST = "nothing at once"
_SIZES = ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k"))


def brief(size: float) -> str:
    """A number in three digits at most: 217k, 4.1k, 312."""
    for unit, letter in _SIZES:
        if size >= unit * 0.9995:
            return f"{size / unit:.{0 if size >= 99.95 * unit else 1}f}{letter}"
    return f"{size:.0f}" if size >= 9.95 or size == 0 else f"{size:.1f}"


def brief_money(amount: float, currency: str) -> str:
    """An amount in three digits at most: £83k."""
    return sign_of(currency) + brief(amount)


def pointed_at(now: Step, moved: Step, is_moved: bool, currency: str) -> dict[str, str]:
    """What is told of a step under the pointer, by heading."""
    told = {
        "Step": moved.touchpoint.label,
        "Stage": moved.stage,
        "Department": moved.department,
        "Customers come": f"{_count(moved.met.mean)} times a year",
    }
    if is_moved:
        told["As it is"] = f"{_count(now.met.mean)} times a year"
    lost = [f"{leak.failure.label} {money(leak.lost.mean, currency)}" for leak in moved.leaks]
    return told | {"Lost there a year": "; ".join(lost) or NOTHING_LOST}


def takeaway(now: Flow, moved: Flow, currency: str) -> str:
    """What the picture shows, in two or three sentences: its alternative text."""
    first, last = moved.steps[0].touchpoint.label, moved.steps[-1].touchpoint.label
    said = f"The journey in {len(moved.steps)} steps, from {first} to {last}."
    losing = [(leak, step) for step in moved.steps for leak in step.leaks if leak.lost.mean > 0]
    if not losing:
        return f"{said} Nothing is lost at any failure point."
    leak, step = max(losing, key=lambda pair: pair[0].lost.mean)
    worst = f"Most is lost at {step.touchpoint.label}: {money(leak.lost.mean, currency)} a year to {leak.failure.label}"
    before = next(b for b in now.step(step.touchpoint.id).leaks if b.failure.id == leak.failure.id)
    as_it_is = f"; as it is {money(before.lost.mean, currency)}" if now is not moved else ""
    return f"{said} {worst}{as_it_is}. The same as a list is below."


def visits(now: Step, moved: Step, is_moved: bool) -> str:
    """How often customers come to a step, in both worlds, with the interval."""
    if not (now.met.mean or moved.met.mean):
        return "Nobody comes here."
    said = f"Customers come here {_count(moved.met.mean)} times a year"
    return f"{said}{_sure(now.met, moved.met, is_moved, '')}."


def loss(now: Leak, moved: Leak, is_moved: bool, currency: str) -> str:
    """What is lost at a failure point at once, in both worlds, with the interval."""
    if not moved.failure.on:
        as_it_is = f"; as it is {money(now.lost.mean, currency)} of baskets lost a year" if now.failure.on else ""
        return f"{moved.failure.label}: switched off{as_it_is}."
    if not (now.lost.mean or moved.lost.mean):
        return f"{moved.failure.label}: takes nothing out of baskets at once."
    lost = f"{money(moved.lost.mean, currency)} of baskets lost a year"
    return f"{moved.failure.label}: {lost}{_sure(now.lost, moved.lost, is_moved, currency)}."


def ways_on(now: Flow, moved: Flow, step: Step) -> Iterator[str]:
    """Where they go from a step, and how many visits end there."""
    before = {way.to: way.taken for way in now.ways_from(step.touchpoint.id)}
    for way in moved.ways_from(step.touchpoint.id):
        if not (way.taken.mean or before[way.to].mean):
            yield f"Nobody goes on to {moved.step(way.to).touchpoint.label}."
            continue
        sure = _sure(before[way.to], way.taken, now is not moved, "")
        yield f"{_count(way.taken.mean)} go on to {moved.step(way.to).touchpoint.label}{sure}."
    if step.ends.mean:
        sure = _sure(now.step(step.touchpoint.id).ends, step.ends, now is not moved, "")
        yield f"For {_count(step.ends.mean)} the visit ends here{sure}."


def _sure(now: Yearly, moved: Yearly, is_moved: bool, currency: str) -> str:
    """The interval, in brackets; of the change in a world that was moved."""
    if not is_moved:
        ends = _ends(moved.estimate, currency, signed=False)
        return f" (95% interval {ends})" if ends else ""
    if moved.values == now.values:
        return " (exactly as it is)"
    as_it_is = f" (as it is {money(now.mean, currency) if currency else _count(now.mean)}"
    ends = _ends(moved.less(now), currency, signed=True)
    return f"{as_it_is}; 95% interval of the change {ends})" if ends else f"{as_it_is})"


def _ends(found: Estimate, currency: str, signed: bool) -> str:
    if found.low is None or found.high is None:
        return ""
    if currency:
        low, high = (figure(end, f"{currency} a year", currency, signed) for end in (found.low, found.high))
    else:
        low, high = (_count(end, signed) for end in (found.low, found.high))
    return f"{low} to {high}"


def _count(a_year: float, signed: bool = False) -> str:
    """How often a year: whole, since the figures are large; to one decimal where they are not."""
    said = f"{abs(a_year):,.{0 if abs(a_year) >= 9.95 or a_year == 0 else 1}f}"
    return f"{MINUS if a_year < 0 else PLUS if signed and a_year > 0 else ''}{said}"


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
