"""How levers are shown, and what is meant by what they show."""

import pytest

from sim.experiments.library import load
from sim.scenario.fixes import Lever
from ui.session.choice import Dial, dial_of

TINY = load("tiny")


def dial(path: str) -> Dial:
    return dial_of(TINY, next(lever for lever in TINY.levers if lever.path == path))


def choice(unit: str, least: float = 0, most: float = 1, step: float = 1, default: float = 0) -> Dial:
    lever = Lever(
        path="policies.x.value",
        label="X",
        min=least,
        max=most,
        step=step,
        help="X.",
        outcome="revenue",
        direction="none",
    )
    return Dial(lever, default, unit)


def test_shares_are_dialled_in_percent_and_come_back_as_they_were() -> None:
    breaks = dial("assets.trolleys.breaks")
    assert (breaks.shown(0.015), breaks.step, breaks.format) == (1.5, 0.5, "%.1f%%")
    assert breaks.value(1.5) == 0.015


def test_whole_things_are_dialled_in_whole_numbers() -> None:
    pool = dial("assets.trolleys.pool")
    assert (pool.shown(9.0), pool.step, pool.format) == (9, 1, None)
    assert isinstance(pool.shown(9.0), int)


def test_no_or_yes_is_a_switch_whose_value_is_0_or_1() -> None:
    switch = choice("no or yes")
    assert switch.is_switch
    assert [switch.shown(value) for value in (0, 1.0)] == [False, True]
    values = [switch.value(shown) for shown in (False, True)]
    assert values == [0, 1]
    assert not any(isinstance(value, bool) for value in values)  # no quantity may be set to true


@pytest.mark.parametrize(
    "slider",
    [
        choice("share"),
        choice("yes or no"),
        choice("no or yes", most=2),
        choice("no or yes", step=0.5),
        choice("no or yes", least=-1),
        choice("no or yes", default=0.5),
    ],
)
def test_nothing_else_is_a_switch(slider: Dial) -> None:
    assert not slider.is_switch
    assert not isinstance(slider.shown(1), bool)
