"""The model card of a scenario in the order of the STRESS-DES guideline, from its data and the code."""

import platform
import re
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import metadata, requires, version
from pathlib import Path

from sim.experiments.plain import source_rows
from sim.experiments.verification.known_answers import read_known_answers
from sim.reports.markdown import Card, Item, Row, Section, Table, number
from sim.reports.model_card.purpose import logic, objectives
from sim.scenario.notices import notices_of
from sim.scenario.paths import settable
from sim.scenario.quantity import EVIDENCE_MEANING, Quantity
from sim.scenario.scenario import Scenario

_NOT_SAID = "not said"


def data(scenario: Scenario) -> Section:
    """Sources, preprocessing, input parameters and assumptions."""
    return Section("3", "Data", (_sources(scenario), _preprocessing(), _inputs(scenario), _assumptions(scenario)))


def _sources(scenario: Scenario) -> Item:
    quantities = [found for _, found in settable(scenario) if isinstance(found, Quantity)]
    grades = Counter(found.evidence or _NOT_SAID for found in quantities)
    kinds: list[Row] = [
        {
            "grade": grade,
            "what it means": EVIDENCE_MEANING.get(grade, "the file gives no grade"),
            "numbers": grades[grade],
        }
        for grade in sorted(grades)
    ]
    sources = Counter((found.source or _NOT_SAID, found.evidence or _NOT_SAID) for found in quantities)
    named: list[Row] = [
        {"source": source, "grade": grade, "numbers": count} for (source, grade), count in sources.items()
    ]
    says = (f"{len(quantities)} numbers, each with its own source. “Left out” means that the file says nothing.",)
    tables = (Table("How good the evidence is", tuple(kinds)), Table("Sources", tuple(named)))
    return Item("3.1", "Data sources", says, tables=tables)


def _preprocessing() -> Item:
    says = (
        "None by Ripple: numbers enter as the file gives them, once their bounds, and that shares sum to 1, are "
        "checked. What was done to a number before, its source says.",
    )
    return Item("3.2", "Pre-processing", says)


def _inputs(scenario: Scenario) -> Item:
    numbers: list[Row] = [
        {name: row[name] for name in ("path", "value", "low", "high", "unit")}
        | {"grade": row["evidence"], "source": row["source"]}
        for row in source_rows(scenario)
    ]
    switches: list[Row] = [{"path": path, "on": found} for path, found in settable(scenario) if isinstance(found, bool)]
    says = (
        "A plain run uses each value. Low and high, where given, are the hard ends of what is not known of that one "
        "number (triangular about the value); differences between customers are inputs of their own (shapes, "
        "spreads).",
    )
    tables = (Table("Quantities", tuple(numbers)), Table("Switches", tuple(switches)))
    return Item("3.3", "Input parameters", says, tables=tables)


def _assumptions(scenario: Scenario) -> Item:
    guesses = [path for path, found in settable(scenario) if isinstance(found, Quantity) and found.evidence == "D"]
    says = (
        f"{len(guesses)} numbers are guesses that nobody has measured (grade D in item 3.3).",
        "Beyond the numbers it is assumed that:",
    )
    return Item("3.4", "Assumptions", says, tuple(_assumed(scenario)))


def _assumed(scenario: Scenario) -> Iterator[str]:
    yield "The laws of item 2.4 hold, in the form given, for every customer alike but for their segment."
    yield "Customers do not influence each other but by queues, by what they borrow, and by what they tell."
    yield "Who joins does not depend on what happens, but for word of mouth and reputation."
    yield "Numbers stay what they are over the whole run, but for skills, which fade and are coached."
    if scenario.beliefs is None:
        yield "Promises play no part."
    if not scenario.word_of_mouth.telling.value:
        yield "Nobody tells anybody anything."
    if not scenario.reputation.weight.value:
        yield "Nobody heeds public reviews."
    if scenario.relationship.shock_times.value == 1:
        yield "A complaint that is not settled makes leaving likelier through satisfaction alone."
    if not scenario.weather.rain.value:
        yield "It never rains."
    for policy in scenario.policies:
        yield f"“{policy.label}” stands at {number(policy.value.value)} {policy.value.unit}; what it moves follows."


def experimentation(scenario: Scenario) -> Section:
    """How runs begin, how long they last, and how many there are."""
    days = scenario.warm_up_days
    warm = (
        f"Before week 0 there are {days} days in which assets and queues settle, relationships frozen; nothing of "
        "them is counted. The file says how many, and nothing proves that they are enough."
        if days
        else "Nothing warms up: things lent out start sound and idle, and queues empty."
    )
    begin = (
        "The business does not end; a stretch of it is watched, from week 0 on.",
        "Numbers describe the customers at week 0: their satisfaction starts where it is when nothing goes wrong, and "
        "their first gap is what remains of one under way.",
        warm,
    )
    length = (f"{scenario.weeks} weeks, in minutes within a visit and weeks across a lifetime, on one clock.",)
    estimates = (
        "Independent replications, 10 unless asked otherwise, or as many as it takes until an interval is narrow or a "
        "difference clear of 0 (--until). Intervals are 95% Student-t.",
        "Worlds are compared replication by replication on the same luck. An interval is the noise of the runs "
        "alone: what is not known of the inputs comes on top.",
    )
    items = (
        Item("4.1", "Initialisation", begin),
        Item("4.2", "Run length", length),
        Item("4.3", "Estimation approach", estimates),
    )
    return Section("4", "Experimentation", items)


