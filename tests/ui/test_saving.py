"""What is said of saved scenarios."""

from dataclasses import replace

import pytest

from sim.experiments.library import load
from sim.experiments.runs import Effort, compare, run
from sim.finance.assumptions import Terms
from sim.saved.shelf import Entry, Saved, SavedFigure
from sim.scenario.world import world_of
from ui import saving
from ui.charts.comparison import differences
from ui.session import saved as state
from ui.session.case_choice import CaseChoice, Edit

TINY = load("tiny")
POOL, BREAKS = "assets.trolleys.pool", "assets.trolleys.breaks"
ENTRY = Entry("Spring", "tiny", "~kept", "As agreed.", "Ann", {POOL: 14}, ("five_more_trolleys",))
SAVED = Saved("id", 1, ENTRY, 0, 0, None)


def test_what_differs_is_said_in_words() -> None:
    assert saving.differs(TINY, ENTRY) == "Trolleys in the pool at 14 instead of 9; five more trolleys."
    assert saving.differs(TINY, replace(ENTRY, sets={}, fixes=())) == "As it is, nothing moved."


def test_what_of_a_business_case_is_not_saved_is_said() -> None:
    case = CaseChoice("tiny", TINY, (Edit(BREAKS, 0.02),), ("five_more_trolleys",), Terms())
    assert saving.leaves_out(case) is None
    edits = (Edit(BREAKS, 0.02, 0.01, 0.03), Edit("economics.incremental_margin", 0.3))
    more = replace(case, edits=edits, terms=Terms(horizon_years=2), budget=900.0)
    assert saving.leaves_out(more) == (
        "Not saved with it: the budget, the terms, 1 assumption without a slider on Explore, the ranges of your "
        "assumptions. Copy link keeps them all."
    )


def test_what_the_file_has_no_room_for_any_more_is_left_out_and_said() -> None:
    fits = state.fitting(TINY, replace(ENTRY, sets={POOL: 99, "gone.path": 1, BREAKS: 0.02}, fixes=("gone",)))
    assert (fits.sets, fits.fixes) == ({BREAKS: 0.02}, ())
    assert fits.wrong == (
        "Trolleys in the pool at 99 cannot be had any more; allowed: 4 to 40.",
        "gone.path at 1 cannot be had any more; allowed: one of its levers as they are now.",
        "There is no fix gone any more; allowed: five_more_trolleys.",
    )
    assert fits.start(TINY).values == {POOL: 9, BREAKS: 0.02, "failures.wheel.responses.persevere.loss": 0.06}


def test_the_results_of_a_world_are_kept_with_what_they_were_simulated_with() -> None:
    found = run(world_of(TINY, {POOL: 14}), Effort(seed=5, replications=2))
    headline, contribution = state.figures_of(found)
    assert (headline.measure, contribution.measure) == (TINY.headline, "contribution")
    estimate = found.estimate("contribution")
    assert contribution == SavedFigure("contribution", estimate.mean, estimate.low, estimate.high, 2, 12, 5)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            SavedFigure("contribution", 1_234.5, 1_000, 1_500, 4, 12, 1),
            ("Contribution", "£1,234 a year", "95% interval £1,000 to £1,500. 4 runs of 12 weeks, seed 1."),
        ),
        (
            SavedFigure("contribution", -5.0, None, None, 1, 12, 1),
            ("Contribution", "−\u2060£5 a year", "One run: no interval. 1 run of 12 weeks, seed 1."),
        ),
        (
            SavedFigure("contribution", None, None, None, 4, 12, 1),
            ("Contribution", "—", "Nothing here to measure it on. 4 runs of 12 weeks, seed 1."),
        ),
        (SavedFigure("no_such_measure", 1, 1, 1, 4, 12, 1), None),
    ],
)
def test_a_kept_result_has_its_interval_or_says_why_not(kept: SavedFigure, said: object) -> None:
    assert saving.result(TINY, kept) == said


def test_times_are_the_visitors_own() -> None:
    assert saving.when(1_800_000_000, "Europe/London") == "15 January 2027, 08:00"
    assert saving.when(1_800_000_000, "Asia/Tokyo") == "15 January 2027, 17:00"
    assert saving.when(1_800_000_000, None) == "15 January 2027, 08:00 UTC"
    for unknown in ("Nowhere/../etc", "Foo/Bar", ""):
        assert saving.when(1_800_000_000, unknown) == "15 January 2027, 08:00 UTC"


def test_how_far_two_lie_apart_is_said_in_points_for_shares() -> None:
    assert saving.apart(-0.031, "share a year", TINY) == "3.1 points a year"
    assert saving.apart(-4_219.4, "GBP a year", TINY) == "£4,219 a year"
    assert saving.apart(0.304, "GBP", TINY) == "£0.30"


def test_scenarios_of_two_stories_are_not_set_side_by_side_and_why_is_said() -> None:
    other = replace(SAVED, entry=replace(ENTRY, name="Other", scenario="placebo"))
    assert saving.several_stories([SAVED, SAVED], {}) is None
    said = saving.several_stories([SAVED, other], {"tiny": "A tiny shop", "placebo": "The placebo"})
    assert said and said.startswith("“Spring” belongs to “A tiny shop” and “Other” to “The placebo”.")
    assert "other customers with other luck" in said


@pytest.mark.parametrize(
    ("asked", "found"), [("", True), ("SPRING", True), ("ann agreed", True), ("tiny", True), ("autumn", False)]
)
def test_words_are_looked_for_in_name_note_author_and_story(asked: str, found: bool) -> None:
    assert saving.matches(SAVED, "A tiny shop", asked) is found


@pytest.mark.parametrize(
    ("name", "file"),
    [("Spring, as agreed", "Spring_as_agreed.yaml"), ("../../etc/passwd", "etc_passwd.yaml"), ("<>", "scenario.yaml")],
)
def test_a_file_has_a_name_that_every_machine_takes(name: str, file: str) -> None:
    assert saving.file_name(name) == file


def test_the_chart_shows_paired_differences_and_shares_in_points() -> None:
    found = compare(TINY, world_of(TINY, {POOL: 14}), Effort(replications=3))
    difference = found.difference("refused_share")
    assert difference.mean is not None and difference.low is not None and difference.high is not None
    spec = differences([("B: Spring", difference)], "A", "share of reports")
    (row,) = spec["data"]["values"]
    assert row["world"] == "B: Spring"
    assert [row[end] for end in ("at", "low", "high")] == pytest.approx(
        [100 * end for end in (difference.mean, difference.low, difference.high)]
    )
    assert spec["layer"][1]["encoding"]["x"]["title"] == "Difference from A, percentage points of reports"
