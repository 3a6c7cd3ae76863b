"""The only module that touches session state and the link: what the visitor chose, and the question under way."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from sim.experiments import library
from sim.experiments.answer import AnswerJob
from sim.experiments.attribution import AttributionJob
from sim.experiments.inquiry import Inquiry, Memory
from sim.experiments.runs import Effort
from sim.experiments.store import Store
from sim.experiments.workers import Workers
from sim.scenario.fixes import Lever
from sim.scenario.presets import Preset
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from ui import case_link
from ui.case_choice import CaseChoice
from ui.case_desk import CaseDesk
from ui.case_keys import CaseKeys
from ui.curve_desk import CurveDesk
from ui.dials import Dial, dial_of
from ui.figures_section import SplitDesk
from ui.journey_desk import JourneyDesk
from ui.starts import preset_at, start_of

SEED = 1
_ANSWER_RUNS = 6
_FIRST_ANSWER_SECONDS = 0.3  # the page is drawn once with an answer rather than twice, where that takes no longer


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


@st.cache_resource(show_spinner=False)
def _simulators() -> tuple[Workers, Workers, Memory]:
    """Threads and memory shared by everyone on this server: estimates never queue behind long runs."""
    return Workers(), Workers(patient=True), Memory()


@st.cache_resource(show_spinner=False)
def patient_workers() -> Workers:
    """Threads for work that nobody waits for with a finger on a slider."""
    return Workers(patient=True)


@st.cache_resource(show_spinner=False)
def _answers() -> dict[str, AnswerJob]:
    """The answers to scenarios' own questions, under way or done: found once for everybody on this server."""
    return {}


def answer_job(name: str, may_begin: bool) -> AnswerJob | None:
    """The answer to a scenario's own question, sought from now on if that may begin and has not yet; or None.

    Raises:
        TooLargeError: it would take more time or memory than the page's budget.
    """
    answers = _answers()
    if name not in answers and may_begin:
        answers[name] = AnswerJob(scenario(name), Effort(SEED, _ANSWER_RUNS), _answer_workers())
    return answers.get(name)


@st.cache_resource(show_spinner=False)
def _answer_workers() -> Workers:
    """Threads that answer one scenario's question after the other, so that many visitors do not slow each other."""
    return Workers(patient=True)


def answer_again() -> None:
    """Forget the answers that failed, so that they are sought anew."""
    answers = _answers()
    for name in [name for name, job in answers.items() if job.error]:
        del answers[name]


@st.cache_data(show_spinner=False)
def titles() -> dict[str, str]:
    """Scenario names with their titles, in order."""
    return library.titles()


def _first() -> str:
    """The scenario that is shown where a link names none."""
    return next(iter(titles()))


@st.cache_resource(show_spinner=False)
def scenario(name: str) -> Scenario:
    """A scenario that comes with Ripple."""
    return library.load(name)


def seed_scenario_key() -> str:
    """The key of the scenario chooser, holding what the link asks for on a first visit."""
    key = "scenario"
    asked = st.query_params.get("scenario")
    if key not in st.session_state:
        st.session_state[key] = asked if asked in titles() else _first()
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
    return asked if asked.get("scenario", _first()) == name else {}


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
        asked = [fix for fix in _asked(name).get("fix", "").split(",") if fix]
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
    dials = [(dial_of(baseline, lever), st.session_state[seed_lever_key(name, lever)]) for lever in baseline.levers]
    fixes = st.session_state[seed_fixes_key(name)]
    values = {dial.lever.path: dial.value(shown) for dial, shown in dials}
    return preset_at(baseline, values, fixes)


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


def _link(choice: Choice) -> None:
    wanted = {path: f"{value:g}" for path, value in choice.sets.items()}
    if choice.fixes:
        wanted["fix"] = ",".join(choice.fixes)
    if wanted or choice.name != _first():
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


def curve_desk() -> CurveDesk:
    """Where this visitor's curves are asked."""
    if "curve desk" not in st.session_state:
        st.session_state["curve desk"] = CurveDesk()
    desk: CurveDesk = st.session_state["curve desk"]
    return desk


def journey_desk(name: str) -> JourneyDesk:
    """Which step of a scenario's journey this visitor looks at."""
    return JourneyDesk(st.session_state, name)


def split_desk() -> SplitDesk:
    """Where this visitor's figures are split."""
    if "split desk" not in st.session_state:
        st.session_state["split desk"] = SplitDesk()
    desk: SplitDesk = st.session_state["split desk"]
    return desk


def attribution_desk() -> AttributionDesk:
    """The desk of this visitor."""
    if "attribution desk" not in st.session_state:
        st.session_state["attribution desk"] = AttributionDesk()
    desk: AttributionDesk = st.session_state["attribution desk"]
    return desk


# ---- the business case -------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def case_store() -> Store:
    """What was simulated for cases, kept for everybody on this server and after a restart."""
    return Store()


def case_desk() -> CaseDesk:
    """Where this visitor's case is made."""
    if "case desk" not in st.session_state:
        st.session_state["case desk"] = CaseDesk()
    desk: CaseDesk = st.session_state["case desk"]
    return desk


def case_keys(name: str) -> CaseKeys:
    """The keys of what the case of that scenario is made with, on a first visit holding what the link asks for."""
    keys = CaseKeys(st.session_state, name)
    keys.seed(scenario(name), _asked(name), case_desk())
    return keys


def link_case(choice: CaseChoice) -> None:
    """Make the link name the case."""
    wanted = case_link.link_of(choice)
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def case_table_key(name: str) -> str:
    """The key of the table of assumptions."""
    return f"assumptions of {name}"


def case_assumption_key(name: str) -> str:
    """The key of the chooser of an assumption to change."""
    return f"assumption of {name} to change"


def choose_assumption(name: str, paths: list[str]) -> None:
    """Choose the assumption whose row was ticked."""
    rows = st.session_state[case_table_key(name)]["selection"]["rows"]
    if rows:
        st.session_state[case_assumption_key(name)] = paths[rows[0]]


def keep_case(name: str) -> None:
    """Remember which scenario is to have a case made of it, for the page of this run."""
    st.session_state["case"] = name


def case_name() -> str:
    """The scenario to make a case of."""
    name: str = st.session_state["case"]
    return name
