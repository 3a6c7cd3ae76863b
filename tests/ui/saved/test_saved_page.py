"""The page Saved, its button and its dialogs through Streamlit's own test harness."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from sim.cli.commands import app as commands
from sim.experiments import library
from sim.experiments.cache import REPLICATION
from sim.experiments.runs import Effort, run
from sim.experiments.task import Task
from sim.saved import documents, shelf
from sim.saved.database import Database, DatabaseError
from sim.saved.shelf import Entry
from sim.scenario.files import saved_preset
from tests.ui.pages import fine, linked
from ui.session import saved as state
from ui.session.choice import Choice
from ui.session.scenarios import database
from ui.session.simulators import SEED, results

POOL = "assets.trolleys.pool"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database of its own."""
    monkeypatch.setenv("RIPPLE_DATABASE", f"sqlite:///{tmp_path / 'saved.db'}")
    database.clear()
    yield tmp_path / "saved.db"
    database.clear()


def kept(name: str, **more: Any) -> shelf.Saved:
    story = more.pop("scenario", "tiny")
    entry = Entry(name, story, documents.keep_shipped(database(), story), author="Ann", sets={POOL: 14.0})
    return shelf.save(database(), replace(entry, **more))


def opened() -> AppTest:
    return fine(linked("saved", scenario="tiny").run())


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return fine(app.run())


def names(app: AppTest) -> list[str]:
    return [heading.value for heading in app.header]


def text(app: AppTest) -> str:
    places = (app.markdown, app.caption, app.error, app.warning, app.info)
    return " ".join(element.value for place in places for element in place).replace("\\", "")


def test_with_nothing_saved_it_says_how_to_begin() -> None:
    app = opened()
    assert names(app) == ["Nothing is saved yet"]
    assert "On Explore now: A tiny shop." in text(app)


def test_opening_puts_chooser_levers_and_fixes_where_they_were() -> None:
    kept("Spring", sets={POOL: 14.0}, fixes=("five_more_trolleys",))
    app = press(opened(), "Open")
    assert app.session_state["scenario"] == "tiny"
    assert app.session_state[f"tiny {POOL}"] == 14
    assert app.session_state["fixes of tiny"] == ["five_more_trolleys"]
    assert app.query_params["scenario"] == "tiny"


def test_what_cannot_be_had_any_more_is_said_and_the_rest_is_set() -> None:
    kept("Spring", sets={POOL: 14.0, "gone.path": 1.0})
    app = press(opened(), "Open")
    assert "gone.path at 1 cannot be had any more" in text(app)
    assert app.session_state[f"tiny {POOL}"] == 14


def test_deleting_is_undone_and_copies_are_told() -> None:
    kept("Spring")
    app = press(opened(), "Delete")
    assert names(app) == ["Nothing is saved yet"]
    assert "“Spring” is deleted." in text(app)
    app = press(press(app, "Undo"), "Duplicate")
    assert sorted(names(app)) == ["Spring", "Spring (copy)"]
    assert "is deleted" not in text(app)


def test_what_anybody_deleted_lately_can_be_put_back() -> None:
    shelf.delete(database(), kept("Spring"))
    app = opened()
    assert names(app) == ["Nothing is saved yet"]
    assert "Spring, by Ann, deleted " in text(app)
    app = press(app, "Put back")
    assert names(app) == ["Spring"]
    assert not [button for button in app.button if button.label == "Put back"]


def test_what_somebody_else_changed_is_not_deleted() -> None:
    seen = kept("Spring")
    app = opened()
    shelf.changed(database(), seen, replace(seen.entry, name="Summer"))
    app = press(app, "Delete")
    assert names(app) == ["Summer"]
    assert "“Summer” was changed by somebody else while you had it open. It was not deleted" in text(app)


def test_four_are_ticked_at_most_and_two_stories_are_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "seconds_now", count(1).__next__)
    for number in range(5):
        kept(f"Number {number}")
    app = opened()
    for position in range(4):
        app.checkbox[position].check()
        fine(app.run())
    assert [box.disabled for box in app.checkbox] == [False] * 4 + [True]
    app = press(app, "Untick all")
    kept("Another", scenario="placebo", sets={})
    app = fine(app.run())
    app.checkbox[0].check()
    app.checkbox[5].check()
    app = fine(app.run())
    assert "They cannot be set side by side: other customers with other luck" in text(app)
    assert next(button for button in app.button if button.key == "set side by side").disabled


