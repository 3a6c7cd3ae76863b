"""Section 1 of a model card: what the model is for, what it gives, what is tried with it."""

from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.card import Item, Row, Section, Table
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario

NOT_FOR = (
    "It is not evidence. A figure is worth what its inputs are worth: what rests on grade D rests on guesses.",
    "It foretells no single customer and no single day, and must not be used to score, rank or treat people.",
    "It is not a forecast of sales: who joins is given in the file, and rivals, prices and seasons are not in it.",
    "Contribution is not profit: what fixes cost is not in it, nor is anything fixed.",
)


def objectives(scenario: Scenario) -> Section:
    """Purpose, outputs and aims, with what it is not for."""
    return Section("1", "Objectives", (_purpose(scenario), _outputs(scenario), _aims(scenario)))


def _purpose(scenario: Scenario) -> Item:
    says = (
        scenario.question,
        scenario.story,
        "It puts a price on failures in a customer journey, and on mending them, so that people can decide what to do "
        "and what to find out first.",
        "What it is not:",
    )
    return Item("1.1", "Purpose of the model", says, NOT_FOR)


def _outputs(scenario: Scenario) -> Item:
    says = (
        f"The figure that answers the question is {scenario.headline}. Every figure is a sum over one ledger with a "
        "row for each visit.",
        "Each comes with a 95% Student-t interval over replications; a change is the difference from the scenario "
        "as it stands, pair by pair on the same luck. What has nothing to be measured on is missing, never 0.",
    )
    rows: list[Row] = [
        {"measure": name, "unit": unit_of(measure, scenario), "definition": measure.definition}
        for name, measure in MEASURES.items()
    ]
    return Item("1.2", "Model outputs", says, tables=(Table("Measures", tuple(rows)),))


def _aims(scenario: Scenario) -> Item:
    answer = scenario.answer
    tried = f"fixes {', '.join(answer.fixes)}" if answer.fixes else f"the lever {answer.lever}" if answer.lever else ""
    says = (
        f"The question: {scenario.question}",
        f"To answer it Ripple tries {tried}, judged by {answer.measure}."
        if tried
        else "No one thing is tried: failure points are compared by what they cost.",
    )
    tables = (
        Table("Fixes that can be tried", tuple(_fix(scenario))),
        Table("Places to start from", tuple(_presets(scenario))),
        Table("Levers: what may be moved, how far, and what it should do", tuple(_levers(scenario))),
        Table("What explains the result, cause before effect", tuple(_why(scenario))),
    )
    return Item("1.3", "Experimentation aims", says, tables=tables)


def _fix(scenario: Scenario) -> list[Row]:
    owners = {department.id: department.label for department in scenario.departments}
    return [
        {"id": fix.id, "fix": fix.label, "what it is": fix.help, "owner": owners[fix.department]}
        | {"grade": fix.evidence, "source": fix.source}
        for fix in scenario.fixes
    ]


def _presets(scenario: Scenario) -> list[Row]:
    return [
        {"id": preset.id, "preset": preset.label, "what it is": preset.help}
        | {"sets": "; ".join(f"{setting.path} = {setting.value:g}" for setting in preset.sets)}
        | {"fixes": ", ".join(preset.fixes)}
        for preset in scenario.presets
    ]


def _levers(scenario: Scenario) -> list[Row]:
    return [
        {
            "path": lever.path,
            "label": lever.label,
            "from": lever.min,
            "to": lever.max,
            "now": quantity_at(scenario, lever.path).value,
            "unit": quantity_at(scenario, lever.path).unit,
            "measure": lever.outcome,
            "direction": lever.direction,
        }
        for lever in scenario.levers
    ]


def _why(scenario: Scenario) -> list[Row]:
    return [{"measure": reason.measure, "because": reason.text} for reason in scenario.why]
