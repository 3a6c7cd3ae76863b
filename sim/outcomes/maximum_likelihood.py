"""Maximum likelihood: the positive parameters under which what was seen is likeliest, or why there are none."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slope = Callable[[Floats], tuple[float, Floats]]
"""Log-likelihood at these parameters, and its derivative by each of them (shape (parameters,))."""

_WIDEST = 10_000.0  # times the starting value: beyond, a law has become another one, with a parameter less
_LEVEL = 1e-5
_NEARBY, _SETTLED, _MOST_STEPS = 1e-4, 1e-9, 60  # in logarithms; of a flat top the last steps are many
_DECIMALS, _DIGITS = 3, 9
_UNKNOWN = "what was seen does not say how customers differ"


class FitError(ValueError):
    """What was seen does not say what the parameters are."""


def maximise(slope: Slope, start: Sequence[float], names: Sequence[str], seen: int) -> Floats:
    """Parameters of the highest log-likelihood of `seen` customers; shape (parameters,), all above 0.

    Looked for by L-BFGS-B on the parameters' logarithms, from `start`, which stops a little before the top, where a
    machine's own way of adding up decides. So the top is then walked to, and said to as many digits as are the same on
    all machines.

    Raises:
        FitError: a parameter ran away, so that the law does not fit; or no top was found, for there is none or it is
            too flat to tell where. `names` say which.
    """
    from scipy import optimize  # slow to import, and most runs fit nothing

    begin = np.log(np.asarray(start, float))
    reach = np.log(_WIDEST)

    def downhill(logs: Floats) -> tuple[float, Floats]:
        values = np.exp(logs)
        height, slopes = slope(values)
        return -height / seen, -slopes * values / seen  # each customer's, so that levels mean the same for all sizes

    with np.errstate(all="ignore"):  # a step too far is taken back
        found = optimize.minimize(
            downhill,
            begin,
            jac=True,
            method="L-BFGS-B",
            bounds=[(log - reach, log + reach) for log in begin],
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2_000},
        )
        top = _walked_to_top(lambda logs: downhill(logs)[1], found.x)
        level = float(np.abs(downhill(top)[1]).max())
    far = np.fmax(np.abs(found.x - begin), np.abs(top - begin)) > reach - 1e-6
    if far.any():
        ran_away = ", ".join(name for name, is_far in zip(names, far, strict=True) if is_far)
        raise FitError(f"{ran_away} grew or shrank without end: {_UNKNOWN}")
    if not level < _LEVEL:
        raise FitError(f"no top of the likelihood was found: {_UNKNOWN}")
    return np.array([float(f"{value:.{_DIGITS}g}") for value in np.exp(top)])


def _walked_to_top(slopes: Callable[[Floats], Floats], near: Floats) -> Floats:
    """Where the slopes are 0, from a place near it, by Newton's method; NaN where it does not settle.

    It starts from the place in few decimals, which all machines come to.
    """
    at = np.round(near, _DECIMALS)
    for _ in range(_MOST_STEPS):
        bends = np.array([slopes(at + step) - slopes(at - step) for step in _NEARBY * np.eye(near.size)])
        try:
            step = np.linalg.solve((bends + bends.T) / (4.0 * _NEARBY), slopes(at))
        except np.linalg.LinAlgError:
            break
        at = at - step
        if np.abs(step).max() < _SETTLED:
            return at
    return np.full(near.size, np.nan)
