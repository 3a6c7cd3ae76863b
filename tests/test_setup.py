"""`make` finds a Python that fits, lets uv bring one where none does, or says how to come by one."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("make", "sh", "cmp", "cp", "rm", "mkdir", "uname")
FITTING = ("3.11.0", "3.12.1", "3.13.5", "3.14.8")

# Stands in for a Python of another version: runs what it is given as if it were that one, on that system.
PYTHON = """#!{real}
import pathlib, shutil, sys

sys.version_info, sys.platform = {version}, "{platform}"
sys.modules |= dict.fromkeys({lacks})
match sys.argv[1:]:
    case ["-c", code]:
        exec(code)
    case ["-m", "venv", "--clear", folder]:
        (pathlib.Path(folder) / "bin").mkdir(parents=True, exist_ok=True)
        shutil.copy(__file__, pathlib.Path(folder) / "bin" / "python")
    case ["-m", "pip", "install", *options]:
        print("installing", *[option for option in options if option.endswith(".txt")], *options[-2:])
"""

UV = """#!/bin/sh
echo "uv $*"
[ -d .venv ] && echo "a .venv is in the way"
{brings} && mkdir -p .venv/bin && cp {python} .venv/bin/python
"""


class Machine:
    """A folder with the Makefile, and a PATH on which only what is put there is found."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "bin"
        self.path.mkdir()
        for tool in TOOLS:
            (self.path / tool).symlink_to(str(shutil.which(tool)))
        for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, folder)

    def python(self, name: str, version: str, platform: str = "linux", lacks: tuple[str, ...] = ()) -> Path:
        numbers = tuple(map(int, version.split(".")))
        script = PYTHON.format(real=sys.executable, version=numbers, platform=platform, lacks=lacks)
        return self._program(self.path / name, script)

    def uv(self, *, brings: str | None) -> None:
        python = self.python("brought", brings or "3.14.0").rename(self.folder / "brought")
        self._program(self.path / "uv", UV.format(brings="true" if brings else "false", python=python))

    def make(self, *arguments: str) -> tuple[int, str]:
        command = ["make", "--no-print-directory", *arguments]
        environment = {"PATH": str(self.path), "LANG": "C.UTF-8"}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def _program(self, path: Path, script: str) -> Path:
        path.write_text(script)
        path.chmod(0o755)
        return path


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("version", FITTING)
def test_every_python_that_fits_is_taken(machine: Machine, version: str) -> None:
    machine.python("python3", version)
    code, said = machine.make("setup-app")
    assert code == 0
    assert f"with python3, Python {version} " in said
    assert "installing requirements.txt --editable .\n" in said
    assert (machine.venv / "installed-requirements.txt").exists()


@pytest.mark.parametrize("name", ["python3.11", "python3.12", "python3.13", "python3.14"])
def test_one_beside_the_default_is_found_by_its_name(machine: Machine, name: str) -> None:
    machine.python("python3", "3.15.0")
    machine.python(name, f"{name.removeprefix('python')}.2")
    assert f"with {name}, Python" in machine.make("setup-app")[1]


def test_one_that_is_named_goes_before_the_default(machine: Machine) -> None:
    machine.python("python3", "3.12.0")
    elsewhere = machine.python("own", "3.14.1").rename(machine.folder / "own")
    assert f"with {elsewhere}, Python 3.14.1 " in machine.make(f"PYTHON={elsewhere}", "setup-app")[1]


def test_what_is_set_up_is_left_alone_until_requirements_change(machine: Machine) -> None:
    machine.python("python3", "3.14.8")
    machine.make("setup-app")
    assert machine.make("setup-app") == (0, "")
    assert "installing requirements.txt requirements-dev.txt --editable .\n" in machine.make("setup-dev")[1]
    (machine.folder / "requirements.txt").write_text("another\n")
    assert machine.make("setup-app")[1] == "Bringing .venv up to date…\ninstalling requirements.txt --editable .\n"


def test_a_venv_of_a_python_that_does_not_fit_is_made_anew(machine: Machine) -> None:
    machine.python("python3", "3.14.8")
    machine.venv.joinpath("bin").mkdir(parents=True)
    machine.python("old", "3.10.1").rename(machine.venv / "bin" / "python")
    assert "Setting up .venv with python3, Python 3.14.8 " in machine.make("setup-app")[1]


@pytest.mark.parametrize("version", ["3.10.13", "3.15.0"])
def test_without_one_that_fits_it_says_what_was_found_and_each_systems_way(machine: Machine, version: str) -> None:
    machine.python("python3", version)
    code, said = machine.make("setup-app")
    assert code == 2
    assert f"needs Python 3.11 to 3.14 with its venv module; here python3 is {version}.\n" in said
    for way in ("sudo apt install python3 python3-venv", "brew install python@3.14", "wsl --install", "install uv"):
        assert way in said
    assert not machine.venv.exists()


def test_without_any_python_it_says_so(machine: Machine) -> None:
    code, said = machine.make("setup-app")
    assert code == 2
    assert "here no Python was found.\n" in said


def test_where_debian_left_venv_out_its_package_is_named(machine: Machine) -> None:
    machine.python("python3", "3.13.5", lacks=("ensurepip",))
    code, said = machine.make("setup-app")
    assert code == 2
    assert "python3 is 3.13.5 but lacks venv (on Debian it is in python3.13-venv)" in said


def test_a_python_of_windows_is_not_taken(machine: Machine) -> None:
    machine.python("python3", "3.13.5", platform="win32")
    code, said = machine.make("setup-app")
    assert code == 2
    assert "here python3 is 3.13.5 of Windows." in said


@pytest.mark.parametrize("version", ["3.10.13", "3.15.0"])
def test_where_none_fits_uv_brings_one(machine: Machine, version: str) -> None:
    machine.python("python3", version)
    machine.venv.joinpath("bin").mkdir(parents=True)
    machine.python("old", "3.10.1").rename(machine.venv / "bin" / "python")
    machine.uv(brings="3.13.2")
    code, said = machine.make("setup-app")
    assert code == 0
    assert f"Here python3 is {version}: uv looks for a Python from 3.11 to 3.14" in said
    assert "uv venv --quiet --seed --python >=3.11,<3.15 .venv\n" in said
    assert "in the way" not in said
    assert "installing requirements.txt --editable .\n" in said
    assert machine.make("setup-app") == (0, "")


def test_where_one_fits_uv_is_not_asked(machine: Machine) -> None:
    machine.python("python3", "3.12.4")
    machine.uv(brings="3.13.2")
    assert "uv" not in machine.make("setup-app")[1]


@pytest.mark.parametrize("brings", [None, "3.15.1"])
def test_where_uv_brings_none_that_fits_the_ways_are_named(machine: Machine, brings: str | None) -> None:
    machine.python("python3", "3.10.13")
    machine.uv(brings=brings)
    code, said = machine.make("setup-app")
    assert code == 2
    assert "here python3 is 3.10.13, and uv brought none that fits" in said
    assert "wsl --install" in said
    assert "installing" not in said


def test_every_place_that_names_the_versions_names_the_same() -> None:
    makefile = (ROOT / "Makefile").read_text()
    versions = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert versions == ">=3.11,<3.15"
    assert "(3, 11) <= sys.version_info[:2] <= (3, 14)" in makefile
    assert f"--python '{versions}'" in makefile
    for document in ("README.md", "docs/tutorial.md"):
        assert "Python 3.11 to 3.14" in re.sub(r"\s+", " ", (ROOT / document).read_text()), document