def implementation() -> Section:
    """Software, luck, the order of events, machines."""
    luck = (
        "Philox 4x64-10, equal word for word to NumPy's. No generator is ever advanced: a draw is a function of "
        "seed, replication, site, customer, visit, place, purpose and pass, made a variate by inversion. So every "
        "world has the same luck for the same customer, and how work is split over threads changes nothing.",
    )
    order = (
        "Two engines: a process-interaction model in SimPy, which is the one to read, and a compiled event loop "
        "over arrays, which is the default. Both write the same ledger bit for bit.",
        "Of events at the same instant: repairs end, desks, service and dwelling end, people give up, people "
        "arrive; within each a keyed tie decides. Replications run on threads of one machine.",
    )
    machine = (
        "Any machine with Python 3.11, 3.12 or 3.13 and what requirements.txt lists; docs/performance.md says how "
        "long runs take.",
    )
    items = (
        Item("5.1", "Software or programming language", (), (), (Table("Versions", tuple(_software())),)),
        Item("5.2", "Random sampling", luck),
        Item("5.3", "Model execution", order),
        Item("5.4", "System specification", machine),
    )
    return Section("5", "Implementation", items)


def code_access(name: str) -> Section:
    """Where the model is, under which licence, and how a run is repeated."""
    licence = metadata("ripple")["License-Expression"]
    says = (
        f"Ripple {version('ripple')}, {licence} licence: the simulator, this scenario's file and "
        "its tests are in one checkout. The same seed gives the same figures.",
    )
    commands: list[Row] = [
        {"command": f"python -m sim {command}", "what it does": what}
        for command, what in (
            (f"run {name}", "simulates the scenario as it stands"),
            (f"describe {name} --card", "writes this card"),
            ("verify", "simulates what theory knows the answer to"),
        )
    ]
    return Section(
        "6",
        "Code access",
        (Item("6.1", "Computer model sharing statement", says, (), (Table("Commands", tuple(commands)),)),),
    )


def _software() -> list[Row]:
    needed = [re.split(r"[^\w.-]", requirement)[0] for requirement in requires("ripple") or ()]
    own: list[Row] = [
        {"software": "Ripple", "version": version("ripple")},
        {"software": "Python", "version": platform.python_version()},
    ]
    return own + [{"software": name, "version": version(name)} for name in needed]


_LIMITS = (
    "Most numbers of most scenarios are guesses; their ranges are guesses too. Twice as much certainty needs "
    "measuring, not more runs.",
    "Effects on satisfaction and leaving come from studies of correlation, of other businesses and of other years.",
    "One site is simulated; a chain is that times its stores, without customers who move between them.",
    "There are no rivals, no prices that answer, no seasons beyond the week, and no staff who tire or resign.",
    "Everybody of a segment answers to failures by the same law; what differs is their luck.",
    "Opening hours, closed dates and the profile of the week are the same every year.",
)


def checks(scenario: Scenario) -> Section:
    """What proves the simulator, and what proves this scenario."""
    known = read_known_answers()
    answers: list[Row] = [
        {"id": proof.id, "question": proof.label}
        | {"known answers": sum(answer.proves == proof.id for answer in known.every)}
        for proof in known.proofs
    ]
    theory = (
        f"{len(known.answers)} answers that theory knows are simulated with the same engine; one passes when theory "
        f"lies in the simulation's 99% interval and that interval is narrow. {len(known.fitted)} more are given by the "
        "same fits and formulas as here, and compared with what was published. This card does not run them: python -m "
        "sim verify does.",
    )
    levers = (
        f"Each of the {len(scenario.levers)} levers of item 1.3 is simulated by a test of Ripple, for the scenarios "
        "that come with it, which fails unless its measure moves the way declared. For a file of your own: python "
        "-m sim curve.",
    )
    engines = (
        "Two engines, written apart, must give the same ledger bit for bit: on the scenarios that come with Ripple, "
        "on corner cases and on generated journeys.",
    )
    items = (
        Item("7.1", "Known answers", theory, (), (Table("What they ask", tuple(answers)),)),
        Item("7.2", "Levers that prove themselves", levers),
        Item("7.3", "Two engines, one ledger", engines),
    )
    return Section("7", "Checks", items)


def limits(scenario: Scenario) -> Section:
    """What is known to be missing or weak."""
    return Section("8", "Known limits", (Item("8.1", "What to bear in mind", (), _LIMITS), _notices(scenario)))


def _notices(scenario: Scenario) -> Item:
    """What is legal in the scenario and probably not meant."""
    found: list[Row] = [{"path": notice.path, "notice": notice.message} for notice in notices_of(scenario)]
    says = "What the file may say and its author has probably not meant." if found else "Nothing was found."
    return Item("8.2", "Notices", (says,), tables=(Table("Where, and what it does", tuple(found)),))


GUIDELINE = (
    "Sections 1 to 6 follow STRESS-DES (Monks et al. 2019, Journal of Simulation 13(1), 55-67). Written from the "
    "scenario and the code by Ripple; nothing was simulated for it."
)


def model_card(name: str, scenario: Scenario) -> Card:
    """The card of that scenario. Of a path only the file's name is shown: where it lies is nobody else's concern."""
    name = Path(name).name
    sections = (
        objectives(scenario),
        logic(scenario),
        data(scenario),
        experimentation(scenario),
        implementation(),
        code_access(name),
        checks(scenario),
        limits(scenario),
    )
    return Card(name, scenario.title, GUIDELINE, sections)
