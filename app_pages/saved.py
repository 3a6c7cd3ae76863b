"""Saved: what people kept under a name, opened again or set side by side."""

import streamlit as st

from sim.saved import shelf
from sim.saved.database import DatabaseError
from sim.saved.shelf import Saved
from sim.scenario.wording import clean
from ui import saved, saving
from ui.controls import wrong_asked
from ui.saved import card
from ui.session import choice, scenarios
from ui.session import saved as state
from ui.session.saved import AT_MOST
from ui.session.scenarios import database
from ui.text import escaped

_EXPLORE = "app_pages/explore.py"
_A_PAGE = 12


def page() -> None:
    desk = state.desk()
    if desk.goes_to:
        name, desk.goes_to = desk.goes_to, None
        st.switch_page(_EXPLORE, query_params={"scenario": name})
    st.title("Saved scenarios", anchor=False)
    try:
        every, deleted = shelf.listed(database()), shelf.deleted_lately(database(), _A_PAGE)
    except DatabaseError as error:
        st.error(escaped(str(error)), icon=":material/block:")
        st.button("Try again")
        return
    chosen = [saved for id in desk.beside for saved in every if saved.id == id]
    if len(chosen) > 1:
        saved.beside(chosen)
        return
    saving.now(choice.choice_now(state.name_now()))
    wrong_asked(state.name_now())
    saving.opener()
    _said(desk)
    if every:
        _list(every)
    else:
        _nothing_yet()
    if deleted:
        _deleted_lately(deleted)


def _deleted_lately(deleted: list[Saved]) -> None:
    """What anybody deleted in the last weeks, to be put back."""
    with st.expander("Deleted lately", icon=":material/delete:"), st.container(key="saved-deleted"):
        for one in deleted:
            with st.container(horizontal=True, vertical_alignment="center"):
                at = saving.when(one.deleted or one.changed, st.context.timezone)
                st.markdown(escaped(f"{one.entry.name}, {state.by(one.entry)}, deleted {at}"), width="stretch")
                st.button("Put back", key=f"put back {one.id}", on_click=state.put_back, args=(one,))


def _said(desk: state.SavedDesk) -> None:
    """What went wrong and what can be undone, in sight wherever on the list somebody is; and what two changed."""
    if desk.trouble:
        with st.bottom, st.container(key="saved-trouble"):
            st.error(escaped(desk.trouble), icon=":material/block:")
    if desk.deleted:
        with st.bottom, st.container(horizontal=True, vertical_alignment="center", key="saved-undo"):
            last = desk.deleted[-1]
            st.info(escaped(f"“{last.entry.name}” is deleted."), icon=":material/delete:", width="stretch")
            st.button("Undo", on_click=state.put_back, args=(last,), icon=":material/undo:")
    if desk.both:
        saving.both(*desk.both)


def _list(every: list[Saved]) -> None:
    titles = scenarios.titles()
    shown = every
    if len(every) > _A_PAGE // 2:
        asked = clean(st.text_input("Find", type="search", placeholder="A name, a note, an author or a story") or "")
        shown = [one for one in every if saving.matches(one, titles.get(one.entry.scenario, ""), asked)]
    ticked = state.ticked(every)
    _ticked(ticked, every, titles)
    pages = max(1, -(-len(shown) // _A_PAGE))
    number = st.pagination(pages, key=f"saved page of {pages}") if pages > 1 else 1
    if not shown:
        st.caption("Nothing saved has these words.")
    with st.container(key="saved-list"):
        for saved in shown[(number - 1) * _A_PAGE : number * _A_PAGE]:
            card(saved, len(ticked) < AT_MOST)


def _ticked(ticked: list[Saved], every: list[Saved], titles: dict[str, str]) -> None:
    """What is ticked, and the way to set it side by side, or why that cannot be."""
    if not ticked:
        if len(every) > 1:
            st.caption("Tick two to four of one story to set them side by side.")
        return
    why_not = saving.several_stories(ticked, titles)
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", key="saved-ticked"):
        names = ", ".join(f"“{one.entry.name}”" for one in ticked)
        st.markdown(
            escaped(why_not or f"{names} ticked{'.' if len(ticked) > 1 else ': tick one more.'}"), width="stretch"
        )
        st.button(
            "Side by side",
            key="set side by side",
            type="primary",
            icon=":material/view_column:",
            disabled=len(ticked) < 2 or why_not is not None,
            on_click=state.desk().set_beside,
            args=(tuple(one.id for one in ticked),),
        )
        st.button("Untick all", on_click=state.untick, args=(ticked,))


def _nothing_yet() -> None:
    with st.container(border=True, key="saved-nothing"):
        st.header("Nothing is saved yet", anchor=False)
        st.markdown(
            "Move some sliders on Explore, then press **Save**: your choice is kept here under a name, with its note "
            "and what it came to. Others on this machine see it too. Two to four of one story can be set side by side."
        )
        st.page_link(_EXPLORE, label="Go to Explore", icon=":material/tune:")


page()
