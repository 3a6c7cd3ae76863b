"""What happened, split: by segment, stage, department, touchpoint or week, each part measured like the whole.

A part by segment has its own customers; by week, its own things lent out. By touchpoint, stage or department it is the
visits that met one, so parts overlap: what a visit brings counts at each place it came to, and is not the place's own.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.engines.population import Population
from sim.engines.records import Records
from sim.outcomes.measures import MEASURES, Measure, Sample, totals_of
from sim.outcomes.measures.registry import About
from sim.outcomes.outcome import Outcome
from sim.scenario.quantity import Named
from sim.scenario.scenario import Scenario

By = Literal["segment", "stage", "department", "touchpoint", "week"]
BY: tuple[By, ...] = get_args(By)
_MEASURED: dict[By, tuple[About, ...]] = {
    "segment": ("visits", "contacts", "customers"),
    "week": ("visits", "contacts", "things"),
    "stage": ("visits",),
    "department": ("visits",),
    "touchpoint": ("visits",),
}


def names_of(scenario: Scenario, by: By) -> dict[str, str]:
    """The parts of a scenario by id, with their labels."""
    if by == "week":
        return {str(week): f"Week {week + 1}" for week in range(scenario.weeks)}
    return {item.id: item.label for item in _items(scenario, by)}


def _items(scenario: Scenario, by: By) -> tuple[Named, ...]:
    items: dict[By, tuple[Named, ...]] = {
        "segment": scenario.segments,
        "stage": scenario.stages,
        "department": scenario.departments,
        "touchpoint": scenario.journey,
    }
    return items[by]


def places_of(scenario: Scenario, by: By | None) -> NDArray[np.bool_] | None:
    """Which touchpoints belong to each part, shape (parts, touchpoints); None where parts are no places."""
    if by is None or by in ("segment", "week"):
        return None
    where = {"stage": "stage", "department": "department", "touchpoint": "id"}[by]
    return np.array([[getattr(place, where) == item.id for place in scenario.journey] for item in _items(scenario, by)])


def breakdown(outcome: Outcome, by: By) -> dict[str, dict[str, float]]:
    """Every measure that can be taken of each part, by part and then by name; NaN where there is nothing to measure.

    By place the outcome's tally must have been made with `places_of`.
    """
    taken = _taken(by)
    return {name: {measure.name: measure.take(part) for measure in taken} for name, part in _parts(outcome, by)}


def part_totals(outcome: Outcome, by: By) -> dict[str, dict[str, Sample]]:
    """What the pooled ones among them are made of, by part and then by name."""
    return {name: totals_of(part, _taken(by)) for name, part in _parts(outcome, by)}


def _taken(by: By) -> list[Measure]:
    return [measure for measure in MEASURES.values() if measure.about in _MEASURED[by]]


def _parts(outcome: Outcome, by: By) -> Iterator[tuple[str, Outcome]]:
    for position, name in enumerate(names_of(outcome.scenario, by)):
        if by == "segment":
            yield name, _of_segment(outcome, position)
        elif by == "week":
            yield name, _of_week(outcome, position)
        else:
            yield name, _of_place(outcome, by, position)


def _of_segment(outcome: Outcome, position: int) -> Outcome:
    """The visits and customers of one segment, and its part of what is spent on winning customers."""
    scenario, mine = outcome.scenario, outcome.population.segment == position
    won = outcome.joined
    spend = scenario.economics.acquisition_spend_per_year.changed(times=float((won & mine).sum() / max(won.sum(), 1)))
    economics = scenario.economics.model_copy(update={"acquisition_spend_per_year": spend})
    only = {"segments": scenario.segments[position : position + 1], "economics": economics}
    tally = outcome.tally.cut(slice(None), slice(position, position + 1))
    return replace(
        outcome,
        scenario=scenario.model_copy(update=only),
        tally=tally,
        population=_some(outcome.population, mine),
        records=outcome.records._replace(
            left_week=outcome.records.left_week[mine], joined_week=outcome.records.joined_week[mine]
        ),
        unbroken=_of_segment(outcome.unbroken, position) if outcome.unbroken else None,
        part=_share(float(tally.visits.sum()), outcome),
    )


def _some(population: Population, chosen: NDArray[np.bool_]) -> Population:
    """These customers, in the weather of everybody."""
    people = [name for name in population._fields if name != "rain"]
    return population._replace(**{name: getattr(population, name)[chosen] for name in people})


def _of_week(outcome: Outcome, week: int) -> Outcome:
    only = slice(week, week + 1)
    records: Records = outcome.records
    return replace(
        outcome,
        scenario=outcome.scenario.model_copy(update={"weeks": 1}),
        tally=outcome.tally.cut(only, slice(None)),
        records=records._replace(pools=records.pools[:, :, only], resources=records.resources[:, :, only]),
        unbroken=_of_week(outcome.unbroken, week) if outcome.unbroken else None,
    )


def _of_place(outcome: Outcome, by: By, position: int) -> Outcome:
    places = places_of(outcome.scenario, by)
    assert places is not None
    here = [place.id for place, inside in zip(outcome.scenario.journey, places[position], strict=True) if inside]
    tally = outcome.tally.at(position, np.array([failure.at in here for failure in outcome.scenario.failures], bool))
    return replace(outcome, tally=tally, unbroken=None, part=_share(float(tally.visits.sum()), outcome))


def _share(visits: float, outcome: Outcome) -> float:
    return visits / max(float(outcome.tally.visits.sum()), 1.0)
