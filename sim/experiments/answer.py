"""A scenario's own question, answered: what it says to try, beside the business as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sim.engines.records import Progress
from sim.experiments.cache import Store
from sim.experiments.curve import Curve, Surroundings, lever_of, values_of
from sim.experiments.curve_findings import best
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.plain import Report, estimate_report
from sim.experiments.price import OPTIONS
from sim.experiments.runs import Comparison, Effort, Run, WorldsJob
from sim.experiments.workers import Workers, carried_out
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.fixes import Fix
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

Kind = Literal["fix", "fixes", "lever", "failures"]
YEARS = 3.0
"""Over how long what a fix costs once is spread when it is set against a yearly gain: the model's horizon."""


def kind_of(scenario: Scenario) -> Kind:
    """What the scenario says to try."""
    if scenario.answer.lever:
        return "lever"
    return "failures" if not scenario.answer.fixes else "fix" if len(scenario.answer.fixes) == 1 else "fixes"


@dataclass(frozen=True)
class Found:
    """What was found: the business as it stands, each thing tried by its name, and each failure point mended alone.

    A lever's values are named as numbers are written.
    """

    scenario: Scenario
    baseline: Run
    tried: dict[str, Run]
    mended: dict[str, Run]

    @property
    def measure(self) -> str:
        """By which it is judged."""
        return self.scenario.answer.measure

    def gain(self, run: Run) -> Estimate:
        """What that world has more of the measure than the business as it stands."""
        return self._beside(run).difference(self.measure)

    def is_nothing(self, run: Run) -> bool:
        """Whether that world is exactly the same by the measure, in every replication."""
        return all(difference == 0 for difference in self._beside(run).differences(self.measure))

    def net(self, fix: Fix) -> Estimate:
        """The gain of a fix a year, less what it costs a year over three years; a cost is of the measure's currency."""
        run = self.tried[fix.id]
        cost = cost_a_year(fix, run)
        return estimate([gained - cost for gained in self._beside(run).differences(self.measure)])

    def lead_after_costs(self, best: Fix, next_best: Fix) -> Estimate:
        """By how much one fix leaves more a year than another."""
        runs = [self.tried[fix.id] for fix in (best, next_best)]
        dearer = cost_a_year(best, runs[0]) - cost_a_year(next_best, runs[1])
        return estimate([more - dearer for more in Comparison(runs[1], runs[0]).differences(self.measure)])

    def lead(self, best: Run, next_best: Run) -> Estimate:
        """By how much one world is ahead of another."""
        return Comparison(next_best, best).difference(self.measure)

    def ranked(self, runs: dict[str, Run]) -> list[str]:
        """Names from the highest gain to the lowest; what cannot be measured is left out."""
        means = {name: self.gain(run).mean for name, run in runs.items()}
        known = {name: mean for name, mean in means.items() if mean is not None}
        return sorted(known, key=lambda name: -known[name])

    @property
    def fixes(self) -> list[Fix]:
        """The fixes tried, the best net gain first."""
        chosen = [fix for fix in self.scenario.fixes if fix.id in self.tried]
        return sorted(chosen, key=lambda fix: -(self.net(fix).mean or 0.0))

    @property
    def curve(self) -> Curve | None:
        """The lever tried, as a curve of the measure."""
        if not self.scenario.answer.lever:
            return None
        lever = lever_of(self.scenario, self.scenario.answer.lever)
        return Curve(lever, self.measure, tuple(float(name) for name in self.tried), tuple(self.tried.values()))

    def _beside(self, run: Run) -> Comparison:
        return Comparison(self.baseline, run)


def cost_a_year(fix: Fix, run: Run) -> float:
    """What a fix costs a year in currency units: a third of what it costs once, what it costs a year, and by use."""
    costs = fix.costs
    uses = run.estimate(costs.use).mean or 0.0 if costs.use else 0.0
    return costs.once.value / YEARS + costs.per_year.value + costs.per_use.value * uses


