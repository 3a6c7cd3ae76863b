"""The picture of a known answer: theory as a line, Ripple's figure as a dot, with its interval if it has one."""

import altair as alt
import pandas as pd

from sim.experiments.verification.checking import Check
from sim.experiments.verification.known_answers import FittedAnswer
from ui.charts.theme import LOSS, NOW, WORLD, Chart, finished

_ROOM = 1.7  # times what is just allowed, shown to either side of theory


def picture(check: Check) -> Chart:
    """Theory as a dashed line; a dot with the interval found, on a grey band of what is allowed."""
    theory, found, (lowest, highest) = check.answer.theory, check.found, _allowed(check)
    colour = WORLD if check.passed else LOSS
    known = alt.Chart(pd.DataFrame({"at": [theory]}))
    allowed = alt.Chart(pd.DataFrame({"low": [lowest], "high": [highest]}))
    ours = alt.Chart(pd.DataFrame({"at": [found.mean], "low": [found.low], "high": [found.high]}))
    at, low = (alt.X(f"{field}:Q", title=None, axis=None, scale=_scale(check)) for field in ("at", "low"))
    layers = alt.layer(
        allowed.mark_bar(color=NOW, opacity=0.16, height=26).encode(x=low, x2="high:Q"),
        known.mark_rule(color=NOW, strokeDash=[5, 3], strokeWidth=2).encode(x=at),
        ours.mark_rule(color=colour, strokeWidth=3, opacity=0.6, aria=False).encode(x=low, x2="high:Q"),
        ours.mark_point(color=colour, filled=True, size=90, opacity=1).encode(x=at),
    )
    return finished(layers, 44)


def _allowed(check: Check) -> tuple[float, float]:
    """As wide about the dot as its interval may be; or, where it has none, as far about theory as the dot may be."""
    answer, mean = check.answer, check.found.mean
    middle = answer.theory if mean is None or isinstance(answer, FittedAnswer) else mean
    return middle - answer.tolerance, middle + answer.tolerance


def _scale(check: Check) -> alt.Scale:
    """Theory in the middle; the same room around it for every check, and more where what was found needs it."""
    theory, found = check.answer.theory, check.found
    ends = [end for end in (found.low, found.mean, found.high, *_allowed(check)) if end is not None]
    reach = max([_ROOM * check.answer.tolerance, *(1.1 * abs(end - theory) for end in ends)])
    return alt.Scale(domain=[theory - reach, theory + reach], zero=False, nice=False)
