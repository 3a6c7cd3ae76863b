"""The business case that a visitor makes, and the link that says the same."""

import streamlit as st

from ui import case_link
from ui.case_choice import CaseChoice, CaseStep
from ui.case_desk import CaseDesk
from ui.case_keys import CaseKeys
from ui.state.choice import Choice, asked_of
from ui.state.own import own
from ui.state.scenarios import scenario


def case_desk() -> CaseDesk:
    """Where this visitor's case is made."""
    return own("case desk", CaseDesk)


def case_keys(name: str) -> CaseKeys:
    """The keys of what the case of that scenario is made with, on a first visit holding what the link asks for."""
    keys = CaseKeys(st.session_state, name)
    keys.seed(scenario(name), asked_of(name), case_desk())
    return keys


def put_case(name: str, step: CaseStep) -> None:
    """Have everything of that case as that step had it; for a button's `on_click`."""
    CaseKeys(st.session_state, name).put(step, case_desk())


def on_explore(choice: CaseChoice) -> Choice:
    """As much of a case as Explore has controls for: its fixes, and what it assumes of quantities that are levers."""
    levers = {lever.path for lever in choice.as_is.levers}
    sets = {edit.path: edit.value for edit in choice.edits if edit.path in levers}
    return Choice(choice.name, choice.as_is, sets, choice.fixes)


def link_case(choice: CaseChoice) -> None:
    """Make the link name the case."""
    wanted = case_link.link_of(choice)
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def case_table_key(name: str) -> str:
    """The key of the table of assumptions."""
    return f"assumptions of {name}"


def case_assumption_key(name: str) -> str:
    """The key of the chooser of an assumption to change."""
    return f"assumption of {name} to change"


def choose_assumption(name: str, paths: list[str]) -> None:
    """Choose the assumption whose row was ticked."""
    rows = st.session_state[case_table_key(name)]["selection"]["rows"]
    if rows:
        st.session_state[case_assumption_key(name)] = paths[rows[0]]
