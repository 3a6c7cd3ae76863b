"""What a visitor has chosen on a page with levers: where each stands, how it is shown, and the link that says so."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import MappingProxyType

import streamlit as st

from sim.outcomes.breakdown import BY
from sim.outcomes.measures import MEASURES
from sim.scenario.faults import MOST
from sim.scenario.fixes import Lever, Preset
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import number_hint
from sim.scenario.spelling.names import did_you_mean, listed, nearest, shown
from sim.scenario.spelling.values import Asked
from sim.scenario.wording import clean
from sim.scenario.world import world_of
from ui.session.scenarios import first, scenario, titles
from ui.text import NO_OR_YES


@dataclass(frozen=True)
class Dial:
    """How a lever is shown: on a slider, shares in percent, whole steps as whole numbers; no or yes on a switch."""

    lever: Lever
    default: float
    unit: str

    @property
    def is_switch(self) -> bool:
        """Whether it is off or on, and nothing in between."""
        ends = (self.lever.min, self.lever.max, self.lever.step)
        return self.unit == NO_OR_YES and ends == (0, 1, 1) and self.default in ends

    @property
    def scale(self) -> int:
        """What the slider shows for 1."""
        return 100 if self.unit.startswith("share") else 1

    def shown(self, value: float) -> float:
        """The slider's number for a value, or whether the switch is on."""
        if self.is_switch:
            return value >= 1
        number = round(value * self.scale, 10)
        return int(number) if self._is_whole else float(number)

    def value(self, shown: float) -> float:
        """The value for a slider's number, or for whether the switch is on."""
        if self.is_switch:
            return int(shown)
        return shown if self.scale == 1 else round(shown / self.scale, 12)

    @property
    def _is_whole(self) -> bool:
        ends = (self.lever.min, self.lever.max, self.lever.step, self.default)
        return all(round(end * self.scale, 10).is_integer() for end in map(float, ends))

    @property
    def step(self) -> float:
        """The slider's step."""
        step = round(self.lever.step * self.scale, 10)
        return int(step) if self._is_whole else float(step)

    @property
    def format(self) -> str | None:
        """The slider's number format."""
        digits = max(0, -math.floor(math.log10(self.step))) if self.step < 1 else 0
        return f"%.{digits}f%%" if self.scale == 100 else None if self._is_whole else f"%.{max(digits, 1)}f"


def dial_of(baseline: Scenario, lever: Lever) -> Dial:
    """The dial of a lever in a scenario."""
    quantity = quantity_at(baseline, lever.path)
    return Dial(lever, quantity.value, quantity.unit or "")


@dataclass(frozen=True)
class Start:
    """Where to start from: every lever's value by its path, and fixes in the scenario's order."""

    values: dict[str, float]
    fixes: tuple[str, ...]


def start_of(baseline: Scenario, preset: Preset | None) -> Start:
    """Where a preset starts, or without one the scenario itself; what it does not name is as the scenario has it."""
    values = {lever.path: quantity_at(baseline, lever.path).value for lever in baseline.levers}
    if preset is None:
        return Start(values, ())
    named = {setting.path: setting.value for setting in preset.sets}
    return Start(values | named, tuple(fix.id for fix in baseline.fixes if fix.id in preset.fixes))


def preset_at(baseline: Scenario, values: Mapping[str, float], fixes: Collection[str]) -> str | None:
    """The id of the first preset that has all levers at these values and just these fixes, None where none has."""
    for preset in baseline.presets:
        start = start_of(baseline, preset)
        if set(start.fixes) == set(fixes) and all(_alike(values[path], value) for path, value in start.values.items()):
            return preset.id
    return None


def _alike(value: float, other: float) -> bool:
    """Whether they are one value but for what was lost on the way through a slider in percent."""
    return abs(value - other) <= 1e-9 * max(1, abs(other))


SHARES = ("point", "department")
"""Whom the loss is shared out to: each failure point, or each department where it goes wrong."""


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


# ---- the link ---------------------------------------------------------------------------------------


