"""The guess on which an answer hangs most, and those that could not be weighed."""

import math

import pytest

from sim.experiments.cache import Store
from sim.experiments.estimate import estimate
from sim.experiments.library import load
from sim.experiments.runs import Effort, WorldsJob, compare
from sim.experiments.sensitivity import Doubts
from sim.experiments.workers import Workers
from sim.scenario.world import world_of
from tests.experiments.doubts_by_hand import BREAKS, FIX, LOSS, POOL, TINY, answered, beyond, guessed
from tests.waiting import PATIENCE

TWO = Effort(1, 2)


def test_the_guess_with_the_widest_swing_is_named(workers: Workers, store: Store) -> None:
    scenario = guessed(narrow=(LOSS, 0.055, 0.065), wide=(BREAKS, 0.0, 0.05))
    doubts = Doubts(scenario, "contribution")
    job = WorldsJob(doubts.worlds, TWO, store, workers)
    job.wait(PATIENCE)
    found = doubts.greatest(job.paired)
    assert found is not None and found.path == BREAKS
    at_high = compare(scenario, world_of(scenario, {BREAKS: 0.05}), TWO).world.estimate("contribution")
    assert found.at_high == at_high
    assert found.swing == pytest.approx(abs((found.at_high.mean or 0) - (found.at_low.mean or 0)))


def test_with_a_proposal_it_is_the_change_that_hangs_on_the_guess(workers: Workers, store: Store) -> None:
    doubts = Doubts(guessed(wide=(BREAKS, 0.0, 0.05)), "contribution", fixes=(FIX,))
    job = WorldsJob(doubts.worlds, TWO, store, workers)
    job.wait(PATIENCE)
    found = doubts.greatest(job.paired)
    there = compare(
        world_of(doubts.scenario, {BREAKS: 0.05}), world_of(doubts.scenario, {BREAKS: 0.05}, [FIX]), TWO
    ).difference("contribution")
    assert found is not None and found.at_high == there


def test_how_far_apart_the_ends_are_is_found_run_by_run(workers: Workers, store: Store) -> None:
    doubts = Doubts(guessed(wide=(BREAKS, 0.01, 0.05)), "contribution", {POOL: 12}, (FIX,))
    job = WorldsJob(doubts.worlds, TWO, store, workers)
    job.wait(PATIENCE)
    found = doubts.greatest(job.paired)

    def changes(end: float) -> list[float]:
        now, then = world_of(doubts.scenario, {BREAKS: end}), world_of(doubts.scenario, {BREAKS: end, POOL: 12}, [FIX])
        return compare(now, then, TWO).differences("contribution")

    low, high = changes(0.01), changes(0.05)
    assert found is not None and found.apart == estimate([there - here for here, there in zip(low, high, strict=True)])
    assert found.swing == abs(found.apart.mean or 0)


def test_without_a_guess_that_has_a_range_there_is_nothing_to_name() -> None:
    assert Doubts(TINY, "contribution").worlds == {}
    assert Doubts(TINY, "contribution").greatest({}) is None


def two_guesses() -> Doubts:
    return Doubts(guessed(one=(LOSS, 0.055, 0.065), other=(BREAKS, 0.0, 0.05)), "contribution")


def test_a_guess_that_could_not_be_measured_at_an_end_is_not_said_to_change_nothing() -> None:
    doubts, still = two_guesses(), ([5.0, 6.0], [5.0, 6.0])
    runs = answered(doubts, loss=still, breaks=([math.nan, 1.0], [2.0, 3.0]))
    assert doubts.greatest(runs) is None
    assert doubts.unweighed(runs) == [BREAKS]
    measured = answered(doubts, loss=still, breaks=still)
    assert (doubts.greatest(measured), doubts.unweighed(measured)) == (None, [])


def test_a_guess_whose_ends_differ_run_by_run_is_felt_though_not_on_average() -> None:
    doubts = two_guesses()
    found = doubts.greatest(answered(doubts, loss=([5.0, 6.0], [5.0, 6.0]), breaks=([1.0, 2.0], [2.0, 1.0])))
    assert found is not None and (found.path, found.swing) == (BREAKS, 0)


def test_a_guess_an_end_of_which_makes_no_world_could_not_be_weighed() -> None:
    assert (beyond().worlds, beyond().unweighed({})) == ({}, [LOSS])


def test_what_a_fix_is_guessed_to_do_counts_only_where_it_is_proposed() -> None:
    template = load("template")
    path = "fixes.ready_board.changes[0].times"
    assert path in Doubts(template, "contribution", fixes=("ready_board",)).guesses
    assert path not in Doubts(template, "contribution").guesses
