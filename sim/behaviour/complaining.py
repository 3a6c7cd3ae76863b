"""Whether someone says so. Reporting a broken thing is complaining about it."""

import math

from sim.kernel import kernel


@kernel
def complaint_probability(severity: float, intercept: float, slope: float) -> float:
    """Share of people who complain: logistic in severity in [0, 1].

    Intercept -4.01 and slope 5.35 give 3% at severity 0.1 and 69% at 0.9 (TARP, as the model's table has it).
    """
    return 1.0 / (1.0 + math.exp(-(intercept + slope * severity)))
