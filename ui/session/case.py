"""The business case that a visitor makes: its terms and keys, where it is made, and what is asked beside it."""

from collections.abc import Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from sim.experiments.cache import Store
from sim.experiments.price import TooLargeError
from sim.experiments.workers import Background, Workers
from sim.finance.assumptions import Terms
from sim.finance.case import CaseJob
from sim.finance.study import Study
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import quantity_at, settables
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of
from sim.scenario.world import world_of
from ui.jobs import Slot
from ui.session import case_choice
from ui.session.case_choice import CaseChoice, CaseStep, Edit, Edits, as_it_is, edited, with_edits
from ui.session.choice import Choice, asked_of
from ui.session.scenarios import own, scenario
from ui.session.simulators import workers

PERCENTS = ("tax_rate", "inflation", "cost_uplift", "benefit_cut")
"""The terms that are shares, and are asked for in percent."""


def bounds(term: str) -> tuple[Any, Any]:
    """The least and the most that a term's widget may show: what `Terms` allows."""
    notes = Terms.model_fields[term].metadata
    ends = {name: getattr(note, name) for note in notes for name in ("ge", "le") if hasattr(note, name)}
    scale = 100.0 if term in PERCENTS else 1
    return scale * ends["ge"], scale * ends["le"]


def shown(term: str, value: Any) -> Any:
    """What a term's widget shows for it."""
    return round(100.0 * value, 10) if term in PERCENTS else value


def meant(term: str, shown: Any) -> Any:
    """The term that a widget's value means."""
    return round(shown / 100.0, 12) if term in PERCENTS else shown


@dataclass(frozen=True)
class CaseKeys:
    """The keys in a visitor's session of one scenario's case; terms are the same for every scenario."""

    session: MutableMapping[Any, Any]
    name: str

    @property
    def fixes(self) -> str:
        """Of the fixes chosen."""
        return f"case fixes of {self.name}"

    @property
    def budget(self) -> str:
        """Of the budget for year one."""
        return f"case budget of {self.name}"

    def term(self, term: str) -> str:
        """Of a term."""
        return f"case term {term}"

    @property
    def wrong(self) -> tuple[str, ...]:
        """What the link asked for and cannot have."""
        wrong: tuple[str, ...] = self.session.get(self._wrong, ())
        return wrong

    @property
    def _wrong(self) -> str:
        return f"wrong in the link to the case of {self.name}"

    def seed(self, scenario: Scenario, link: Mapping[str, str], desk: "CaseDesk") -> None:
        """On a first visit hold what the link asks for; what it does not say is as it comes, or as on Explore."""
        if self.fixes in self.session:
            return
        asked = case_choice.read(link, scenario)
        explored = self.session.get(f"fixes of {self.name}", ())
        for term, value in asked.terms.model_dump().items():
            self.session.setdefault(self.term(term), shown(term, value))
        self.session[self.budget] = asked.budget
        self.session[self._wrong] = asked.wrong
        desk.assume(self.name, asked.edits)
        self.session[self.fixes] = list(first_fixes(scenario, asked.fixes, explored))

    def put(self, step: CaseStep, desk: "CaseDesk") -> None:
        """Have everything as that step had it."""
        for term, value in step.terms.model_dump().items():
            self.session[self.term(term)] = shown(term, value)
        self.session[self.budget] = step.budget
        self.session[self.fixes] = list(step.fixes)
        desk.assume(self.name, step.edits)


def first_fixes(scenario: Scenario, asked: Collection[str] | None, explored: Collection[str]) -> tuple[str, ...]:
    """The fixes to start with: what the link asks for, else those tried on Explore, else the scenario's own answer."""
    if asked is not None:
        return tuple(asked)
    every = [fix.id for fix in scenario.fixes]
    wanted = explored or scenario.answer.fixes
    chosen = tuple(name for name in every if name in wanted)
    return chosen if chosen and _fit_together(scenario, chosen) else tuple(every[:1])


def _fit_together(scenario: Scenario, fixes: tuple[str, ...]) -> bool:
    try:
        world_of(scenario, fixes=fixes)
    except ScenarioError:
        return False
    return True


Begin = Callable[[Workers], Background]