@dataclass
class Objections:
    """Sentences on what is wrong with a link, as many as an error lists faults; beyond them none is put into words."""

    _said: list[str] = field(default_factory=list)
    _more: int = 0

    def add(self, sentence: Callable[[], str]) -> None:
        """One thing more is wrong; the sentence is asked for only where it will be shown."""
        if len(self._said) < MOST:
            self._said.append(sentence())
        else:
            self._more += 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is to be shown."""
        return (*self._said, *([f"And {self._more:,} more."] if self._more else []))


def link_of(name: str, sets: Mapping[str, float], fixes: Sequence[str], looks: Mapping[str, str]) -> dict[str, str]:
    """The link's parameters. The scenario is always named: elsewhere another one may come first."""
    link = {"scenario": name} | {path: exact(value) for path, value in sets.items()}
    if fixes:
        link["fix"] = ",".join(fixes)
    return link | dict(looks)


def exact(value: float) -> str:
    """A number in as few digits as give the same number when they are read again."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def value_of(lever: Lever, asked: str | None, default: float) -> tuple[float, str | None]:
    """Where a link puts a lever, and, where it cannot be put there, what is wrong."""
    if asked is None:
        return default, None
    try:
        value = float(asked)
    except ValueError:
        value = float("nan")
    if lever.min <= value <= lever.max:
        return value, None
    meant = number_hint(asked, Asked(lever.min, lever.max), lever.path) or "."
    wrong = f"The link asks for {shown(lever.label)} at {shown(asked)}; allowed: {lever.min:g} to {lever.max:g}{meant}"
    return default, f"{wrong} It stays at {default:g}."


def fixes_of(scenario: Scenario, asked: str, wrong: Objections) -> list[str]:
    """The fixes that a link asks for, in the scenario's order; what is wrong with the others is added to `wrong`."""
    known = {fix.id: None for fix in scenario.fixes}
    names = dict.fromkeys(name for name in asked.split(",") if name)
    for name in names:
        if name not in known:
            wrong.add(partial(_no_fix, name, list(known)))
    return [name for name in known if name in names]


def _no_fix(name: str, known: Sequence[str]) -> str:
    allowed = listed(known) or "none: this scenario has no fixes"
    return f"The link asks for the fix {shown(name)}; allowed: {allowed}{did_you_mean(nearest(name, known)) or '.'}"


def asked_of(name: str) -> dict[str, str]:
    """What the link asks of that scenario; nothing when it names another."""
    asked = {clean(key): clean(said) for key, said in st.query_params.to_dict().items()}
    return asked if asked.get("scenario", first()) == name else {}


def show_link(wanted: Mapping[str, str]) -> None:
    """Make the address say just this."""
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _wrong(name: str) -> Objections:
    """What is wrong with the link to that scenario, as far as it was read."""
    found: Objections = st.session_state.setdefault(f"wrong in the link to {name}", Objections())
    return found


def wrong_in_link(name: str) -> tuple[str, ...]:
    """What the link asked of that scenario and cannot have, until the levers are reset."""
    return _wrong(name).sentences


# ---- what widgets hold ------------------------------------------------------------------------------


def seed_scenario_key() -> str:
    """The key of the scenario chooser, holding what the link asks for on a first visit."""
    key = "scenario"
    if key not in st.session_state:
        asked = clean(st.query_params.get("scenario", ""))
        st.session_state[key] = asked if asked in titles() else first()
    return key


def seed_lever_key(name: str, lever: Lever) -> str:
    """The key of a lever's slider, holding its value or, on a first visit, what the link asks for."""
    key = _lever_key(name, lever.path)
    if key not in st.session_state:
        dial = dial_of(scenario(name), lever)
        value, wrong = value_of(lever, asked_of(name).get(lever.path), dial.default)
        st.session_state[key] = dial.shown(value)
        if wrong is not None:
            _wrong(name).add(partial(str, wrong))
    return key


def seed_fixes_key(name: str) -> str:
    """The key of the fix chooser, holding what the link asks for on a first visit."""
    key = f"fixes of {name}"
    if key not in st.session_state:
        asked = asked_of(name).get("fix", "")
        st.session_state[key] = fixes_of(scenario(name), asked, _wrong(name))
    return key


def seed_preset_key(name: str) -> str:
    """The key of the preset chooser, holding the preset that the levers and fixes are at, None at none."""
    key, now = f"preset of {name}", start_now(name)
    st.session_state[key] = preset_at(scenario(name), now.values, now.fixes)
    return key


def start_from_preset(name: str) -> None:
    """Put every lever and fix where the preset just chosen has them; where the scenario has them when none is."""
    chosen = st.session_state[f"preset of {name}"]
    preset = next((preset for preset in scenario(name).presets if preset.id == chosen), None)
    put(name, start_of(scenario(name), preset))


