"""The page Evidence through Streamlit's own test harness, with a few known answers behind it; and its sentences."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments.estimate import MISSING, Estimate
from sim.experiments.verification import Check
from sim.experiments.verification.known_answers import KnownAnswer, KnownAnswers, read_known_answers
from tests.ui.pages import linked
from tests.waiting import wait_until
from ui import evidence
from ui.text import MINUS

KNOWN = read_known_answers()
FEW = KNOWN.only("machines_none_down", "machines_one_down", "contracts_year_1", "high_end_alpha")


def answer(name: str, **values: object) -> KnownAnswer:
    return KNOWN.only(name).every[0].model_copy(update=values)


# ---- sentences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("story_store", 49_869.12, "£49,869 a year"),
        ("call_centre_waits", 0.17413, "17.4% of callers"),
        ("engaged_line", 0.018385, "1.84% of callers"),
        ("even_service_wait", 0.5, "0.500 minutes"),
        ("one_server_people", 2, "2.00 people"),
        ("cdnow_visits", 1.1967, "1.20 visits"),
        ("one_server_people", None, "— people"),
        ("cdnow_likelihood", -9582.4, f"{MINUS}9,582.40 log-likelihood"),
        ("cdnow_r", 0.24259, "0.2426 shape"),
        ("high_end_year_8", 0.46044, "46.04% of customers"),
    ],
)
def test_a_figure_has_the_digits_that_a_check_can_tell_apart(name: str, value: float | None, said: str) -> None:
    assert evidence.with_unit(value, answer(name)) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Estimate(2.01, 1.98, 2.04), "simulated 2.01 people, 99% interval 1.98 to 2.04. Agrees."),
        (Estimate(2.03, 2.01, 2.05), "simulated 2.03 people, 99% interval 2.01 to 2.05. Differs."),
        (Estimate(2, 1.9, 2.1), "simulated 2.00 people, 99% interval 1.90 to 2.10. Too vague to tell."),
        (MISSING, "simulated — people, 99% interval missing. Nothing measured."),
    ],
)
def test_the_takeaway_says_known_simulated_and_verdict(found: Estimate, said: str) -> None:
    check = Check(answer("one_server_people"), found)
    assert evidence.takeaway(check) == f"People at a single till: known 2.00, {said}"


def test_the_takeaway_of_what_is_worked_out_says_that_it_has_no_interval() -> None:
    check = Check(answer("cdnow_r"), Estimate(0.24259, None, None))
    assert evidence.interval(check) == "no interval"
    assert evidence.takeaway(check) == (
        "How alike their buying rates are, r: known 0.2430, worked out 0.2426 shape, no interval, as no luck is in it. "
        "Agrees."
    )


def test_how_many_agree_in_words() -> None:
    good, bad = Check(answer("one_server_people"), Estimate(2, 1.99, 2.01)), Check(answer("one_server_people"), MISSING)
    assert evidence.count([], 3) == "3 answers, none checked yet"
    assert evidence.count([good], 3) == "1 of 3 checked so far, it agrees"
    assert evidence.count([good, good], 2) == "All 2 checked, all agree"
    assert evidence.count([good, bad], 2) == "All 2 checked, 1 does not agree"
    assert evidence.count([bad, bad], 3) == "2 of 3 checked so far, 2 do not agree"
    assert evidence.count([good], 1) == "Checked, it agrees"


# ---- the page ------------------------------------------------------------------------------------


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[KnownAnswers]:
    """A server that has not checked anything yet, and knows few answers."""
    monkeypatch.setattr(evidence, "read_known_answers", lambda: FEW)
    evidence.known.clear()
    evidence.latest_verification.clear()
    yield FEW
    evidence.verification().stop()
    evidence.known.clear()
    evidence.latest_verification.clear()


def opened() -> AppTest:
    return linked("evidence", scenario="tiny").run()


def settled(app: AppTest) -> AppTest:
    """Run again until everything is checked or given up."""
    wait_until(lambda: evidence.verification().finished)
    app.run()
    assert not app.exception
    return app


def badges(app: AppTest) -> list[str]:
    return [element.value for element in app.markdown if "badge" in element.value]


def pictures(app: AppTest) -> list[object]:
    return list(app.get("vega_lite_chart"))


def test_every_answer_is_listed_at_once_and_filled_in_later(known: KnownAnswers) -> None:
    app = opened()
    for title in (row.title for row in known.every):
        assert any(f"**{title}**" in element.value for element in app.markdown)
    settled(app)
    assert len(pictures(app)) == 4
    assert sum("Agrees" in badge for badge in badges(app)) == 4
    assert "All 4 checked, all agree" in badges(app)[0]
    assert [element.value for element in app.caption if "so far" in element.value] == []


def test_a_fit_that_gives_another_figure_is_said_to_differ(
    known: KnownAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = known.only("high_end_alpha")
    wrong = tuple(row.model_copy(update={"theory": 0.669}) for row in broken.fitted)
    monkeypatch.setattr(evidence, "read_known_answers", lambda: replace(broken, fitted=wrong))
    evidence.known.clear()
    evidence.latest_verification.clear()
    app = settled(opened())
    said = badges(app)
    assert "Checked, 1 does not agree" in said[0]
    assert [badge for badge in said if "Differs" in badge]
    assert "worked out, no interval" in [element.value for element in app.caption]


def test_answers_are_grouped_by_what_they_prove_and_what_is_left_out_is_said(known: KnownAnswers) -> None:
    app = opened()
    headings = [element.value for element in app.markdown if element.value.startswith("####")]
    assert headings == [
        r"#### Do things that break behave?",
        r"#### Do customers come back, and leave, as they should?",
        r"#### Do fits and formulas of customer value give the published figures?",
        "#### What is not checked, and why",
    ]
    assert sum(element.value.startswith("- **") for element in app.markdown) == len(KNOWN.left_out)


def test_results_are_the_servers_and_checking_again_starts_anew(known: KnownAnswers) -> None:
    app = settled(opened())
    first = evidence.verification()
    assert len(pictures(opened())) == 4
    assert evidence.verification() is first
    next(button for button in app.button if button.label == "Check again").click().run()
    assert evidence.verification() is not first
    settled(app)
    assert evidence.verification().checks == first.checks


def test_a_cancelled_check_keeps_what_is_done_and_can_be_begun_again(known: KnownAnswers) -> None:
    app = opened()
    evidence.verification().stop()
    settled(app)
    assert [button.label for button in app.button] == ["Check again"]


def test_the_levers_belong_to_explore(known: KnownAnswers) -> None:
    app = opened()
    assert not app.slider
    app.switch_page("app_pages/explore.py").run()
    assert app.slider
