"""A wheel built from the checkout carries all that a run needs, and runs where nothing else of Ripple is."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = ("LICENSE", "README.md", "app_pages", "pyproject.toml", "scenarios", "sim", "ui")

pytestmark = pytest.mark.long


def done(*command: str | Path, folder: Path) -> str:
    """What a command printed, in that folder and with nothing of this checkout in sight."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    done(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, folder, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_it_carries_stories_scripts_and_the_license(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    for part, inside in (("sim", ""), ("ui", ""), ("app_pages", ""), ("scenarios", "sim/")):
        files = [path for path in (ROOT / part).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        assert {f"{inside}{path.relative_to(ROOT)}" for path in files} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_it_runs_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    done(sys.executable, "-m", "venv", tmp_path / "empty", folder=tmp_path)
    done(tmp_path / "empty/bin/python", "-m", "pip", "install", "-q", wheel, folder=tmp_path)
    here = done(ROOT / ".venv/bin/python", "-m", "sim", "run", "tiny", "--json", folder=ROOT)
    assert done(tmp_path / "empty/bin/ripple", "run", "tiny", "--json", folder=tmp_path) == here
    assert "dodgy_trolley" in done(tmp_path / "empty/bin/ripple", "list", folder=tmp_path)
