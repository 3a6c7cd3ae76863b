"""Alone in its file, because it takes most of a minute and tests are handed out by file."""

from sim.experiments import runs
from sim.experiments.library import load
from sim.experiments.runs import Effort

STORY_GBP = 2 / 1.5 * 14 * 362 * 123 * 0.06  # 49,869.12 a store and year


def test_ten_runs_bracket_the_storys_figure_within_three_in_a_thousand() -> None:
    lost = runs.run(load("dodgy_trolley_story"), Effort(1, 10)).estimate("revenue_lost_per_year")
    assert lost.low is not None
    assert lost.high is not None
    assert lost.half_width is not None
    assert lost.low <= STORY_GBP <= lost.high
    assert lost.half_width <= 0.003 * STORY_GBP
