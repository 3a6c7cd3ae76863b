"""Where the numbers behind the file come from: levers, what is proposed and what it costs, prices, doubtful guesses."""

from collections.abc import Iterator

from sim.experiments.sensitivity import Doubts
from sim.scenario.offers import Agenda
from sim.scenario.paths import settables
from sim.scenario.quantity import EVIDENCE_MEANING, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import MISSING, label_of, setting

COLUMNS = ("What", "Value", "Range", "Grade", "Source")
_PRICES = ("economics.incremental_margin", "economics.service_cost_per_visit")
_LEFT_OUT, _ANY_MONEY = "left out", "currency"
Row = tuple[str, str, str, str, str]


def sources(scenario: Scenario, agenda: Agenda, doubts: Doubts) -> Iterator[Row]:
    """A row for each, in the scenario's order."""
    wanted = {*(lever.path for lever in agenda.levers), *doubts.guesses, *_PRICES}
    fixes = tuple(f"fixes.{fix.id}." for fix in agenda.fixes)
    for path, said in settables(scenario).items():
        if isinstance(said, Quantity) and (path in wanted or (path.startswith(fixes) and _is_given(said))):
            yield _row(scenario, label_of(scenario, path), said)


def _is_given(said: Quantity) -> bool:
    """Whether the file gives that number of a fix, or leaves it without effect."""
    return not (said.source or "").startswith(_LEFT_OUT)


def _row(scenario: Scenario, label: str, said: Quantity) -> Row:
    unit = (said.unit or "").replace(_ANY_MONEY, scenario.currency)
    ranged = said.low is not None and said.high is not None
    between = f"{setting(said.low or 0, unit)} to {setting(said.high or 0, unit)}" if ranged else MISSING
    grade = f"{said.evidence}: {EVIDENCE_MEANING[said.evidence]}" if said.evidence else MISSING
    return label, setting(said.value, unit), between, grade, said.source or MISSING
