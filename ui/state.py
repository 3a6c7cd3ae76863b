"""The only module that touches session state and the link: what the visitor chose, and the question under way."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from sim.experiments.attribution import AttributionJob
from sim.experiments.inquiry import Inquiry, Memory
from sim.experiments.library import load, names
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

SEED = 1
FIRST_CHOICE = "dodgy_trolley"
_FIRST_ANSWER_SECONDS = 0.3  # the page is drawn once with an answer rather than twice, where that takes no longer


@dataclass(frozen=True)
class Choice:
    """What a visitor has chosen: a scenario, the levers moved from where they stood, and fixes."""

    name: str
    baseline: Scenario
    sets: dict[str, float]
    fixes: tuple[str, ...]

    @property
    def is_baseline(self) -> bool:
        """Whether nothing was moved."""
        return not self.sets and not self.fixes

    @property
    def world(self) -> Scenario:
        """The world chosen. Raises ScenarioError for values that contradict each other."""
        return world_of(self.baseline, self.sets, self.fixes)


@st.cache_resource(show_spinner=False)
def _simulators() -> tuple[Workers, Workers, Memory]:
    """Threads and memory shared by everyone on this server: estimates never queue behind long runs."""
    return Workers(), Workers(patient=True), Memory()


@st.cache_resource(show_spinner=False)
def patient_workers() -> Workers:
    """Threads for work that nobody waits for with a finger on a slider."""
    return Workers(patient=True)


@st.cache_data(show_spinner=False)
def titles() -> dict[str, str]:
    """Scenario names with their titles, the first choice first."""
    ordered = sorted(names(), key=lambda name: (name != FIRST_CHOICE, name))
    return {name: load(name).title for name in ordered}


@st.cache_resource(show_spinner=False)
def scenario(name: str) -> Scenario:
    """A scenario that comes with Ripple."""
    return load(name)


def seed_scenario_key() -> str:
    """The key of the scenario chooser, holding what the link asks for on a first visit."""
    key = "scenario"
    asked = st.query_params.get("scenario")
    if key not in st.session_state:
        st.session_state[key] = asked if asked in titles() else FIRST_CHOICE
    return key


def seed_lever_key(name: str, lever: Lever) -> str:
    """The key of a lever's slider, holding its value or, on a first visit, what the link asks for."""
    key = _lever_key(name, lever.path)
    if key not in st.session_state:
        dial = dial_of(scenario(name), lever)
        value, wrong = _asked_value(lever, _asked(name).get(lever.path), dial.default)
        st.session_state[key] = dial.shown(value)
        _remember_wrong(name, wrong)
    return key


def _asked(name: str) -> dict[str, str]:
    """What the link asks of that scenario; nothing when it names another."""
    asked = st.query_params.to_dict()
    return asked if asked.get("scenario", FIRST_CHOICE) == name else {}


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


@dataclass(frozen=True)
class Dial:
    """How a lever is shown on a slider: shares in percent, whole steps as whole numbers."""

    lever: Lever
    default: float
    unit: str

    @property
    def scale(self) -> int:
        """What the slider shows for 1."""
        return 100 if self.unit.startswith("share") else 1

    def shown(self, value: float) -> float:
        """The slider's number for a value."""
        number = round(value * self.scale, 10)
        return int(number) if self._is_whole else float(number)

    def value(self, shown: float) -> float:
        """The value for a slider's number."""
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


def seed_fixes_key(name: str) -> str:
    """The key of the fix chooser, holding what the link asks for on a first visit."""
    key = f"fixes of {name}"
    if key not in st.session_state:
        known = [fix.id for fix in scenario(name).fixes]
        asked = [fix for fix in _asked(name).get("fix", "").split(",") if fix]
        st.session_state[key] = [fix for fix in known if fix in asked]
        for fix in asked:
            if fix not in known:
                _remember_wrong(name, f"The link asks for the fix {fix[:40]}; allowed: {', '.join(known)}.")
    return key


def reset(name: str) -> None:
    """Put every lever back where it stands in the scenario, and take every fix out."""
    for lever in scenario(name).levers:
        dial = dial_of(scenario(name), lever)
        st.session_state[_lever_key(name, lever.path)] = dial.shown(dial.default)
    st.session_state[f"fixes of {name}"] = []
    st.session_state.pop(f"wrong in the link to {name}", None)


def _lever_key(name: str, path: str) -> str:
    return f"{name} {path}"


def choice_of(name: str, values: Iterable[tuple[Dial, float]], fixes: Iterable[str]) -> Choice:
    """The choice made with these slider numbers, put into the link as well."""
    sets = {dial.lever.path: dial.value(shown) for dial, shown in values if shown != dial.shown(dial.default)}
    choice = Choice(name, scenario(name), sets, tuple(fixes))
    _link(choice)
    return choice


def _link(choice: Choice) -> None:
    wanted = {path: f"{value:g}" for path, value in choice.sets.items()}
    if choice.fixes:
        wanted["fix"] = ",".join(choice.fixes)
    if wanted or choice.name != FIRST_CHOICE:
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


@dataclass
class Desk:
    """Where a visitor's one question at a time is asked.

    Streamlit may end a script whenever it touches session state; what is asked and what it supersedes are therefore
    kept in one object, so that no question is ever left running unseen.
    """

    asked: tuple[object, ...] | None = None
    inquiry: Inquiry | None = None

    def ask(self, choice: Choice, quick: Workers, thorough: Workers, memory: Memory) -> Inquiry:
        """The question under way for this choice; one that it supersedes is stopped."""
        asked = (choice.name, tuple(choice.sets.items()), choice.fixes)
        if self.inquiry is None or self.asked != asked:
            world = choice.world
            if self.inquiry:
                self.inquiry.stop()
            self.inquiry = Inquiry(choice.baseline, world, SEED, quick, thorough, memory)
            self.asked = asked
        return self.inquiry


def _desk() -> Desk:
    if "desk" not in st.session_state:
        st.session_state["desk"] = Desk()
    desk: Desk = st.session_state["desk"]
    return desk


def inquiry(choice: Choice) -> Inquiry:
    """The question under way for this choice.

    Raises:
        ScenarioError: the choice contradicts itself; what was under way goes on.
    """
    asked = _desk().ask(choice, *_simulators())
    asked.wait(_FIRST_ANSWER_SECONDS)
    return asked


def ask_again() -> None:
    """Forget the question under way, so that it is asked anew."""
    _desk().asked = None


@dataclass
class AttributionDesk:
    """Where a visitor's one attribution at a time is asked; another choice of levers supersedes it.

    Streamlit may end a script whenever it touches session state; what is asked and for which world are therefore kept
    in one object, so that no job is ever left running unseen.
    """

    job: AttributionJob | None = None

    def job_for(self, world: Scenario) -> AttributionJob | None:
        """The job asked for this world; one for another world is stopped and forgotten."""
        if self.job and self.job.world != world:
            self.job.stop()
            self.job = None
        return self.job

    def ask(self, world: Scenario, effort: Effort, workers: Workers) -> None:
        """Begin, or go on from what is known of this world. Raises what `AttributionJob` does; nothing changes then."""
        before = self.job_for(world)
        job = AttributionJob(world, effort, workers, known=before.done if before else ())
        if before:
            before.stop()
        self.job = job


def attribution_desk() -> AttributionDesk:
    """The desk of this visitor."""
    if "attribution desk" not in st.session_state:
        st.session_state["attribution desk"] = AttributionDesk()
    desk: AttributionDesk = st.session_state["attribution desk"]
    return desk
