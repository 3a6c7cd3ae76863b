"""`python -m sim page`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli import commands as cli
from tests.scenario.kiosk import edited

QUICK = edited(("base: 50", "base: 30"), ("weeks: 4", "weeks: 1")) + "boardroom: {levers: [assets.carts.pool]}\n"


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def ripple(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("RIPPLE_NO_CACHE", "1")

    def run(*args: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["sim", "page", *args])
        capsys.readouterr()
        done = Done(cli.main(), *capsys.readouterr())
        assert "Traceback" not in done.out + done.err
        return done

    return run


@pytest.fixture
def kiosk(tmp_path: Path) -> str:
    (tmp_path / "kiosk.yaml").write_text(QUICK, encoding="utf-8")
    return str(tmp_path / "kiosk.yaml")


def test_the_file_is_written_and_says_how_to_make_it_again(ripple: Run, kiosk: str, tmp_path: Path) -> None:
    done = ripple(kiosk, str(tmp_path / "page.html"), "--fix", "four_more", "--json")
    assert done.code == 0
    report = json.loads(done.out)
    assert report == {"scenario": kiosk, "seed": 1, "points": report["points"], "file": str(tmp_path / "page.html")}
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>") and "--fix four_more" in text
    assert "Wrote" in done.err


def test_a_switch_that_is_set_is_said_to_be_off_and_what_stands_there_anyway_is_not_said(
    ripple: Run, kiosk: str, tmp_path: Path
) -> None:
    sets = ("--set", "failures.spill.on=false", "--set", "economics.incremental_margin=0.25")
    done = ripple(kiosk, str(tmp_path / "page.html"), *sets)
    assert done.code == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '"moves":["“A spill” off"]' in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["page.txt"], "allowed: a file whose name ends in .html"),
        (["page.html", "--fix", "nothing"], 'found "nothing"; allowed: '),
        (["page.html", "--set", "assets.carts.pol=3"], 'did you mean "assets.carts.pool"?'),
        (["page.html", "--budget", "0.01", "--set", "customers.base=1000000"], "Too large: this run would take"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(
    ripple: Run, kiosk: str, tmp_path: Path, args: list[str], said: str
) -> None:
    name, *options = args
    done = ripple(kiosk, str(tmp_path / name), *options)
    assert done.code == 2
    assert said in " ".join(done.err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["kiosk.yaml"]
