"""The levers, drawn from the scenario's own registry."""

from functools import partial

import streamlit as st

from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from ui import state
from ui.dials import Dial, dial_of
from ui.history_bar import history_bar
from ui.scenario_chooser import choose_scenario, wrong_asked
from ui.state import choice, history
from ui.text import bare, escaped, labelled, provenance, setting


def choose() -> state.Choice:
    """Draw the chooser, the levers and the fixes in the sidebar; the choice they make."""
    name = choose_scenario()
    with st.sidebar:
        scenario = state.scenario(name)
        choice.seed_looks(name)
        notice(name)
        bar_and_presets(choice.as_it_stands(name))
        st.markdown("#### What if…")
        dials = [dial_of(scenario, lever) for lever in scenario.levers]
        values = [(dial, lever(name, dial)) for dial in dials]
        fixes = _fixes(name, scenario)
        wrong_asked(name)
        back_to_how_it_is(name)
    return state.choice_of(name, values, fixes)


def notice(name: str) -> None:
    """Remember where the levers and fixes stand as a step that can be taken back."""
    history.noticed(_about(name), choice.start_now(name))


def bar_and_presets(now: state.Choice) -> None:
    """Undo, redo, the link and saving what is chosen now, and the presets to start from; after `notice`."""
    name, about = now.name, _about(now.name)
    steps = history.noticed(about, choice.start_now(name))
    history_bar(about, steps, partial(choice.put, name), now)
    _presets(name, now.baseline)


def _about(name: str) -> str:
    return f"levers of {name}"


def back_to_how_it_is(name: str) -> None:
    """The button that puts every lever and fix back, also those that this page does not draw."""
    st.button("Back to how it is", on_click=state.reset, args=(name,), width="stretch")


def _presets(name: str, scenario: Scenario) -> None:
    if not scenario.presets:
        return
    labels = {preset.id: preset.label for preset in scenario.presets}
    st.pills(
        "Start from",
        list(labels),
        format_func=lambda known: escaped(labels[known]),
        key=state.seed_preset_key(name),
        on_change=state.start_from_preset,
        args=(name,),
        help=escaped(" ".join(f"{preset.label}: {preset.help}" for preset in scenario.presets)),
    )


def lever(name: str, dial: Dial) -> float:
    """Draw one lever, the same on every page; the number its slider shows, or whether its switch is on."""
    return _switch(name, dial) if dial.is_switch else _with_way_back(name, dial)


def _switch(name: str, dial: Dial) -> bool:
    return st.toggle(
        _label(dial),
        key=state.seed_lever_key(name, dial.lever),
        persist_state="session",
        help=escaped(_help(name, dial, f"Now {setting(dial.default, dial.unit)}.")),
    )


def _label(dial: Dial) -> str:
    """What the lever is called. Screen readers read backslashes out; before a parenthesis none is needed."""
    said = escaped(labelled(dial.lever.label, dial.unit))
    return said.replace(r"\(", "(").replace(r"\)", ")")


def _with_way_back(name: str, dial: Dial) -> float:
    """A slider and, where it was moved, a button that puts it back; the style sheet has kept a place for that."""
    with st.container(key=f"lever {dial.lever.path}"):
        shown = _slider(name, dial)
        if shown != dial.shown(dial.default):
            now = setting(dial.default, dial.unit)
            st.button(
                escaped(f"Back to {bare(dial.default, dial.unit)}"),
                key=f"lever-back {name} {dial.lever.path}",
                type="tertiary",
                on_click=choice.reset_lever,
                args=(name, dial.lever.path),
                help=escaped(f"Put “{dial.lever.label}” back to {now}, as the scenario has it."),
            )
    return shown


def _slider(name: str, dial: Dial) -> float:
    lever = dial.lever
    ends = f"From {setting(lever.min, dial.unit)} to {setting(lever.max, dial.unit)}"
    shown: float = st.slider(
        _label(dial),
        dial.shown(lever.min),
        dial.shown(lever.max),
        step=dial.step,
        key=state.seed_lever_key(name, lever),
        persist_state="session",
        format=dial.format,
        help=escaped(_help(name, dial, f"{ends}; now {setting(dial.default, dial.unit)}.")),
    )
    return shown


def _help(name: str, dial: Dial, where_it_is: str) -> str:
    quantity = quantity_at(state.scenario(name), dial.lever.path)
    return f"{dial.lever.help} {where_it_is} {provenance(quantity)}"


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
