"""The section that shares the loss out: what it will cost, a button, progress with a way to stop it, the picture."""

import pandas as pd
import streamlit as st

from sim.experiments.attribution import AttributionJob, Loss, Losses, WorseOff, tasks_of
from sim.experiments.events import what_failed
from sim.experiments.price import IN_THE_FILE, TooLargeError, spoken
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.reports.narrative import attribution_story
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from ui.charts import attribution_charts
from ui.charts.attribution_charts import PART_LABELS, parts_of
from ui.session import AttributionDesk, attribution_desk, choice
from ui.session.visit import redraw
from ui.text import escaped

RUNS = 4
_POLL_SECONDS = 0.5
_SHOWN = dict(zip(choice.SHARES, ("By failure point", "By department"), strict=True))


def attribution(world: Scenario, seed: int, workers: Workers) -> None:
    """Draw the section for a world. Give it workers of its own: a job keeps every thread busy for many seconds."""
    st.markdown("#### Who loses what")
    desk, effort = attribution_desk(), Effort(seed, RUNS)
    job = desk.job_for(world)
    going_on = job is not None and not job.finished and not job.stopped
    if job is None or not (going_on or job.result):
        _offer(desk, world, effort, workers, job)
    elif going_on:
        _wait(job)
    elif _runs_done(job) < RUNS:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(f"{what_failed(job.error) if job.error else 'Stopped'} after {_runs_done(job)} of {RUNS} runs")
            st.button("Simulate the rest", on_click=desk.ask, args=(world, effort, workers))
    if job and job.result:
        _show(job.result)


def _offer(
    desk: AttributionDesk, world: Scenario, effort: Effort, workers: Workers, failed: AttributionJob | None
) -> None:
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
    st.button(ask, on_click=desk.ask, args=(world, effort, workers), icon=":material/call_split:")


def _cost(simulated: int, seconds: str) -> str:
    return (
        f"Simulates every combination of failure points mended and not: {simulated // RUNS} worlds, {RUNS} runs each, "
        f"at most about {seconds}. Each failure point then has its exact share (Shapley) of what they cost together."
    )


def _wait(job: AttributionJob) -> None:
    """How far it is and a way to stop it; draws the page again when there is more to show."""
    drawn = _runs_done(job)

    def poll() -> None:
        if job.finished or _runs_done(job) != drawn:
            redraw()
        with st.container(horizontal=True, vertical_alignment="center", key="attribution-status"):
            st.badge(f"{drawn} of {RUNS} runs" if drawn else "Simulating every combination")
            remains = "" if job.seconds_left is None else f"About {job.seconds_left:.0f} s left"
            st.progress(job.share_done, remains, width="stretch")
            if st.button("Cancel", help="Keep what is shown, if anything, and simulate no further."):
                job.stop()
                st.rerun()

    st.fragment(poll, run_every=_POLL_SECONDS)()


def _runs_done(job: AttributionJob) -> int:
    return len(job.result.replications) if job.result else 0


def _show(found: Losses) -> None:
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
    picture = attribution_charts.shares(found, by_department)
    st.altair_chart(picture, key="attribution", alt=attribution_story.largest(found, by_department))
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
