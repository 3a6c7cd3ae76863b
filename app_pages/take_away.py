"""Take away: every export in one place, made when it is asked for."""

import streamlit as st

from sim.reports.narrative import story
from sim.scenario.faults import ScenarioError
from ui.controls import choose_scenario, copy_link, wrong_asked
from ui.exports.context import context_of, take_away_desk
from ui.exports.section import rows
from ui.saving import save_button
from ui.text import escaped


def page() -> None:
    context = context_of(choose_scenario())
    choice = context.choice
    st.title(escaped(f"Take away: {choice.baseline.title}"), anchor=False)
    moved = story.moved(choice.baseline, choice.sets, choice.fixes)
    st.markdown(escaped(f"With {'; '.join(moved)}, as chosen on Explore." if moved else _AS_IT_IS))
    with st.container(horizontal=True):
        copy_link()
        save_button(choice)
    wrong_asked(choice.name)
    try:
        choice.world  # noqa: B018 - raises where levers contradict each other, which no file could tell
    except ScenarioError as error:
        for fault in error.faults:
            st.error(escaped(f"{fault.path}: {fault.message}"))
        return
    rows(context, take_away_desk().of(context.asked))
    st.caption("Each file says where it comes from: scenario, seed, how much was simulated, version, and a link back.")


_AS_IT_IS = "The business as it is: nothing is moved on Explore yet."

page()
