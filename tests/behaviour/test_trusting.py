import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.trusting import after_broken, after_kept, is_lie

LEVEL = st.floats(0, 1)


@given(LEVEL, LEVEL)
def test_where_trust_is_all_or_nothing_one_broken_promise_ends_it_for_good(trust: float, cap: float) -> None:
    gone = after_broken(trust, 1.0)
    assert gone == 0.0
    assert after_kept(gone, 0.0, cap) == 0.0


@given(LEVEL)
def test_without_a_hit_a_broken_promise_costs_no_trust(trust: float) -> None:
    assert after_broken(trust, 0.0) == trust


@given(LEVEL, LEVEL, LEVEL)
def test_a_harder_hit_never_leaves_more_trust_nor_less_than_none(trust: float, one: float, other: float) -> None:
    soft, hard = sorted((one, other))
    assert 0 <= after_broken(trust, hard) <= after_broken(trust, soft) <= trust


@given(LEVEL, LEVEL, LEVEL)
def test_trust_heals_never_beyond_its_cap_and_never_down(trust: float, heal: float, cap: float) -> None:
    healed = after_kept(trust, heal, cap)
    assert trust <= healed <= max(trust, cap) + 1e-15


@given(LEVEL, LEVEL, LEVEL)
def test_trust_stays_exactly_where_it_is_without_healing_or_at_its_cap_or_above(
    trust: float, heal: float, cap: float
) -> None:
    assert after_kept(trust, 0.0, cap) == trust
    assert after_kept(trust, heal, min(trust, cap)) == trust


def test_trust_lost_at_once_comes_back_slowly() -> None:
    """0.7 loses 0.3 of itself; then each kept promise closes a tenth of the gap: 1 - 0.51 x 0.9^n."""
    trust = after_broken(0.7, 0.3)
    assert trust == pytest.approx(0.49)
    for kept in range(1, 8):
        trust = after_kept(trust, 0.1, 1.0)
        assert trust == pytest.approx(1 - 0.51 * 0.9**kept)
    assert kept == 7
    assert trust > 0.7 > after_kept(0.49, 0.1, 1.0)


def test_a_lie_is_to_promise_more_than_is_known_to_be_deliverable() -> None:
    assert is_lie(0.9, 0.8)
    assert not is_lie(0.8, 0.8)
    assert not is_lie(0.7, 0.8)


@given(LEVEL)
def test_who_believes_it_themselves_does_not_lie(promise: float) -> None:
    assert not is_lie(promise, math.nan)
