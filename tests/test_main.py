import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer

from sim.cli import commands as cli
from sim.experiments import plain, runs
from sim.experiments.library import load, names
from sim.experiments.plain import alike
from sim.experiments.runs import Effort
from sim.outcomes.measures import MEASURES
from sim.scenario.notices import notices_of
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.scenario.kiosk import KIOSK, edited, line_of
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[1]
SHORT = ("--weeks", "1", "--replications", "2")
POOL = "assets.trolleys.pool=14"
HEAD = ["scenario", "seed", "replications", "engine", "sets", "fixes", "notices"]


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


def checked(done: Done) -> Done:
    """Whatever is asked, nobody is shown a traceback or a number that is none."""
    assert "Traceback" not in done.out + done.err
    assert "NaN" not in done.out
    return done


@pytest.fixture
def ripple(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `python -m sim` with these arguments in this process."""

    def run(*args: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["sim", *args])
        capsys.readouterr()
        code = cli.main()
        return checked(Done(code, *capsys.readouterr()))

    return run


def process(*args: str) -> Done:
    """Runs `python -m sim` with these arguments as people do."""
    command = [sys.executable, "-m", "sim", *args]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return checked(Done(done.returncode, done.stdout, done.stderr))


def one_json(done: Done) -> Any:
    """The one JSON document that standard output is."""
    assert done.code == 0
    assert done.out.endswith("\n")
    return json.loads(done.out)


def said(done: Done) -> str:
    """What standard error says on one line, however it was broken for a terminal."""
    return " ".join(done.err.replace("│", " ").split())


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: Any) -> None:
        raise AssertionError("something was simulated")

    monkeypatch.setattr(runs, "simulate", forbidden)


# ---- what there is ---------------------------------------------------------------------------------------


def test_list_names_every_scenario_with_its_question(ripple: Run) -> None:
    rows = one_json(ripple("list", "--json"))
    assert rows == [{"name": name, "title": load(name).title, "question": load(name).question} for name in names()]
    text = ripple("list").out
    for row in rows:
        assert any(row["name"] in line and row["question"] in line for line in text.splitlines())


def test_schema_is_the_scenarios_with_or_without_json(ripple: Run) -> None:
    assert one_json(ripple("schema")) == Scenario.model_json_schema()
    assert ripple("schema", "--json").out == ripple("schema").out


def test_measures_lists_every_measure(ripple: Run) -> None:
    assert one_json(ripple("measures", "--json")) == plain.measure_rows()
    text = ripple("measures").out
    assert all(f"\n{name} " in text for name in MEASURES)


def test_levers_are_listed_with_all_that_moves_them(ripple: Run) -> None:
    rows = one_json(ripple("levers", "dodgy_trolley", "--json"))
    keys = ["path", "label", "unit", "min", "max", "step", "default", "direction", "outcome"]
    assert [list(row) for row in rows] == [keys] * len(load("dodgy_trolley").levers)
    assert rows == plain.lever_rows(load("dodgy_trolley"))
    text = ripple("levers", "dodgy_trolley").out
    assert all(row["path"] in text and row["label"] in text for row in rows)


def test_describe_tells_the_story_and_where_every_number_comes_from(ripple: Run) -> None:
    description = one_json(ripple("describe", "dodgy_trolley", "--json"))
    assert list(description) == [
        *("scenario", "title", "question", "story", "currency", "weeks", "headline"),
        *("failures", "fixes", "levers", "sources", "notices"),
    ]
    text = ripple("describe", "dodgy_trolley").out
    for row in (*description["failures"], *description["fixes"]):
        assert row["id"] in text
    for row in description["sources"]:
        assert row["path"] in text


def test_a_path_to_a_file_is_as_good_as_a_name(ripple: Run, tmp_path: Path) -> None:
    file = tmp_path / "kiosk.yaml"
    file.write_text(KIOSK, encoding="utf-8")
    assert one_json(ripple("levers", str(file), "--json"))[0]["path"] == "assets.carts.pool"
    assert one_json(ripple("run", str(file), *SHORT, "--json"))["scenario"] == str(file)


# ---- check -----------------------------------------------------------------------------------------------


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A file with two faults, at the end of a path longer than a terminal is wide."""
    folder = tmp_path / ("deep" * 30)
    folder.mkdir()
    file = folder / "bad.yaml"
    file.write_text(edited(("weeks: 4", "weeks: 0"), ("breaks: 0.01", "breaks: 1.5")), encoding="utf-8")
    return file


def faults_of(bad: Path) -> list[dict[str, Any]]:
    text = bad.read_text(encoding="utf-8")
    weeks = {"path": "weeks", "message": "found 0; allowed: a whole number from 1 to 1040"}
    breaks = {"path": "assets.carts.breaks", "message": "found 1.5; allowed: a number from 0 to 1"}
    return [
        {"file": str(bad), "line": line_of(text, "weeks: 0"), **weeks},
        {"file": str(bad), "line": line_of(text, "breaks: 1.5"), **breaks},
    ]


@pytest.mark.parametrize("name", names())
def test_check_finds_every_shipped_scenario_fine(ripple: Run, name: str) -> None:
    notices = plain.notice_rows(notices_of(load(name)))
    assert one_json(ripple("check", name, "--json")) == {"file": name, "fine": True, "faults": [], "notices": notices}
    done = ripple("check", name)
    assert done.code == 0
    assert done.out.startswith(f"{name}: fine. {load(name).title}")


def test_check_lists_every_fault_of_a_bad_file_a_line_each(ripple: Run, bad: Path) -> None:
    done = ripple("check", str(bad))
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        f"{fault['file']}:{fault['line']}: {fault['path']}: {fault['message']}" for fault in faults_of(bad)
    ]


