"""The estimate that follows a hand: while a slider is dragged, sentence and curve move with it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from sim.experiments.inquiry import Answer, Inquiry, LiveCurve, live_weeks
from sim.experiments.runs import Comparison, Run
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.scenario import Scenario
from sim.scenario.wording import lowered, sign_of
from ui.session.choice import Choice, Dial, dial_of
from ui.session.simulators import LiveDesk, live_desk
from ui.session.visit import redraw
from ui.text import figure, labelled

Data = dict[str, Any]
WORTH = "contribution"
_NOT_IN_A_CLASS = re.compile(r"[^a-zA-Z0-9_-]")


@dataclass(frozen=True)
class Followed:
    """The measure that follows the hand, and what the page calls it and contribution; None: that is not said."""

    measure: str
    label: str
    worth: str | None


def headline_of(scenario: Scenario) -> Followed:
    """The scenario's own headline measure under its own name."""
    label = MEASURES[scenario.headline].label
    return Followed(scenario.headline, lowered(label), "contribution")


def live_data(choice: Choice, answer: Answer, desk: LiveDesk, followed: Followed) -> Data:
    """All of it, ready to be sent; a value that is not there (yet) is None."""
    found, weeks = answer.comparison, choice.baseline.weeks
    if found and not answer.is_estimate:
        desk.settle(choice, found)
    dials = [dial_of(choice.baseline, lever) for lever in choice.baseline.levers]
    return {
        "weeks": live_weeks(choice.baseline),
        "all": weeks,
        "soFar": found.world.world.weeks if found and answer.is_estimate else None,
        "headline": _headline(choice, followed, found, desk.as_it_is(choice) or (found.baseline if found else None)),
        "worthLabel": followed.worth,
        "worth": None if found is None or followed.worth is None else _mean(found.difference(WORTH).mean),
        "money": sign_of(choice.baseline.currency),
        "levers": [_lever(choice, followed, found, dial, desk) for dial in dials if not dial.is_switch],
    }


def _headline(choice: Choice, followed: Followed, found: Comparison | None, as_it_is: Run | None) -> Data:
    """The measure followed: its name, how it is said, what it is now and as it is."""
    name = followed.measure
    measure, currency = MEASURES[name], choice.baseline.currency
    unit = unit_of(measure, choice.baseline)
    runs = {"now": found.world if found else None, "asIs": as_it_is}
    means = {when: run.estimate(name).mean for when, run in runs.items() if run}
    return {
        "isWorth": name == WORTH,
        "label": followed.label,
        "kind": "money" if unit.startswith(currency) else "percent" if unit.startswith("share") else "number",
        "each": " a year" if unit.endswith("a year") and not unit.startswith("share") else "",
        **{when: {"value": _mean(mean), "said": figure(mean, unit, currency)} for when, mean in means.items()},
    }


def _mean(mean: float | None) -> float | None:
    return None if mean is None else float(mean)


def _lever(choice: Choice, followed: Followed, found: Comparison | None, dial: Dial, desk: LiveDesk) -> Data:
    """One lever: where its slider is on the page, where it stands among what else, and its curve there."""
    lever = dial.lever
    others = sorted((path, float(value)) for path, value in choice.sets.items() if path != lever.path)
    stands, label = choice.sets.get(lever.path, dial.default), labelled(lever.label, dial.unit)
    curve, anchor = desk.curve(lever), desk.anchor(lever) or (found and (stands, found))
    return {
        "class": css_class(f"{choice.name} {lever.path}"),
        "label": lowered(label),
        "ends": [(dial.format or "%d") % dial.shown(end) for end in (lever.min, lever.max)],
        "range": [dial.shown(end) for end in (lever.min, lever.max)],
        "step": dial.step,
        "stands": dial.shown(stands),
        "beside": repr((others, choice.fixes)),
        "asIs": dial.shown(dial.default),
        "points": _points(dial, followed, *anchor, curve) if curve and anchor else [],
    }


def css_class(key: str) -> str:
    """The class that Streamlit gives to the element of a widget with that key."""
    return "st-key-" + _NOT_IN_A_CLASS.sub("-", key.strip())


def _points(
    dial: Dial, followed: Followed, stands: float, found: Comparison, curve: LiveCurve
) -> list[list[float | None]]:
    """The slider's number, the measure there, and how much more contribution there is than as it is."""
    now = found.world.estimate(followed.measure).mean
    measured = _through(curve, followed.measure, stands, now)
    more = _through(curve, WORTH, stands, found.difference(WORTH).mean)
    rows = zip(curve.values, measured, more, strict=True)
    return [[dial.shown(value), one, other if followed.worth else None] for value, one, other in rows]


def _through(curve: LiveCurve, measure: str, stands: float, figure_now: float | None) -> list[float | None]:
    """The curve's measure, put through the figure of now."""
    there, points = curve.at(measure, stands), [found for _, found in curve.points(measure)]
    if there is None or figure_now is None:
        return [None for _ in points]
    if MEASURES[measure].better == "lower" and there > 0 and figure_now > 0:
        return [None if point is None else figure_now * point / there for point in points]
    return [None if point is None else figure_now + point - there for point in points]


_POLL_SECONDS = 1.0
_HERE = Path(__file__).parent
_FOLLOWING = st.components.v2.component(
    "live_levers",
    html=(_HERE / "live.html").read_text(encoding="utf-8"),
    css=(_HERE / "live.css").read_text(encoding="utf-8"),
    js=(_HERE / "live.js").read_text(encoding="utf-8"),
)


def live_levers(choice: Choice, inquiry: Inquiry, followed: Followed | None = None) -> None:
    """Draw it, following the scenario's headline unless the page shows something else.

    The curves are simulated once the visitor's own question has been answered, and not after a stop.
    """
    shown = followed or headline_of(choice.baseline)
    desk = live_desk()
    if inquiry.finished and inquiry.complete:
        desk.begin(choice)
    was_busy = desk.is_busy

    def poll() -> None:
        done = {"finished": inquiry.finished}
        _FOLLOWING(key="live", data=live_data(choice, inquiry.answer, desk, shown) | done)
        if was_busy and not desk.is_busy:
            redraw()  # the whole page, once: only that ends the polling

    st.fragment(poll, run_every=_POLL_SECONDS if was_busy else None)()
