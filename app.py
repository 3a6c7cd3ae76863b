"""Ripple's entry: navigation and the levers, nothing else."""

from pathlib import Path


def main() -> None:
    import streamlit as st

    from ui import failure_states, levers, state
    from ui.scenario_chooser import choose_scenario
    from ui.state import boardroom as boardroom_state
    from ui.state import take_away, visit

    st.set_page_config(page_title="Ripple", page_icon="ui/icon.svg", layout="wide")
    st.html(Path("ui/style.css"))
    home = st.Page("app_pages/home.py", title="Home", icon=":material/home:", default=True)
    explore = st.Page("app_pages/explore.py", title="Explore", icon=":material/tune:")
    case = st.Page("app_pages/business_case.py", title="Business case", icon=":material/request_quote:")
    watch = st.Page("app_pages/watch.py", title="Watch", icon=":material/smart_display:")
    boardroom = st.Page("app_pages/boardroom.py", title="Boardroom", icon=":material/present_to_all:")
    saved = st.Page("app_pages/saved.py", title="Saved", icon=":material/bookmark:")
    workshop = st.Page("app_pages/workshop.py", title="Workshop", icon=":material/groups:")
    files = st.Page("app_pages/take_away.py", title="Take away", icon=":material/download:")
    evidence = st.Page("app_pages/evidence.py", title="Evidence", icon=":material/verified:")
    pages = [home, explore, case, boardroom, workshop, watch, saved, files, evidence]
    page = st.navigation([*pages, *failure_states.lost_pages(st.context.url, pages)], position="top")
    with failure_states.told():
        if asked := visit.arrive(page.url_path):
            failure_states.unknown_scenario(asked, state.titles(), page)
            return
        if page == explore:
            state.keep(levers.choose())
        elif page == case:
            state.keep_case(choose_scenario())
        elif page == boardroom:
            boardroom_state.keep(choose_scenario())
        elif page == files:
            take_away.keep_take_away(choose_scenario())
        page.run()


if __name__ == "__main__":
    main()
