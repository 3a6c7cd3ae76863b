"""How a known answer is checked: a world as text, replications of it, and an interval that must be narrow."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from scipy import stats

from sim.scenario.reading import parse_scenario
from tests.engines.worlds import Run, run

ALWAYS_OPEN = """
title: A known answer
question: Does the simulator reproduce it?
story: A textbook's.
currency: GBP
headline: visits
calendar:
  starts: "2026-01-05"
  opening:
    monday: "00:00-24:00"
    tuesday: "00:00-24:00"
    wednesday: "00:00-24:00"
    thursday: "00:00-24:00"
    friday: "00:00-24:00"
    saturday: "00:00-24:00"
    sunday: "00:00-24:00"
segments: [{id: all, label: All, share: 1}]
trips: [{id: any, label: Any, share: 1, spend: 0, spend_log_sd: 0}]
stages: [{id: only, label: Only}]
departments: [{id: only, label: Only}]
economics: {incremental_margin: 0, discount_rate: 0}
"""
MINUTES_A_WEEK = 7 * 24 * 60


def customers(base: int = 0, visits_per_week: float = 1, passers_by_per_week: float = 0) -> str:
    """A market without differences between customers, none of whom ever leaves."""
    return f"""
customers:
  base: {base}
  visits_per_week: {visits_per_week}
  visits_shape: 1000
  gap_cv: 1
  spend_log_sd: 0
  leaving: {{churn_per_year: 0, concentration: 16}}
  newcomers_per_week: 0
  passers_by_per_week: {passers_by_per_week}
"""


def relationship(reported: float = 0.5) -> str:
    """Relationships that do nothing, but for the share of people who report a faulty thing."""
    intercept = 1_000 if reported == 1 else math.log(reported / (1 - reported))
    return f"""
relationship:
  {{reference: 0.8, loss_aversion: 1, gain: 0, leaving_sensitivity: 0, recapture: 0,
    complaint_intercept: {intercept}, complaint_slope: 0}}
"""


def replications(text: str, count: int) -> list[Run]:
    """Replications of the world that the text adds to the one that is always open."""
    scenario = parse_scenario(ALWAYS_OPEN + text, "oracle")
    return [run(scenario, seed=7, replication=replication) for replication in range(count)]


def assert_known(runs: list[Run], answers: Mapping[str, tuple[Callable[[Run], float], float, float]]) -> None:
    """For each (how it is taken from a run, theory, widest half-width allowed): theory is within the 99% interval."""
    for name, (take, theory, narrow) in answers.items():
        values = np.array([take(done) for done in runs])
        half = stats.t.ppf(0.995, values.size - 1) * stats.sem(values)
        found = f"{name}: {values.mean():.5f} ± {half:.5f}, theory {theory:.5f}"
        if half > narrow:
            pytest.fail(f"too wide to tell: {found}")
        if abs(values.mean() - theory) > half:
            pytest.fail(found)
        print(found)
