"""Ripple's entry: navigation and the levers, nothing else."""

from pathlib import Path


def main() -> None:
    import streamlit as st

    from sim.scenario.faults import ScenarioError
    from ui import levers, state
    from ui.scenario_chooser import choose_scenario

    st.set_page_config(page_title="Ripple", page_icon="ui/icon.svg", layout="wide")
    st.html(Path("ui/style.css"))
    home = st.Page("app_pages/home.py", title="Home", icon=":material/home:", default=True)
    explore = st.Page("app_pages/explore.py", title="Explore", icon=":material/tune:")
    case = st.Page("app_pages/business_case.py", title="Business case", icon=":material/request_quote:")
    evidence = st.Page("app_pages/evidence.py", title="Evidence", icon=":material/verified:")
    page = st.navigation([home, explore, case, evidence], position="top")
    try:
        if page == explore:
            state.keep(levers.choose())
        elif page == case:
            state.keep_case(choose_scenario())
    except ScenarioError as error:
        levers.refuse(error)
        return
    page.run()


if __name__ == "__main__":
    main()
