"""What a visitor has chosen on a page with levers, and the link that says the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from sim.scenario.fixes import Lever
from sim.scenario.presets import Preset
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from ui.dials import Dial, dial_of
from ui.starts import preset_at, start_of
from ui.state.scenarios import first, scenario, titles


@dataclass(frozen=True)
class Choice:
    """What a visitor has chosen: a scenario, the levers moved from where they stood, and fixes."""

    name: str
    baseline: Scenario
    sets: dict[str, float]
    fixes: tuple[str, ...]

    @cached_property
    def world(self) -> Scenario:
        """The world chosen. Raises ScenarioError for values that contradict each other."""
        return world_of(self.baseline, self.sets, self.fixes)


def seed_scenario_key() -> str:
    """The key of the scenario chooser, holding what the link asks for on a first visit."""
    key = "scenario"
    asked = st.query_params.get("scenario")
    if key not in st.session_state:
        st.session_state[key] = asked if asked in titles() else first()
    return key


def seed_lever_key(name: str, lever: Lever) -> str:
    """The key of a lever's slider, holding its value or, on a first visit, what the link asks for."""
    key = _lever_key(name, lever.path)
    if key not in st.session_state:
        dial = dial_of(scenario(name), lever)
        value, wrong = _asked_value(lever, asked_of(name).get(lever.path), dial.default)
        st.session_state[key] = dial.shown(value)
        _remember_wrong(name, wrong)
    return key


def asked_of(name: str) -> dict[str, str]:
    """What the link asks of that scenario; nothing when it names another."""
    asked = st.query_params.to_dict()
    return asked if asked.get("scenario", first()) == name else {}


def _remember_wrong(name: str, wrong: str | None) -> None:
    if wrong:
        st.session_state.setdefault(f"wrong in the link to {name}", []).append(wrong)


def wrong_in_link(name: str) -> list[str]:
    """What the link asked of that scenario and cannot have, until the levers are reset."""
    return list(st.session_state.get(f"wrong in the link to {name}", []))


def _asked_value(lever: Lever, asked: str | None, default: float) -> tuple[float, str | None]:
    if asked is None:
        return default, None
    try:
        value = float(asked)
    except ValueError:
        value = float("nan")
    if lever.min <= value <= lever.max:
        return value, None
    wrong = f"The link asks for {lever.label} at {asked[:40]}; allowed: {lever.min:g} to {lever.max:g}."
    return default, f"{wrong} It stays at {default:g}."


def seed_fixes_key(name: str) -> str:
    """The key of the fix chooser, holding what the link asks for on a first visit."""
    key = f"fixes of {name}"
    if key not in st.session_state:
        known = [fix.id for fix in scenario(name).fixes]
        asked = [fix for fix in asked_of(name).get("fix", "").split(",") if fix]
        st.session_state[key] = [fix for fix in known if fix in asked]
        for fix in asked:
            if fix not in known:
                _remember_wrong(name, f"The link asks for the fix {fix[:40]}; allowed: {', '.join(known)}.")
    return key


def seed_preset_key(name: str) -> str:
    """The key of the preset chooser, holding the preset that the levers and fixes are at, None at none."""
    key = f"preset of {name}"
    st.session_state[key] = _preset_now(scenario(name), name)
    return key


def _preset_now(baseline: Scenario, name: str) -> str | None:
    values = {dial.lever.path: dial.value(shown) for dial, shown in _dials_now(name)}
    return preset_at(baseline, values, st.session_state[seed_fixes_key(name)])


def _dials_now(name: str) -> list[tuple[Dial, float]]:
    baseline = scenario(name)
    return [(dial_of(baseline, lever), st.session_state[seed_lever_key(name, lever)]) for lever in baseline.levers]


def start_from_preset(name: str) -> None:
    """Put every lever and fix where the preset just chosen has them; where the scenario has them when none is."""
    chosen = st.session_state[f"preset of {name}"]
    _start_from(name, next((preset for preset in scenario(name).presets if preset.id == chosen), None))


def reset(name: str) -> None:
    """Put every lever back where it stands in the scenario, and take every fix out."""
    _start_from(name, None)


def _start_from(name: str, preset: Preset | None) -> None:
    start = start_of(scenario(name), preset)
    for lever in scenario(name).levers:
        st.session_state[_lever_key(name, lever.path)] = dial_of(scenario(name), lever).shown(start.values[lever.path])
    st.session_state[f"fixes of {name}"] = list(start.fixes)
    st.session_state.pop(f"wrong in the link to {name}", None)


def _lever_key(name: str, path: str) -> str:
    return f"{name} {path}"


def choice_of(name: str, values: Iterable[tuple[Dial, float]], fixes: Iterable[str]) -> Choice:
    """The choice made with these slider numbers, put into the link as well."""
    sets = {dial.lever.path: dial.value(shown) for dial, shown in values if shown != dial.shown(dial.default)}
    choice = Choice(name, scenario(name), sets, tuple(fixes))
    _link(choice)
    return choice


def choice_now(name: str) -> Choice:
    """The choice as it stands, for a page that draws no levers: made on another page, or by the link."""
    return choice_of(name, _dials_now(name), st.session_state[seed_fixes_key(name)])


def _link(choice: Choice) -> None:
    wanted = {path: f"{value:g}" for path, value in choice.sets.items()}
    if choice.fixes:
        wanted["fix"] = ",".join(choice.fixes)
    if wanted or choice.name != first():
        wanted = {"scenario": choice.name, **wanted}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def keep(choice: Choice) -> None:
    """Remember the choice for the pages of this run."""
    st.session_state["choice"] = choice


def chosen() -> Choice:
    """The choice that the levers made."""
    choice: Choice = st.session_state["choice"]
    return choice