class AnswerJob(WorldsJob):
    """Finding the answer in the background: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(self, scenario: Scenario, effort: Effort, store: Store, workers: Workers) -> None:
        self.scenario = scenario
        worlds = {("as it is", ""): scenario} | _tried(scenario) | _mended(scenario)
        super().__init__(worlds, effort, store, workers, False, "--replications", OPTIONS)

    @property
    def found(self) -> Found | None:
        """What the replications done so far say; None before there is an interval."""
        if not self.has_interval:
            return None
        runs = self.paired
        of = {
            kind: {name: run for (k, name), run in runs.items() if k == kind}
            for kind in ("as it is", "tried", "mended")
        }
        return Found(self.scenario, of["as it is"][""], of["tried"], of["mended"])


def _tried(scenario: Scenario) -> dict[tuple[str, str], Scenario]:
    if not scenario.answer.lever:
        return {("tried", fix): world_of(scenario, fixes=[fix]) for fix in scenario.answer.fixes}
    lever, around = lever_of(scenario, scenario.answer.lever), Surroundings(scenario)
    return {("tried", repr(value)): around.at(lever, value) for value in values_of(lever, around.stands(lever))}


def _mended(scenario: Scenario) -> dict[tuple[str, str], Scenario]:
    """Each failure point that is on, mended alone."""
    points = [failure.id for failure in scenario.failures if failure.on]
    return {("mended", point): world_of(scenario, {f"failures.{point}.on": False}) for point in points}


def answer(scenario: Scenario, effort: Effort, progress: Progress = lambda share: None) -> Found:
    """The answer to a scenario's question; errors are those of `AnswerJob`."""
    found = carried_out(lambda workers: AnswerJob(scenario, effort, Store(on_disk=False), workers), progress).found
    assert found is not None  # every run is there
    return found


Row = dict[str, Any]


def answer_report(found: Found) -> Report:
    """Every world tried with its gain over the business as it stands, the best, and each failure point mended alone."""
    return {
        "question": found.scenario.question,
        "answered_by": kind_of(found.scenario),
        "measure": found.measure,
        "as_it_is": estimate_report(found.baseline.estimate(found.measure), _unit(found)),
        "fixes": {
            fix.id: {"label": fix.label} | _gain(found, found.tried[fix.id]) | _costs(found, fix) for fix in found.fixes
        },
        "lever": _lever(found),
        "failure_points": {
            point.id: {"label": point.label} | _gain(found, found.mended[point.id])
            for point in found.scenario.failures
            if point.id in found.mended
        },
        "biggest_failure_point": next(iter(found.ranked(found.mended)), None),
        "ahead_of_the_next": _lead(found),
    }


def _unit(found: Found) -> str:
    return unit_of(MEASURES[found.measure], found.scenario)


def _gain(found: Found, run: Run) -> Report:
    return {"gain": estimate_report(found.gain(run), _unit(found)), "exactly_nothing": found.is_nothing(run)}


def _costs(found: Found, fix: Fix) -> Report:
    cost = cost_a_year(fix, found.tried[fix.id])
    return {"cost_a_year": cost, "net": estimate_report(found.net(fix), _unit(found))}


def _lever(found: Found) -> Report | None:
    curve, better = found.curve, MEASURES[found.measure].better
    if curve is None or better == "neither":
        return None
    place = best(curve, better)
    points = [{"value": value} | _gain(found, run) for value, run in zip(curve.values, curve.runs, strict=True)]
    at = None if place.at is None else curve.values[place.at]
    return {"path": curve.lever.path, "label": curve.lever.label, "best": place.place, "at": at, "points": points}


def _lead(found: Found) -> Report | None:
    """By how much the biggest failure point is ahead of the next."""
    ranked = [found.mended[name] for name in found.ranked(found.mended)]
    return estimate_report(found.lead(*ranked[:2]), _unit(found)) if len(ranked) > 1 else None


def tables(report: Report) -> Iterator[tuple[str, list[Row]]]:
    """The report as titled tables."""
    said = f"{MEASURES[report['measure']].label}, {report['as_it_is']['unit']}, against as it is (95% interval)"
    if report["fixes"]:
        rows = [
            {"fix": fix["label"], "gain": fix["gain"], "cost a year": f"{fix['cost_a_year']:,.0f}", "net": fix["net"]}
            for fix in report["fixes"].values()
        ]
        yield f"What each fix brings: {said}", rows
    if report["lever"]:
        yield (
            f"{report['lever']['label']}: {said}",
            [{"value": f"{point['value']:g}", "gain": point["gain"]} for point in report["lever"]["points"]],
        )
    points = report["failure_points"].values()
    if points:
        yield (
            f"What mending each failure point alone brings: {said}",
            [
                {"failure point": point["label"], "gain": point["gain"]}
                for point in sorted(points, key=lambda point: -(point["gain"]["mean"] or 0.0))
            ],
        )


def sentences(report: Report) -> Iterator[str]:
    """The answer in a sentence or two."""
    if report["fixes"]:
        best_fix = next(iter(report["fixes"].values()))
        said = "Best after costs" if len(report["fixes"]) > 1 else "Tried"
        nothing = ", which changes exactly nothing" if best_fix["exactly_nothing"] else ""
        yield f"{said}: {best_fix['label']}{nothing}."
    if report["lever"]:
        at = "" if report["lever"]["at"] is None else f", at {report['lever']['at']:g}"
        yield f"Best place on the lever: {report['lever']['best']}{at}."
    if report["biggest_failure_point"]:
        label = report["failure_points"][report["biggest_failure_point"]]["label"]
        yield f"The biggest failure point: {label}."
