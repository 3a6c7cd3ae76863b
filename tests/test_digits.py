"""Figures that are the same on all machines: to how many digits they are written, and that no processor changes one."""

import json
import math
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli.terminal import print_json
from sim.experiments.plain import DIGITS, alike

KERNELS = ("Prescott", "Nehalem", "Haswell")
"""Three processors that add up in orders of their own, as OpenBLAS has it."""

_ALL = """
import sys
from sim.cli.commands import app
for line in sys.argv[1:]:
    try:
        app(line.split())
    except SystemExit as end:
        assert not end.code, line
"""
COMMANDS = (
    "lifetime tiny --replications 3 --weeks 130 --json",
    "run tiny --replications 2 --by segment --json",
    "compare tiny --fix five_more_trolleys --replications 2 --json",
    "case tiny --fix five_more_trolleys --draws 16 --json",
    "attribute tiny --replications 2 --json",
)


def printed(kernel: str) -> str:
    """What the commands print on a machine of that kind, one after the other in one process."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    env |= {"OPENBLAS_CORETYPE": kernel, "RIPPLE_NO_CACHE": "1"}
    return subprocess.run(
        [sys.executable, "-c", _ALL, *COMMANDS], env=env, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.long
def test_no_figure_of_any_command_depends_on_the_processor() -> None:
    first, *others = (printed(kernel) for kernel in KERNELS)
    assert first.count("{\n") > len(COMMANDS)
    for other in others:
        assert other.splitlines() == first.splitlines()


@given(st.floats(-1e300, 1e300))
def test_a_figure_is_written_to_so_many_digits(value: float) -> None:
    written = alike(value)
    assert written == pytest.approx(value, rel=0.6 * 10 ** (1 - DIGITS), abs=1e-300)
    assert alike(written) == written


def test_the_largest_number_stays_one() -> None:
    assert alike(sys.float_info.max) == sys.float_info.max


def test_pennies_are_told_of_hundreds_of_millions() -> None:
    assert alike(912_345_678.91) == 912_345_678.91


def test_all_floats_are_rounded_wherever_they_stand_and_nothing_else_is() -> None:
    third, rounded = 1 / 3, 0.33333333333
    assert alike({"a": [third, (third, None)], "b": 10**18 + 1, "c": True, "d": "0.3333333333333333"}) == {
        "a": [rounded, [rounded, None]],
        "b": 10**18 + 1,
        "c": True,
        "d": "0.3333333333333333",
    }


def test_what_is_no_number_is_still_refused(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": 2 / 3})
    assert json.loads(capsys.readouterr().out) == {"a": 0.66666666667}
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"a": math.nan})
