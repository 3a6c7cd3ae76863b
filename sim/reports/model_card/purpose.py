"""Sections 1 and 2 of a model card: what the model is for, and how it works."""

from collections.abc import Iterator

from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.laws import chapters
from sim.reports.markdown import Item, Row, Section, Table
from sim.reports.model_card.journey import components, steps
from sim.scenario.fixes import Change
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
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


_DECIDES = (
    "When a visit is due, whoever is a customer already decides first: who leaves for good makes no visit and pays "
    "nothing. What counts is how the last visit left them.",
)
_A_VISIT = (
    "A customer comes, at a moment of the opening hours, with a kind of visit and a sum in mind.",
    "They go from touchpoint to touchpoint, queue, borrow, hear promises and test them, as the list above has it.",
    "At a failure point something may go wrong; they respond as it says, which takes a share of the basket and is "
    "felt.",
    "When the visit ends it becomes one row: what was meant, what each failure took, what was paid, how it felt.",
    "What was felt moves satisfaction; satisfaction multiplies the natural chance to leave for good.",
    "Who stays comes again after a gap of their own; part of what was lost is bought on the next completed visit.",
)


def logic(scenario: Scenario) -> Section:
    """Overview, logic, scenarios, algorithms and components."""
    overview = Item(
        "2.1", "Base model overview", ("The journey, step by step; a visit starts at the first.",), steps(scenario)
    )
    steps_of_a_visit = (*_DECIDES, *_A_VISIT) if scenario.customers.leaving.before_paying else _A_VISIT
    base = Item("2.2", "Base model logic", (f"{scenario.weeks} weeks of one site are simulated.",), steps_of_a_visit)
    return Section("2", "Logic", (overview, base, _scenarios(scenario), _algorithms(), *components(scenario)))


def _scenarios(scenario: Scenario) -> Item:
    says = (
        "The base model is the scenario as it stands. Another world is the same with levers moved first, which "
        "moves what follows a policy, and then with fixes applied: what is set, then multiplied, then added to. Its "
        "customers and their luck are the same.",
        "Revenue lost compares it with the world in which every failure point is off: nothing breaks, waits are "
        "endured without consequence, deliveries meet their promise.",
    )
    changes: list[Row] = [
        {"id": fix.id, "path": change.path, "change": _said(change)} for fix in scenario.fixes for change in fix.changes
    ]
    moves: list[Row] = [
        {
            "id": policy.id,
            "path": move.path,
            "through": "; ".join(f"{at:g} gives {then:g}" for at, then in move.through),
        }
        | {"grade": move.evidence, "source": move.source}
        for policy in scenario.policies
        for move in policy.moves
    ]
    tables = (
        Table("What each fix changes", tuple(changes)),
        Table("What each policy moves", tuple(moves)),
        Table("How each type of store differs", tuple(_stores(scenario))),
    )
    return Item("2.3", "Scenario logic", says, tables=tables)


def _stores(scenario: Scenario) -> Iterator[Row]:
    for kind in scenario.chain.stores if scenario.chain else ():
        hours = [f"{day} {hours}" for day, hours in kind.opening or () if hours]
        differs = [("calendar.opening", ", ".join(hours))] * bool(hours)
        differs += [(change.path, _said(change)) for change in kind.changes]
        for path, said in differs or [("", "as described")]:
            yield {"id": kind.id, "stores": kind.count.value, "path": path, "change": said}


def _said(change: Change) -> str:
    if change.set is not None:
        return f"is set to {str(change.set).lower()}"
    said = {"times": "times", "add": "plus"}
    return ", then ".join(f"{said[way]} {_with_range(by)}" for way, by in change.moves())


def _with_range(by: Quantity) -> str:
    ranged = by.low is not None and by.high is not None
    return f"{by.value:g} ({by.low:g} to {by.high:g})" if ranged else f"{by.value:g}"


def _algorithms() -> Item:
    says = (
        "Each law of behaviour is one pure function. u is a uniform number that belongs to one customer and one "
        "decision.",
    )
    rows: list[Row] = [
        {"law": f"{chapter.name}.{law.name}", "what it says": law.says[0], "rests on": "; ".join(law.rests_on)}
        for chapter in chapters()
        for law in chapter.laws
    ]
    return Item("2.4", "Algorithms", says, tables=(Table("Laws of behaviour", tuple(rows)),))
