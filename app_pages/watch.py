"""Watch: one simulated day as it happened, played and read."""

import streamlit as st

from sim.experiments.price import TooLargeError
from sim.experiments.replay import spans_of
from sim.reports.narrative import story
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from ui import replay
from ui.controls import choose_scenario, copy_link, wrong_asked
from ui.saving import save_button
from ui.session import simulators
from ui.session.replay import choice_watched, watch_desk
from ui.session.simulators import workers
from ui.text import escaped

_FIRST_SECONDS = 0.4  # the page is drawn once where simulating takes no longer


def page() -> None:
    name = choose_scenario()
    choice = choice_watched(name)
    st.title(escaped(f"Watch: {choice.baseline.title}"), anchor=False)
    st.markdown(escaped(choice.baseline.question))
    wrong_asked(name)
    try:
        world = choice.world
    except ScenarioError as error:
        for fault in error.faults:
            st.error(escaped(f"{fault.path}: {fault.message}"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(escaped(story.world_in_words(choice.baseline, choice.sets, choice.fixes)), width="content")
        st.page_link("app_pages/explore.py", label="Change it on Explore", icon=":material/tune:")
        copy_link()
        save_button(choice)
    _watch(name, world)


def _watch(name: str, world: Scenario) -> None:
    desk, row = watch_desk(), st.container(horizontal=True, vertical_alignment="bottom", key="watch-span")
    try:
        with row:
            part = replay.choose_part(name, world, spans_of(world))
        before = desk.job
        job = desk.watch(world, simulators.SEED, part, workers())
    except TooLargeError as error:
        st.info(escaped(f"This is too large to watch here: {error}"), icon=":material/block:")
        return
    if job is not before:
        job.wait(_FIRST_SECONDS)
    if job.watched is not None:
        replay.show(name, job, job.watched, desk, row)
    elif job.finished:
        replay.ended_early(job, desk)
    else:
        replay.wait(job)


page()
