"""The case itself: the sentence, how far it is, the figures, and the pictures; refined as futures arrive."""

from bisect import bisect

import streamlit as st

from sim.experiments.events import what_failed
from sim.experiments.library import COMPILING, is_compiled
from sim.finance.case import FEWEST_DRAWS, Case, CaseJob
from sim.finance.case_report import advice, headline, notes
from sim.reports.narrative import case_story
from ui.case_desk import CaseDesk
from ui.case_figures import LABELS, key_figures
from ui.charts import case_charts
from ui.redraw import redraw
from ui.text import MISSING, escaped

_POLL_SECONDS = 0.5
_MOMENTS = (FEWEST_DRAWS, 24, 32, 48, 64, 96, 128, 192, 256)
"""How many futures there are when the page is drawn anew: often while few, seldom while many."""
_ON_ITS_WAY = "On its way: it comes once every future is simulated."
_FIGURES_A_ROW = 4
_PICTURE = 340


def sentence(case: Case | None, budget: float | None) -> None:
    """The case in one sentence; room is kept for it until it is there."""
    with st.container(border=True, key="case-sentence"):
        if case is None:
            st.markdown("### What will it return?")
            st.caption(f"The first answer comes with {FEWEST_DRAWS} futures, and gets surer with each one after that.")
            return
        st.markdown(f"### {escaped(headline(case))}")
        if said := case_story.budget(case, budget):
            st.markdown(escaped(said))


def status(job: CaseJob, desk: CaseDesk) -> None:
    """How far it is and a way to stop it, or to go on; draws the page again when there is more to show."""
    if job.error:
        st.error(f"{what_failed(job.error)}. The figures shown are from the futures simulated before.")
    drawn, finished = moment(job), job.finished

    def poll() -> None:
        if desk.job is not job or moment(job) != drawn or job.finished != finished:
            redraw()
        _progress(job, desk)

    st.fragment(poll, run_every=None if finished else _POLL_SECONDS)()


def moment(job: CaseJob) -> int:
    """How many times the page has had reason to be drawn anew."""
    return bisect(_MOMENTS, job.futures_done)


def _progress(job: CaseJob, desk: CaseDesk) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="status"):
        st.badge(case_story.badge(job))
        if job.finished:
            if job.stopped or job.error:
                st.button("Go on", on_click=desk.forget, help="What is simulated already is kept.")
            return
        waiting = COMPILING if job.share_done == 0 and not is_compiled() else case_story.progress(job)
        st.progress(job.share_done, waiting, width="stretch")
        st.button("Cancel", key="cancel the case", on_click=job.stop, help="Keep the figures shown, simulate no more.")


def figures(case: Case | None) -> None:
    """Every key figure with its range, or dashes in their places."""
    found = [] if case is None else list(key_figures(case))
    with st.container(key="case-figures"):
        for start in range(0, len(LABELS), _FIGURES_A_ROW):
            for column, place in zip(st.columns(_FIGURES_A_ROW), range(start, len(LABELS)), strict=False):
                with column, st.container(border=True, height="stretch"):
                    if found:
                        one = found[place]
                        st.metric(escaped(one.label), escaped(one.value), help=escaped(one.help))
                        st.caption(escaped(one.range))
                    else:
                        st.metric(LABELS[place], MISSING, help="It comes with the first futures.")
                        st.caption("On its way.")
    st.caption("Below each figure: from the 10th to the 90th percentile, where eight of ten futures lie.")
    with st.container(key="case-spread"):
        st.markdown(escaped(next(iter(notes(case)))) if case else "")


def futures(case: Case | None) -> None:
    """The futures as dots, and their cash as a fan."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### Fifty equally likely futures")
        st.caption("Each mark is one of them: a dot pays back, a triangle does not. Dashed: where it just pays.")
        _picture(case, "dots", _PICTURE)
    with right:
        st.markdown("#### Cash, added up")
        st.caption("Line: the median. Dark band: half of all futures. Light band: eight of ten. Before discounting.")
        _picture(case, "fan", _PICTURE)


def _picture(case: Case | None, what: str, height: int) -> None:
    with st.container(key=f"case-{what}"):
        if case is None:
            st.skeleton(height=height)
        else:
            _draw(case, what)


def _draw(case: Case, what: str) -> None:
    picture = {
        "dots": case_charts.dots,
        "fan": case_charts.fan,
        "tornado": case_charts.tornado,
        "worth": case_charts.worth,
    }
    said = {"dots": case_story.dots, "fan": case_story.fan, "tornado": case_story.tornado, "worth": case_story.worth}
    st.vega_lite_chart(picture[what](case), key=f"case {what}", alt=said[what](case))
    if what != "worth":  # its bars say all of it
        st.caption(escaped(said[what](case)))


def what_it_hangs_on(case: Case | None, job: CaseJob) -> None:
    """The tornado, and what to measure first; as much room is kept for them as they will take."""
    room = case_charts.room(job.study.scenario, job.fixes)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### What it hangs on")
        st.caption("One assumption at a time moved through its range, the others at their likeliest.")
        _tornado(case, room, job.finished)
    with right:
        st.markdown("#### What to measure first")
        st.caption("What it would be worth, at the most, to know an assumption exactly before deciding.")
        _worth(case, room)


def _tornado(case: Case | None, room: int, is_done: bool) -> None:
    if case is not None and case.tornado:
        _picture(case, "tornado", room)
    elif case is not None and is_done:
        st.caption(escaped(case_story.tornado(case) if case.sides else "Not simulated: it was stopped before."))
    else:
        st.skeleton(height=room)
        st.caption(_ON_ITS_WAY)


def _worth(case: Case | None, room: int) -> None:
    if case is None:
        st.skeleton(height=room)
        return
    st.markdown(f"**{escaped(advice(case))}**")
    if case_story.worth_knowing(case):
        _picture(case, "worth", room)


def how_to_read(case: Case) -> None:
    """What else has to be known to read the figures rightly."""
    st.markdown("#### How to read these figures")
    _, *others = notes(case)
    st.markdown("\n".join(f"- {escaped(note)}" for note in others))
