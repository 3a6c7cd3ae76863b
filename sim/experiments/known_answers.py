"""Known answers: what theory says of small scenarios, as data. A row more in the file is a check more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import Field, ValidationError

from sim.experiments.formula_data import OfCustomers
from sim.experiments.known_answer import FittedAnswer, KnownAnswer, LeftOut, SimulatedAnswer
from sim.experiments.library import FOLDER, load
from sim.experiments.readings import READINGS
from sim.outcomes.measures import MEASURES
from sim.scenario.document import Document, read
from sim.scenario.faults import Fault, ScenarioError, in_order, path_of
from sim.scenario.quantity import Finding, Named, Part
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.nearest import not_among
from sim.scenario.validation import faults_of
from sim.scenario.world import world_of

FILE = FOLDER / "known_answers" / "known_answers.yaml"


class _File(Part):
    proofs: tuple[Named, ...] = Field(min_length=1)
    answers: tuple[SimulatedAnswer, ...] = Field(min_length=1)
    fitted: tuple[FittedAnswer, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class KnownAnswers:
    """All known answers, and the questions they prove: `answers` are simulated, `fitted` need no simulation.

    `worlds` has what to simulate, by an answer's id; `folder` is where the data of the fits is.
    """

    proofs: tuple[Named, ...]
    answers: tuple[SimulatedAnswer, ...]
    fitted: tuple[FittedAnswer, ...]
    left_out: tuple[LeftOut, ...]
    worlds: Mapping[str, Scenario] = field(repr=False)
    folder: Path

    @property
    def every(self) -> tuple[KnownAnswer, ...]:
        """Those simulated, then those that are not."""
        return (*self.answers, *self.fitted)

    def only(self, *ids: str) -> "KnownAnswers":
        """The same with these answers alone."""
        answers = tuple(answer for answer in self.answers if answer.id in ids)
        return replace(self, answers=answers, fitted=tuple(answer for answer in self.fitted if answer.id in ids))


def read_known_answers(path: Path = FILE) -> KnownAnswers:
    """The known answers in that file.

    Raises:
        ScenarioError: every fault found in it, or else in the scenarios that it names.
    """
    document = read(path)
    try:
        file = _File.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(faults_of(error, document)) from None
    if found := list(_findings(file, path.parent)):
        raise ScenarioError(in_order(_fault(document, loc, message) for loc, message in found))
    worlds = _worlds(file, document)
    return KnownAnswers(file.proofs, file.answers, file.fitted, file.left_out, worlds, path.parent)


def _fault(document: Document, loc: tuple[str | int, ...], message: str) -> Fault:
    return Fault(document.file, document.line_of(loc), path_of(loc, document.data), message)


def _findings(file: _File, folder: Path) -> Iterator[Finding]:
    proofs = [proof.id for proof in file.proofs]
    before: set[str] = set()
    for section, rows in (("answers", file.answers), ("fitted", file.fitted)):
        for i, answer in enumerate(rows):
            if answer.id in before:
                yield (section, i, "id"), f'found "{answer.id}" again; allowed: each id once'
            before.add(answer.id)
            if answer.proves not in proofs:
                yield (section, i, "proves"), f'found "{answer.proves}"; allowed: {", ".join(proofs)}'
    for i, simulated in enumerate(file.answers):
        yield from ((("answers", i, key), message) for key, message in _reading(simulated))
    for i, fitted in enumerate(file.fitted):
        yield from ((("fitted", i, *keys), message) for keys, message in _computed(fitted, folder))


def _computed(answer: FittedAnswer, folder: Path) -> Iterator[Finding]:
    """What is wrong with the figure that an answer takes of its formula, and with the formula's data."""
    formula = answer.computed
    if answer.figure not in formula.gives:
        yield ("figure",), f'found "{answer.figure}"; allowed: {", ".join(formula.gives)}'
    if isinstance(formula, OfCustomers) and (fault := formula.fault(folder)):
        yield ("computed", "customers"), fault


def _reading(answer: SimulatedAnswer) -> Iterator[tuple[str, str]]:
    """What is wrong with the reading of an answer, and with what it asks for."""
    if answer.reading not in READINGS:
        own = ", ".join(name for name in READINGS if name not in MEASURES)
        yield "reading", not_among(answer.reading, f"a measure, or {own}", READINGS)
        return
    asks = READINGS[answer.reading].asks
    if asks and answer.at is None:
        yield "at", f"missing; needed: {asks}, which {answer.reading} asks for"
    if answer.at is not None and not asks:
        yield "at", f"found {answer.at}; allowed: nothing, as {answer.reading} asks for nothing"


def _worlds(file: _File, document: Document) -> dict[str, Scenario]:
    """Each answer's world; answers with the same scenario and settings share one."""
    scenarios: dict[str, Scenario] = {}
    worlds: dict[tuple[object, ...], Scenario] = {}
    faults: list[Fault] = []
    for i, answer in enumerate(file.answers):
        if answer.scenario not in scenarios:
            scenarios[answer.scenario] = load(str(Path(document.file).parent / answer.scenario))
        key = (answer.scenario, *sorted(answer.set.items()))
        try:
            worlds[key] = worlds.get(key) or world_of(scenarios[answer.scenario], answer.set)
        except ScenarioError as error:
            faults += [_fault(document, ("answers", i, "set", fault.path), fault.message) for fault in error.faults]
    if faults:
        raise ScenarioError(in_order(faults))
    return {answer.id: worlds[(answer.scenario, *sorted(answer.set.items()))] for answer in file.answers}
