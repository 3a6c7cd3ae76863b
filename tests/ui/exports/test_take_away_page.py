"""The page Take away: nothing is made until it is asked for; what is lacking is said; another choice clears it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.waiting import PATIENCE, run_until

ROOT = Path(__file__).parents[3]


def opened(**link: str) -> AppTest:
    page = AppTest.from_function(_script, default_timeout=PATIENCE)
    for name, value in link.items():
        page.query_params[name] = value
    return page.run()


def _script() -> None:
    import runpy

    import streamlit as st

    st.session_state.setdefault("scenario", "tiny")
    runpy.run_path("app_pages/take_away.py")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_every_export_is_offered_and_nothing_is_made_before_it_is_asked_for() -> None:
    page = opened()
    assert not page.exception
    assert labels(page) == ["Save"] + ["Make it"] * 6
    assert not page.get("download_button")
    assert "The business as it is" in page.markdown[0].value


def test_a_model_card_is_made_and_can_be_downloaded_and_another_choice_clears_it() -> None:
    page = opened(scenario="tiny")
    page.button[6].click().run()
    run_until(page, lambda: page.get("download_button"))
    page.session_state["fixes of tiny"] = ["five_more_trolleys"]
    page.run()
    assert not page.get("download_button")
    assert "five more trolleys" in page.markdown[0].value
