"""Appraising yearly cash flows: what they are worth today, what they return, and when they have paid back.

Flows are pounds, money out below 0. Time 0, the outlay, comes first; year t's flow comes at the end of year t, or in
the middle of it, at t - 1/2, where `mid_year` is asked for: what cash that comes all year round is worth, nearly. For a
payback alone a year's flow is spread evenly over its year. Definitions: Brealey, Myers & Allen, *Principles of
Corporate Finance*, chapters 2 and 5; mid-year: Pratt & Grabowski, *Cost of Capital*, on the mid-year convention.
"""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DUST = 1e-12  # of what flows in and out: less than this is rounding, not money
_SAME_RATE = 1e-9
_WHOLE_MONTH = 1e-9
_CLOSEST = 4 * float(np.finfo(float).eps)  # the closest that brentq can be asked to come


def times(years: int, mid_year: bool = False) -> Floats:
    """When the outlay and each of so many years' flows come, in years from now: (years + 1,)."""
    when = np.arange(years + 1.0)
    return np.maximum(when - 0.5, 0.0) if mid_year else when


def _checked(flows: Floats) -> Floats:
    found = np.asarray(flows, float)
    if found.ndim != 1 or not found.size:
        raise ValueError(f"found flows of shape {found.shape}; allowed: one dimension, time 0 first")
    if not np.isfinite(found).all():
        raise ValueError("found a flow that is missing or without end; allowed: an amount for every year")
    return found


def irr(flows: Floats, mid_year: bool = False) -> tuple[float | None, str]:
    """The internal rate of return of `flows` (years + 1,) and a text for it; None where there is not exactly one.

    Raises:
        ValueError: flows that are missing.
    """
    found = irrs(flows, mid_year)
    if not found:
        return None, "never: no rate brings this to nothing"
    if len(found) > 1:
        *first, last = map(_percent, found)
        return None, f"found {len(found)} rates: {', '.join(first)} and {last}; go by the NPV"
    if _moving(flows)[0] > 0:  # the NPV then rises with the rate: a hurdle not to pass, instead of one to pass
        return found[0], f"{_percent(found[0])} is what it costs, as the money comes in first; go by the NPV"
    return found[0], _percent(found[0])


def _percent(rate: float) -> str:
    return f"{round(rate, 3) + 0.0:,.1%}"  # adding 0 makes -0.0% plain


def irrs(flows: Floats, mid_year: bool = False) -> tuple[float, ...]:
    """Every real rate above -1 a year at which `flows` (years + 1,) are worth nothing, ascending, each once.

    Mid-year flows come at whole half-years, and a rate for half a year is the square root of one for a year.

    Raises:
        ValueError: flows that are missing.
    """
    if mid_year:
        return tuple((1 + rate) ** 2 - 1 for rate in irrs(by_half_year(flows)))
    return _irrs(_moving(flows))


def by_half_year(flows: Floats) -> Floats:
    """Mid-year `flows` (years + 1,) by the half-year: the outlay at 0, year t's at 2t - 1, nothing between; (2 years,).

    Raises:
        ValueError: flows that are missing.
    """
    yearly = _checked(flows)
    halves = np.zeros(max(2 * len(yearly) - 2, 1))
    halves[0], halves[1::2] = yearly[0], yearly[1:]
    return halves


def _irrs(moving: Floats) -> tuple[float, ...]:
    """Of flows from the first to the last that is not 0; where there are none, none: every rate would do.

    Rates from 0 up are roots in (0, 1] of the polynomial in 1 / (1 + rate); rates up to 0 are roots in (0, 1] of the
    one in 1 + rate, whose coefficients are the flows from last to first.
    """
    rates = sorted([1 / x - 1 for x in _roots(moving)] + [x - 1 for x in _roots(moving[::-1])])
    return tuple(rate for i, rate in enumerate(rates) if i == 0 or rate - rates[i - 1] > _SAME_RATE * (1 + rate))


