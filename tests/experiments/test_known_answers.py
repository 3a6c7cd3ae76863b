"""The file of known answers, and what is said of one that is wrong."""

from pathlib import Path
from shutil import copytree

import pytest

from sim.experiments.verification.known_answers import FILE, read_known_answers
from sim.scenario.faults import ScenarioError

TEXT = FILE.read_text(encoding="utf-8")
FIRST = "  - id: story_store\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A copy of the known answers beside their scenarios, to be edited."""
    folder = tmp_path / "known_answers"
    copytree(FILE.parent, folder)
    (tmp_path / "dodgy_trolley_story.yaml").write_bytes((FILE.parents[1] / "dodgy_trolley_story.yaml").read_bytes())
    return folder / FILE.name


def edited(file: Path, old: str, new: str) -> None:
    assert TEXT.count(old) >= 1, old
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")


def faults(file: Path) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        read_known_answers(file)
    return [str(fault) for fault in refused.value.faults]


def line_of(file: Path, text: str) -> int:
    found = file.read_text(encoding="utf-8")
    return found[: found.index(text)].count("\n") + 1


def test_answers_on_the_same_scenario_and_settings_share_a_world() -> None:
    worlds = read_known_answers().worlds
    assert worlds["call_centre_waits"] is worlds["call_centre_busy"]
    assert worlds["call_centre_waits"] is not worlds["engaged_line"]
    assert worlds["one_server_people"].resources[0].servers.value == 1


def test_a_row_more_is_a_check_more(file: Path) -> None:
    start = TEXT.index("  - id: call_centre_busy")
    row = TEXT[start : TEXT.index("  - id: engaged_line")].replace("id: call_centre_busy", "id: half_as_long")
    more = row.replace("queue.yaml\n", "queue.yaml\n    set: {journey.call.minutes.mean: 1.5}\n")
    edited(file, "\n# ---- fits and formulas", f"\n{more}\n# ---- fits and formulas")
    known = read_known_answers(file)
    assert known.answers[-1].id == "half_as_long"
    assert known.worlds["half_as_long"].journey[0].minutes.mean.value == 1.5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "id: story_chain",
            "id: story_store",
            'answers.story_store.id: found "story_store" again; allowed: each id once',
        ),
        (
            "proves: story\n",
            "proves: storey\n",
            'answers.story_store.proves: found "storey"; allowed: story, queues, repairs, customers, ',
        ),
        ("theory: 49869.12", "theory: lots", 'answers.story_store.theory: found "lots" (text); allowed: a number'),
        ("replications: 16", "replications: 1", "answers.story_store.replications: found 1; allowed: a whole number"),
        ("at_most: 150 ", "at_most: 0 ", "answers.story_store.half_width_at_most: found 0; allowed: a number above 0"),
        ("unit: GBP a year", "units: GBP a year", "answers.story_store.units: unknown key"),
        (
            "reading: mean_wait",
            "reading: mean_wate",
            'answers.one_server_wait.reading: found "mean_wate"; allowed: a measure, or in_system, in_queue, ',
        ),
        (
            "reading: in_system",
            "reading: in_system\n    at: 3",
            "answers.one_server_people.at: found 3; allowed: nothing, as in_system asks for nothing",
        ),
        (
            "at: 0.3333333333333333",
            "times: 1",
            "answers.call_centre_answered.at: missing; needed: minutes, which waited_at_most asks for",
        ),
        (
            "id: cdnow_r\n",
            "id: story_store\n",
            'fitted.story_store.id: found "story_store" again; allowed: each id once',
        ),
        (
            "figure: alpha\n",
            "figure: alfa\n",
            'fitted.cdnow_alpha.figure: found "alfa"; allowed: r, alpha, a, b, log_likelihood',
        ),
        (
            "formula: gupta_lehmann",
            "formula: gupta",
            'fitted.constant_retention_80.computed: found formula "gupta" (text); allowed: bg_nbd, bg_nbd_purchases, ',
        ),
        (
            "formula: gupta_lehmann, ",
            "",
            "fitted.constant_retention_80.computed: found formula nothing; allowed: bg_nbd, bg_nbd_purchases, ",
        ),
        (
            "retention: 0.8,",
            "retention: 80,",
            "fitted.constant_retention_80.computed.retention: found 80; allowed: a number from 0 to 1",
        ),
        (
            "customers: data/cdnow.csv, weeks",
            "customers: data/cdnew.csv, weeks",
            'fitted.cdnow_expected.computed.customers: found "data/cdnew.csv"; allowed: a CSV file with columns ',
        ),
        (
            "customers: data/cdnow.csv, weeks",
            "customers: queue.yaml, weeks",
            'fitted.cdnow_expected.computed.customers: found "queue.yaml"; allowed: a CSV file with columns ',
        ),
        ("within: 0.05\n", "within: 0\n", "within: found 0; allowed: a number above 0"),
        (
            "{journey.counter.minutes.log_sd: 0.6}",
            "{journey.counter.minutes.log_sd: 6}",
            "answers.uneven_service_wait.set.journey.counter.minutes.log_sd: found 6; allowed: a number from 0 to 3",
        ),
        (
            "{journey.counter.minutes.log_sd: 0.6}",
            "{journey.till.minutes.log_sd: 0.6}",
            'uneven_service_wait.set.journey.till.minutes.log_sd: found "journey.till.minutes.log_sd"; allowed: ',
        ),
    ],
)
def test_a_wrong_row_is_told_by_file_line_and_path(file: Path, old: str, new: str, said: str) -> None:
    edited(file, old, new)
    found = faults(file)
    assert any(said in fault for fault in found), found
    assert all(fault.startswith(f"{file}:") and fault.split(":")[1].isdecimal() for fault in found)


def test_the_line_is_that_of_the_value(file: Path) -> None:
    edited(file, "{journey.counter.minutes.log_sd: 0.6}", "{journey.counter.minutes.log_sd: 6}")
    (fault,) = faults(file)
    assert fault.startswith(f"{file}:{line_of(file, 'log_sd: 6}')}: ")


def test_a_row_of_a_fit_more_is_a_check_more(file: Path) -> None:
    row = TEXT[TEXT.index("  - id: constant_retention_80") : TEXT.index("  - id: constant_retention_90")]
    more = row.replace("id: constant_retention_80", "id: half_stay").replace("0.8,", "0.5,", 1)
    edited(file, "\n# ---- known answers that are not checked", f"\n{more}\n# ----")
    known = read_known_answers(file).only("half_stay")
    assert [answer.id for answer in known.every] == ["half_stay"]


def test_a_scenario_that_is_not_there_is_said_to_be_missing(file: Path) -> None:
    edited(file, "scenario: counter.yaml", "scenario: till.yaml")
    assert faults(file) == [f"{file.parent / 'till.yaml'}: cannot be read: No such file or directory"]


@pytest.mark.parametrize("scenario", sorted(FILE.parent.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_of_the_folder_is_commented_and_used(scenario: Path) -> None:
    assert scenario.read_text(encoding="utf-8").startswith("# ")
    assert scenario == FILE or f"scenario: {scenario.name}" in TEXT
