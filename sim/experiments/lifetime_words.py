"""Figures of a study of lifetime value as they are said in a sentence, intervals and all."""

from collections.abc import Callable

from sim.experiments.estimate import Estimate
from sim.experiments.lifetime import Study


def money(found: Study, figure: str) -> str:
    """As "GBP 1,119 (1,104 to 1,134)"."""
    return f"{found.world.currency} {number(found, figure)}"


def number(found: Study, figure: str) -> str:
    """As "49.54 (48.75 to 50.32)"; without an interval, the mean alone."""
    return _said(found.estimate(figure), _rounded)


def share(found: Study, figure: str) -> str:
    """As "88.9% (88.5% to 89.2%)"."""
    return _said(found.estimate(figure), lambda part: f"{100 * part:.1f}%")


def more(found: Study, figure: str) -> str:
    """As "GBP 35.54 lower"; where the interval holds 0, that it is not clearly either, and the interval."""
    change, currency = found.estimate(figure), found.world.currency
    if not change.mean:
        return "no different"
    if change.low is not None and change.high is not None and change.low <= 0 <= change.high:
        return f"not clearly higher or lower ({currency} {_rounded(change.low)} to {_rounded(change.high)})"
    return f"{currency} {_rounded(abs(change.mean))} {'higher' if change.mean > 0 else 'lower'}"


def _said(found: Estimate, spoken: Callable[[float], str]) -> str:
    if found.mean is None:
        return "not measured"
    if found.low is None or found.high is None:
        return spoken(found.mean)
    return f"{spoken(found.mean)} ({spoken(found.low)} to {spoken(found.high)})"


def _rounded(amount: float) -> str:
    return f"{amount:,.0f}" if abs(amount) >= 1_000 else f"{amount:,.4g}"