def reset(name: str) -> None:
    """Put every lever back where it stands in the scenario, and take every fix out."""
    put(name, start_of(scenario(name), None))


def reset_lever(name: str, path: str) -> None:
    """Put one lever back where it stands in the scenario."""
    lever = next(lever for lever in scenario(name).levers if lever.path == path)
    dial = dial_of(scenario(name), lever)
    st.session_state[_lever_key(name, path)] = dial.shown(dial.default)


def put(name: str, start: Start) -> None:
    """Put every lever and fix there; for a button's `on_click`."""
    for lever in scenario(name).levers:
        st.session_state[_lever_key(name, lever.path)] = dial_of(scenario(name), lever).shown(start.values[lever.path])
    st.session_state[f"fixes of {name}"] = list(start.fixes)
    st.session_state.pop(f"wrong in the link to {name}", None)


def _lever_key(name: str, path: str) -> str:
    return f"{name} {path}"


def _dials_now(name: str) -> list[tuple[Dial, float]]:
    baseline = scenario(name)
    return [(dial_of(baseline, lever), st.session_state[seed_lever_key(name, lever)]) for lever in baseline.levers]


def _fixes_now(name: str) -> tuple[str, ...]:
    """Fixes in the scenario's order, whichever was chosen first: the same choice is the same question and link."""
    chosen = st.session_state[seed_fixes_key(name)]
    return tuple(fix.id for fix in scenario(name).fixes if fix.id in chosen)


def start_now(name: str) -> Start:
    """Where every lever stands now, and the fixes chosen, in the scenario's order."""
    return Start({dial.lever.path: dial.value(shown) for dial, shown in _dials_now(name)}, _fixes_now(name))


def as_it_stands(name: str) -> Choice:
    """The choice as it stands, made on any page or by the link; the link is left alone."""
    moved = [(dial, shown) for dial, shown in _dials_now(name) if shown != dial.shown(dial.default)]
    return Choice(name, scenario(name), {dial.lever.path: dial.value(shown) for dial, shown in moved}, _fixes_now(name))


def choice_now(name: str, looks: Mapping[str, str] = MappingProxyType({})) -> Choice:
    """The choice as it stands, put into the link; `looks` is what that says besides: what is looked at."""
    choice = as_it_stands(name)
    show_link(link_of(choice.name, choice.sets, choice.fixes, looks))
    return choice


SPLIT_KEY, MEASURE_KEY = "split by", "measure to split"
"""The keys of how Every figure is split, and of the measure that is split; the same in every scenario."""
_SPLIT_BY_LINK = "split by the link"
_SHARES_KEY = "attribution-by"


def seed_shares_key() -> str:
    """The key of whom the loss is shared out to: failure points, unless the link or the visitor says otherwise."""
    if st.session_state.get(_SHARES_KEY) is None:
        st.session_state[_SHARES_KEY] = SHARES[0]
    return _SHARES_KEY


def _look_keys(name: str) -> dict[str, str]:
    """The keys of what is looked at on Explore, by what a link calls it."""
    here = {"step": f"step of {name}", "curve": f"curve of {name}"}
    return here | {"split": SPLIT_KEY, "measure": MEASURE_KEY, "shares": _SHARES_KEY}


def looks(name: str) -> dict[str, str]:
    """What is looked at on Explore, as far as it is not what everybody sees first."""
    at = {look: st.session_state.get(key) for look, key in _look_keys(name).items()}
    if not at["split"]:
        del at["measure"]
    first_seen = {SHARES[0], *(lever.path for lever in scenario(name).levers[:1])}
    return {look: seen for look, seen in at.items() if seen and seen not in first_seen}


def seed_looks(name: str) -> None:
    """On a first visit look at what the link asks for, where there is such a thing."""
    known: dict[str, Collection[str]] = {
        "step": {touchpoint.id for touchpoint in scenario(name).journey},
        "curve": {lever.path for lever in scenario(name).levers},
        "split": BY,
        "measure": MEASURES,
        "shares": SHARES,
    }
    for look, key in _look_keys(name).items():
        if key not in st.session_state and asked_of(name).get(look) in known[look]:
            st.session_state[key] = asked_of(name)[look]
            st.session_state[_SPLIT_BY_LINK] = look == "split" or is_split_by_link()


def is_split_by_link() -> bool:
    """Whether the link asked for a split, so that the section that shows it begins open."""
    return bool(st.session_state.get(_SPLIT_BY_LINK))
