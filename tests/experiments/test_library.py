import re
from pathlib import Path

import pytest

from sim.experiments import library
from sim.experiments.library import FOLDER, load, names, path_of
from sim.scenario.faults import ScenarioError
from sim.scenario.files import read_scenario
from tests.scenario.kiosk import KIOSK, edited, line_of


def refused(name_or_path: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        load(name_or_path)
    return str(error.value).splitlines()


def test_a_name_and_its_path_mean_the_same_scenario() -> None:
    for name in names():
        assert path_of(name) == FOLDER / f"{name}.yaml"
    assert load("tiny") == load(str(FOLDER / "tiny.yaml")) == read_scenario(FOLDER / "tiny.yaml")


@pytest.mark.parametrize("path", ["mine.yaml", "mine.yml", "folder/mine", "/tmp/mine.yaml"])
def test_what_looks_like_a_path_is_one(path: str) -> None:
    assert path_of(path) == Path(path)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("tinny", '; did you mean "tiny"?'), ("dodgy_troley", '; did you mean "dodgy_trolley"?'), ("xyz", "")],
)
def test_an_unknown_name_is_answered_with_the_nearest_and_all_there_are(name: str, hint: str) -> None:
    allowed = f"a path to a .yaml file, or one of {', '.join(names())}{hint}"
    assert refused(name) == [f'scenario: found "{name}"; allowed: {allowed}']


@pytest.mark.parametrize("name", ["", ".", "..", "tiny.txt", "TINY"])
def test_odd_names_are_refused_in_one_line(name: str) -> None:
    assert len(refused(name)) == 1


def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert refused(str(tmp_path / "none.yaml")) == [f"{tmp_path}/none.yaml: cannot be read: No such file or directory"]
    assert refused(str(tmp_path)) == [f"{tmp_path}: cannot be read: it is not a file"]


@pytest.mark.parametrize(
    ("old", "new", "path", "hint"),
    [
        ("headline: revenue", "headline: revenu", "headline", '; did you mean "revenue"?'),
        ("measure: reports", "measure: report", "why[0].measure", '; did you mean "reports"?'),
        ("outcome: bad_trip_share", "outcome: xyz", "levers[0].outcome", ""),
        ("use: reports", "use: uses", "fixes.half_again.costs.use", ""),
    ],
)
def test_a_measure_that_there_is_not_is_a_fault_with_its_line(
    tmp_path: Path, old: str, new: str, path: str, hint: str
) -> None:
    text, file = edited((old, new)), tmp_path / "kiosk.yaml"
    file.write_text(text, encoding="utf-8")
    found = new.partition(": ")[2]
    allowed = f"a measure that `python -m sim measures` lists{hint}"
    assert refused(str(file)) == [f'{file}:{line_of(text, new)}: {path}: found "{found}"; allowed: {allowed}']


def test_scenarios_are_in_the_order_that_their_files_ask_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, order in {"a": "", "b": "order: 2\n", "c": "order: 1\n", "d": "order: [1]\n", "e": "order: 1\n"}.items():
        (tmp_path / f"{name}.yaml").write_text(order + KIOSK, encoding="utf-8")
    (tmp_path / "f.yaml").write_text("order: 1\n: {", encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    assert names() == ["c", "e", "b", "a", "d", "f"]  # what cannot be read is listed all the same


@pytest.mark.parametrize("folder", ["sim", "ui", "app_pages"])
def test_no_code_knows_a_scenario_by_name(folder: str) -> None:
    known = re.compile(rf"""["']({"|".join(names())})["'.]""")
    for file in (FOLDER.parent / folder).rglob("*.py"):
        assert known.findall(file.read_text(encoding="utf-8")) == [], file


def test_the_kiosk_names_only_measures_that_there_are(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.yml"
    file.write_text(KIOSK, encoding="utf-8")
    assert load(str(file)).headline == "revenue"
