"""What the file is made of and what it knows, as plain data for JSON: every figure of every point, and its words."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiments.estimate import Estimate
from sim.experiments.runs import Comparison, Effort, Run
from sim.experiments.sensitivity import AS_IS, SECONDS, Asked, Doubts, Grid, differing, grid_of, seconds_of
from sim.outcomes.measures import MEASURES
from sim.reports.one_file import words
from sim.reports.origin import Origin
from sim.scenario.fixes import Lever
from sim.scenario.offers import Agenda, agenda_of
from sim.scenario.paths import quantity_at, settables
from sim.scenario.quantity import EVIDENCE_MEANING, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import MISSING, label_of, moved, setting
from sim.scenario.world import Sets, world_of


@dataclass(frozen=True)
class Plan:
    """What is asked of a scenario, and the worlds that answer it: those of the grid, and those of the doubts."""

    asked: Asked
    agenda: Agenda
    grid: Grid
    doubts: Doubts

    @property
    def worlds(self) -> dict[Hashable, Scenario]:
        """Every world to simulate."""
        return self.grid.worlds | self.doubts.worlds

    def seconds(self, effort: Effort) -> float:
        """About how long that takes at the most, where nothing was simulated before."""
        return seconds_of(self.asked, len(self.grid.points) + self.doubts.most_worlds, effort)


def plan_of(scenario: Scenario, sets: Sets, fixes: Sequence[str], effort: Effort) -> Plan:
    """The plan of a scenario's file, whose grid is as fine as its worlds and those of the doubts leave time for.

    `sets` say where the sliders start, and what else stands elsewhere; `fixes` are proposed, the scenario's own
    proposal where none are given.

    Raises:
        ScenarioError: sets and fixes contradict each other.
    """
    world_of(scenario, sets, fixes)
    agenda = agenda_of(scenario, fixes)
    proposed = tuple(fix.id for fix in agenda.fixes)
    asked = Asked(scenario, agenda.levers, agenda.number, differing(scenario, sets), proposed)
    doubts = Doubts(scenario, agenda.number, asked.held, proposed)
    seconds = min(SECONDS, 60 * effort.budget.minutes)
    return Plan(asked, agenda, grid_of(asked, effort, seconds, besides=doubts.most_worlds), doubts)


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


_MOST_STOPS = 401
_DIGITS = 7  # of a bar: more than any eye sees
Data = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """What goes into one file: what was planned, the runs of its worlds, and where they come from."""

    plan: Plan
    runs: Mapping[Hashable, Run]
    origin: Origin

    @property
    def scenario(self) -> Scenario:
        """The business as it is."""
        return self.plan.asked.scenario

    @property
    def agenda(self) -> Agenda:
        """What its page shows."""
        return self.plan.agenda

    @property
    def number(self) -> words.Number:
        """The one number."""
        return words.number_of(self.scenario, self.agenda.number)


def data_of(content: Content) -> Data:
    """All of it."""
    scenario, agenda, number = content.scenario, content.agenda, content.number
    as_is, measure = content.runs[AS_IS], MEASURES[agenda.number]
    costs = words.costs(scenario, agenda.fixes)
    return {
        "title": scenario.title,
        "question": agenda.question,
        "number": {"name": number.name, "tail": number.tail, **_form(number), "better": measure.better},
        "meaning": f"{measure.label}. {measure.definition}",
        "templates": words.TEMPLATES,
        "moves": words.moves(scenario, content.plan.grid.around.sets, agenda.fixes),
        "levers": [_lever(content, at) for at in range(len(agenda.levers))],
        "today": _ends(as_is.estimate(agenda.number)),
        "points": [_point(found, agenda.number) for found in content.plan.grid.comparisons(content.runs)],
        "bars": _bars_now(content),
        "costs": [*costs, *words.costs_apart(agenda, costs)],
        "least_sure": words.least_sure_of(scenario, agenda, content.plan.doubts, content.runs),
        "columns": list(COLUMNS),
        "sources": [list(row) for row in sources(content.scenario, agenda, content.plan.doubts)],
        "stamp": [list(row) for row in content.origin.rows],
        "simulated": content.origin.simulated,
    }


def _form(number: words.Number) -> Data:
    """How the number's figures are written."""
    if number.currency and number.unit.startswith(number.currency):
        return {"form": "money", "sign": number.sign, "yearly": number.unit.endswith("a year")}
    return {"form": "share" if number.unit.startswith("share") else "number"}


def _lever(content: Content, at: int) -> Data:
    lever, grid = content.agenda.levers[at], content.plan.grid.values[at]
    quantity = quantity_at(content.scenario, lever.path)
    unit, now = quantity.unit or "", quantity.value
    stops = _stops(lever, grid)
    return {
        "path": lever.path,
        "label": lever.label,
        "help": lever.help,
        "grid": list(grid),
        "now": stops.index(now),
        "start": stops.index(float(content.plan.asked.sets.get(lever.path, now))),
        "stops": [[value, setting(value, unit), moved(content.scenario, lever.path, value)] for value in stops],
    }


def _stops(lever: Lever, grid: Sequence[float]) -> list[float]:
    """Where the slider stops: on the lever's steps, as far as they are not too many, and at every point of the grid."""
    steps = math.floor((lever.max - lever.min) / lever.step + 1e-9)
    taken = min(steps, _MOST_STOPS - 1)
    there = [round(lever.min + round(i * steps / taken) * lever.step, 12) for i in range(taken + 1)] if taken else []
    apart = [value for value in there if not any(math.isclose(value, known, abs_tol=1e-12) for known in grid)]
    return sorted({*map(float, apart), *grid})


def _point(found: Comparison | None, measure: str) -> Data | None:
    """The number there, its change from today, and each failure point's loss; None where there is no such world."""
    if found is None:
        return None
    lost = [found.world.lost(failure.id) for failure in found.world.world.failures]
    return {
        "value": found.world.estimate(measure).mean,
        "change": _ends(found.difference(measure)),
        "bars": [[_rounded(end) for end in _ends(each)] for each in lost] or [_ends(found.world.estimate(measure))],
    }


def _bars_now(content: Content) -> Data:
    """What the picture shows: losses at each failure point, or the number where nothing can fail."""
    as_is, scenario = content.runs[AS_IS], content.scenario
    if not scenario.failures:
        number = content.number
        shown = {"tail": number.tail, **_form(number)}
        return {"title": number.name, **shown, "rows": [["", *_ends(as_is.estimate(content.agenda.number))]]}
    lost = words.Number(words.LOST, f"{scenario.currency} a year", scenario.currency)
    rows = [[failure.label, *_ends(as_is.lost(failure.id))] for failure in scenario.failures]
    return {"title": lost.name, "tail": lost.tail, **_form(lost), "rows": rows}


def _ends(found: Estimate) -> list[float | None]:
    return [found.mean, found.low, found.high]


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
