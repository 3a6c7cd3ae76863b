"""Ripple's entry: navigation, and what is said where a page cannot be shown; nothing else."""

from pathlib import Path

PAGES = {  # file in app_pages/: title and icon, in the order of the bar
    "home": ("Home", "home"),
    "explore": ("Explore", "tune"),
    "business_case": ("Business case", "request_quote"),
    "boardroom": ("Boardroom", "present_to_all"),
    "workshop": ("Workshop", "groups"),
    "watch": ("Watch", "smart_display"),
    "saved": ("Saved", "bookmark"),
    "take_away": ("Take away", "download"),
    "evidence": ("Evidence", "verified"),
}


def main() -> None:
    import streamlit as st

    from ui import error_pages
    from ui.session import scenarios, visit

    st.set_page_config(page_title="Ripple", page_icon="ui/icon.svg", layout="wide")
    st.html(Path("ui/style.css"))
    pages = [
        st.Page(f"app_pages/{file}.py", title=title, icon=f":material/{icon}:", default=file == "home")
        for file, (title, icon) in PAGES.items()
    ]
    page = st.navigation([*pages, *error_pages.lost_pages(st.context.url, pages)], position="top")
    with error_pages.told():
        if asked := visit.arrive(page.url_path):
            error_pages.unknown_scenario(asked, scenarios.titles(), page)
        else:
            page.run()


if __name__ == "__main__":  # a visitor's run of the page
    main()
else:  # `streamlit run` looks for this, serves it, and has it run this file for each visitor
    import streamlit as st

    from ui import guard

    app = st.App(__file__, middleware=guard.guards(), exception_handlers={Exception: guard.broken})
