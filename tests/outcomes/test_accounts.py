import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes.outcome import Accounts
from sim.scenario.world import without_failures
from tests.engines.worlds import Run, run, tiny

BUSY = tiny({"weeks": 3, "assets.trolleys.breaks": 0.1, "customers.passers_by_per_week": 20})
DONE, UNBROKEN = run(BUSY), run(without_failures(BUSY))


def accounts_of(done: Run, twin: Accounts | None = None) -> Accounts:
    accounts = Accounts(done.population, twin)
    accounts.add(done.visits)
    return accounts


def test_accounts_are_the_sums_of_the_ledger() -> None:
    accounts = accounts_of(DONE)
    for name in ("spend", "recaptured"):
        assert getattr(accounts, name) == DONE.visits[name].sum()
    assert accounts.lost == DONE.visits["lost"].sum() > 0
    assert accounts.revenue.sum() == DONE.visits["revenue"].sum()


def test_each_customer_has_their_own_account() -> None:
    accounts = accounts_of(DONE)
    for position, who in enumerate(DONE.population.who):
        mine = DONE.visits[DONE.visits["customer"] == who]
        assert (accounts.visits[position], accounts.revenue[position]) == (mine.size, mine["revenue"].sum())


@given(st.lists(st.integers(0, DONE.visits.size), max_size=5))
def test_in_chunks_or_all_at_once_the_accounts_are_the_same(cuts: list[int]) -> None:
    pieces, whole = Accounts(DONE.population), accounts_of(DONE)
    for chunk in np.split(DONE.visits, sorted(cuts)):
        pieces.add(chunk)
    np.testing.assert_array_equal(pieces.revenue, whole.revenue)
    for mine, theirs in zip(pieces.spend_by_visit, whole.spend_by_visit, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_spend_is_found_by_customer_and_visit() -> None:
    found = accounts_of(DONE).spend_by_visit
    for row in DONE.visits:
        customer = np.searchsorted(DONE.population.who, row["customer"])
        place = found.starts[customer] + row["visit"] - found.first[customer]
        assert place < found.starts[customer + 1]
        assert found.spend[place] == row["spend"]


def test_visits_that_both_worlds_have_spend_the_same_where_every_visit_ends_at_the_till_or_is_driven_out() -> None:
    accounts = accounts_of(DONE, accounts_of(UNBROKEN))
    assert accounts.lost > 0
    assert accounts.changed == 0


def test_what_changes_is_counted_on_visits_that_both_worlds_have() -> None:
    twin = accounts_of(UNBROKEN)
    other = DONE.visits.copy()
    other["spend"][:10] -= 7
    other["visit"][10] += 1_000  # a visit that the twin does not have
    other["spend"][10] = 0
    accounts = Accounts(DONE.population, twin)
    accounts.add(other)
    assert accounts.changed == 70


def test_a_world_with_a_twin_keeps_no_visits() -> None:
    with pytest.raises(ValueError, match="has a twin"):
        _ = accounts_of(DONE, accounts_of(UNBROKEN)).spend_by_visit


def test_where_nobody_comes_there_is_nothing() -> None:
    nobody = run(tiny({"customers.base": 0, "customers.newcomers_per_week": 0}))
    accounts = accounts_of(nobody)
    assert (accounts.spend, accounts.lost, accounts.spend_by_visit.spend.size) == (0, 0, 0)
