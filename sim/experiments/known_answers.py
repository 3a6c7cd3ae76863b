"""Known answers: what theory says of small scenarios, as data. A row more in the file is a check more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, ValidationError

from sim.experiments.library import FOLDER, load
from sim.experiments.readings import READINGS
from sim.outcomes.measures import MEASURES
from sim.scenario.document import Document, read
from sim.scenario.faults import Fault, ScenarioError, faults_of, in_order, path_of
from sim.scenario.part import Finding, Id, Named, Part, Text
from sim.scenario.quantity import Number
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

FILE = FOLDER / "known_answers" / "known_answers.yaml"


class KnownAnswer(Part):
    """One figure that theory gives, and the simulated figure that must agree with it."""

    id: Id
    proves: Id = Field(description="the question of `proofs` that this belongs to")
    title: Text = Field(description="what is measured, in a few plain words")
    words: Text = Field(description="the setting in a sentence, for readers without the theory")
    source: Text = Field(description="the theory by name, and where the figure comes from")
    scenario: Text = Field(description="a scenario file, from this file's folder")
    set: dict[Text, Number | StrictBool] = Field(default={}, description="paths and their values, as --set has them")
    reading: Id = Field(description="a measure, or one of `sim/experiments/readings.py`")
    at: Number | None = Field(default=None, description="what the reading asks for, such as minutes")
    times: Number = Field(default=1, description="what the reading is multiplied by to be in `unit`")
    unit: Text
    theory: Number
    half_width_at_most: Annotated[Number, Field(gt=0)] = Field(description="a wider interval proves nothing")
    replications: Annotated[StrictInt, Field(ge=2, le=1_000)]


class LeftOut(Part):
    """A known answer that is not checked, and why."""

    title: Text
    why: Text


class _File(Part):
    proofs: tuple[Named, ...] = Field(min_length=1)
    answers: tuple[KnownAnswer, ...] = Field(min_length=1)
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class KnownAnswers:
    """All known answers, grouped by the questions they prove, and for each (by id) the world to simulate."""

    proofs: tuple[Named, ...]
    answers: tuple[KnownAnswer, ...]
    left_out: tuple[LeftOut, ...]
    worlds: Mapping[str, Scenario] = field(repr=False)

    def only(self, *ids: str) -> "KnownAnswers":
        """The same with these answers alone."""
        chosen = tuple(answer for answer in self.answers if answer.id in ids)
        return KnownAnswers(self.proofs, chosen, self.left_out, self.worlds)


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
    if found := list(_findings(file)):
        raise ScenarioError(in_order(_fault(document, loc, message) for loc, message in found))
    return KnownAnswers(file.proofs, file.answers, file.left_out, _worlds(file, document))


def _fault(document: Document, loc: tuple[str | int, ...], message: str) -> Fault:
    return Fault(document.file, document.line_of(loc), path_of(loc, document.data), message)


def _findings(file: _File) -> Iterator[Finding]:
    ids = [answer.id for answer in file.answers]
    proofs = [proof.id for proof in file.proofs]
    for i, answer in enumerate(file.answers):
        if answer.id in ids[:i]:
            yield ("answers", i, "id"), f'found "{answer.id}" again; allowed: each id once'
        if answer.proves not in proofs:
            yield ("answers", i, "proves"), f'found "{answer.proves}"; allowed: {", ".join(proofs)}'
        yield from ((("answers", i, key), message) for key, message in _reading(answer))


def _reading(answer: KnownAnswer) -> Iterator[tuple[str, str]]:
    """What is wrong with the reading of an answer, and with what it asks for."""
    if answer.reading not in READINGS:
        near = get_close_matches(answer.reading, READINGS, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        own = ", ".join(name for name in READINGS if name not in MEASURES)
        yield "reading", f'found "{answer.reading}"; allowed: a measure, or {own}{hint}'
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
