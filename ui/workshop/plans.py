"""What to mend within a budget: chosen on phones, ranked on the board; and what came of it all."""

import streamlit as st

from sim.experiments.events import what_failed
from sim.finance.assumptions import Terms
from sim.finance.case import Case, CaseJob
from sim.finance.study import Study
from sim.reports.narrative import case_story, workshop_story
from sim.reports.narrative.case_story import advice, headline
from sim.reports.origin import futures_said, runs_said
from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.workshop.leaderboard import RUNS, Board, BoardJob, Vote, called
from sim.workshop.people import FixPlan
from sim.workshop.room import cost_of
from ui.charts import case as case_charts
from ui.charts import workshop as workshop_charts
from ui.exports.desk import slug
from ui.session import workshop as state
from ui.session.scenarios import database
from ui.session.simulators import SEED, case_store, workers
from ui.session.workshop import Refusal
from ui.text import MISSING, escaped, money
from ui.workshop import estimates
from ui.workshop.view import View, hand_in, held, is_done, picture, progress, refused, speaking, watch


def entries(view: View) -> tuple[Vote, ...]:
    """What each person would mend."""
    return tuple(Vote(one.person, one.said.fixes) for one in view.submissions if isinstance(one.said, FixPlan))


def board_job(view: View) -> BoardJob | Refusal | None:
    """The board of what is handed in, begun by whoever sees it first; None while nothing is."""
    given = entries(view)
    if not given:
        return None
    believed = view.believed

    def begin() -> BoardJob:
        return BoardJob(believed, given, Terms(), case_store(), workers(), SEED)

    return state.desk().ask(("board", view.room.code), (view.room.believed, given), view.age, begin)


# ---- on the projector ------------------------------------------------------------------------------


def board(view: View) -> None:
    """The budget, how many have handed in, and the board as far as it is."""
    st.markdown(escaped(_within(view)))
    done = view.handed_in("plan")
    st.markdown(f"## {workshop_story.count(len(done), len(view.people), 'have handed in')}")
    found = board_job(view)
    show_board(view, found)
    watch(view, lambda: _moment(found))


def _moment(found: BoardJob | Refusal | None) -> object:
    """What there is of the board: how many choices are ranked, and whether that is all."""
    if found is None or isinstance(found, Refusal):
        return found
    ready = found.board
    return (len(ready.rows) if ready else 0, found.finished)


def _within(view: View) -> str:
    budget, currency = view.room.settings.budget, view.scenario.currency
    if budget is None:
        return "What would you mend? There is no budget to keep to."
    return f"What would you mend for {money(budget, currency)} in year one? It may not cost more."


def show_board(view: View, found: BoardJob | Refusal | None) -> None:
    """The board as far as it is."""
    if view.room.hidden:
        held()
        return
    if found is None:
        st.caption("The board comes with what is handed in first.")
        return
    if isinstance(found, Refusal):
        refused(found, "the board")
        return
    if found.error:
        st.error(f"{what_failed(found.error)}; what is shown was simulated before.")
        again = state.desk().forget
        st.button("Try again", key="again the board", on_click=again, args=(("board", view.room.code),))
    elif not found.finished:
        progress(found, "Simulating what is handed in")
    if ready := found.board:
        currency = view.scenario.currency
        chart = workshop_charts.board(ready.rows, currency, ready.labels)
        alt = workshop_charts.board_alt(ready.rows, currency, ready.labels)
        simulated = f"{runs_said(RUNS, view.believed.weeks)} for each choice"
        picture(view, "What the room would mend", simulated, (chart, alt), "room board")
        st.markdown(escaped(workshop_story.board_said(ready, currency)))
        st.caption("Net present value over three years beside doing nothing, with its 95% interval, on the same luck.")


# ---- on a phone ------------------------------------------------------------------------------------


