"""What Explore simulates on request, at a price: who loses what, and what one lever does."""

from functools import partial

import pandas as pd
import streamlit as st

from sim.experiments.attribution import AttributionJob, Loss, Losses, WorseOff, tasks_of
from sim.experiments.curve import Curve, CurveJob, Surroundings, curve_tasks
from sim.experiments.curve_findings import best, shape
from sim.experiments.events import what_failed
from sim.experiments.price import IN_THE_FILE, TooLargeError, spoken
from sim.experiments.runs import Effort
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import attribution_story, curve_story
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.scenario import Scenario
from ui.charts import experiments
from ui.charts.experiments import PART_LABELS, parts_of
from ui.controls import ended, follow, progress
from ui.session import choice
from ui.session.choice import Choice
from ui.session.simulators import SEED, AttributionDesk, CurveDesk, attribution_desk
from ui.text import escaped

SHARING_RUNS = 4
_SHOWN = dict(zip(choice.SHARES, ("By failure point", "By department"), strict=True))


def attribution(world: Scenario) -> None:
    """Draw the section for a world."""
    st.markdown("#### Who loses what")
    desk, effort = attribution_desk(), Effort(SEED, SHARING_RUNS)
    job = desk.job_for(world)
    going_on = job is not None and not job.finished and not job.stopped
    if job is None or not (going_on or job.result):
        _offer_sharing(desk, world, effort, job)
    elif going_on:
        _wait_for_shares(job)
    elif _runs_done(job) < SHARING_RUNS:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(ended(job.error, _runs_done(job), SHARING_RUNS))
            st.button("Simulate the rest", on_click=desk.share_out, args=(world, effort))
    if job and job.result:
        _show_shares(job.result)


def _offer_sharing(desk: AttributionDesk, world: Scenario, effort: Effort, failed: AttributionJob | None) -> None:
    """What it will cost, and the button; or why it cannot be had."""
    if not any(failure.on for failure in world.failures):
        st.caption("No failure point is on, so there is nothing to share out.")
        return
    try:
        tasks = tasks_of(world, effort)
        price = effort.budget.check(tasks, "the number of runs", IN_THE_FILE)
    except (ScenarioError, TooLargeError) as error:
        st.info(escaped(str(error)), icon=":material/block:")
        return
    if failed and failed.error:
        st.error(f"{what_failed(failed.error)}. Nothing was shared out.")
    st.caption(escaped(_cost(len(tasks), spoken(price.seconds))))
    ask = "Who loses what? Share the loss out exactly"
    st.button(ask, on_click=desk.share_out, args=(world, effort), icon=":material/call_split:")


def _cost(simulated: int, seconds: str) -> str:
    return (
        f"Simulates every combination of failure points mended and not: {simulated // SHARING_RUNS} worlds, "
        f"{SHARING_RUNS} runs each, at most about {seconds}. Each failure point then has its exact share (Shapley) "
        "of what they cost together."
    )


def _wait_for_shares(job: AttributionJob) -> None:
    drawn = _runs_done(job)
    badge = f"{drawn} of {SHARING_RUNS} runs" if drawn else "Simulating every combination"
    kept = "Keep what is shown, if anything, and simulate no further."
    row = partial(progress, job, "attribution-status", badge, "Cancel", None, kept)
    follow((drawn, False), lambda: (_runs_done(job), job.finished), row)


def _runs_done(job: AttributionJob) -> int:
    return len(job.result.replications) if job.result else 0


def _show_shares(found: Losses) -> None:
    by_department = False
    if len(found.by_department) > 1:
        shown = st.segmented_control(
            "Shown",
            list(_SHOWN),
            format_func=_SHOWN.__getitem__,
            label_visibility="collapsed",
            key=choice.seed_shares_key(),
            persist_state="session",
            required=True,
        )
        by_department = shown == "department"
    st.caption("A year. Bars: what is lost, and how. Dot and line: the share of the whole, with its 95% interval.")
    picture = experiments.shares(found, by_department)
    st.vega_lite_chart(picture, key="attribution", alt=attribution_story.largest(found, by_department))
    for sentence in attribution_story.sentences(found):
        st.markdown(escaped(sentence))
    with st.expander("The figures"):
        st.caption(f"{found.world.currency} a year, and customers over {found.world.weeks} weeks.")
        table = _figures(found)
        numbers = {name: st.column_config.NumberColumn(format="localized") for name in table.columns[2:]}
        st.dataframe(table, hide_index=True, column_config=numbers)


def _figures(found: Losses) -> pd.DataFrame:
    """A row for each failure point, then all together: shares sum to it, what mending one alone brings does not."""
    departments = {department.id: department.label for department in found.world.departments}
    rows = [
        {"Failure point": point.label, "Department": departments[found.owners[point.id]]}
        | _cells(found.by_failure_point[point.id], found.worse_off(point.id), parts_of(found))
        for point in found.points
    ]
    whole = _cells(found.whole, found.worse_off(), parts_of(found))
    return pd.DataFrame([*rows, {"Failure point": "All", "Department": ""} | whole])