def test_check_as_json_tells_the_faults_apart(ripple: Run, bad: Path) -> None:
    done = ripple("check", str(bad), "--json")
    assert done.code == 2
    assert json.loads(done.out) == {"file": str(bad), "fine": False, "faults": faults_of(bad), "notices": []}


@pytest.fixture
def hardly_meant(tmp_path: Path) -> Path:
    """A file without a fault, in which one thing is probably not meant."""
    file = tmp_path / "hardly.yaml"
    file.write_text(edited(("minutes: {mean: 10}", "minutes: {mean: {low: 5, mode: 7, high: 10}}")), encoding="utf-8")
    return file


def test_check_lists_notices_after_saying_that_there_is_no_fault(ripple: Run, hardly_meant: Path) -> None:
    done = ripple("check", str(hardly_meant))
    assert (done.code, done.err) == (0, "")
    first, count, notice = done.out.splitlines()
    assert first.startswith(f"{hardly_meant}: fine. ")
    assert count == "One notice: legal, and probably not meant."
    line = line_of(hardly_meant.read_text(encoding="utf-8"), "low: 5")
    assert notice.startswith(f"{hardly_meant}:{line}: journey.shelves.minutes.mean: found 5 to 10 under law: fixed")


@pytest.mark.parametrize("command", [("describe",), ("run", *SHORT), ("compare", *SHORT), ("curve", *SHORT)])
def test_notices_stop_nothing_and_are_said_once(ripple: Run, hardly_meant: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    path = ["assets.carts.pool"] if name == "curve" else []
    done = ripple(name, str(hardly_meant), *path, *options)
    assert done.code == 0
    assert done.out.count("found 5 to 10 under law: fixed") == 1
    assert "One notice: legal, and probably not meant." in done.out
    (notice,) = one_json(ripple(name, str(hardly_meant), *path, *options, "--json"))["notices"]
    assert list(notice) == ["path", "message"]
    assert notice["path"] == "journey.shelves.minutes.mean"


def test_a_lever_that_is_set_makes_a_notice(ripple: Run) -> None:
    slow = ("--set", "failures.queue.on=false", "--set", "journey.checkout.minutes.mean=60")
    report = one_json(ripple("run", "tiny", *SHORT, *slow, "--json"))
    assert [notice["path"] for notice in report["notices"]] == ["resources.tills.servers"]
    assert one_json(ripple("run", "tiny", *SHORT, "--json"))["notices"] == []


def test_check_of_a_file_that_is_not_there_says_so(ripple: Run, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.yaml")
    done = ripple("check", missing)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"{missing}: cannot be read: No such file or directory\n"
    report = json.loads(ripple("check", missing, "--json").out)
    assert report["faults"] == [
        {"file": missing, "line": None, "path": "", "message": "cannot be read: No such file or directory"}
    ]


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("command", ["run", "compare", "levers", "describe"])
def test_with_a_bad_file_nothing_runs(ripple: Run, bad: Path, command: str) -> None:
    done = ripple(command, str(bad), "--json")
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 2


# ---- run -------------------------------------------------------------------------------------------------


def test_run_as_json_is_one_object_with_every_measure(ripple: Run) -> None:
    report = one_json(
        ripple(
            *("run", "tiny", *SHORT, "--seed", "3", "--json"),
            *(
                "--set",
                "assets.trolleys.breaks=0.02",
                "--set",
                "failures.queue.on=false",
                "--set",
                "customers.base=250",
            ),
            *("--fix", "five_more_trolleys"),
        )
    )
    assert list(report) == [*HEAD, "measures"]
    sets = {"assets.trolleys.breaks": 0.02, "failures.queue.on": False, "customers.base": 250}
    assert {name: report[name] for name in HEAD} == {
        "scenario": "tiny",
        "seed": 3,
        "replications": 2,
        "engine": "compiled",
        "sets": sets,
        "fixes": ["five_more_trolleys"],
        "notices": [],
    }
    world = world_of(load("tiny").model_copy(update={"weeks": 1}), sets, ["five_more_trolleys"])
    assert report["measures"] == alike(plain.measures_report(runs.run(world, Effort(3, 2))))
    assert list(report["measures"]) == list(MEASURES)
    assert all(list(figure) == ["mean", "low", "high", "unit"] for figure in report["measures"].values())


def test_run_shows_every_measure_with_its_interval(ripple: Run) -> None:
    done = ripple("run", "tiny", *SHORT)
    assert done.code == 0
    for name in MEASURES:
        assert f"\n{name} " in done.out
    assert "visits a year" in done.out
    assert " to " in done.out


def test_a_number_that_is_missing_is_null_and_said_to_be(ripple: Run) -> None:
    once = ("run", "tiny", "--weeks", "1", "--replications", "1")
    revenue = one_json(ripple(*once, "--json"))["measures"]["revenue"]
    assert revenue["mean"] > 0
    assert (revenue["low"], revenue["high"]) == (None, None)
    assert "(one run: no interval)" in ripple(*once).out
    nobody = (*once, "--customers", "0", "--set", "customers.newcomers_per_week=0")
    assert one_json(ripple(*nobody, "--json"))["measures"]["basket_value"]["mean"] is None
    assert "not measured" in ripple(*nobody).out


def test_the_same_seed_is_the_same_luck(ripple: Run) -> None:
    first, again, other = (ripple("run", "tiny", *SHORT, "--seed", seed, "--json").out for seed in ("1", "1", "2"))
    assert first == again
    assert json.loads(first)["measures"] != json.loads(other)["measures"]


def test_ten_replications_of_seed_1_are_run_unless_said_otherwise(ripple: Run) -> None:
    report = one_json(ripple("run", "tiny", "--weeks", "1", "--json"))
    assert (report["seed"], report["replications"], report["sets"], report["fixes"]) == (1, 10, {}, [])


def test_weeks_are_those_asked_for(ripple: Run) -> None:
    report = one_json(ripple("run", "tiny", "--weeks", "2", "--replications", "1", "--json"))
    assert report["measures"]["lifetime_revenue"]["unit"] == "GBP a customer in 2 weeks"


@pytest.mark.parametrize("command", ["run", "compare"])
def test_other_customers_are_warned_of_on_standard_error_alone(ripple: Run, command: str) -> None:
    done = ripple(command, "tiny", *SHORT, "--customers", "150", "--json")
    assert "Warning: --customers 150 changes only how many customers there are" in said(done)
    report = one_json(done)
    measures = report["measures" if command == "run" else "baseline"]
    half = one_json(ripple("run", "tiny", *SHORT, "--json"))["measures"]["visits"]["mean"]
    assert measures["visits"]["mean"] == pytest.approx(half / 2, rel=0.25)
    assert report["sets"] == {}


# ---- compare ---------------------------------------------------------------------------------------------


def test_compare_as_json_is_one_object_with_both_worlds_and_their_difference(ripple: Run) -> None:
    report = one_json(ripple("compare", "tiny", *SHORT, "--fix", "five_more_trolleys", "--json"))
    parts = ["baseline", "world", "difference", "lost_by_failure_point", "verdict", "variance_ratio"]
    assert list(report) == [*HEAD, *parts]
    for part in ("baseline", "world", "difference"):
        assert list(report[part]) == list(MEASURES)
        assert all(list(figure) == ["mean", "low", "high", "unit"] for figure in report[part].values())
    assert list(report["lost_by_failure_point"]) == [failure.id for failure in load("tiny").failures]
    difference = report["world"]["revenue"]["mean"] - report["baseline"]["revenue"]["mean"]
    assert report["difference"]["revenue"]["mean"] == pytest.approx(difference)
    baseline = load("tiny").model_copy(update={"weeks": 1})
    compared = runs.compare(baseline, world_of(baseline, fixes=["five_more_trolleys"]), Effort(1, 2))
    assert {part: report[part] for part in parts} == alike(plain.comparison_report(compared))


def test_a_scenario_beside_itself_shows_no_difference(ripple: Run) -> None:
    report = one_json(ripple("compare", "tiny", *SHORT, "--json"))
    assert set(report["verdict"].values()) <= {"no difference", "not measured"}
    assert {figure["mean"] for figure in report["difference"].values()} <= {0, None}


def test_compare_shows_both_worlds_in_words_and_what_is_lost_where(ripple: Run) -> None:
    done = ripple("compare", "tiny", *SHORT, "--set", "assets.trolleys.pool=30")
    assert done.code == 0
    (revenue,) = [line for line in done.out.splitlines() if line.startswith("revenue ")]
    assert any(words in revenue for words in ("higher", "lower", "no difference", "not distinguishable yet"))
    for failure in load("tiny").failures:
        assert f"\n{failure.id} " in done.out


# ---- what is refused -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("command", ["run", "compare"])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "assets.trolleys.pool"], 'found "assets.trolleys.pool"; allowed: PATH=VALUE with a number, true or'),
        (["--set", "assets.trolleys.pool="], 'found "assets.trolleys.pool="; allowed: PATH=VALUE'),
        (["--set", "assets.trolleys.pool=many"], 'found "assets.trolleys.pool=many"; allowed: PATH=VALUE'),
        (["--set", "failures.wheel.on=True"], 'found "failures.wheel.on=True"; allowed: PATH=VALUE'),
        (["--set", "=5"], 'found ""; allowed: the path of a quantity or switch'),
        (["--set", "assets.trolleys.pol=5"], 'did you mean "assets.trolleys.pool"?'),
        (["--set", "assets.trolleys.pool=nan"], "assets.trolleys.pool: found nan; allowed: a finite number"),
        (["--set", "assets.trolleys.pool=1e999"], "assets.trolleys.pool: found inf; allowed: a finite number"),
        (["--set", "assets.trolleys.pool=-1"], "found -1; allowed: a whole number from 0 to 100000"),
        (["--set", "assets.trolleys.pool=true"], "found true; allowed: a number"),
        (["--set", "failures.wheel.on=1"], "found 1; allowed: true or false"),
        (["--set", "segments.regulars.share=0.9"], "segments: shares sum to 1.2; allowed: a sum of 1"),
        (["--fix", "more_trolleys"], 'found "more_trolleys"; allowed: five_more_trolleys'),
        (["--replications", "0"], "Invalid value for '--replications'"),
        (["--seed", "-1"], "Invalid value for '--seed'"),
        (["--weeks", "0"], "Invalid value for '--weeks'"),
        (["--customers", "-1"], "Invalid value for '--customers'"),
        (["--customers", "many"], "Invalid value for '--customers'"),
        (["--nonsense"], "No such option: --nonsense"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_before_anything_runs(
    ripple: Run, command: str, options: list[str], words: str
) -> None:
    done = ripple(command, "tiny", *options, "--json")
    assert (done.code, done.out) == (2, "")
    assert words in said(done)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("command", ["run", "compare"])
@pytest.mark.parametrize(
    ("ledger", "words"),
    [
        ("nowhere/visits.parquet", "which is no folder; allowed: a folder that exists"),
        ("visits.csv", "allowed: a file whose name ends in .parquet"),
        ("folder.parquet", "a folder; allowed: a file"),
        ("file.parquet/visits.parquet", "which is no folder; allowed: a folder that exists"),
    ],
)
def test_a_ledger_that_cannot_be_written_is_refused_before_anything_runs(
    ripple: Run, tmp_path: Path, command: str, ledger: str, words: str
) -> None:
    (tmp_path / "folder.parquet").mkdir()
    (tmp_path / "file.parquet").touch()
    done = ripple(command, "tiny", *SHORT, "--ledger", str(tmp_path / ledger))
    assert (done.code, done.out) == (2, "")
    assert words in said(done)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.parquet", "folder.parquet"]


def test_an_unknown_scenario_or_command_is_refused(ripple: Run) -> None:
    done = ripple("run", "tinny")
    assert (done.code, done.out) == (2, "")
    assert 'did you mean "tiny"?' in said(done)
    assert ripple("simulate", "tiny").code == 2
    assert ripple("run").code == 2


def test_a_fault_of_ripples_own_is_one_line_and_exit_code_1(ripple: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(runs, "simulate", broken)
    done = ripple("run", "tiny", *SHORT, "--json")
    assert (done.code, done.out) == (1, "")
    assert said(done) == "Ripple itself failed: ZeroDivisionError: by zero"


# ---- the ledger ------------------------------------------------------------------------------------------

FAILURES = ("wheel", "empty_bay", "queue", "refused")
COLUMNS = {
    "visits": [
        *("replication", "site", "customer", "visit", "week", "segment", "channel", "trip_type"),
        *("spend", *(f"lost_{failure}" for failure in FAILURES), "recaptured", "revenue", "refund"),
        *("wait_checkout_minutes", "wait_desk_minutes", "queued_checkout_times", "queued_desk_times", "bad_asset"),
        *(f"response_{failure}" for failure in FAILURES),
        *("contacts", "experience", "satisfaction", "handled_minutes", "expectation", "trust", "delivered"),
        *("promise_kept", "survey_score", "answered", "complained", "solved_first", "cross_sold", "prospect"),
        *("completed", "left"),
    ],
    "customers": ["replication", "site", "customer", "segment", "joined", "source", "left"],
    "resources": [
        *("replication", "site", "week", "kind", "resource"),
        *("queue", "busy", "availability", "reports", "refusals", "repairs", "shortages"),
    ],
}


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_ledger_is_three_tables_with_every_column_and_whole_money(ripple: Run, tmp_path: Path, command: str) -> None:
    ledger = tmp_path / "visits.parquet"
    report = one_json(ripple(command, "tiny", *SHORT, "--fix", "five_more_trolleys", "--ledger", str(ledger), "--json"))
    files = {"visits": ledger, **{name: tmp_path / f"visits_{name}.parquet" for name in ("customers", "resources")}}
    assert sorted(tmp_path.iterdir()) == sorted(files.values())
    tables = {name: pq.read_table(path) for name, path in files.items()}
    assert {name: table.column_names for name, table in tables.items()} == COLUMNS
    visits = tables["visits"]
    for name in ("spend", "recaptured", "revenue", *(f"lost_{failure}" for failure in FAILURES)):
        assert visits.schema.field(name).type == pa.int64()
    a_year = 365 / 7 / 2  # of two replications of one week
    shown = report["measures" if command == "run" else "world"]["revenue"]["mean"]
    assert sum(visits["revenue"].to_pylist()) / 100 * a_year == pytest.approx(shown)


# ---- as a process ----------------------------------------------------------------------------------------


def read_all(descriptor: int) -> str:
    """Everything a terminal was told."""
    told = b""
    while True:
        try:
            part = os.read(descriptor, 4096)
        except OSError:  # the last writer is gone
            return told.decode()
        if not part:
            return told.decode()
        told += part


def test_progress_goes_to_standard_error_and_standard_output_is_one_json_document() -> None:
    terminal, told = pty.openpty()
    command = [sys.executable, "-m", "sim", "run", "tiny", *SHORT, "--json"]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=told, text=True, timeout=PATIENCE, check=True
    )
    os.close(told)
    shown = read_all(terminal)
    os.close(terminal)
    assert list(json.loads(done.stdout)) == [*HEAD, "measures"]
    assert "Simulating A tiny shop" in shown
    assert "%" in shown


def test_bad_input_ends_a_process_with_2_and_nothing_on_standard_output() -> None:
    done = process("run", "tiny", "--set", "assets.trolleys.pool=-1", "--json")
    assert (done.code, done.out) == (2, "")
    assert done.err == "set: assets.trolleys.pool: found -1; allowed: a whole number from 0 to 100000\n"


def test_a_reader_that_stops_reading_is_not_complained_of() -> None:
    readable, writable = os.pipe()
    os.close(readable)
    command = [sys.executable, "-m", "sim", "schema"]
    done = subprocess.run(
        command, cwd=ROOT, stdout=writable, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False
    )
    os.close(writable)
    assert done.stderr == ""


@pytest.fixture
def folder_of_a_run(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    assert list(tmp_path.iterdir()) == []  # whatever happened, nothing half-written


@pytest.mark.attack
@pytest.mark.parametrize(
    ("replications", "ends"), [("400", signal.SIGINT), ("4000", signal.SIGINT), ("4000", signal.SIGTERM)]
)
def test_an_interrupted_run_ends_with_130_and_writes_nothing(
    folder_of_a_run: Path, replications: str, ends: signal.Signals
) -> None:
    ledger = str(folder_of_a_run / "visits.parquet")
    options = ("--replications", replications, "--ledger", ledger, "--json")
    running = subprocess.Popen(
        [sys.executable, "-m", "sim", "run", "tiny", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: list(folder_of_a_run.iterdir()))  # the folder of parts: simulation begins
    time.sleep(0.3)
    os.killpg(running.pid, ends)  # as a terminal does: the program and all its processes
    done = checked(Done(-1, *running.communicate(timeout=PATIENCE)))
    assert (running.returncode, done.out) == (130, "")
    assert said(done) == "Interrupted: nothing was written."


# ---- help ------------------------------------------------------------------------------------------------


def commands() -> dict[str, click.Command]:
    group = typer.main.get_command(cli.app)
    return dict(group.commands)  # type: ignore[attr-defined]


def test_there_are_these_commands() -> None:
    told = ["list", "check", "schema", "measures", "levers", "describe", "run", "compare", "attribute", "verify"]
    told += ["answer", "curve", "lifetime", "case", "portfolio", "trial", "chain", "page"]
    assert sorted(commands()) == sorted(told)


def test_every_command_option_and_argument_has_help() -> None:
    for name, command in commands().items():
        assert command.help, name
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_help_names_every_command_and_run_every_option(ripple: Run) -> None:
    done = ripple("--help")
    assert done.code == 0
    for name in commands():
        assert f" {name} " in done.out
    options = ["--set", "--fix", "--replications", "--seed", "--customers", "--weeks", "--engine", "--until"]
    for option in (*options, "--at-most", "--budget", "--ledger", "--json"):
        for command in ("run", "compare"):
            assert option in ripple(command, "--help").out


def test_every_command_can_speak_json() -> None:
    for name, command in commands().items():
        assert "--json" in [option for parameter in command.params for option in parameter.opts], name


# ---- how far to go, on what, and what it may cost ------------------------------------------------


def test_both_engines_say_the_same(ripple: Run) -> None:
    compiled, simpy = (
        one_json(ripple("compare", "tiny", *SHORT, "--set", POOL, "--json", "--engine", engine))
        for engine in ("compiled", "simpy")
    )
    assert (compiled.pop("engine"), simpy.pop("engine")) == ("compiled", "simpy")
    assert compiled == simpy


def test_an_engine_there_is_not_is_bad_input(ripple: Run) -> None:
    done = ripple("run", "tiny", *SHORT, "--engine", "steam")
    assert done.code == 2
    assert "steam" in done.err
    assert "compiled" in done.err


def test_runs_go_on_until_a_difference_is_clear(ripple: Run) -> None:
    asked = ("compare", "tiny", "--weeks", "4", "--replications", "2", "--set", POOL, "--until", "basket_value=clear")
    report = one_json(ripple(*asked, "--json"))
    assert report["until"]["reached"]
    assert report["until"]["measure"] == "basket_value"
    assert report["replications"] == report["until"]["runs"]
    assert report["verdict"]["basket_value"] in ("higher", "lower")
    assert "Reached after" in ripple(*asked).out


def test_a_precision_that_is_not_reached_is_said_to_be_so(ripple: Run) -> None:
    done = ripple("run", "tiny", "--weeks", "1", "--replications", "2", "--until", "0.0001", "--at-most", "5")
    assert done.code == 0
    assert "Not reached after 5 runs: revenue_lost_per_year was to be known to within 0.0001" in done.out


@pytest.mark.parametrize("until", ["", "0", "-3", "soon", "nan", "inf", "true", "revenue=", "=clear"])
def test_a_precision_that_makes_no_sense_says_what_would(ripple: Run, until: str) -> None:
    done = ripple("run", "tiny", "--until", until)
    assert done.code == 2
    assert f'--until: found "{until}"; allowed: a number above 0' in done.err


def test_a_precision_of_no_measure_is_said_to_be_so(ripple: Run) -> None:
    done = ripple("run", "tiny", "--until", "nonsense=3")
    assert done.code == 2
    assert '--until: found "nonsense"; allowed: a measure' in done.err


def test_one_world_alone_is_never_clear_of_anything(ripple: Run) -> None:
    done = ripple("run", "tiny", "--until", "clear")
    assert done.code == 2
    assert "clear is for compare" in done.err


def test_what_would_take_too_long_is_refused_with_its_price(ripple: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "visits.parquet"
    done = ripple("run", "tiny", "--replications", "10000", "--budget", "0.1", "--ledger", str(ledger))
    assert done.code == 2
    assert done.out == ""
    for part in ("Too large: this run would take about", "allowed: 6.0 seconds", "--replications (now 10000)"):
        assert part in done.err
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_in_memory_is_refused_with_its_price(ripple: Run) -> None:
    done = ripple("run", "tiny", "--customers", "10000000", "--weeks", "1", "--replications", "1000")
    assert done.code == 2
    assert "Too large" in done.err
