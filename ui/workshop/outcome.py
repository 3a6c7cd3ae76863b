"""What came of it: what the room believed, what it changed, what it would mend, and what to measure first."""

import streamlit as st

from sim.finance.assumptions import Terms
from sim.finance.case import Case, CaseJob
from sim.finance.case_report import advice, headline
from sim.finance.study import Study
from sim.reports.narrative import case_story, workshop_story
from sim.reports.origin import futures_said
from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.workshop.leaderboard import Board, called
from ui.charts import case_charts
from ui.exports.desk import slug
from ui.session import SEED
from ui.session import workshop as state
from ui.session.scenarios import database
from ui.session.workshop import Refusal
from ui.text import MISSING, escaped, money
from ui.workshop import bets, own_numbers, plans
from ui.workshop.view import View, held, picture, under_way, watch


def outcome(view: View) -> None:
    """Draw the page, the same on the projector and on a phone; a phone is spared the pictures."""
    if view.room.hidden:
        held()
        watch(view)
        return
    _believed(view)
    _changed(view)
    board = _mended(view)
    if board is not None:
        _measure(view, _case_job(view, board.rows[0].fixes), board)
    _take_away(view)
    watch(view)


def _believed(view: View) -> None:
    st.markdown("## What the room believed")
    placed = workshop_story.bets_of(view.slips)
    found = bets.job(view)
    question = workshop_story.question(view.scenario, view.room.settings.question)
    st.markdown(escaped(question))
    if not placed:
        st.markdown("Nobody has bet.")
    elif under_way(found, "answer", bets.slot(view)):
        assert not isinstance(found, Refusal)
        st.markdown(escaped(workshop_story.bets_said(view.scenario, view.room.settings.question, placed, found.answer)))


def _changed(view: View) -> None:
    if not view.room.settings.guesses:
        return
    st.markdown("## What it changed")
    for path in view.room.settings.guesses:
        st.markdown(f"- {escaped(own_numbers.changed_said(view, path))}")


def _mended(view: View) -> Board | None:
    """Draw the board; it, once all of it is there."""
    if not view.scenario.fixes:
        return None
    st.markdown("## What it would mend")
    found = plans.job(view)
    if found is None:
        st.markdown("Nobody has handed in what they would mend, so there is nothing to put a price on.")
        return None
    plans.show(view, found)
    if isinstance(found, Refusal) or not found.finished or found.error or found.board is None:
        return None
    return found.board


def _case_job(view: View, fixes: tuple[str, ...]) -> CaseJob | Refusal:
    believed = view.believed

    def begin() -> CaseJob:
        return CaseJob(Study(believed, SEED, state.store()), fixes, Terms(), state.case_workers())

    return state.desk().ask(_slot(view), (view.room.believed, fixes), view.age, begin)


def _slot(view: View) -> tuple[str, ...]:
    return ("case", view.room.code)


def _measure(view: View, job: CaseJob | Refusal, board: Board) -> None:
    st.markdown("## What it is worth, and what to measure first")
    choice = called(board.rows[0].fixes, board.labels)
    st.markdown(escaped(workshop_story.case_of(choice, len(board.groups[0]))))
    if not under_way(job, "business case over every future that the room’s numbers allow", _slot(view)):
        return
    assert not isinstance(job, Refusal)
    case = state.desk().found(_slot(view), job, lambda: job.case)
    if case is None:
        st.markdown(f"{MISSING} There are too few futures to say.")
        return
    with st.container(border=True, key="room-worth"):
        st.markdown(f"### {escaped(headline(case))}")
        st.markdown(escaped(_worth(case)))
    st.markdown(f"**{escaped(advice(case))}**")
    if view.seat is None:
        _pictures(view, case)


def _worth(case: Case) -> str:
    low, middle, high = (money(end, case.study.currency) for end in case.percentiles)
    return f"Net present value {middle}; eight of ten futures lie between {low} and {high}."


def _pictures(view: View, case: Case) -> None:
    simulated = futures_said(case.futures)
    if case.tornado:
        st.caption("One number at a time moved through its range, the others at their likeliest.")
        drawn = case_charts.tornado(case), case_story.tornado(case)
        picture(view, "What the room’s case hangs on", simulated, drawn, "room tornado")
    if case_story.worth_knowing(case):
        st.caption("What it would be worth, at the most, to know a number exactly before deciding.")
        drawn = case_charts.worth(case), case_story.worth(case)
        picture(view, "What the room would measure first", simulated, drawn, "room worth")


def _take_away(view: View) -> None:
    """Where the room's scenario is to be looked at, and its file."""
    st.markdown("## Take it with you")
    link = {"scenario": view.linked}
    with st.container(horizontal=True, key="room-links"):
        st.page_link("app_pages/explore.py", label="Explore it", query_params=link, icon=":material/tune:")
        label = "Make the business case"
        st.page_link("app_pages/business_case.py", label=label, query_params=link, icon=":material/request_quote:")
        st.page_link("app_pages/take_away.py", label="Take pictures away", query_params=link, icon=":material/image:")
        try:
            text = documents.text_now(database(), view.room.believed)
        except (ScenarioError, DatabaseError) as error:
            st.error(escaped(str(error)), icon=":material/block:")
            return
        name = f"{slug(view.scenario.title) or 'scenario'}.yaml"
        st.download_button("Download its file", text, name, "application/yaml", on_click="ignore", key="room file")
