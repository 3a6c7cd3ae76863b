"""What is kept lies in a folder of this user alone, and what is half made leaves nothing behind."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sim import folders
from sim.folders import beside, kept_folder


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(folders.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    return tmp_path


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_it_is_made_for_this_user_alone(base: Path) -> None:
    folder = kept_folder("results")
    assert folder == base / "cache" / "ripple" / "results"
    assert mode(folder) == mode(folder.parent) == 0o700


def test_one_that_others_may_write_to_is_shut_first(base: Path) -> None:
    (base / "cache" / "ripple" / "results").mkdir(parents=True)
    for part in ("ripple", "ripple/results"):
        (base / "cache" / part).chmod(0o777)
    assert mode(kept_folder("results")) == 0o700
    assert mode(base / "cache" / "ripple") == 0o700


def test_one_of_somebody_else_is_not_used(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_folder("results")
    real = Path.lstat

    def foreign(path: Path) -> os.stat_result:
        seen = real(path)
        is_theirs = (base / "cache") in path.parents
        return os.stat_result((*seen[:4], seen.st_uid + is_theirs, *seen[5:]))

    monkeypatch.setattr(Path, "lstat", foreign)
    assert kept_folder("results") == base / "tmp" / "ripple" / "results"


def test_a_link_is_not_followed(base: Path) -> None:
    (base / "elsewhere").mkdir()
    (base / "cache").mkdir()
    (base / "cache" / "ripple").symlink_to(base / "elsewhere")
    assert kept_folder("results") == base / "tmp" / "ripple" / "results"
    assert list((base / "elsewhere").iterdir()) == []


def test_where_there_is_none_it_is_for_now_and_said_once(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (base / "cache").write_text("no folder")
    (base / "tmp").mkdir()
    (base / "tmp" / "ripple").write_text("no folder")
    folder = kept_folder("odd")
    assert folder == kept_folder("odd")
    assert mode(folder) == 0o700
    assert capsys.readouterr().err.count("Nothing can be kept for the next start (odd)") == 1


def test_what_is_made_beside_is_gone_afterwards(base: Path) -> None:
    with beside(base / "file") as folder:
        (folder / "whole").write_text("all of it")
        (folder / "whole").replace(base / "file")
    assert [path.name for path in base.iterdir()] == ["file"]


def test_what_a_killed_program_left_goes_at_the_next_and_what_is_under_way_stays(base: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from sim.folders import beside\n"
        "with beside(Path(sys.argv[1])) as folder: (folder / 'part').touch(); os._exit(9)"
    )
    killed = [sys.executable, "-c", code, str(base / "file")]
    assert subprocess.run(killed, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, check=False).returncode == 9
    (left,) = base.glob(".ripple-*")
    with beside(base / "file") as first, beside(base / "file") as second:
        assert not left.exists()
        assert first.exists()
        assert second.exists()
    assert list(base.glob(".ripple-*")) == []
