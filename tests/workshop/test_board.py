"""The board: each distinct choice once, on the same luck; ties are said to be ties; what cannot be never begins."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from sim.experiments import library
from sim.experiments.cache import Store
from sim.experiments.estimate import estimate
from sim.experiments.workers import Workers
from sim.finance.assumptions import Terms
from sim.finance.cash import TwinTask
from sim.finance.portfolio import Bundle
from sim.finance.study import Study
from sim.reports.narrative.workshop_story import board_said
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Change, Costs, Fix
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.workshop.leaderboard import Board, BoardJob, Vote, differs, people_by_choice, ranked

ONE_MORE, OTHER, PAINT = "five_more_trolleys", "no_reserve", "paint"
RUNS = 3


def fix_of(name: str, once: float, **change: object) -> Fix:
    costs = Costs(once=Quantity(mode=once))
    words = {"label": name.replace("_", " ").capitalize(), "help": "For a test.", "source": "made up", "evidence": "D"}
    return Fix(id=name, department="service", changes=(Change(**change),), costs=costs, **words)  # type: ignore[arg-type]


def shop() -> Scenario:
    """The tiny shop with more fixes: one on the same fault, one that changes nothing, two that exclude each other."""
    tiny = library.load("tiny")
    more = (
        fix_of(OTHER, 200.0, path="assets.trolleys.reserve", set=0),
        fix_of(PAINT, 100.0, path="weather.rain", times=1.0),
        fix_of("dry", 10.0, path="weather.rain", add=0.6),
        fix_of("wet", 10.0, path="weather.rain", add=0.65),
    )
    return tiny.model_copy(update={"fixes": (*tiny.fixes, *more)})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("board"))


def begun(store: Store, entries: Sequence[Vote]) -> Board | None:
    with Workers() as workers:
        job = BoardJob(shop(), entries, Terms(), store, workers, runs=RUNS)
        job.follow(lambda share: None)
        return job.board


@pytest.fixture(scope="module")
def board(store: Store) -> Board:
    choices = [(), (ONE_MORE,), (OTHER, ONE_MORE), (PAINT,), (ONE_MORE, OTHER), ()]
    found = begun(store, [Vote(person, fixes) for person, fixes in enumerate(choices)])
    assert found is not None
    return found


def row_of(board: Board, *fixes: str):  # type: ignore[no-untyped-def]
    return next(row for row in board.rows if row.fixes == fixes)


def made_up(npvs: dict[str, Sequence[float]]) -> tuple[Bundle, ...]:
    return tuple(Bundle((name,), 1.0, tuple(values)) for name, values in npvs.items())


def ranks_of(npvs: dict[str, Sequence[float]]) -> list[tuple[str, int, bool]]:
    rows = ranked(made_up(npvs), {(name,): (1,) for name in npvs})
    return [(row.fixes[0], row.rank, row.tied) for row in rows]


def test_each_distinct_choice_is_one_row_with_all_who_made_it(board: Board) -> None:
    assert {row.fixes: row.people for row in board.rows} == {
        (): (0, 5),
        (ONE_MORE,): (1,),
        (ONE_MORE, OTHER): (2, 4),
        (PAINT,): (3,),
    }


def test_doing_nothing_costs_and_brings_exactly_nothing(board: Board) -> None:
    row = row_of(board)
    assert (row.cost, row.npv.mean, row.npv.low, row.npv.high) == (0, 0, 0, 0)


def test_what_changes_nothing_is_worth_what_it_costs(board: Board) -> None:
    row = row_of(board, PAINT)
    assert row.cost == 100
    assert (row.npv.mean, row.npv.low, row.npv.high) == (-100, -100, -100)
    assert row.rank > row_of(board).rank


def test_a_choice_is_worth_what_its_twins_say(board: Board, store: Store) -> None:
    from sim.finance.cash import cash_of, prices, stacked

    study = Study(shop(), 1, store)
    twins = stacked([TwinTask(study, (ONE_MORE,), {}, run).carry_out() for run in range(RUNS)])
    cash = cash_of(twins.now, twins.then, prices(study, (ONE_MORE,), {}, RUNS), Terms())
    assert row_of(board, ONE_MORE).npv == estimate(cash.npv.tolist())
    assert row_of(board, ONE_MORE).cost == 800


def test_paired_differences_tell_apart_what_intervals_of_each_cannot() -> None:
    luck = [0.0, 100.0, 200.0, 300.0]
    better = [value + step for value, step in zip(luck, (10, 11, 9, 10), strict=True)]
    assert estimate(luck).high > min(better)  # type: ignore[operator]
    assert differs(better, luck)
    assert ranks_of({"plain": luck, "better": better}) == [("better", 1, False), ("plain", 2, False)]


def test_ties_share_a_rank_and_the_next_one_counts_those_above() -> None:
    noisy = {"a": [10, 10, 10], "b": [9, 12, 6], "c": [2, 2, 3], "d": [1, 4, 1]}
    assert ranks_of(noisy) == [("a", 1, True), ("b", 1, True), ("c", 3, True), ("d", 3, True)]


def test_a_chain_of_small_differences_ends_where_its_first_can_be_told_apart() -> None:
    """Each is within luck of the one above it; the third is not within luck of the first."""
    chain = {"first": [10.0, 12.0, 11.0], "second": [9.0, 12.5, 9.0], "third": [8.0, 9.5, 8.8]}
    assert not differs(chain["first"], chain["second"])
    assert not differs(chain["second"], chain["third"])
    assert differs(chain["first"], chain["third"])
    assert ranks_of(chain) == [("first", 1, True), ("second", 1, True), ("third", 3, False)]


def test_what_is_surely_worse_than_one_of_a_group_is_not_of_it() -> None:
    """The first is so uncertain that nothing can be told from it; but the other two differ by exactly 100."""
    known = {"uncertain": [900, -700, 0], "nothing": [0, 0, 0], "paint": [-100, -100, -100]}
    assert ranks_of(known) == [("uncertain", 1, True), ("nothing", 1, True), ("paint", 3, False)]


def test_one_run_tells_nothing_apart_and_equals_are_tied() -> None:
    assert ranks_of({"a": [10], "b": [0]}) == [("a", 1, True), ("b", 1, True)]
    assert ranks_of({"b": [5, 6], "a": [5, 6]}) == [("a", 1, True), ("b", 1, True)]


def test_the_same_board_whoever_is_first(store: Store, board: Board) -> None:
    choices = [(), (PAINT,), (ONE_MORE, OTHER), (ONE_MORE,)]
    again = begun(store, [Vote(9, fixes) for fixes in choices])
    assert again is not None
    assert [(row.rank, row.tied, row.fixes, row.npv) for row in again.rows] == [
        (row.rank, row.tied, row.fixes, row.npv) for row in board.rows
    ]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], "found nobody's choice; allowed: that of one person or more"),
        ([Vote(1, ("magic",))], 'board: fixes: found "magic"; allowed: any of five_more_trolleys, no_reserve'),
        ([Vote(1, ()), Vote(2, ("dry", "wet"))], "“Dry” and “Wet” cannot be done together: found "),
    ],
)
def test_what_cannot_be_is_refused_before_anything_begins(entries: list[Vote], expected: str, tmp_path: Path) -> None:
    with Workers() as workers, pytest.raises(ScenarioError) as refused:
        BoardJob(shop(), entries, Terms(), Store(tmp_path), workers)
    assert expected in str(refused.value)


def test_every_impossible_choice_is_named_once(store: Store) -> None:
    study = Study(shop(), 1, store)
    entries = [Vote(1, ("dry", "wet")), Vote(2, ("wet", "dry")), Vote(3, ("dry", "wet", PAINT)), Vote(4, ("dry",))]
    with pytest.raises(ScenarioError) as refused:
        people_by_choice(study, entries)
    assert len(refused.value.faults) == 2


def test_there_is_no_board_before_the_first_choice_and_then_it_grows(store: Store) -> None:
    with Workers(threads=1) as workers:
        job = BoardJob(shop(), [Vote(1, ()), Vote(2, (PAINT,))], Terms(), store, workers, runs=2)
        seen = {None if job.board is None else len(job.board.rows)}
        while not job.finished:
            job.wait(0.001)
            seen.add(None if job.board is None else len(job.board.rows))
    assert job.board is not None
    assert len(job.board.rows) == 2
    assert seen <= {None, 1, 2}


def said(npvs: dict[str, Sequence[float]], people: tuple[int, ...] = (1,)) -> str:
    rows = ranked(made_up(npvs), {(name,): people for name in npvs})
    return board_said(Board(rows, {name: name.upper() for name in npvs}), "GBP")


def test_the_board_says_who_leads_and_who_is_tied() -> None:
    apart = said({"a": [34_000, 34_100, 33_900], "b": [2_000, 2_300, 1_900], "c": [2_100, 1_900, 2_000]}, (1, 2))
    assert apart.startswith("“A”, the choice of 2 people, leads: worth £34,000 (£33,752 to £34,248).")
    assert "“B”; and “C” cannot be told apart: they share rank 2." in apart
    assert "doing nothing" not in apart
    tied = said({"a": [10, 30, 20], "b": [12, 20, 22]})
    assert tied.startswith("“A” with £20 (−\u2060£5 to £45); and “B” with £18 (£5 to £31) share the lead: on the same")
    assert "doing nothing" not in tied  # “B” is better than it, whatever “A” is
    unsure = said({"a": [10, 30, 20], "b": [-12, 20, 22]})
    assert "None is clearly better than doing nothing, which is worth 0." in unsure


def test_the_board_says_what_loses_and_names_only_a_few_of_many() -> None:
    losing = said({"a": [-5, -6], "b": [-50, -50]})
    assert "“A”, one person's choice, leads" in losing
    assert "1 of 2 choices loses money." in losing
    many = said({name: [1, 3, 2] for name in "abcdefg"})
    assert "“C” with £2 (£0 to £4); and 4 other choices share the lead" in many


def test_alone_it_is_all_there_is_and_one_run_has_no_interval() -> None:
    assert said({"a": [7]}).startswith("“A”, one person's choice, is all there is: worth £7 (one run: no interval).")


def test_doing_nothing_may_lead(board: Board) -> None:
    rows = ranked([Bundle((), 0.0, (0.0, 0.0)), Bundle(("a",), 1.0, (-9.0, -8.0))], {(): (1, 2), ("a",): (3,)})
    text = board_said(Board(rows, {"a": "A"}), "GBP")
    assert text.startswith("Doing nothing, the choice of 2 people, leads: worth £0.")
    assert board.labels[PAINT] == "Paint"
