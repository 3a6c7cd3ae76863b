"""Every figure: all measures beside the business as it stands, and each of them split when asked."""

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from sim.experiments.events import what_failed
from sim.experiments.inquiry import Answer
from sim.experiments.runs import Comparison, Run
from sim.experiments.task import Replication
from sim.experiments.workers import Job, Workers
from sim.outcomes.breakdown import BY, By, names_of
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import story
from sim.scenario.scenario import Scenario
from ui.figures_desk import RUNS, SplitDesk
from ui.redraw import redraw
from ui.state import choice
from ui.text import MISSING, figure

_POLL_SECONDS = 0.5


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
