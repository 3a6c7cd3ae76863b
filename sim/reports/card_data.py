"""Section 3 of a model card: every number, where it comes from, and what is assumed."""

from collections import Counter
from collections.abc import Iterator

from sim.experiments.plain import source_rows
from sim.reports.card import Item, Row, Section, Table
from sim.reports.markdown import number
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
