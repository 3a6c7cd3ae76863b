"""Saved scenarios side by side, through Streamlit's own test harness: refused, and deleted by somebody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments.price import Budget, TooLargeError
from sim.reports.picture import picture
from sim.saved import documents, shelf
from sim.saved.shelf import Entry
from tests.ui.pages import linked
from tests.waiting import run_until
from ui.session.saved import SavedDesk
from ui.session.scenarios import database


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RIPPLE_DATABASE", f"sqlite:///{tmp_path / 'saved.db'}")
    database.clear()
    yield
    database.clear()


def saved(name: str, pool: float) -> shelf.Saved:
    kept = documents.keep_shipped(database(), "tiny")
    return shelf.save(database(), Entry(name, "tiny", kept, sets={"assets.trolleys.pool": pool}))


def beside(*chosen: shelf.Saved) -> AppTest:
    """The page with these side by side, all simulated."""
    app = linked("saved", scenario="tiny")
    app.session_state["saved desk"] = SavedDesk(beside=tuple(one.id for one in chosen))
    return done(app)


def done(app: AppTest) -> AppTest:
    app.run()
    return run_until(app, lambda: any("Go on" in button.label for button in app.button))


def test_what_one_is_held_against_stays_when_another_is_deleted_and_falls_back_with_it() -> None:
    first, second, third = (saved(name, pool) for name, pool in (("One", 8), ("Two", 10), ("Three", 12)))
    app = beside(first, second, third)
    app.radio(key="held against").set_value(third.id)
    app.run()
    shelf.delete(database(), first)
    app = done(app)
    assert app.radio(key="held against").value == third.id
    assert app.radio(key="held against").options == ["As it is", "B: Two", "C: Three"]
    fourth = saved("Four", 9)
    app.session_state["saved desk"].beside = (second.id, third.id, fourth.id)
    app = done(app)
    shelf.delete(database(), third)
    app = done(app)
    assert app.radio(key="held against").value == second.id


def test_its_charts_can_be_taken_away_as_they_are_now() -> None:
    app = beside(saved("One", 8), saved("Two", 10))
    before = app.session_state["album"].of("tiny")
    assert "Contribution, side by side" in [one.name for one in before]
    assert {(one.simulated, one.link) for one in before} == {("6 runs of 12 weeks", "saved?scenario=tiny")}
    spec, said = before[0].draw()
    assert picture(spec, "png").startswith(b"\x89PNG")
    assert "difference from A: One. As it is" in said
    assert "B: Two" in said
    app.radio(key="held against").set_value("").run()
    after = app.session_state["album"].of("tiny")
    assert "difference from As it is. A: One" in after[0].draw()[1]
    assert after[0].version > before[0].version


def test_a_refusal_to_go_on_is_shown_and_what_is_done_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    app = beside(saved("One", 8), saved("Two", 10))

    def refuse(*_: object) -> None:
        raise TooLargeError("That would take two days; lower the number of runs.")

    with monkeypatch.context() as patched:
        patched.setattr(Budget, "check", refuse)
        next(button for button in app.button if button.label == "Go on to 12 runs").click()
        app = done(app)
    assert ["two days" in error.value for error in app.error] == [True]
    assert len(app.radio(key="held against").options) == 3
    app = done(app)
    next(button for button in app.button if button.label == "Back to the list").click()
    app.run()
    assert not app.error
