"""Figures to the digits that do not depend on the machine.

Libraries choose by the processor in which order a sum is added up, and the last digits of a figure follow. Ripple's own
sums are in a fixed order; what fits and regressions compute is not, so that no figure is written to its last digits.
"""

import math
from typing import Any

DIGITS = 11
"""Pennies of anything below a thousand million are told; a fit's noise is not."""


def alike(value: Any) -> Any:
    """The same plain data, whatever it is made of, with every float in it to so many digits."""
    if isinstance(value, float):
        written = float(f"{value:.{DIGITS}g}")
        return written if math.isfinite(written) else value
    if isinstance(value, dict):
        return {key: alike(each) for key, each in value.items()}
    return [alike(each) for each in value] if isinstance(value, list | tuple) else value
