"""Presets: what a file may say of them."""

import pytest

from sim.scenario.files import parse_scenario
from tests.scenario.kiosk import KIOSK, faults_in, line_of

LARGE = "{id: large, label: Large, help: As a rival has it., sets: [{path: assets.carts.pool, value: 30}]"


def starting(preset: str) -> str:
    return f"{KIOSK}presets:\n  - {preset}\n"


def test_a_preset_names_levers_and_fixes() -> None:
    (preset,) = parse_scenario(starting(LARGE + ", fixes: [four_more]}"), "kiosk.yaml").presets
    assert [(setting.path, setting.value) for setting in preset.sets] == [("assets.carts.pool", 30)]
    assert preset.fixes == ("four_more",)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("", ": chooses nothing; allowed: at least one of sets and fixes"),
        (
            ", sets: [{path: assets.carts.pol, value: 30}]",
            '.sets[0].path: found "assets.carts.pol"; allowed: a lever\'s path; did you mean "assets.carts.pool"?',
        ),
        (", sets: [{path: weather.rain, value: 0}]", '.sets[0].path: found "weather.rain"; allowed: a lever\'s path'),
        (
            ", sets: [{path: assets.carts.pool, value: 41}]",
            ".sets[0].value: found 41; allowed: as its lever moves, 5 to 40 in steps of 1",
        ),
        (
            ", sets: [{path: assets.carts.pool, value: 4}]",
            ".sets[0].value: found 4; allowed: as its lever moves, 5 to 40 in steps of 1",
        ),
        (
            ", sets: [{path: assets.carts.pool, value: 7.5}]",
            ".sets[0].value: found 7.5; allowed: as its lever moves, 5 to 40 in steps of 1",
        ),
        (
            ", sets: [{path: assets.carts.pool, value: 7}, {path: assets.carts.pool, value: 8}]",
            '.sets[1].path: found "assets.carts.pool" again; allowed: each lever once',
        ),
        (
            ", fixes: [half_agin]",
            '.fixes[0]: found "half_agin"; allowed: a fix of this scenario; did you mean "half_again"?',
        ),
        (
            ", fixes: [exactly_twenty, exactly_thirty]",
            ": assets.carts.pool: both exactly_twenty and exactly_thirty set it; choose one",
        ),
        (
            ", sets: [{path: assets.carts.pool, value: 7}], fixes: [half_again]",
            ": assets.carts.pool: found 12.5; allowed: a whole number from 0 to 100000",
        ),
    ],
)
def test_a_preset_leads_to_a_world_without_faults(chosen: str, said: str) -> None:
    text = starting("{id: one, label: One, help: Help." + chosen + "}")
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, 'id: one')}: presets.one{said}"]


def test_each_preset_has_an_id_of_its_own() -> None:
    (said,) = faults_in(starting(LARGE + "}\n  - " + LARGE + "}"))
    assert said.endswith('presets.large.id: found "large" 2 times; allowed: each id once')
