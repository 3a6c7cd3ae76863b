"""One HTML file that needs no server: three sliders over a grid that was simulated beforehand.

What the file is made of and what it knows is plain data for JSON: every figure of every point, and its words. Template,
style, script and data are put together in one page that fetches nothing.
"""

import base64
import hashlib
import html
import json
import math
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Template

from sim.experiments.cache import Store
from sim.experiments.estimate import Estimate
from sim.experiments.inquiry import FULL_RUNS
from sim.experiments.plain import alike
from sim.experiments.price import Budget
from sim.experiments.runs import NEEDS_TWIN, Comparison, Effort, Run, WorldsJob
from sim.experiments.sensitivity import AS_IS, SECONDS, Asked, Doubts, Grid, differing, grid_of, seconds_of
from sim.experiments.workers import Workers
from sim.outcomes.measures import MEASURES
from sim.reports.narrative import boardroom_story
from sim.reports.origin import OnDisk, Origin, origin, runs_said
from sim.scenario.fixes import Lever
from sim.scenario.offers import Agenda, agenda_of
from sim.scenario.paths import quantity_at, settables
from sim.scenario.quantity import EVIDENCE_MEANING, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import MISSING, label_of, moved, setting
from sim.scenario.world import Sets, world_of

PAGE_ON_DISK = OnDisk("page", "file", (".html", ".htm"))


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
    def number(self) -> boardroom_story.Number:
        """The one number."""
        return boardroom_story.number_of(self.scenario, self.agenda.number)


def data_of(content: Content) -> Data:
    """All of it."""
    scenario, agenda, number = content.scenario, content.agenda, content.number
    as_is, measure = content.runs[AS_IS], MEASURES[agenda.number]
    costs = boardroom_story.costs(scenario, agenda.fixes)
    return {
        "title": scenario.title,
        "question": agenda.question,
        "number": {"name": number.name, "tail": number.tail, **_form(number), "better": measure.better},
        "meaning": f"{measure.label}. {measure.definition}",
        "templates": boardroom_story.TEMPLATES,
        "moves": boardroom_story.moves(scenario, content.plan.grid.around.sets, agenda.fixes),
        "levers": [_lever(content, at) for at in range(len(agenda.levers))],
        "today": _ends(as_is.estimate(agenda.number)),
        "points": [_point(found, agenda.number) for found in content.plan.grid.comparisons(content.runs)],
        "bars": _bars_now(content),
        "costs": [*costs, *boardroom_story.costs_apart(agenda, costs)],
        "least_sure": boardroom_story.least_sure_of(scenario, agenda, content.plan.doubts, content.runs),
        "columns": list(COLUMNS),
        "sources": [list(row) for row in sources(content.scenario, agenda, content.plan.doubts)],
        "stamp": [list(row) for row in content.origin.rows],
        "simulated": content.origin.simulated,
    }


def _form(number: boardroom_story.Number) -> Data:
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
    lost = boardroom_story.Number(boardroom_story.LOST, f"{scenario.currency} a year", scenario.currency)
    rows = [[failure.label, *_ends(as_is.lost(failure.id))] for failure in scenario.failures]
    return {"title": lost.name, "tail": lost.tail, **_form(lost), "rows": rows}


def _ends(found: Estimate) -> list[float | None]:
    return [found.mean, found.low, found.high]


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


_HERE = Path(__file__).parent
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def one_file(content: Content) -> str:
    """The whole HTML file. What people wrote is data, which scripts put into the page as text."""
    style, script = (_part(name) for name in ("style.css", "script.js"))
    parts = {
        "title": html.escape(f"{content.agenda.question} {content.scenario.title}"),
        "style": style,
        "style_hash": _hash(style),
        "script": script,
        "script_hash": _hash(script),
        "data": _embedded(data_of(content)),
    }
    page: str = Template(_part("page.html"), keep_trailing_newline=True).render(parts)
    return page


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a content security policy names the one script, or style, that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(data: object) -> str:
    """JSON in which nothing can end the element that holds it."""
    text = json.dumps(alike(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: _UNSAFE[found[0]], text)


class OneFileJob(WorldsJob):
    """Making the file in the background: ask how far it is, stop it, and take `html` once it is there.

    `sets` say where the sliders start, and what else stands elsewhere; `fixes` are proposed, the scenario's own
    proposal where none are given. `link` leads back to the page, or says how to make the file again.

    Raises:
        ScenarioError: sets and fixes contradict each other; nothing was started.
        TooLargeError: it would take more time or memory than the budget; nothing was started.
    """

    def __init__(
        self,
        scenario: Scenario,
        sets: Sets,
        fixes: Sequence[str],
        seed: int,
        store: Store,
        workers: Workers,
        link: str,
        budget: Budget = Budget(),  # noqa: B008 - it never changes
    ) -> None:
        effort = Effort(seed, FULL_RUNS, budget=budget)
        self.plan, self._link = plan_of(scenario, sets, fixes, effort), link
        super().__init__(self.plan.worlds, effort, store, workers, self.plan.agenda.number in NEEDS_TWIN)

    @property
    def html(self) -> str | None:
        """The file; None while it is not there, or where it was stopped or failed."""
        return None if not self.finished or self.stopped or self.error else self._html

    @cached_property
    def _html(self) -> str:
        scenario = self.plan.asked.scenario
        said = runs_said(self.effort.replications, scenario.weeks)
        made = origin(scenario.title, said, self.effort.seed, datetime.now(), self._link)
        return one_file(Content(self.plan, self.paired, made))


def write_file(text: str, path: Path) -> None:
    """Put the file there. Raises ScenarioError where it cannot be written."""
    with PAGE_ON_DISK.whole(path) as whole:
        whole.write_text(text, encoding="utf-8")
