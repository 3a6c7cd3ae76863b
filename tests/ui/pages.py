"""A page of the app in Streamlit's own test harness, opened by its link as a visitor opens it."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.waiting import PATIENCE

APP = Path(__file__).parents[2] / "app.py"


def linked(page: str, **link: str) -> AppTest:
    """The page that is named as its file in `app_pages/`, with its link, before it is run."""
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    for name, said in link.items():
        app.query_params[name.replace("__", ".")] = said
    return app.switch_page(f"app_pages/{page}.py")


def fine(app: AppTest) -> AppTest:
    """The page, which has no fault."""
    assert not app.exception
    return app
