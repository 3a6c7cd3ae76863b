"""What Explore draws of an answer: the scenario's own question, the journey and the step looked at, every figure."""

from collections.abc import Iterator
from functools import partial

import pandas as pd
import streamlit as st

from sim.experiments.answer import AnswerJob, Found, kind_of
from sim.experiments.events import what_failed
from sim.experiments.flow import Flow, Step, flow_of
from sim.experiments.inquiry import Answer
from sim.experiments.runs import Comparison, Run
from sim.experiments.task import Replication
from sim.experiments.workers import Job
from sim.outcomes.breakdown import BY, By, names_of
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import answer_story, journey_story, story
from sim.scenario.fixes import Lever
from sim.scenario.paths import fixes_at, levers_at, quantity_at
from sim.scenario.scenario import Scenario
from ui.charts import experiments
from ui.charts.journey import across, down, picture
from ui.controls import follow
from ui.session import choice, simulators
from ui.session.choice import Choice
from ui.session.simulators import RUNS, SEED, JourneyDesk, SplitDesk
from ui.text import MISSING, bare, escaped, figure, labelled

_WHAT_IS_SHOWN = {
    "fix": "What the fix leaves a year, after its cost",
    "fixes": "What each fix leaves a year, after its cost",
}


def answered(job: AnswerJob | None) -> None:
    """Draw the section from a job, under way or done, or not begun: first come the figures that a lever moves."""
    if job is None:
        with st.container(border=True, key="answer"):
            st.caption("The answer comes once the figures below are there.")
        return
    finished, drawn = job.finished, job.runs_done  # in this order: nothing comes after the last of it

    def draw() -> None:
        remains = "" if job.seconds_left is None else f", about {job.seconds_left:.0f} s left"
        st.progress(job.share_done, f"Finding the answer{remains}")

    with st.container(border=True, key="answer"):
        if job.error:
            st.error(f"{what_failed(job.error)}, so the question has no answer yet.")
            st.button("Try again", on_click=simulators.answer_again, key="answer again")
        if job.found:
            _show(job.found, job)
        if not finished:
            follow((drawn, False), lambda: (job.runs_done, job.finished), draw)


def _show(found: Found, job: AnswerJob) -> None:
    first, *others = answer_story.sentences(found)
    st.markdown(f"### {escaped(first)}")
    for sentence in others:
        st.markdown(escaped(sentence))
    runs = f"{job.runs_done} of {job.runs} runs" if job.runs_done < job.runs else f"{job.runs} runs"
    st.caption(
        f"As the business stands, whatever the levers say; {runs} of {found.scenario.weeks} weeks, everything on the "
        "same luck. Most numbers behind it are guesses: see where they come from beside each lever."
    )
    with st.expander("The figures behind the answer"):
        _pictures(found)


def _pictures(found: Found) -> None:
    left, right = st.columns(2, gap="large")
    kind = kind_of(found.scenario)
    with right if kind != "failures" else left:
        st.markdown("**What mending each failure point alone would bring**")
        st.vega_lite_chart(experiments.mended(found), key="answer mended", alt=answer_story.biggest(found))
    with left:
        if kind == "lever":
            _curve(found)
        elif kind != "failures":
            st.markdown(f"**{_WHAT_IS_SHOWN[kind]}**")
            alt = next(answer_story.sentences(found))
            st.vega_lite_chart(experiments.fixes(found), key="answer fixes", alt=alt)


def _curve(found: Found) -> None:
    assert found.curve is not None  # the question is answered by a lever
    st.markdown(f"**{escaped(found.curve.lever.label)}**")
    alt = next(answer_story.sentences(found))
    st.vega_lite_chart(experiments.by_lever(found), key="answer curve", alt=alt)


def figures(world: Scenario, answer: Answer, desk: SplitDesk) -> None:
    """Draw the section."""
    with st.expander("Every figure", expanded=choice.is_split_by_link()):
        if answer.comparison is None or answer.is_estimate:
            st.caption("Needs all weeks: on its way.")
            return
        by = st.segmented_control(
            "Split by",
            BY,
            key=choice.SPLIT_KEY,
            persist_state="session",
            help="Parts by place overlap: a visit meets several.",
        )
        if by is None:
            st.dataframe(pd.DataFrame(list(_rows(answer.comparison))), hide_index=True)
        else:
            _split(world, by, desk.split(world, by))


def _rows(found: Comparison) -> Iterator[dict[str, str]]:
    """A row for each measure that there is something to measure on."""
    moved = found.world is not found.baseline
    for name, measure in MEASURES.items():
        now = found.baseline.estimate(name).mean
        if now is None and found.world.estimate(name).mean is None:
            continue
        unit, currency = unit_of(measure, found.world.world), found.world.world.currency
        row = {"Measure": measure.label, "As it is": figure(now, unit, currency)}
        if moved:
            row["What if"] = figure(found.world.estimate(name).mean, unit, currency)
        yield row | {"How sure": story.how_sure(found, name), "Unit": unit, "What it is": measure.definition}


def _split(world: Scenario, by: By, job: Job[Replication]) -> None:
    if job.error:
        st.error(f"{what_failed(job.error)}, so there is nothing to split.")
        return
    if not job.finished:
        follow(False, lambda: job.finished, lambda: st.progress(job.share_done, "Splitting every figure"))
        return
    run = Run(world, tuple(result for result in job.results if result is not None), SEED)
    taken = [name for name in MEASURES if any(name in part for part in run.replications[0].parts.values())]
    labels = {name: MEASURES[name].label for name in taken}
    name = st.selectbox(
        "Measure",
        taken,
        format_func=lambda known: labels[known],
        key=choice.MEASURE_KEY,
        persist_state="session",
    )
    st.caption(f"{MEASURES[name].definition} {RUNS} runs.")
    st.dataframe(pd.DataFrame(list(_parts(run, by, name))), hide_index=True)


def _parts(run: Run, by: By, name: str) -> Iterator[dict[str, str]]:
    unit, currency = unit_of(MEASURES[name], run.world), run.world.currency
    for part, label in names_of(run.world, by).items():
        found = run.part(part, name)
        ends = [MISSING if end is None else figure(end, unit, currency) for end in (found.low, found.high)]
        interval = f"{ends[0]} to {ends[1]}" if found.low is not None else "Nothing to measure it on"
        yield {
            by.capitalize(): label,
            MEASURES[name].label: figure(found.mean, unit, currency),
            "95% interval": interval,
        }


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
        _drawings(now, moved, found, desk)
    _choose(moved, desk)
    if desk.step:
        with st.container(border=True, key="journey-step"):
            _step(choice, found, now, moved.step(desk.step), moved)
    with st.expander("The same as a list"):
        st.markdown(_list(now, moved, found.world.world.currency))


def _so_far(choice: Choice, answer: Answer, found: Comparison) -> str:
    return f" So far from the first {found.world.world.weeks} weeks alone." if answer.is_estimate else ""


def _drawings(now: Flow, moved: Flow, found: Comparison, desk: JourneyDesk) -> None:
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
