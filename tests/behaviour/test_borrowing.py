import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.borrowing import draws_faulty, may_be_pulled, skill
from sim.behaviour.chance import faded

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


LEVEL = st.floats(0, 1)
WEEKS = st.floats(0.01, 200)
PART = st.floats(0.01, 0.99)


def step_by_step(sessions: int, part: float, at_start: float, half_life: float, every: float, restores: float) -> float:
    """Skill after that many sessions and this part of the weeks to the next, worked out one after the other."""
    now = at_start
    for _ in range(sessions):
        now = faded(now, every, half_life)
        now += restores * (1 - now)
    return faded(now, part * every, half_life)


@given(st.integers(0, 60), PART, LEVEL, st.floats(0, 100), st.floats(0.1, 20), LEVEL)
def test_skill_is_what_fading_and_coaching_make_of_it_session_by_session(
    sessions: int, part: float, at_start: float, half_life: float, every: float, restores: float
) -> None:
    found = skill((sessions + part) * every, at_start, half_life, every, restores)
    assert found == pytest.approx(step_by_step(sessions, part, at_start, half_life, every, restores), abs=1e-9)


def test_skill_coached_every_four_weeks_by_hand() -> None:
    """A half-life of 4 weeks: 1, faded to 0.5, coached to 0.8, faded to 0.4, coached to 0.76, faded to 0.38."""
    weeks = [0.0, 4 - 1e-9, 4.0, 8 - 1e-9, 8.0, 12 - 1e-9]
    found = [skill(week, 1.0, 4.0, 4.0, 0.6) for week in weeks]
    assert found == pytest.approx([1, 0.5, 0.8, 0.4, 0.76, 0.38], abs=1e-8)


@given(WEEKS, LEVEL, st.floats(0.1, 100))
def test_without_coaching_skill_halves_with_every_half_life(week: float, at_start: float, half_life: float) -> None:
    assert skill(week, at_start, half_life, 0.0, 0.6) == at_start * 2 ** (-week / half_life)
    assert skill(week, at_start, half_life, 3.0, 0.0) == pytest.approx(skill(week, at_start, half_life, 0.0, 0.0))


@given(st.integers(1, 50), PART, LEVEL, st.floats(0.1, 100))
def test_a_session_that_restores_everything_starts_anew(
    sessions: int, part: float, at_start: float, half_life: float
) -> None:
    found = skill(sessions + part, at_start, half_life, 1.0, 1.0)
    assert found == pytest.approx(skill(part, 1.0, half_life, 1.0, 1.0))


@given(WEEKS, LEVEL, LEVEL)
def test_with_a_half_life_of_0_everything_is_forgotten_at_once(week: float, at_start: float, restores: float) -> None:
    assert skill(week, at_start, 0.0, 0.0, restores) == 0.0
    assert skill(0.5, at_start, 0.0, 1.0, restores) == 0.0
    assert skill(2.0, at_start, 0.0, 1.0, restores) == restores
    assert skill(2.5, at_start, 0.0, 1.0, restores) == 0.0


@given(st.floats(-50, 0), LEVEL, st.floats(0, 100), st.floats(0, 20), LEVEL)
def test_before_week_0_skill_is_exactly_as_at_its_start(
    week: float, at_start: float, half_life: float, every: float, restores: float
) -> None:
    assert skill(week, at_start, half_life, every, restores) == at_start


@given(WEEKS, LEVEL, st.floats(0, 100), st.one_of(st.just(0.0), st.floats(0.01, 20)), LEVEL, LEVEL)
def test_skill_stays_in_range_and_better_coaching_never_lowers_it(
    week: float, at_start: float, half_life: float, every: float, one: float, other: float
) -> None:
    worse, better = sorted((one, other))
    low, high = (skill(week, at_start, half_life, every, restores) for restores in (worse, better))
    assert -1e-12 <= low <= high + 1e-9
    assert high <= 1 + 1e-9
