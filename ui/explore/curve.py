"""The section that draws what one lever does: which one, what it costs, progress with a way to stop, the picture."""

import streamlit as st

from sim.experiments.curve import Curve, CurveJob, Surroundings, tasks_of
from sim.experiments.curve_findings import best, shape
from sim.experiments.events import what_failed
from sim.experiments.price import IN_THE_FILE, TooLargeError
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import curve_story
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from ui.charts import curve_charts
from ui.session import Choice
from ui.session.desks import CurveDesk
from ui.session.visit import redraw
from ui.text import escaped

RUNS = 6
_POLL_SECONDS = 0.5
_WORTH = "contribution"


def curves(choice: Choice, seed: int, workers: Workers, desk: CurveDesk) -> None:
    """Draw the section for a choice. Give it workers that nobody waits for with a finger on a slider."""
    if not choice.baseline.levers:
        return
    st.markdown("#### What one lever does")
    lever = _lever(choice)
    around = Surroundings(choice.baseline, choice.sets, choice.fixes)
    job = desk.job_for(around, lever)
    if job and not job.finished and not job.stopped:
        _wait(job)
    else:
        _offer(around, lever, desk, seed, workers)
    if job and job.curve:
        _show(around, job, job.curve)


def _lever(choice: Choice) -> Lever:
    levers = {lever.path: lever for lever in choice.baseline.levers}
    chosen = st.selectbox(
        "Lever",
        list(levers),
        format_func=lambda path: levers[path].label,
        key=f"curve of {choice.name}",
        persist_state="session",
        label_visibility="collapsed",
    )
    return levers[chosen]


def _offer(around: Surroundings, lever: Lever, desk: CurveDesk, seed: int, workers: Workers) -> None:
    """The button to draw the curve or to go on with it, and what that will cost; or why it cannot be had."""
    job = desk.job
    if job and job.runs_done == job.runs and _is_clear(job):
        return
    effort = Effort(seed, RUNS if job is None else 2 * job.runs if job.runs_done == job.runs else job.runs)
    try:
        tasks = tasks_of(around, lever, effort)
        price = effort.budget.check(list(tasks.values()), "the number of runs", IN_THE_FILE)
    except (ScenarioError, TooLargeError) as error:
        st.info(escaped(str(error)), icon=":material/block:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if job:
            st.badge(_ended(job))
        else:
            st.caption(escaped(curve_story.cost(len(tasks), effort.replications, price.seconds)))
        ask = _ask(job, effort.replications)
        st.button(ask, on_click=desk.ask, args=(around, lever, effort, workers), icon=":material/show_chart:")


def _ask(job: CurveJob | None, runs: int) -> str:
    if job is None:
        return "Draw the curve"
    return f"Go on to {runs} runs" if job.runs_done == job.runs else "Simulate the rest"


def _ended(job: CurveJob) -> str:
    if job.runs_done == job.runs:
        return f"{job.runs} runs"
    return f"{what_failed(job.error) if job.error else 'Stopped'} after {job.runs_done} of {job.runs} runs"


def _is_clear(job: CurveJob) -> bool:
    """Whether there is nothing that more runs would tell."""
    unclear = "not distinguishable yet"
    curve = job.curve
    return curve is not None and shape(curve) != unclear and best(curve.measuring(_WORTH), "higher").place != unclear


def _points_done(job: CurveJob) -> int:
    return len(job.curve.values) if job.curve else 0


def _wait(job: CurveJob) -> None:
    """How far it is and a way to stop it; draws the page again when there is more to show."""
    drawn = (_points_done(job), job.runs_done)

    def poll() -> None:
        if job.finished or (_points_done(job), job.runs_done) != drawn:
            redraw()
        with st.container(horizontal=True, vertical_alignment="center", key="curve-status"):
            values, runs = drawn
            st.badge(f"{values} of {len(job.values)} values" if runs < 2 else f"{runs} of {job.runs} runs")
            remains = "" if job.seconds_left is None else f"About {job.seconds_left:.0f} s left"
            st.progress(job.share_done, remains, width="stretch")
            if st.button("Stop", key="stop the curve", help="Keep what is shown, and simulate no further."):
                job.stop()
                st.rerun()

    st.fragment(poll, run_every=_POLL_SECONDS)()


def _show(around: Surroundings, job: CurveJob, found: Curve) -> None:
    outcome, worth = found, found.measuring(_WORTH)
    if outcome.measure == _WORTH:
        _picture(around, job, worth)
    else:
        for column, one in zip(st.columns(2, gap="large"), (outcome, worth), strict=True):
            with column:
                _picture(around, job, one)
    st.caption(curve_story.HOW_TO_READ)
    expected = curve_story.not_as_declared(found) if job.runs_done == job.runs else None
    for said in (curve_story.on_top(around, found.lever), expected):
        if said:
            st.caption(escaped(said))


def _picture(around: Surroundings, job: CurveJob, found: Curve) -> None:
    """One measure by the lever's value, and what that says."""
    measure = MEASURES[found.measure]
    all_there = _points_done(job) == len(job.values)
    said = curve_story.takeaway(found) if all_there else curve_story.so_far(found, len(job.values))
    st.markdown(f"**{escaped(measure.label)}**, {escaped(unit_of(measure, around.scenario))}")
    chart = curve_charts.curve_of(found, around.scenario, around.stands(found.lever))
    st.altair_chart(chart, key=f"curve chart {found.measure}", alt=f"{found.lever.label}. {said}")
    st.markdown(escaped(said))
