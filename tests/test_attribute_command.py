"""`python -m sim attribute`."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sim.cli import commands as cli
from sim.experiments.attribution import attribute, attribution_report
from sim.experiments.library import load
from sim.experiments.plain import alike
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.scenario.world import world_of
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[1]
SHORT = ("--weeks", "1", "--replications", "2")
HEAD = ["scenario", "seed", "replications", "engine", "sets", "fixes", "notices"]


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def ripple(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["sim", "attribute", *args])
        capsys.readouterr()
        return Done(cli.main(), *capsys.readouterr())

    return run


def one_json(done: Done) -> Any:
    assert done.code == 0
    assert "NaN" not in done.out
    return json.loads(done.out)


def said(done: Done) -> str:
    return " ".join(done.err.replace("│", " ").split())


def test_as_json_it_is_one_object_with_the_attribution_of_the_world_asked_for(ripple: Run) -> None:
    sets = ("--set", "assets.trolleys.breaks=0.05", "--set", "failures.empty_bay.on=false")
    report = one_json(ripple("tiny", *SHORT, "--seed", "3", *sets, "--fix", "five_more_trolleys", "--json"))
    chosen = {"assets.trolleys.breaks": 0.05, "failures.empty_bay.on": False}
    assert {name: report.pop(name) for name in HEAD} == {
        "scenario": "tiny",
        "seed": 3,
        "replications": 2,
        "engine": "compiled",
        "sets": chosen,
        "fixes": ["five_more_trolleys"],
        "notices": [],
    }
    world = world_of(load("tiny").model_copy(update={"weeks": 1}), chosen, ["five_more_trolleys"])
    assert report == alike(attribution_report(attribute(world, Effort(3, 2))))
    assert list(report["by_failure_point"]) == ["wheel", "queue", "refused"]


def test_for_people_it_is_tables_of_points_departments_pairs_and_who_is_worse_off(ripple: Run) -> None:
    done = ripple("tiny", *SHORT)
    assert done.code == 0
    titles = (
        "Who loses what",
        "By department",
        "What mending it brings",
        "Mended in pairs",
        "Customers who would bring less",
    )
    for title in titles:
        assert f"{title}, GBP a year (95% interval)" in done.out
    for failure in load("tiny").failures:
        assert f"\n{failure.id} " in done.out
    assert "\nrevenue_lost_per_year " in done.out
    assert "The shares sum to" in done.out


def test_four_replications_of_the_compiled_engine_are_run_unless_said_otherwise(ripple: Run) -> None:
    report = one_json(ripple("tiny", "--weeks", "1", "--json"))
    assert [report[name] for name in HEAD] == ["tiny", 1, 4, "compiled", {}, [], []]
    assert one_json(ripple("tiny", *SHORT, "--engine", "simpy", "--json"))["engine"] == "simpy"


def test_other_customers_are_warned_of(ripple: Run) -> None:
    assert "Warning: --customers 50" in said(ripple("tiny", *SHORT, "--customers", "50", "--json"))


def test_with_every_point_off_there_is_nothing_to_share_out(ripple: Run) -> None:
    off = [f"--set=failures.{failure.id}.on=false" for failure in load("tiny").failures]
    assert ripple("tiny", *SHORT, *off).out.startswith("No failure point is on")
    report = one_json(ripple("tiny", *SHORT, *off, "--json"))
    assert (report["revenue_lost_per_year"]["mean"], report["by_failure_point"]) == (0, {})
    assert report["alone_over_lost"]["mean"] is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--at-most", "3"], "found 4 failure points that are on, 16 worlds a replication; allowed: 3, 8 worlds"),
        (["--at-most", "3"], "ask for --at-most 4, or switch some off: --set failures.refused.on=false"),
        (["--at-most", "11"], "Invalid value for '--at-most'"),
        (["--replications", "10000", "--budget", "0.01"], "Too large: this run would take about"),
        (["--fix", "nonsense"], 'found "nonsense"; allowed: five_more_trolleys'),
        (["--engine", "quick"], "Invalid value for '--engine'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_before_anything_runs(
    ripple: Run, options: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*args: Any) -> None:
        raise AssertionError("something was simulated")

    monkeypatch.setattr(Workers, "start", forbidden)
    done = ripple("tiny", *options, "--json")
    assert (done.code, done.out) == (2, "")
    assert words in said(done)


def test_an_interrupt_ends_it_with_130_and_progress_was_told_on_standard_error() -> None:
    terminal, told = pty.openpty()
    command = [sys.executable, "-m", "sim", "attribute", "tiny", "--replications", "2000", "--json"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=told, start_new_session=True)
    os.close(told)
    shown = b""
    while b"Sharing out what A tiny shop loses" not in shown:
        shown += os.read(terminal, 4096)  # ends with an error where nothing more will come
    time.sleep(0.5)
    os.killpg(running.pid, signal.SIGINT)
    out, _ = running.communicate(timeout=PATIENCE)
    os.close(terminal)
    assert (running.returncode, out) == (130, b"")
