"""Levers drawn out for what lies beyond them: as far as needed, in steps that keep every preset standing."""

import pytest

from sim.experiments import library
from sim.scenario.files import holding, parse_scenario, preset_of, with_preset, with_quantities
from sim.scenario.fixes import Lever
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated

TINY = library.path_of("tiny").read_text(encoding="utf-8")
SCENARIO = parse_scenario(TINY, "tiny")
POOL, BREAKS = (lever.path for lever in SCENARIO.levers[:2])


def believed(path: str, value: float) -> Scenario:
    return restated(SCENARIO, {path: Quantity(mode=value)})


def lever(path: str, low: float, high: float, step: float) -> Lever:
    known = next(one for one in SCENARIO.levers if one.path == path)
    return known.model_copy(update={"min": low, "max": high, "step": step})


def ends(found: Lever) -> tuple[float, float, float]:
    return found.min, found.max, found.step


@pytest.mark.parametrize(
    ("path", "value", "now", "drawn_out"),
    [
        (POOL, 20, (4, 40, 2), (4, 40, 2)),
        (POOL, 71, (4, 40, 2), (4, 72, 2)),
        (POOL, 1, (4, 40, 2), (0, 40, 2)),
        (POOL, 3, (8, 40, 10), (3, 40, 1)),  # 8 less 10 is no number of trolleys
        (BREAKS, 0.123456, (0, 0.05, 0.005), (0, 0.125, 0.005)),
        (BREAKS, 0.0123, (0.05, 0.5, 0.1), (0.01, 0.5, 0.01)),  # 0.05 less 0.1 is no share
        (BREAKS, 0.97, (0.1, 0.35, 0.2), (0.1, 0.97, 0.02)),  # nor is 0.35 and four times 0.2
    ],
)
def test_a_lever_is_drawn_out_by_its_steps_or_by_finer_ones_where_the_end_would_be_impossible(
    path: str, value: float, now: tuple[float, float, float], drawn_out: tuple[float, float, float]
) -> None:
    assert ends(holding(believed(path, value), lever(path, *now))) == drawn_out


def test_of_the_file_only_the_end_changes_and_its_presets_stand_as_before() -> None:
    chosen = preset_of(SCENARIO, "Ours", "Tried in spring.", {POOL: 10}, [])
    assert chosen
    text = with_preset(TINY, chosen)
    after = parse_scenario(with_quantities(text, {POOL: Quantity(low=50, mode=60, high=70)}), "after")
    assert ends(after.levers[0]) == (4, 60, 1)
    assert (after.levers[1:], after.presets) == (SCENARIO.levers[1:], (chosen,))


def test_a_lever_that_holds_the_value_is_left_as_it_is_written() -> None:
    text = with_quantities(TINY, {POOL: Quantity(mode=40)})
    assert TINY[TINY.index("levers:") :] == text[text.index("levers:") :]
