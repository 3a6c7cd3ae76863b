"""The picture of a known answer: theory as a line, the simulation as a dot with its interval."""

import altair as alt
import pandas as pd

from sim.experiments.verification import Check
from ui.charts import LOSS, NOW, WORLD, Chart, finished

_ROOM = 1.7  # widest half-widths allowed, shown to either side of theory


def picture(check: Check) -> Chart:
    """Theory as a dashed line; a dot with the interval found, on a grey band as wide as that may be."""
    theory, found, widest = check.answer.theory, check.found, check.answer.half_width_at_most
    mean = theory if found.mean is None else found.mean
    colour = WORLD if check.passed else LOSS
    known = alt.Chart(pd.DataFrame({"at": [theory]}))
    allowed = alt.Chart(pd.DataFrame({"low": [mean - widest], "high": [mean + widest]}))
    simulated = alt.Chart(pd.DataFrame({"at": [found.mean], "low": [found.low], "high": [found.high]}))
    at, low = (alt.X(f"{field}:Q", title=None, axis=None, scale=_scale(check)) for field in ("at", "low"))
    layers = alt.layer(
        allowed.mark_bar(color=NOW, opacity=0.16, height=26).encode(x=low, x2="high:Q"),
        known.mark_rule(color=NOW, strokeDash=[5, 3], strokeWidth=2).encode(x=at),
        simulated.mark_rule(color=colour, strokeWidth=3, opacity=0.6).encode(x=low, x2="high:Q"),
        simulated.mark_point(color=colour, filled=True, size=90, opacity=1).encode(x=at),
    )
    return finished(layers, 44)


def _scale(check: Check) -> alt.Scale:
    """Theory in the middle; the same room around it for every check, and more where the simulation needs it."""
    theory, widest, found = check.answer.theory, check.answer.half_width_at_most, check.found
    ends = [end for end in (found.low, found.high) if end is not None]
    ends += [] if found.mean is None else [found.mean - widest, found.mean + widest]
    reach = max([_ROOM * widest, *(1.1 * abs(end - theory) for end in ends)])
    return alt.Scale(domain=[theory - reach, theory + reach], zero=False, nice=False)
