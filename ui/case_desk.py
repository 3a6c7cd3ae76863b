"""Where a visitor's one case at a time is made, and what the visitor has put in place of the scenario's numbers."""

from dataclasses import dataclass, field

from sim.experiments.cache import Store
from sim.experiments.workers import Workers
from sim.finance.case import CaseJob
from sim.finance.study import Study
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import quantity_at, settables
from sim.scenario.wording import label_of
from ui.asides_desk import Asides
from ui.case_choice import CaseChoice, Edit, Edits, as_it_is, edited, with_edits
from ui.one_job import OneJob


@dataclass(frozen=True)
class Refusal:
    """An edit that was not made: of which quantity, and why not."""

    path: str
    said: str


def _patient() -> Workers:
    return Workers(patient=True)


@dataclass
class CaseDesk(OneJob[CaseJob]):
    """The case asked last; another choice supersedes it.

    Its workers are the visitor's own: after a page is loaded again, or beside somebody else's case, the first figures
    are there as soon as ever.
    """

    workers: Workers = field(default_factory=_patient)
    asked: tuple[object, ...] | None = None
    asides: Asides = field(default_factory=Asides)
    refused: Refusal | None = None
    said: dict[str, Edits] = field(default_factory=dict)

    def ask(self, choice: CaseChoice, seed: int, store: Store) -> CaseJob:
        """The case under way for this choice, begun if it was not.

        Raises:
            ScenarioError: no case can be made of it; what was under way is stopped.
            TooLargeError: it would take more than this machine has.
        """
        if self.job is None or self.asked != choice.asked:
            self.forget()
            self.put(CaseJob(Study(choice.scenario, seed, store), choice.fixes, choice.terms, self.workers))
            self.asked = choice.asked
        assert self.job is not None
        return self.job

    def forget(self) -> None:
        """Stop the case under way; asked for again it goes on from what is on disk."""
        self.put(None)
        self.asked = None

    def __del__(self) -> None:
        """Nobody waits any longer."""
        super().__del__()
        self.asides.forget()

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
