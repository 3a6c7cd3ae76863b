"""On a machine that has nothing yet both README commands set Ripple up, and every story gives what it gives here.

Each machine is a Debian made for the test by mmdebstrap, and gone after it.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sim.experiments.library import names

ROOT = Path(__file__).parents[2]
MACHINES = {"trixie": "3.13", "forky": "3.14"}
OWN_NAMESPACE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
# Kept over from this machine's settings of pip, however they are made: without them it may reach no packages.
PIP_SETTINGS = ("index-url", "extra-index-url", "trusted-host", "cert", "proxy", "default-timeout", "timeout")
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")

pytestmark = pytest.mark.long


def _why_not() -> str:
    """What this machine lacks to make another, or nothing."""
    if os.getuid() != 0:
        return "NOT ROOT"
    if shutil.which("mmdebstrap") is None:
        return "NO MMDEBSTRAP"
    if subprocess.run([*OWN_NAMESPACE, "true"], capture_output=True, check=False).returncode != 0:
        return "NO NAMESPACES: unshare is refused"
    return ""


@pytest.fixture(scope="module", autouse=True)
def _a_machine_can_be_made() -> None:
    if why := _why_not():
        pytest.skip(f"{why}: no fresh Debian could be made, Ripple was not set up in one")


@pytest.fixture(scope="module")
def here() -> dict[str, list[object]]:
    """The fingerprints of every story's tables as this machine's Python gives them."""
    command = [sys.executable, "-m", "tests.fresh.stories"]
    return _said(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)["tables"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """An archive of the files under version control as they stand."""
    archive = tmp_path / "checkout.tar"
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    there = b"".join(name + b"\0" for name in files.split(b"\0") if name and (ROOT / os.fsdecode(name)).exists())
    command = ["tar", "--create", f"--file={archive}", "--null", "--verbatim-files-from", "--files-from=-"]
    subprocess.run(command, cwd=ROOT, input=there, check=True)
    return archive


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a machine's files are mounted: for others it stays empty, so taking it away takes nothing with it."""
    folder = Path(tempfile.mkdtemp(prefix="ripple-fresh-"))
    yield folder
    folder.rmdir()


@pytest.mark.parametrize("suite", MACHINES)
def test_every_story_runs_there_as_it_does_here(
    suite: str, checkout: Path, folder: Path, here: dict[str, list[object]]
) -> None:
    found = _said(_machine(suite, checkout, folder))
    assert found["python"].startswith(MACHINES[suite] + ".")
    assert found["tables"] == here


def test_every_story_is_among_them_and_has_visits(here: dict[str, list[object]]) -> None:
    assert set(here) == {name + table for name in names() for table in ("", "_customers", "_resources")}
    assert all(here[name][0] for name in names())


def _machine(suite: str, checkout: Path, folder: Path) -> str:
    """What the machine printed. Should this process die, the machine dies with it."""
    script = ["sh", str(Path(__file__).with_name("machine.sh")), suite, str(checkout), str(folder), *_mirror()]
    command = ["setpriv", "--pdeathsig", "KILL", *OWN_NAMESPACE, *script]
    # Numbers of what it took are in its last lines: `pytest -rP` shows them.
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, timeout=1800, check=False)
    print(done.stderr[-4000:])
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def _said(output: str) -> dict[str, dict[str, list[object]]]:
    return json.loads(output.splitlines()[-1])


def _mirror() -> list[str]:
    """This machine's mirror of Debian as apt has it; without one mmdebstrap takes its own."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(COMPONENT)"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[0] for line in lines if line.endswith("/debian/ main")][:1]


def _environment() -> Mapping[str, str]:
    """A bare environment with the way to packages that this machine has."""
    told = {name: os.environ[name] for name in PROXIES if name in os.environ}
    return {"PATH": os.environ["PATH"], "PIP_NO_CACHE_DIR": "1", **told, **_pip_settings()}


def _pip_settings() -> dict[str, str]:
    """This machine's settings of pip as variables, its folders on disk left out: the fresh machine has none of them."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    settings = {}
    for line in sorted(lines, key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        name = name.rpartition(".")[2]
        reached = [part for part in ast.literal_eval(value).split() if not part.startswith("file:")]
        if name in PIP_SETTINGS and reached:
            settings["PIP_" + name.upper().replace("-", "_")] = " ".join(reached)
    return settings
