"""The levers, drawn from the scenario's own registry."""

import streamlit as st

from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from ui import state
from ui.text import escaped, labelled, provenance, setting


def choose() -> state.Choice:
    """Draw the chooser, the levers and the fixes in the sidebar; the choice they make."""
    with st.sidebar:
        st.html('<p class="ripple-brand">Ripple</p><p>What a broken customer experience costs</p>')
        titles = state.titles()
        name = st.selectbox(
            "Scenario",
            list(titles),
            format_func=lambda known: titles[known],
            key=state.seed_scenario_key(),
            persist_state="session",
        )
        scenario = state.scenario(name)
        st.markdown("#### What if…")
        dials = [state.dial_of(scenario, lever) for lever in scenario.levers]
        values = [(dial, _slider(name, dial)) for dial in dials]
        fixes = _fixes(name, scenario)
        for wrong in state.wrong_in_link(name):
            st.warning(escaped(wrong), icon=":material/link_off:")
        st.button("Back to how it is", on_click=state.reset, args=(name,), width="stretch")
    return state.choice_of(name, values, fixes)


def _slider(name: str, dial: state.Dial) -> float:
    lever = dial.lever
    quantity = quantity_at(state.scenario(name), lever.path)
    ends = f"From {setting(lever.min, dial.unit)} to {setting(lever.max, dial.unit)}"
    help_text = f"{lever.help} {ends}; now {setting(dial.default, dial.unit)}. {provenance(quantity)}"
    shown: float = st.slider(
        escaped(labelled(lever.label, dial.unit)),
        dial.shown(lever.min),
        dial.shown(lever.max),
        step=dial.step,
        key=state.seed_lever_key(name, lever),
        persist_state="session",
        format=dial.format,
        help=escaped(help_text),
    )
    return shown


def _fixes(name: str, scenario: Scenario) -> list[str]:
    if not scenario.fixes:
        return []
    labels = {fix.id: fix.label for fix in scenario.fixes}
    return st.pills(
        "Try a fix",
        list(labels),
        selection_mode="multi",
        format_func=lambda known: escaped(labels[known]),
        key=state.seed_fixes_key(name),
        persist_state="session",
        help="A fix changes one or more numbers at once, after the sliders.",
    )
