"""The answer to the scenario's own question, and every figure: beside the business as it stands, split when asked."""

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from sim.experiments.answer import AnswerJob, Found, kind_of
from sim.experiments.events import what_failed
from sim.experiments.inquiry import Answer
from sim.experiments.runs import Comparison, Run
from sim.experiments.task import Replication
from sim.experiments.workers import Job, Workers
from sim.outcomes.breakdown import BY, By, names_of
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import answer_story, story
from sim.scenario.scenario import Scenario
from ui import session
from ui.charts import answer_charts
from ui.session import choice
from ui.session.desks import RUNS, SplitDesk
from ui.session.visit import redraw
from ui.text import MISSING, escaped, figure

_POLL_SECONDS = 0.5
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

    def poll() -> None:
        if job.runs_done != drawn or job.finished:
            redraw()
        remains = "" if job.seconds_left is None else f", about {job.seconds_left:.0f} s left"
        st.progress(job.share_done, f"Finding the answer{remains}")

    with st.container(border=True, key="answer"):
        if job.error:
            st.error(f"{what_failed(job.error)}, so the question has no answer yet.")
            st.button("Try again", on_click=session.answer_again, key="answer again")
        if job.found:
            _show(job.found, job)
        if not finished:
            st.fragment(poll, run_every=_POLL_SECONDS)()


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
        st.vega_lite_chart(answer_charts.mended(found), key="answer mended", alt=answer_story.biggest(found))
    with left:
        if kind == "lever":
            _curve(found)
        elif kind != "failures":
            st.markdown(f"**{_WHAT_IS_SHOWN[kind]}**")
            alt = next(answer_story.sentences(found))
            st.vega_lite_chart(answer_charts.fixes(found), key="answer fixes", alt=alt)


def _curve(found: Found) -> None:
    assert found.curve is not None  # the question is answered by a lever
    st.markdown(f"**{escaped(found.curve.lever.label)}**")
    alt = next(answer_story.sentences(found))
    st.altair_chart(answer_charts.by_lever(found), key="answer curve", alt=alt)


def figures(world: Scenario, answer: Answer, seed: int, workers: Workers, desk: SplitDesk) -> None:
    """Draw the section. Give it workers that nobody waits for with a finger on a slider."""
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
            _split(world, by, desk.job_for(world, by, seed, workers), seed)


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


def _split(world: Scenario, by: By, job: Job[Replication], seed: int) -> None:
    if job.error:
        st.error(f"{what_failed(job.error)}, so there is nothing to split.")
        return
    if not job.finished:
        _wait(job)
        return
    run = Run(world, tuple(result for result in job.results if result is not None), seed)
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


def _wait(job: Job[Replication]) -> None:
    def poll() -> None:
        if job.finished:
            redraw()
        st.progress(job.share_done, "Splitting every figure")

    st.fragment(poll, run_every=_POLL_SECONDS)()


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
