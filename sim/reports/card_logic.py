"""Section 2 of a model card: how the model works."""

from collections.abc import Iterator

from sim.reports.card import Item, Row, Section, Table
from sim.reports.card_components import components
from sim.reports.card_journey import steps
from sim.reports.laws import chapters
from sim.scenario.fixes import Change
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario

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