@dataclass
class Asides:
    """What a visitor has asked beside the case, by what kind of question it is; another world supersedes it."""

    slots: dict[str, Slot[Background]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def job(self, kind: str, asked: object) -> Background | None:
        """The job for just this question; one for another is stopped and forgotten."""
        return self.slots[kind].job_for(asked) if kind in self.slots else None

    @property
    def jobs(self) -> dict[str, tuple[object, Background]]:
        """What there is, each with what was asked."""
        return {kind: (slot.asked, slot.job) for kind, slot in self.slots.items() if slot.job is not None}

    def ask(self, kind: str, asked: object, begin: Begin) -> None:
        """Begin, or say why that cannot be."""
        self.refused.pop(kind, None)
        try:
            self.slots.setdefault(kind, Slot()).again(asked, lambda: begin(workers()))
        except (ScenarioError, TooLargeError) as error:
            self.refused[kind] = str(error)


@dataclass(frozen=True)
class Refusal:
    """An edit that was not made: of which quantity, and why not."""

    path: str
    said: str


class CaseDesk(Slot[CaseJob]):
    """The case asked last; another choice supersedes it. Forgotten and asked for again it goes on from what is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.asides = Asides()
        self.refused: Refusal | None = None
        self.said: dict[str, Edits] = {}

    def make(self, choice: CaseChoice, seed: int, store: Store) -> CaseJob:
        """The case under way for this choice, begun if it was not.

        Raises:
            ScenarioError: no case can be made of it; what was under way is stopped.
            TooLargeError: it would take more than this machine has.
        """
        study = Study(choice.scenario, seed, store)
        return self.ask(choice.asked, lambda: CaseJob(study, choice.fixes, choice.terms, workers()))

    # ---- assumptions ---------------------------------------------------------------------------------

    def edits(self, name: str) -> Edits:
        """What is assumed otherwise than the scenario of that name has it."""
        return self.said.get(name, ())

    def try_to_edit(self, choice: CaseChoice, edit: Edit) -> None:
        """Assume this from now on; or, where it makes no scenario, remember why not and change nothing."""
        if edit == as_it_is(choice.scenario, edit.path):
            return
        edits = edited(self.edits(choice.name), edit)
        try:
            with_edits(choice.as_is, edits)
        except ScenarioError as error:
            self.refused = Refusal(edit.path, _said(choice, edit, error))
            return
        self.assume(choice.name, edits)

    def assume(self, name: str, edits: Edits) -> None:
        """Assume just this from now on: what a link asked for, what was assumed before, or nothing of one's own."""
        self.refused = None
        self.said[name] = edits


def _said(choice: CaseChoice, edit: Edit, error: ScenarioError) -> str:
    """Which field, what was found and what is allowed; ends of shares are said as shares."""
    share = (quantity_at(choice.as_is, edit.path).unit or "").startswith("share")
    note = " Nothing was changed." + (" (Of a share, 1 is 100%.)" if share else "")
    faults = "; ".join(f"{_called(choice, fault.path)}: {fault.message}" for fault in error.faults)
    return f"{faults}.{note}"


def _called(choice: CaseChoice, path: str) -> str:
    """The label of the quantity that a fault's path leads to, or to one end of."""
    for known in (path, path.rpartition(".")[0]):
        if known in settables(choice.as_is):
            return f"{label_of(choice.as_is, known)} ({known})"
    return path


def case_desk() -> CaseDesk:
    """Where this visitor's case is made."""
    return own("case desk", CaseDesk)


def case_keys(name: str) -> CaseKeys:
    """The keys of what the case of that scenario is made with, on a first visit holding what the link asks for."""
    keys = CaseKeys(st.session_state, name)
    keys.seed(scenario(name), asked_of(name), case_desk())
    return keys


def case_now(name: str, explored: Collection[str] = ()) -> CaseChoice:
    """The case as its visitor left it; as Business case would begin with it, where that was not visited.

    `explored` are the fixes tried on Explore.
    """
    keys, session, as_is = CaseKeys(st.session_state, name), st.session_state, scenario(name)
    if keys.fixes not in session:
        return CaseChoice(name, as_is, (), first_fixes(as_is, None, explored), Terms())
    fixes = tuple(fix.id for fix in as_is.fixes if fix.id in session[keys.fixes])
    terms = Terms(**{term: meant(term, session[keys.term(term)]) for term in Terms.model_fields})
    return CaseChoice(name, as_is, case_desk().edits(name), fixes, terms, session[keys.budget])


def put_case(name: str, step: CaseStep) -> None:
    """Have everything of that case as that step had it; for a button's `on_click`."""
    CaseKeys(st.session_state, name).put(step, case_desk())


def on_explore(choice: CaseChoice) -> Choice:
    """As much of a case as Explore has controls for: its fixes, and what it assumes of quantities that are levers."""
    levers = {lever.path for lever in choice.as_is.levers}
    sets = {edit.path: edit.value for edit in choice.edits if edit.path in levers}
    return Choice(choice.name, choice.as_is, sets, choice.fixes)


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
