"""The keys of what a case is made with, and what they hold on a first visit."""

from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from ui import case_link
from ui.case_choice import CaseStep
from ui.case_desk import CaseDesk
from ui.case_terms import shown


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

    def seed(self, scenario: Scenario, link: Mapping[str, str], desk: CaseDesk) -> None:
        """On a first visit hold what the link asks for; what it does not say is as it comes, or as on Explore."""
        if self.fixes in self.session:
            return
        asked = case_link.read(link, scenario)
        explored = self.session.get(f"fixes of {self.name}", ())
        for term, value in asked.terms.model_dump().items():
            self.session.setdefault(self.term(term), shown(term, value))
        self.session[self.budget] = asked.budget
        self.session[self._wrong] = asked.wrong
        desk.assume(self.name, asked.edits)
        self.session[self.fixes] = list(first_fixes(scenario, asked.fixes, explored))

    def put(self, step: CaseStep, desk: CaseDesk) -> None:
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
