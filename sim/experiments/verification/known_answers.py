"""Known answers: what theory or a publication says, as data, and how Ripple comes by the same figure."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StrictBool, StrictInt, ValidationError

from sim.engines.records import BUSY, QUEUE
from sim.experiments.estimate import Estimate, values_of
from sim.experiments.library import FOLDER, load
from sim.experiments.verification.formulas import Figures, Formula, OfCustomers
from sim.outcomes.customer_value import FitError
from sim.outcomes.measures import MEASURES, Measure, Sample, ratio
from sim.outcomes.outcome import Outcome
from sim.scenario.document import read
from sim.scenario.faults import Document, Fault, ScenarioError, faults_of, in_order, path_of
from sim.scenario.quantity import Finding, Id, Named, Number, Part, Text
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import not_among
from sim.scenario.world import world_of

PASSED = "passed"
_Width = Annotated[Number, Field(gt=0)]


class KnownAnswer(Part):
    """One figure that theory gives, and that Ripple must agree with."""

    id: Id
    proves: Id = Field(description="the question of `proofs` that this belongs to")
    title: Text = Field(description="what is measured, in a few plain words")
    words: Text = Field(description="the setting in a sentence, for readers without the theory")
    source: Text = Field(description="the theory by name, and where the figure comes from")
    unit: Text
    theory: Number

    @property
    def tolerance(self) -> float:
        """How far off, either way, still passes: what decides the digits worth showing."""
        raise NotImplementedError

    def verdict(self, found: Estimate) -> str:
        """Passed, or how it failed. A missing value never passes."""
        raise NotImplementedError


class SimulatedAnswer(KnownAnswer):
    """A known answer that a scenario is simulated for."""

    scenario: Text = Field(description="a scenario file, from this file's folder")
    set: dict[Text, Number | StrictBool] = Field(default={}, description="paths and their values, as --set has them")
    reading: Id = Field(description="a measure, or one of `sim/experiments/verification/known_answers.py`")
    at: Number | None = Field(default=None, description="what the reading asks for, such as minutes")
    times: Number = Field(default=1, description="what the reading is multiplied by to be in `unit`")
    half_width_at_most: _Width = Field(description="a wider interval proves nothing")
    replications: Annotated[StrictInt, Field(ge=2, le=1_000)]

    @property
    def tolerance(self) -> float:
        """The widest half of an interval that is allowed."""
        return self.half_width_at_most

    def verdict(self, found: Estimate) -> str:
        """Passed: theory within the interval, and the interval narrow."""
        if found.half_width is None or found.low is None or found.high is None:
            return "failed: not measured"
        if not found.low <= self.theory <= found.high:
            return "failed: outside"
        return PASSED if found.half_width <= self.half_width_at_most else "failed: too wide"


class FittedAnswer(KnownAnswer):
    """A known answer that a fit or a formula gives. No luck is in it, so that it has no interval."""

    computed: Formula = Field(description="a formula of `sim/experiments/verification/formulas.py`, and what it takes")
    figure: Text = Field(description="which of the formula's figures")
    within: _Width = Field(description="how far from theory the figure may be")

    @property
    def tolerance(self) -> float:
        """How far from theory the figure may be."""
        return self.within

    def verdict(self, found: Estimate) -> str:
        """Passed: no further from theory than allowed; rounding in the last bit of a double aside."""
        if found.mean is None:
            return "failed: not measured"
        off = abs(found.mean - self.theory)
        return PASSED if off <= self.within or math.isclose(off, self.within, rel_tol=1e-9) else "failed: outside"


def decimals(tolerance: float) -> int:
    """How many decimals show a difference of that size."""
    return max(0, -math.floor(math.log10(tolerance)))


def figures(formula: Formula, folder: Path) -> Figures:
    """All figures of a formula, for data in that folder; NaN where there is no fit."""
    try:
        return formula.work_out(folder)
    except FitError:
        return dict.fromkeys(formula.gives, np.nan)


class LeftOut(Part):
    """A known answer that is not checked, and why."""

    title: Text
    why: Text


_MINUTES_A_WEEK = 7 * 24 * 60


@dataclass(frozen=True)
class Seen:
    """What is kept of one replication: its outcome, and what each visit waited in each queue that it joined.

    `waits` are minutes, summed over the `joins` times that it joined that queue; both of shape (n,).
    """

    outcome: Outcome
    waits: NDArray[np.float64]
    joins: NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """How a figure is read from what was seen; `asks` says what `at` is, None where there is nothing to ask."""

    name: str
    definition: str
    asks: str | None
    take: Callable[[Seen, float], float]
    measure: Measure | None = None

    def sample(self, seen: Seen, at: float) -> Sample:
        """What this replication adds to the figure of all of them (see `Measure.sample`)."""
        return self.measure.sample(seen.outcome) if self.measure else (self.take(seen, at),)

    def values(self, samples: Sequence[Sample], times: float) -> list[float]:
        """One value a replication, times that; as in `Run.values`."""
        if self.measure:
            return values_of(self.measure, samples, times)
        return [times * value for (value,) in samples]


READINGS: dict[str, Reading] = {
    name: Reading(name, measure.definition, None, lambda seen, _, measure=measure: measure.take(seen.outcome), measure)  # type: ignore[misc]
    for name, measure in MEASURES.items()
}


def _reading(
    asks: str | None = None,
) -> Callable[[Callable[[Seen, float], float]], Callable[[Seen, float], float]]:
    """Register a function under its own name; its docstring is the definition."""

    def register(take: Callable[[Seen, float], float]) -> Callable[[Seen, float], float]:
        READINGS[take.__name__] = Reading(take.__name__, " ".join((take.__doc__ or "").split()), asks, take)
        return take

    return register


def _level(seen: Seen, *counters: int) -> float:
    """Time-weighted mean of these levels together, at the scenario's first resource."""
    resources, weeks = seen.outcome.records.resources, seen.outcome.scenario.weeks
    return float(resources[0, list(counters)].sum()) / (weeks * _MINUTES_A_WEEK) if len(resources) else np.nan