def test_a_story_edited_since_says_so_and_the_kept_one_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "tiny.yaml"
    shipped.write_text(library.path_of("tiny").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    saved = kept("Spring")
    shipped.write_text(shipped.read_text(encoding="utf-8").replace("base: 300", "base: 310"), encoding="utf-8")
    app = opened()
    assert "This story's file has changed since this was saved; figures may differ." in text(app)
    app = press(app, "Open as it was kept")
    assert app.session_state["scenario"] == saved.entry.kept
    assert app.session_state[f"{saved.entry.kept} {POOL}"] == 14
    chooser = next(box for box in app.selectbox if box.label == "Scenario")
    assert chooser.options == ["A tiny shop", "A tiny shop (from a file)"]


def test_a_database_that_is_gone_is_said_and_found_again(file: Path) -> None:
    kept("Spring")
    away = file.rename(file.with_suffix(".away"))
    app = opened()
    assert "cannot be opened: its file or folder is gone" in text(app)
    away.rename(file)
    assert names(press(app, "Try again")) == ["Spring"]


def test_a_database_that_could_not_be_opened_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = tmp_path / "folder"
    in_the_way.write_text("a file")
    monkeypatch.setenv("RIPPLE_DATABASE", f"sqlite:///{in_the_way}/saved.db")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        database()
    in_the_way.unlink()
    assert isinstance(database(), Database)


def test_a_choice_as_a_file_is_run_by_the_command_line_and_opens_where_it_stood(tmp_path: Path) -> None:
    entry = Entry("Spring", "tiny", "", "As\nagreed.", "Ann", {POOL: 14.0}, ("five_more_trolleys",))
    file = tmp_path / "Spring.yaml"
    file.write_text(state.file_of(entry), encoding="utf-8")
    assert CliRunner().invoke(commands, ["run", str(file), "--replications", "1", "--weeks", "1"]).exit_code == 0
    preset = saved_preset(library.load(str(file)))
    assert preset and (preset.label, preset.help, preset.fixes) == ("Spring", "As agreed.", ("five_more_trolleys",))
    assert [(setting.path, setting.value) for setting in preset.sets] == [(POOL, 14)]
    assert file.read_text(encoding="utf-8").startswith(library.path_of("tiny").read_text(encoding="utf-8"))


def test_a_choice_is_saved_with_the_results_that_this_server_knows() -> None:
    tiny = library.load("tiny")
    choice = Choice("tiny", tiny, {POOL: 13.0}, ())
    assert state.known(choice) is None
    done = run(choice.world, Effort(SEED, 4))
    for one in done.replications:
        results().put(REPLICATION.key(Task(choice.world, SEED, one.number)), REPLICATION.packed(one))
    found = state.known(choice)
    assert found is not None
    assert (found.world, found.seed) == (done.world, done.seed)
    np.testing.assert_equal([vars(one) for one in found.replications], [vars(one) for one in done.replications])
    saved = state.save(choice, "Spring", "", found)
    assert shelf.get(database(), saved.id).entry.figures == state.figures_of(done)


def form() -> None:
    import streamlit as st

    from sim.saved.database import DatabaseError
    from ui.saving import form

    def keep(name: str, note: str) -> None:
        if not st.session_state.get("disk is back"):
            raise DatabaseError("The database is full: make room, then try again.")
        st.session_state["kept"] = (name, note)

    form("form", "", "", keep, asks_who=True)


def test_what_was_typed_stays_until_it_is_saved_and_the_name_is_remembered() -> None:
    app = fine(AppTest.from_function(form).run())
    app.text_input[0].set_value("Spring")
    app.text_area[0].set_value("As agreed.")
    app.text_input[1].set_value(" Ann ")
    app = press(app, "Save")
    assert [error.value for error in app.error] == ["The database is full: make room, then try again."]
    assert (app.text_input[0].value, app.text_area[0].value) == ("Spring", "As agreed.")
    app.session_state["disk is back"] = True
    app = press(app, "Save")
    assert app.session_state["kept"] == ("Spring", "As agreed.")
    assert app.session_state["saved desk"].author == "Ann"
