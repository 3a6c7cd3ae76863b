"""The section that draws the journey, and tells of the step that is looked at."""

from functools import partial

import streamlit as st

from sim.experiments.flow import Flow, Step, flow_of
from sim.experiments.inquiry import Answer
from sim.experiments.runs import Comparison
from sim.reports.narrative import journey_story
from sim.scenario.fixes import Lever
from sim.scenario.paths import fixes_at, levers_at, quantity_at
from ui.charts.journey import across
from ui.charts.journey_picture import down, picture
from ui.session import Choice
from ui.session.desks import JourneyDesk
from ui.text import bare, escaped, labelled

_LAYOUTS = {"wide": across, "narrow": down}
_HOW_TO_READ = (
    "Width: how often customers come, a year. Orange: what is taken out of baskets there at once, a year. "
    "Dashed grey: as it is. Click a step, or choose it below."
)


def journey(choice: Choice, answer: Answer, desk: JourneyDesk) -> None:
    """Draw the journey of the world chosen, the baseline as its ghost."""
    st.markdown("#### The journey")
    found = answer.comparison
    if found is None:
        st.caption("On its way.")
        st.skeleton(height=360)
        return
    now = flow_of(found.baseline)
    moved = now if found.world is found.baseline else flow_of(found.world)
    st.caption(_HOW_TO_READ + _so_far(choice, answer, found))
    with st.container(key="journey"):
        _pictures(now, moved, found, desk)
    _choose(moved, desk)
    if desk.step:
        with st.container(border=True, key="journey-step"):
            _step(choice, found, now, moved.step(desk.step), moved)
    with st.expander("The same as a list"):
        st.markdown(_list(now, moved, found.world.world.currency))


def _so_far(choice: Choice, answer: Answer, found: Comparison) -> str:
    return f" So far from the first {found.world.world.weeks} weeks alone." if answer.is_estimate else ""


def _pictures(now: Flow, moved: Flow, found: Comparison, desk: JourneyDesk) -> None:
    """One for a wide page and one for a phone: the style sheet shows the one that fits."""
    currency = found.world.world.currency
    for kind, layout in _LAYOUTS.items():
        key, drawing = desk.picture_key(kind), layout(now, moved, currency, desk.step)
        with st.container(key=f"journey-{kind}"):
            st.vega_lite_chart(
                picture(drawing),
                width="stretch" if drawing.stretches else "content",
                key=key,
                on_select=partial(desk.clicked, key),
                alt=journey_story.takeaway(now, moved, currency),
            )


def _choose(moved: Flow, desk: JourneyDesk) -> None:
    labels = {step.touchpoint.id: step.touchpoint.label for step in moved.steps}
    st.pills(
        "Look at a step",
        list(labels),
        format_func=lambda known: escaped(labels[known]),
        key=desk.key,
        persist_state="session",
    )


def _step(choice: Choice, found: Comparison, now: Flow, step: Step, moved: Flow) -> None:
    """What there is to know of a step, and what can be done about it."""
    before, is_moved, currency = now.step(step.touchpoint.id), now is not moved, found.world.world.currency
    st.markdown(f"**{escaped(step.touchpoint.label)}**  \n{escaped(step.stage)} · {escaped(step.department)}")
    st.markdown(escaped(journey_story.visits(before, step, is_moved)))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What goes wrong here**")
        pairs = zip(before.leaks, step.leaks, strict=True)
        said = [escaped(journey_story.loss(one, other, is_moved, currency)) for one, other in pairs]
        st.markdown(_bullets(said) or "Nothing that this scenario knows of.")
    with right:
        st.markdown("**What can be moved here**")
        levers = levers_at(choice.baseline, step.touchpoint)
        st.markdown(_bullets([_lever(found, lever) for lever in levers]) or "No lever acts on this step alone.")
        if levers:
            st.caption('Their sliders are in the sidebar, under "What if…".')
        _fixes(choice, step)


def _fixes(choice: Choice, step: Step) -> None:
    fixes = fixes_at(choice.baseline, step.touchpoint)
    if fixes:
        tried = {True: " (being tried)", False: ""}
        lines = [f"**{escaped(fix.label)}**{tried[fix.id in choice.fixes]}: {escaped(fix.help)}" for fix in fixes]
        st.markdown("**Fixes that change it**")
        st.markdown(_bullets(lines))


def _lever(found: Comparison, lever: Lever) -> str:
    """A lever's name, made to stand out, and where it stands in both worlds."""
    now, moved = (quantity_at(run.world, lever.path) for run in (found.baseline, found.world))
    unit = now.unit or ""
    said = f":primary-badge[{escaped(labelled(lever.label, unit))}] at {escaped(bare(moved.value, unit))}"
    return said if moved.value == now.value else f"{said}, as it is {escaped(bare(now.value, unit))}"


def _list(now: Flow, moved: Flow, currency: str) -> str:
    """Every step in journey order, with what is in the picture."""
    lines = []
    for place, step in enumerate(moved.steps, 1):
        before, is_moved = now.step(step.touchpoint.id), now is not moved
        pairs = zip(before.leaks, step.leaks, strict=True)
        said = [
            journey_story.visits(before, step, is_moved),
            *journey_story.ways_on(now, moved, step),
            *(journey_story.loss(one, other, is_moved, currency) for one, other in pairs),
        ]
        where = f"{escaped(step.stage)}, {escaped(step.department)}"
        lines.append(f"{place}. **{escaped(step.touchpoint.label)}** ({where})")
        lines += [f"    - {escaped(one)}" for one in said]
    return "\n".join(lines)


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