def plan(view: View) -> None:
    """Fixes to choose, what they cost so far, and handing in."""
    room, scenario = view.room, view.believed
    before = view.given(FixPlan)
    given = before.fixes if before else ()
    st.markdown(f"**{escaped(_within(view))}**")
    labels = {fix.id: f"{fix.label} ({_cost(scenario, fix.id)})" for fix in scenario.fixes}
    chosen = st.pills(
        "Fixes",
        list(labels),
        format_func=lambda name: escaped(labels[name]),
        selection_mode="multi",
        key=state.seed(f"plan in {room.code}", list(given)),
        disabled=room.locked,
    )
    fixes = tuple(fix.id for fix in scenario.fixes if fix.id in chosen)
    over = _running_cost(view, fixes)
    label = "Hand in again" if given else "Hand in"
    unable = room.locked or over or not fixes
    if st.button(
        label,
        type="primary",
        width="stretch",
        disabled=unable,
        key="hand in the plan",
        on_click=state.press,
        args=(room,),
    ):
        with speaking():
            hand_in(view, "", FixPlan(fixes=fixes))
    if given:
        names = ", ".join(fix.label for fix in scenario.fixes if fix.id in given)
        change = "" if room.locked else " You may hand in again until the step is over."
        st.success(escaped(f"In: {names}.{change}"), icon=":material/check:")


def _cost(scenario: Scenario, fix: str) -> str:
    costs = next(one.costs for one in scenario.fixes if one.id == fix)
    each = f" and {money(costs.per_use.value, scenario.currency, whole=False)} a use" if costs.per_use.value else ""
    return f"{money(cost_of(scenario, [fix]), scenario.currency)}{each}"


def _running_cost(view: View, fixes: tuple[str, ...]) -> bool:
    """Say what these cost; whether that is more than the budget."""
    currency, budget = view.scenario.currency, view.room.settings.budget
    cost = cost_of(view.believed, fixes)
    if budget is None:
        st.markdown(escaped(f"Together {money(cost, currency)}."))
        return False
    over = cost > budget
    left = f"{money(abs(budget - cost), currency)} {'over the budget' if over else 'left'}"
    st.progress(
        min(cost / budget, 1.0) if budget else 1.0, escaped(f"{money(cost, currency)} of {money(budget, currency)}")
    )
    if over:
        st.error(escaped(f"{left}. Take something out."), icon=":material/block:")
    else:
        st.caption(escaped(left))
    return over


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
    placed = workshop_story.bets_of(view.submissions)
    found = estimates.answer_job(view)
    st.markdown(escaped(view.asked))
    if not placed:
        st.markdown("Nobody has bet.")
    elif is_done(found, "answer", estimates.answer_slot(view)):
        st.markdown(escaped(workshop_story.bets_said(view.scenario, view.question, placed, found.answer)))


def _changed(view: View) -> None:
    if not view.room.settings.guesses:
        return
    st.markdown("## What it changed")
    for path in view.room.settings.guesses:
        st.markdown(f"- {escaped(estimates.changed_said(view, path))}")


def _mended(view: View) -> Board | None:
    """Draw the board; it, once all of it is there."""
    if not view.scenario.fixes:
        return None
    st.markdown("## What it would mend")
    found = board_job(view)
    if found is None:
        st.markdown("Nobody has handed in what they would mend, so there is nothing to put a price on.")
        return None
    show_board(view, found)
    if isinstance(found, Refusal) or not found.finished or found.error or found.board is None:
        return None
    return found.board


def _case_job(view: View, fixes: tuple[str, ...]) -> CaseJob | Refusal:
    believed = view.believed

    def begin() -> CaseJob:
        return CaseJob(Study(believed, SEED, case_store()), fixes, Terms(), workers())

    return state.desk().ask(_slot(view), (view.room.believed, fixes), view.age, begin)


def _slot(view: View) -> tuple[str, ...]:
    return ("case", view.room.code)


def _measure(view: View, worth: CaseJob | Refusal, board: Board) -> None:
    st.markdown("## What it is worth, and what to measure first")
    choice = called(board.rows[0].fixes, board.labels)
    st.markdown(escaped(workshop_story.case_of(choice, len(board.groups[0]))))
    if not is_done(worth, "business case over every future that the room’s numbers allow", _slot(view)):
        return
    case = state.desk().found(_slot(view), worth, lambda: worth.case)
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