def _cells(loss: Loss, worse: WorseOff, shown: list[str]) -> dict[str, float | None]:
    share, parts = loss.share, {PART_LABELS[part]: loss.parts[part].mean for part in shown}
    mended = {"Mending it brings": loss.alone.mean, "The only one": loss.only.mean}
    cells = {"Share": share.mean, "95% from": share.low, "95% to": share.high} | parts | mended
    whole = {name: None if mean is None else round(mean) for name, mean in cells.items()}
    return whole | {"Worse off": None if worse.customers.mean is None else round(worse.customers.mean, 1)}


CURVE_RUNS = 6
_WORTH = "contribution"


def curves(choice: Choice, desk: CurveDesk) -> None:
    """Draw the section for a choice."""
    if not choice.baseline.levers:
        return
    st.markdown("#### What one lever does")
    lever = _lever(choice)
    around = Surroundings(choice.baseline, choice.sets, choice.fixes)
    job = desk.curve_for(around, lever)
    if job and not job.finished and not job.stopped:
        _wait_for_curve(job)
    else:
        _offer_curve(around, lever, desk)
    if job and job.curve:
        _show_curve(around, job, job.curve)


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


def _offer_curve(around: Surroundings, lever: Lever, desk: CurveDesk) -> None:
    """The button to draw the curve or to go on with it, and what that will cost; or why it cannot be had."""
    job = desk.job
    if job and job.runs_done == job.runs and _is_clear(job):
        return
    effort = Effort(SEED, CURVE_RUNS if job is None else 2 * job.runs if job.runs_done == job.runs else job.runs)
    try:
        tasks = curve_tasks(around, lever, effort)
        price = effort.budget.check(tasks, "the number of runs", IN_THE_FILE)
    except (ScenarioError, TooLargeError) as error:
        st.info(escaped(str(error)), icon=":material/block:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if job:
            st.badge(ended(job.error, job.runs_done, job.runs))
        else:
            st.caption(escaped(curve_story.cost(len(tasks), effort.replications, price.seconds)))
        ask = _ask(job, effort.replications)
        st.button(ask, on_click=desk.draw, args=(around, lever, effort), icon=":material/show_chart:")


def _ask(job: CurveJob | None, runs: int) -> str:
    if job is None:
        return "Draw the curve"
    return f"Go on to {runs} runs" if job.runs_done == job.runs else "Simulate the rest"


def _is_clear(job: CurveJob) -> bool:
    """Whether there is nothing that more runs would tell."""
    unclear = "not distinguishable yet"
    curve = job.curve
    return curve is not None and shape(curve) != unclear and best(curve.measuring(_WORTH), "higher").place != unclear


def _points_done(job: CurveJob) -> int:
    return len(job.curve.values) if job.curve else 0


def _wait_for_curve(job: CurveJob) -> None:
    values, runs = drawn = (_points_done(job), job.runs_done)
    badge = f"{values} of {len(job.values)} values" if runs < 2 else f"{runs} of {job.runs} runs"
    kept = "Keep what is shown, and simulate no further."
    row = partial(progress, job, "curve-status", badge, "Stop", "stop the curve", kept)
    follow((*drawn, False), lambda: (_points_done(job), job.runs_done, job.finished), row)


def _show_curve(around: Surroundings, job: CurveJob, found: Curve) -> None:
    outcome, worth = found, found.measuring(_WORTH)
    if outcome.measure == _WORTH:
        _curve_picture(around, job, worth)
    else:
        for column, one in zip(st.columns(2, gap="large"), (outcome, worth), strict=True):
            with column:
                _curve_picture(around, job, one)
    st.caption(curve_story.HOW_TO_READ)
    expected = curve_story.not_as_declared(found) if job.runs_done == job.runs else None
    for said in (curve_story.on_top(around, found.lever), expected):
        if said:
            st.caption(escaped(said))


def _curve_picture(around: Surroundings, job: CurveJob, found: Curve) -> None:
    """One measure by the lever's value, and what that says."""
    measure = MEASURES[found.measure]
    all_there = _points_done(job) == len(job.values)
    said = curve_story.takeaway(found) if all_there else curve_story.so_far(found, len(job.values))
    st.markdown(f"**{escaped(measure.label)}**, {escaped(unit_of(measure, around.scenario))}")
    chart = experiments.curve_of(found, around.scenario, around.stands(found.lever))
    st.vega_lite_chart(chart, key=f"curve chart {found.measure}", alt=f"{found.lever.label}. {said}")
    st.markdown(escaped(said))
