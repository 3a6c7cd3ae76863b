"""What to mend within a budget: chosen on phones, ranked on the board."""

import streamlit as st

from sim.experiments.events import what_failed
from sim.finance.assumptions import Terms
from sim.reports.narrative import workshop_story
from sim.reports.origin import runs_said
from sim.scenario.scenario import Scenario
from sim.workshop.leaderboard import RUNS, BoardJob, Entry
from sim.workshop.people import Plan
from sim.workshop.room import cost_of
from ui.charts import workshop_charts
from ui.session import SEED
from ui.session import workshop as state
from ui.session.workshop import Refusal
from ui.text import escaped, money
from ui.workshop.view import View, hand_in, held, picture, progress, refused, speaking, watch


def entries(view: View) -> tuple[Entry, ...]:
    """What each person would mend."""
    return tuple(Entry(slip.person, slip.said.fixes) for slip in view.slips if isinstance(slip.said, Plan))


def job(view: View) -> BoardJob | Refusal | None:
    """The board of what is handed in, begun by whoever sees it first; None while nothing is."""
    given = entries(view)
    if not given:
        return None
    believed = view.believed

    def begin() -> BoardJob:
        return BoardJob(believed, given, Terms(), state.store(), state.quick_workers(), SEED)

    return state.desk().ask(("board", view.room.code), (view.room.believed, given), view.age, begin)


# ---- on the projector ------------------------------------------------------------------------------


def board(view: View) -> None:
    """The budget, how many have handed in, and the board as far as it is."""
    st.markdown(escaped(_within(view)))
    done = view.handed_in("plan")
    st.markdown(f"## {workshop_story.count(len(done), len(view.people), 'have handed in')}")
    found = job(view)
    show(view, found)
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


def show(view: View, found: BoardJob | Refusal | None) -> None:
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
        st.markdown(escaped(ready.said(currency)))
        st.caption("Net present value over three years beside doing nothing, with its 95% interval, on the same luck.")


# ---- on a phone ------------------------------------------------------------------------------------


def plan(view: View) -> None:
    """Fixes to choose, what they cost so far, and handing in."""
    room, scenario = view.room, view.believed
    assert view.seat is not None
    before = view.seat.slip("plan")
    given = before.said.fixes if before and isinstance(before.said, Plan) else ()
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
            hand_in(view, "", Plan(fixes=fixes))
            st.rerun()
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
