"""Each finding in sentences, once: what pages, slides, files and the command line read. Plain text throughout."""

from collections.abc import Callable

from sim.experiments.estimate import Estimate
from sim.scenario.wording import money

ONE_RUN = "one run: no interval"


def interval(found: Estimate, said: Callable[[float], str], of: str = "") -> str:
    """How sure a figure is, in a clause: "95% interval £1 to £2"; `said` writes its ends, `of` what it is of."""
    if found.low is None or found.high is None:
        return ONE_RUN
    return f"95% interval{of} {said(found.low)} to {said(found.high)}"


def in_money(found: Estimate, currency: str) -> str:
    """The same of an amount, in brackets."""
    return f" ({interval(found, lambda end: money(end, currency))})"