@_reading()
def in_system(seen: Seen, _: float) -> float:
    """Time-weighted mean number of people waiting or being served."""
    return _level(seen, QUEUE, BUSY)


@_reading()
def in_queue(seen: Seen, _: float) -> float:
    """Time-weighted mean number of people waiting."""
    return _level(seen, QUEUE)


@_reading()
def occupancy(seen: Seen, _: float) -> float:
    """Time-weighted share of the servers that are busy."""
    servers = sum(resource.servers.value for resource in seen.outcome.scenario.resources[:1])
    return ratio(_level(seen, BUSY), servers)


@_reading()
def had_to_wait(seen: Seen, _: float) -> float:
    """Share of joinings of a queue that were not served at once; missing where sums over repeated ones cannot tell."""
    return 1.0 - _share_within(seen, 0.0)


@_reading(asks="minutes")
def waited_at_most(seen: Seen, minutes: float) -> float:
    """Share of joinings of a queue that were served, or given up, within that many minutes; missing as above."""
    return _share_within(seen, minutes)


def _share_within(seen: Seen, minutes: float) -> float:
    """Share of joinings that took at most so long; NaN without any.

    NaN too where a visit joined a queue several times and waited longer in sum: how long each time was is not kept.
    """
    within = seen.waits <= minutes
    if (seen.joins[~within] > 1).any():
        return np.nan
    return ratio(float(seen.joins[within].sum()), float(seen.joins.sum()))


@_reading(asks="how many")
def down(seen: Seen, how_many: float) -> float:
    """Share of time that exactly so many of two machines are down, with one repairer: he mends one, the other waits."""
    working, waiting = _level(seen, BUSY), _level(seen, QUEUE)
    return {0.0: 1.0 - working, 1.0: working - waiting, 2.0: waiting}.get(how_many, np.nan)


@_reading()
def visits_a_customer(seen: Seen, _: float) -> float:
    """Mean visits, within the weeks simulated, of customers present at week 0."""
    return ratio(float(seen.outcome.tally.followed["visits"].sum()), seen.outcome.base_size)


@_reading(asks="weeks")
def still_here(seen: Seen, weeks: float) -> float:
    """Share of the customers present at week 0 who are still customers after that many weeks, whole or not."""
    curve = seen.outcome.retention()
    return float(np.interp(weeks, np.arange(curve.size), curve)) if 0 <= weeks <= curve.size - 1 else np.nan


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
        yield from ((("answers", i, key), message) for key, message in _read_off(simulated))
    for i, fitted in enumerate(file.fitted):
        yield from ((("fitted", i, *keys), message) for keys, message in _computed(fitted, folder))


def _computed(answer: FittedAnswer, folder: Path) -> Iterator[Finding]:
    """What is wrong with the figure that an answer takes of its formula, and with the formula's data."""
    formula = answer.computed
    if answer.figure not in formula.gives:
        yield ("figure",), f'found "{answer.figure}"; allowed: {", ".join(formula.gives)}'
    if isinstance(formula, OfCustomers) and (fault := formula.fault(folder)):
        yield ("computed", "customers"), fault


def _read_off(answer: SimulatedAnswer) -> Iterator[tuple[str, str]]:
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
