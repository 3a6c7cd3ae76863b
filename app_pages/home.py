"""Home: the stories there are, each with its question."""

import streamlit as st

from ui import state
from ui.text import escaped


def page() -> None:
    if "scenario" in st.query_params:
        st.switch_page("app_pages/explore.py", query_params=st.query_params.to_dict())
    st.title("What does a broken customer experience cost?", anchor=False)
    for name, title in state.titles().items():
        st.page_link("app_pages/explore.py", label=escaped(title), query_params={"scenario": name})


page()
