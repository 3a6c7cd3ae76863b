import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.plan import plan_of
from sim.outcomes.tally import SUM, Tally
from tests.engines.worlds import run, tiny
from tests.outcomes.by_hand import FIVE, outcome_by_hand, rows_of, shop

SHAPED = ("lost", "waits", "waited", "passes", "followed")


def test_five_visits_add_up_week_by_week_and_segment_by_segment() -> None:
    tally = outcome_by_hand().tally
    assert tally.visits.tolist() == [[2, 1], [1, 1]]
    assert tally.completed.tolist() == [[1, 1], [1, 1]]
    assert tally.followed["visits"].tolist() == [[2, 1], [1, 0]]
    assert tally.revenue.tolist() == [[10_000, 4_700], [1_135, 2_000]]
    assert tally.followed["revenue"].tolist() == [[10_000, 4_700], [1_135, 0]]
    assert tally.refund.tolist() == [[0, 0], [0, 200]]
    assert tally.passes[0].tolist() == [[2, 2, 2, 0], [1, 1, 1, 0]]
    assert tally.spend.tolist() == [[10_900, 5_000], [1_000, 2_000]]
    assert tally.recaptured.tolist() == [[0, 0], [135, 0]]
    assert tally.borrowed.tolist() == [[1, 1], [0, 0]]
    assert tally.bad.tolist() == [[0, 1], [0, 0]]
    assert tally.lost[0].tolist() == [[0, 0, 900, 0], [300, 0, 0, 0]]
    assert tally.waits[0].tolist() == [[0, 0, 12, 0], [0, 0, 4, 2]]
    assert tally.waited[0].tolist() == [[0, 0, 2, 0], [0, 0, 3, 1]]
    np.testing.assert_allclose(tally.satisfaction, [[1.504, 0.72], [0.5, 0.9]])
    np.testing.assert_allclose(tally.experience, [[1.12, 0.4], [0.8, 0.8]])


def sums(tally: Tally) -> dict[str, np.ndarray]:
    return {name: getattr(tally, name) for name in (*(SUM.names or ()), *SHAPED)}


@given(st.lists(st.integers(0, 400), max_size=5))
def test_in_chunks_or_all_at_once_the_sums_are_the_same(cuts: list[int]) -> None:
    whole, pieces = Tally(DONE.plan), Tally(DONE.plan)
    whole.add(DONE.visits)
    for chunk in np.split(DONE.visits, sorted(cuts)):
        pieces.add(chunk)
    assert len(sums(whole)) > 10
    for name, total in sums(whole).items():
        np.testing.assert_array_equal(sums(pieces)[name], total, err_msg=name)


def test_the_tally_of_a_run_is_the_sum_of_its_ledger() -> None:
    tally = Tally(DONE.plan)
    tally.add(DONE.visits)
    assert tally.visits.sum() == DONE.visits.size
    for name in ("revenue", "spend", "recaptured", "completed"):
        assert getattr(tally, name).sum() == DONE.visits[name].sum()
    np.testing.assert_array_equal(tally.lost.sum(axis=(0, 1)), DONE.visits["lost"].sum(axis=0))


def test_no_visits_add_nothing() -> None:
    tally = Tally(plan_of(shop()))
    tally.add(rows_of(FIVE, plan_of(shop()))[:0])
    assert not any(total.any() for name, total in sums(tally).items() if name != "followed")


DONE = run(tiny({"weeks": 2, "assets.trolleys.breaks": 0.1}))
