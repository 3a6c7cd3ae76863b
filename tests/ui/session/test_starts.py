"""What a preset means for levers and fixes."""

from sim.scenario.fixes import Preset, Setting
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import kiosk
from ui.session.choice import Start, preset_at, start_of

POOL = "assets.carts.pool"
LARGE = Preset(id="large", label="Large", help="Large.", sets=(Setting(path=POOL, value=30),))
FIXED = Preset(id="fixed", label="Fixed", help="Fixed.", fixes=("half_again", "four_more"))


def offering(*presets: Preset) -> Scenario:
    return kiosk().model_copy(update={"presets": presets})


def test_a_preset_moves_what_it_names_and_leaves_the_rest_as_it_is() -> None:
    assert start_of(kiosk(), LARGE) == Start({POOL: 30}, ())
    assert start_of(kiosk(), FIXED) == Start({POOL: 10}, ("four_more", "half_again"))  # in the scenario's order
    assert start_of(kiosk(), None) == Start({POOL: 10}, ())


def test_the_preset_that_everything_is_at_is_known_again() -> None:
    scenario = offering(LARGE, FIXED)
    for preset in (LARGE, FIXED):
        start = start_of(scenario, preset)
        assert preset_at(scenario, start.values, start.fixes[::-1]) == preset.id
    assert preset_at(scenario, {POOL: 30}, ("four_more",)) is None
    assert preset_at(scenario, {POOL: 29}, ()) is None
    assert preset_at(scenario, {POOL: 10}, ()) is None
