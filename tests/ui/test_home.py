"""Home, and what is shown where a page cannot be: pictures and cards from the files alone, faults said in words."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sim.experiments import library
from sim.scenario.document import read
from sim.scenario.files import parse_scenario
from sim.scenario.paths import quantity_at
from sim.scenario.wording import NO_OR_YES
from tests.scenario.kiosk import KIOSK
from tests.ui.pages import linked
from ui import home
from ui.home import FAULTY, PICTURES, Story, stories
from ui.session.scenarios import database

SHIPPED = stories(library.titles())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of scenarios of a test's own, with a kiosk that is a story."""
    (tmp_path / "kiosk.yaml").write_text(f"order: 1\n{KIOSK}", encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    yield tmp_path


def told() -> dict[str, Story]:
    return {story.name: story for story in stories(library.titles())}


def app(page: str = "home", **link: str) -> AppTest:
    return linked(page, **link).run()


def said(test: AppTest) -> str:
    return "\n".join(element.value for element in [*test.header, *test.markdown]).replace("\\", "")


def test_stories_come_in_the_order_of_their_files_and_what_names_no_early_place_is_under_more() -> None:
    names = [story.name for story in SHIPPED]
    assert names == library.names()
    orders = {name: read(library.path_of(name)).data.get("order", 99) for name in names}
    assert [story.name for story in SHIPPED if story.is_more] == [name for name in names if orders[name] >= 90]
    assert sum(not story.is_more for story in SHIPPED) == 10


@pytest.mark.parametrize("story", [story for story in SHIPPED if not story.is_more], ids=lambda story: story.name)
def test_every_story_has_a_picture_of_its_own_in_the_colours_of_all(story: Story) -> None:
    file = library.FOLDER / PICTURES / f"{story.name}.svg"
    assert story.picture == file.read_text(encoding="utf-8")
    assert home.STYLE in story.picture
    assert len(story.alt.split()) > 5
    known = set(re.findall(r"\.([a-z]+)", home.STYLE))
    used = {
        name for element in ElementTree.fromstring(story.picture).iter() for name in element.get("class", "").split()
    }
    assert used <= known
    assert not re.search(r"href|<script|\bon\w+=|(?:fill|stroke)=", story.picture)


def test_no_picture_is_of_a_scenario_that_is_gone() -> None:
    assert {file.stem for file in (library.FOLDER / PICTURES).iterdir()} <= set(library.names())


def test_a_scenario_without_a_picture_gets_one_of_its_journey(folder: Path) -> None:
    data = read(folder / "kiosk.yaml").data
    picture = told()["kiosk"].picture
    assert picture.count('class="teal paper"') == len(data["journey"])
    assert picture.count('class="bad"') == len({failure["at"] for failure in data["failures"]})
    assert picture.count('class="ink thin"') == sum(len(step.get("next", [])) for step in data["journey"])


@pytest.mark.attack
def test_nothing_that_an_author_wrote_gets_into_a_picture() -> None:
    evil = "<script>alert(1)</script>"
    steps = [{"id": evil, "label": evil, "department": evil, "next": [{"to": evil}, evil, 7]}, 3, {"next": evil}]
    picture = home.drawn({"journey": steps, "failures": [{"at": evil}, evil]})
    assert "script" not in picture
    ElementTree.fromstring(picture)
    ElementTree.fromstring(home.drawn({"journey": evil}))


def test_a_file_with_a_fault_is_last_and_says_so(folder: Path) -> None:
    (folder / "broken.yaml").write_text("order: 1\ntitle: [", encoding="utf-8")
    *_, last = told().values()
    assert (last.name, last.question, last.is_more) == ("broken", FAULTY, True)
    (folder / "odd.yaml").write_text("order: [1]\nquestion: {a: 1}\njourney: 3\n", encoding="utf-8")
    assert told()["odd"].question == FAULTY


def test_home_has_a_link_for_each_story_and_what_an_author_wrote_is_text(folder: Path) -> None:
    evil = KIOSK.replace("title: A kiosk", 'title: "<b>Bold</b> [x](http://y)"')
    (folder / "evil.yaml").write_text(f"order: 2\n{evil}", encoding="utf-8")
    test = app()
    assert not test.exception
    labels = [link.proto.label for link in test.get("page_link")]
    assert len(labels) == 2
    assert r"\<b\>Bold\</b\> \[x\](http\::color[]//y)" in labels[1]


def test_the_slider_to_start_with_is_the_first_that_the_boardroom_puts_forward() -> None:
    for name in library.names():
        scenario = library.load(name)
        forward = scenario.boardroom.levers or [lever.path for lever in scenario.levers]
        sliders = [path for path in forward if quantity_at(scenario, path).unit != NO_OR_YES]
        lever = home.start_lever(scenario)
        assert lever is not None
        assert lever.path == sliders[0]
        assert lever.path.replace(".", "-") in home.mark(scenario)


def test_a_scenario_without_levers_has_no_mark_and_a_label_is_text() -> None:
    lever = "levers:" + KIOSK.split("levers:")[1]
    assert home.mark(parse_scenario(KIOSK.replace(lever, ""), "kiosk")) == ""
    evil = KIOSK.replace("label: Carts", 'label: "<i>Carts</i>"')
    assert "<i>" not in home.mark(parse_scenario(evil, "kiosk"))


def test_a_link_to_an_unknown_scenario_is_said_and_no_other_is_shown() -> None:
    test = app("explore", scenario="tny<b>")
    assert "There is no scenario called “tny<b>” here" in said(test)
    assert not test.slider
    assert not test.exception


def test_a_scenario_with_faults_says_each_with_its_line(folder: Path) -> None:
    (folder / "bad.yaml").write_text(KIOSK.replace("currency: GBP", "currency: pounds"), encoding="utf-8")
    test = app("explore", scenario="bad")
    assert "This scenario cannot be used yet" in said(test)
    assert re.search(r"bad\.yaml, line \d+: currency: found", said(test))
    assert not test.exception


def test_what_nobody_foresaw_is_said_without_a_trace_and_still_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("ui.home.stories", broken)
    st.cache_data.clear()  # what another test had shown
    test = app()
    assert "Something went wrong on our side" in said(test)
    assert "secret" not in said(test)
    assert len(test.exception) == 1


def test_a_database_that_cannot_be_reached_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIPPLE_DATABASE", "mysql://nowhere/at_all")
    database.clear()
    test = app("explore", scenario="~aaaaaaaaaaaaaaaaaaaaaaaa")
    database.clear()
    assert "What is saved here cannot be reached just now" in said(test)
    assert "RIPPLE_DATABASE names no database" in said(test)
    assert not test.exception


def test_a_link_followed_later_in_a_visit_shows_its_scenario(folder: Path) -> None:
    (folder / "also.yaml").write_text(KIOSK.replace("title: A kiosk", "title: Also"), encoding="utf-8")

    def script() -> None:
        import streamlit as st

        from ui import controls
        from ui.session import visit

        visit.arrive(st.session_state.get("at", "explore"))
        controls.choose()

    test = AppTest.from_function(script)
    test.query_params["scenario"] = "also"
    assert test.run().selectbox[0].value == "also"
    test.session_state["at"] = "another page"
    test.query_params["scenario"] = "kiosk"
    assert test.run().selectbox[0].value == "kiosk"
    test.selectbox[0].set_value("also")
    assert test.run().selectbox[0].value == "also"  # the address still names the kiosk when this run begins
