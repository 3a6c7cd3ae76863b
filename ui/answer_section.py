"""The answer to the scenario's own question, for the business as it stands: found once, shown to everybody."""

import streamlit as st

from sim.experiments.answer import AnswerJob, Found, kind_of
from sim.experiments.events import what_failed
from sim.reports.narrative import answer_story
from ui import state
from ui.charts import answer_charts
from ui.redraw import redraw
from ui.text import escaped

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
            st.button("Try again", on_click=state.answer_again, key="answer again")
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
