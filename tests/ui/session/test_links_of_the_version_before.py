"""Links that pages of the version before wrote (of commit cfac851) make the same choice, and are written the same."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments.library import load
from sim.finance.assumptions import Terms
from tests.waiting import PATIENCE
from ui.session import case_choice
from ui.session.case_choice import CaseChoice, Edit
from ui.session.workshop import Place

CHOICE = "scenario=tiny&assets.trolleys.pool=14&assets.trolleys.breaks=0.02&fix=five_more_trolleys"
LOOKS = {
    "step": "desk",
    "curve": "assets.trolleys.breaks",
    "split": "segment",
    "measure": "contribution",
    "shares": "department",
}
EXPLORE, BOARDROOM, WATCH = f"{CHOICE}&{urlencode(LOOKS)}", f"{CHOICE}&present=2", f"{CHOICE}&part=2&span=3"
CASE = (
    "scenario=tiny&fix=five_more_trolleys&horizon_years=5&real=yes&inflation=0.02&tax_rate=0.25&cost_uplift=0.1"
    "&benefit_cut=0.05&budget=1500&customers.visits_per_week=0.7..0.9..1.1&economics.discount_rate=0.08"
)
HOST, GUEST = "room=6QGTWP&host=H17Npdm9Ph3g80d205gbWA", "room=6QGTWP&me=token-of-Ada"


def page(name: str) -> None:
    """As much of a page as reads the link."""
    import streamlit as st

    from ui.session import choice, replay, visit, workshop

    scenario = st.session_state[choice.seed_scenario_key()]
    if name == "explore":
        choice.seed_looks(scenario)
        found: Any = choice.choice_now(scenario, choice.looks(scenario))
    elif name == "boardroom":
        found, _ = visit.prepared(scenario)
        st.session_state["step"] = visit.presented(scenario)
    elif name == "watch":
        found = replay.choice_watched(scenario)
        part = st.session_state[replay.part_key(scenario)]
        st.session_state["at"] = part, st.session_state[replay.span_key(scenario, part)]
    elif name == "saved":
        found = scenario
    else:
        found = workshop.place()
    st.session_state["found"] = found


def opened(name: str, link: str) -> AppTest:
    """That page, opened by that link."""
    app = AppTest.from_function(page, default_timeout=PATIENCE, kwargs={"name": name})
    for key, said in parse_qsl(link):
        app.query_params[key] = said
    app.run()
    assert not app.exception
    assert parse_qsl(urlencode(app.query_params, doseq=True)) == parse_qsl(link)
    return app


@pytest.mark.parametrize(("name", "link"), [("explore", EXPLORE), ("boardroom", BOARDROOM), ("watch", WATCH)])
def test_a_choice_is_the_same_and_so_is_its_link(name: str, link: str) -> None:
    found = opened(name, link).session_state["found"]
    assert (found.name, found.baseline) == ("tiny", load("tiny"))
    assert found.sets == {"assets.trolleys.pool": 14, "assets.trolleys.breaks": 0.02}
    assert found.fixes == ("five_more_trolleys",)


def test_what_is_looked_at_is_the_same() -> None:
    assert opened("boardroom", BOARDROOM).session_state["step"] == 2
    assert opened("watch", WATCH).session_state["at"] == (1, 2)


def test_what_is_saved_of_a_scenario_is_shown_with_it() -> None:
    assert opened("saved", "scenario=tiny").session_state["found"] == "tiny"


@pytest.mark.parametrize(
    ("link", "place"),
    [(HOST, Place("6QGTWP", host="H17Npdm9Ph3g80d205gbWA")), (GUEST, Place("6QGTWP", me="token-of-Ada"))],
)
def test_a_link_into_a_room_is_its_facilitators_or_one_persons(link: str, place: Place) -> None:
    found = opened("workshop", link).session_state["found"]
    assert vars(found) == vars(place)


def test_a_case_is_the_same_and_so_is_its_link() -> None:
    asked = case_choice.read(dict(parse_qsl(CASE)), load("tiny"))
    assert asked.fixes == ("five_more_trolleys",)
    assert asked.edits == (Edit("customers.visits_per_week", 0.9, 0.7, 1.1), Edit("economics.discount_rate", 0.08))
    shares = {"inflation": 0.02, "tax_rate": 0.25, "cost_uplift": 0.1, "benefit_cut": 0.05}
    assert asked.terms == Terms(horizon_years=5, real=True, **shares)
    assert (asked.budget, tuple(asked.wrong)) == (1_500, ())
    choice = CaseChoice("tiny", load("tiny"), asked.edits, asked.fixes, asked.terms, asked.budget)
    assert list(case_choice.link_of(choice).items()) == parse_qsl(CASE)
