"""Ripple's entry: navigation and the levers, nothing else."""

from pathlib import Path


def main() -> None:
    import streamlit as st

    from ui import levers, state

    st.set_page_config(page_title="Ripple", page_icon="ui/icon.svg", layout="wide")
    st.html(Path("ui/style.css"))
    explore = st.Page("app_pages/explore.py", title="Explore", icon=":material/tune:", default=True)
    evidence = st.Page("app_pages/evidence.py", title="Evidence", icon=":material/verified:")
    page = st.navigation([explore, evidence], position="top")
    if page == explore:
        state.keep(levers.choose())
    page.run()


if __name__ == "__main__":
    main()
