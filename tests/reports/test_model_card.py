"""The model card says all that a scenario and the code know, in the guideline's order, and nothing as markup."""

import json
import re

import pytest

from sim.cli import commands as cli
from sim.experiments.library import load, names
from sim.outcomes.measures import MEASURES
from sim.reports.laws import chapters
from sim.reports.model_card import Card, markdown, model_card
from sim.scenario.files import parse_scenario
from sim.scenario.notices import notices_of
from sim.scenario.paths import settable
from sim.scenario.quantity import Quantity
from tests.scenario.kiosk import edited

# The items of STRESS-DES, by number.
ITEMS = [
    *("1.1", "1.2", "1.3"),
    *("2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5"),
    *("3.1", "3.2", "3.3", "3.4"),
    *("4.1", "4.2", "4.3"),
    *("5.1", "5.2", "5.3", "5.4"),
    "6.1",
]
HOSTILE = "Old <script> | [x](y) `z` *b* # &"
AS_TEXT = r"Old \<script\> \| \[x\](y) \`z\` \*b\* \# \&"


QUICK = ("tiny", "dodgy_trolley", "home_loan")


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in names()],
)
def card(request: pytest.FixtureRequest) -> Card:
    return model_card(request.param, load(request.param))


def test_sections_come_in_the_guidelines_order_and_what_is_beyond_it_after(card: Card) -> None:
    headings = re.findall(r"^## (\d)\. (.+)$", markdown(card), re.MULTILINE)
    titles = ["Objectives", "Logic", "Data", "Experimentation", "Implementation", "Code access"]
    assert headings[:6] == [(str(n), title) for n, title in enumerate(titles, 1)]
    assert [title for _, title in headings[6:]] == ["Checks", "Known limits"]
    items = re.findall(r"^### ([\d.]+) ", markdown(card), re.MULTILINE)
    assert items[: len(ITEMS)] == ITEMS


def test_it_says_when_customers_decide_and_what_they_have_paid() -> None:
    after = markdown(model_card("tiny", load("tiny")))
    before = markdown(model_card("home_loan", load("home_loan")))
    assert "when a draw after a visit says so" in after
    assert "who leaves for good makes no visit and pays nothing" not in after
    assert "when a draw before a visit that is due, which is then none, says so" in before
    assert "who leaves for good makes no visit and pays nothing" in before


def test_every_quantity_and_switch_is_an_input(card: Card) -> None:
    rows = {row["path"]: row for table in _item(card, "3.3") for row in table["rows"]}
    for path, found in settable(load(card["scenario"])):
        if isinstance(found, Quantity):
            assert rows[path] == {
                "path": path,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "unit": found.unit,
                "grade": found.evidence,
                "source": found.source,
            }
        else:
            assert rows[path] == {"path": path, "on": found}
        assert f"\n| `{path}` |" in markdown(card)


def _item(card: Card, number: str) -> list[dict[str, list[dict[str, object]]]]:
    """The tables of one item."""
    items = [item for section in card["sections"] for item in section["items"]]
    return next(list(item["tables"]) for item in items if item["number"] == number)


def test_what_is_hardly_meant_is_told_with_its_place(card: Card) -> None:
    found = notices_of(load(card["scenario"]))
    (table,) = _item(card, "8.2")
    assert table["rows"] == [{"path": notice.path, "notice": notice.message} for notice in found]
    assert ("Nothing was found." in markdown(card)) is (not found)


def test_every_touchpoint_fix_lever_law_and_measure_is_there(card: Card) -> None:
    text, scenario = markdown(card), load(card["scenario"])
    named = [*scenario.journey, *scenario.failures, *scenario.fixes, *scenario.presets, *scenario.resources]
    for name in [part.id for part in named] + [lever.path for lever in scenario.levers] + list(MEASURES):
        assert f"`{name}`" in text, name
    for chapter in chapters():
        assert all(f"`{chapter.name}.{law.name}`" in text for law in chapter.laws)


def test_it_says_what_it_is_not_for_and_how_it_is_checked() -> None:
    text = markdown(model_card("tiny", load("tiny")))
    for said in ("It is not evidence", "score, rank or treat people", "python -m sim verify", "bit for bit"):
        assert said in text


@pytest.mark.attack
def test_a_hostile_label_stays_text() -> None:
    hostile = ("label: A wobbling cart", f"label: '{HOSTILE}'"), ("label: Shelves", f"label: '{HOSTILE}'")
    text = markdown(model_card("kiosk.yaml", parse_scenario(edited(*hostile), "kiosk.yaml")))
    assert text.count(AS_TEXT) >= 4
    assert not re.search(r"(?<!\\)<", text)
    assert not re.search(r"(?<!\\)\[x", text)
    failing = next(line for line in text.splitlines() if line.startswith("| `wobble` |"))
    assert len(re.findall(r"(?<!\\)\|", failing)) == 7


def test_of_a_path_only_the_files_name_is_told() -> None:
    assert "/secret/" not in markdown(model_card("/secret/place/kiosk.yaml", load("tiny")))


def test_the_command_writes_the_card_and_with_json_the_same_as_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = model_card("tiny", load("tiny"))
    assert _said(monkeypatch, capsys) == markdown(expected)
    assert json.loads(_said(monkeypatch, capsys, "--json")) == json.loads(json.dumps(expected))


def _said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    monkeypatch.setattr("sys.argv", ["sim", "describe", "tiny", "--card", *options])
    assert cli.main() == 0
    return capsys.readouterr().out
