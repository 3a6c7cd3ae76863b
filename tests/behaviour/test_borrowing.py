import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.borrowing import draws_faulty, may_be_pulled

PEOPLE = (np.arange(1_000) + 0.5) / 1_000


def unlucky(faulty: int, idle: int) -> np.ndarray:
    return np.array([draws_faulty(u, faulty, idle) for u in PEOPLE])


def test_the_share_who_draw_a_faulty_one_is_the_share_that_is_faulty() -> None:
    assert unlucky(3, 8).mean() == 0.375


def test_nobody_draws_a_faulty_one_from_a_sound_bay_and_everybody_from_a_faulty_one() -> None:
    assert not unlucky(0, 5).any()
    assert unlucky(5, 5).all()
    assert not draws_faulty(2.0**-53, 0, 1)
    assert draws_faulty(1 - 2.0**-53, 1, 1)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_fewer_faulty_ones_only_ever_spare_people(idle: int, some: int, others: int) -> None:
    fewer, more = sorted((min(some, idle), min(others, idle)))
    assert not (unlucky(fewer, idle) & ~unlucky(more, idle)).any()


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 20))
def test_more_sound_ones_only_ever_spare_people(idle: int, faulty: int, added: int) -> None:
    faulty = min(faulty, idle)
    assert not (unlucky(faulty, idle + added) & ~unlucky(faulty, idle)).any()


def test_one_may_be_pulled_only_while_the_reserve_stands_in_the_bay_without_it() -> None:
    assert [may_be_pulled(idle, 3) for idle in range(6)] == [False, False, False, True, True, True]
    assert may_be_pulled(0, 0)
