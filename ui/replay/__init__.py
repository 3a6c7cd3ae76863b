"""The page Watch in parts: which stretch, how far simulating it is, the player, and the same as a table."""

import csv
import io
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.engines.clock import DAY
from sim.experiments.replay import SpanCount, Spans, Watched, WatchJob, date_of, most_to_see
from sim.experiments.replay.words import Telling
from sim.reports.narrative import story
from sim.reports.origin import plain
from sim.scenario.scenario import Scenario
from ui.controls import follow
from ui.session import replay as watch_state
from ui.session.replay import Shown, WatchDesk
from ui.text import MISSING, escaped

_HERE = Path(__file__).parent
_PARTS = ("watch_day.js", "watch_floor.js", "watch_pens.js", "watch_scene.js", "watch_parts.js", "watch.js")
SCRIPT = "\n".join((_HERE / part).read_text(encoding="utf-8") for part in _PARTS)
_PLAYER = st.components.v2.component(
    "watch",
    html='<div class="watch"></div>',
    css=(_HERE / "watch.css").read_text(encoding="utf-8"),
    js=SCRIPT,
)


COLUMNS = ("When", "Who", "Where", "What happened")


def frame(world: Scenario, told: list[Telling], only_wrong: bool) -> pd.DataFrame:
    """A row an event, in the order in which they happened; all of them, or only what went wrong."""
    rows = [
        (moment(world, one.event.minute), one.who or MISSING, one.where or MISSING, one.words)
        for one in told
        if one.is_wrong or not only_wrong
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def moment(world: Scenario, minute: float) -> str:
    """The date and time of a minute since the start of week 0."""
    hours, minutes = divmod(int(minute % DAY), 60)
    return f"{date_of(world, minute):%Y-%m-%d} {hours:02}:{minutes:02}"


def file_of(table: pd.DataFrame) -> bytes:
    """The table as CSV (UTF-8); no cell begins a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([plain(cell) for cell in row] for row in table.itertuples(index=False))
    return text.getvalue().encode()


_EVERYTHING, _WRONG = "Everything", "What went wrong"


def choose_part(name: str, world: Scenario, spans: Spans) -> int:
    """Draw the chooser of a part of the run, where there are several; the one chosen."""
    key = watch_state.seed_part(name, spans.parts)
    if spans.parts == 1:
        return 0
    labels = [story.part_label(world, spans, part) for part in range(spans.parts)]
    return st.selectbox(
        "Part of the run",
        range(spans.parts),
        format_func=lambda part: labels[part],
        key=key,
        persist_state="session",
        help="Later parts take longer: everything up to them is simulated first.",
    )


def choose_span(name: str, job: WatchJob, counts: list[SpanCount], row: DeltaGenerator) -> int:
    """Draw the chooser of a span with its neighbours; the number of the one chosen."""
    numbers, key = job.spans.of_part(job.part), watch_state.span_key(name, job.part)
    watch_state.seed_span(key, numbers, numbers[most_to_see(counts)])
    labels = {
        number: story.span_label(job.world, job.spans, number, count)
        for number, count in zip(numbers, counts, strict=True)
    }
    with row:
        chosen: int = st.selectbox(
            job.spans.called.capitalize(), numbers, format_func=labels.__getitem__, key=key, persist_state="session"
        )
        _neighbour("Earlier", ":material/chevron_left:", key, numbers, -1)
        _neighbour("Later", ":material/chevron_right:", key, numbers, +1)
    return chosen


def _neighbour(label: str, icon: str, key: str, numbers: range, by: int) -> None:
    st.button(label, icon=icon, key=f"watch {label}", on_click=watch_state.step_span, args=(key, numbers, by))


def wait(job: WatchJob) -> None:
    """How far it is and a way to stop it; draws the page again when it is done."""

    def draw() -> None:
        with st.container(horizontal=True, vertical_alignment="center", key="status"):
            left = "" if job.seconds_left is None else f", about {job.seconds_left:.0f} s left"
            st.progress(job.share_done, f"Simulating {job.price.visits:,.0f} visits, one by one{left}", width="stretch")
            if st.button("Stop", key="stop watching", help="Simulate no further."):
                job.stop()
                st.rerun()

    follow(False, lambda: job.finished, draw)
    st.skeleton(height=420)


def ended_early(job: WatchJob, desk: WatchDesk) -> None:
    """Why there is nothing to watch, and a way to try again."""
    if job.error:
        st.error(escaped(f"The run failed, so there is nothing to watch: {job.error}."), icon=":material/block:")
    else:
        st.info("Stopped before there was anything to watch.", icon=":material/stop_circle:")
    st.button("Simulate it again", on_click=desk.forget)


def show(name: str, job: WatchJob, watched: Watched, desk: WatchDesk, row: DeltaGenerator) -> None:
    """The chooser of a span (in `row`), the player, and the table."""
    counts = watched.counts(job.spans.days)
    span = choose_span(name, job, counts, row)
    position = span - job.spans.of_part(job.part)[0]
    shown = desk.shown(job, watched, span)
    is_best = position == most_to_see(counts)
    why = story.why_span(job.spans) + story.why_this(job.world, counts[position], is_best)
    st.caption(escaped(why))
    if not shown.told:
        st.info(f"Nobody comes here in this {job.spans.called}. Choose another one.", icon=":material/bedtime:")
        return
    _PLAYER(key="watch player", data=shown.data)  # playing, stopping and stepping happen in the browser alone
    st.caption(story.AN_ILLUSTRATION)
    _table(name, job, shown)


def _table(name: str, job: WatchJob, shown: Shown) -> None:
    st.markdown("#### The same as a table")
    with st.container(horizontal=True, vertical_alignment="center"):
        only = st.segmented_control(
            "Which events", (_EVERYTHING, _WRONG), default=_EVERYTHING, label_visibility="collapsed", required=True
        )
        told: list[Telling] = shown.told
        table = frame(job.world, told, only == _WRONG)
        st.download_button(
            "Download (CSV)",
            data=lambda: file_of(table),
            file_name=f"ripple-watch-{name.strip('~')}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
    st.caption(f"{len(table):,} of {len(told):,} events.")
    st.dataframe(
        table, hide_index=True, height=420, column_config={"What happened": st.column_config.Column(width="large")}
    )