def _moving(flows: Floats) -> Floats:
    """The flows from the first that is not 0 to the last; rounding is 0."""
    found = _checked(flows)
    return np.trim_zeros(np.where(np.abs(found) > _DUST * np.abs(found).max(), found, 0.0))


def _roots(coefficients: Floats) -> list[float]:
    """Roots in (0, 1] of a polynomial, ascending; its coefficients from the constant up, the first and last not 0.

    Between its turning points, which are the roots of its derivative, a polynomial only rises or only falls: it
    crosses 0 there once or never. So no root is missed, and one that only touches 0 is found as a turning point,
    where eigenvalues (`numpy.roots`) would leave a pair of nearly real numbers to guess about.
    """
    if len(coefficients) < 2:
        return []
    slope = np.trim_zeros(coefficients[1:] * np.arange(1, len(coefficients)), "f")
    ends = [0.0, *_roots(slope), 1.0]
    signs = [_sign(coefficients, x) for x in ends]
    touched = [x for x, sign in zip(ends, signs, strict=True) if sign == 0]
    sides = zip(pairwise(ends), pairwise(signs), strict=True)
    return sorted(touched + [_crossing(coefficients, a, b) for (a, b), (sign, then) in sides if sign * then < 0])


def _sign(coefficients: Floats, x: float) -> float:
    """-1, 0 or 1; 0 also where what is left is no more than rounding."""
    terms = coefficients * x ** np.arange(len(coefficients))
    return float(np.sign(terms.sum())) if abs(terms.sum()) > _DUST * np.abs(terms).sum() else 0.0


def _crossing(coefficients: Floats, low: float, high: float) -> float:
    """The root between two points of opposite sign, to the last digits however small it is."""
    from scipy import optimize  # slow to import, and most commands need none of it

    high_first = coefficients[::-1]
    tiny = float(np.finfo(float).tiny)
    return float(
        optimize.brentq(lambda x: float(np.polyval(high_first, x)), low, high, xtol=tiny, rtol=_CLOSEST, maxiter=2_000)
    )


def payback_years(flows: Floats) -> float | None:
    """When the cash of `flows` (years + 1,) is first level again after having been below 0, in years.

    Rounded up to whole months. 0.0 when it never was below 0; None when it does not come level within the horizon.
    What it does after it came level (falling below again, say) is the NPV's business.

    Raises:
        ValueError: flows that are missing.
    """
    yearly = _checked(flows)
    cash, rounding = yearly.cumsum(), _DUST * np.abs(yearly).sum()
    below = cash < -rounding
    if not below.any():
        return 0.0
    level = np.flatnonzero(~below & (np.arange(len(cash)) > below.argmax()))
    if not level.size:
        return None
    year = int(level[0])
    return _up_to_months(year - 1 + min(-cash[year - 1] / yearly[year], 1.0))


def _up_to_months(years: float) -> float:
    return math.ceil(12 * years - _WHOLE_MONTH) / 12


def discounted_payback_years(rate: float, flows: Floats, mid_year: bool = False) -> float | None:
    """`payback_years` of the same flows, each discounted at a yearly `rate` from the end or the middle of its year.

    Raises:
        ValueError: a rate of -1 or below, or flows that are missing.
    """
    if not rate > -1:
        raise ValueError(f"found a discount rate of {rate:g}; allowed: above -1")
    yearly = _checked(flows)
    return payback_years(yearly / (1 + rate) ** times(len(yearly) - 1, mid_year))


def roi(pv_benefit: float, pv_cost: float) -> float | None:
    """Return on investment, (benefit - cost) / cost of present values (Forrester TEI); None where there is no cost."""
    return (pv_benefit - pv_cost) / pv_cost if pv_cost > 0 else None


def benefit_cost_ratio(pv_benefit: float, pv_cost: float) -> float | None:
    """Present value of benefits over that of costs (HM Treasury, *The Green Book*); None where there is no cost."""
    return pv_benefit / pv_cost if pv_cost > 0 else None
