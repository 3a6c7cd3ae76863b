"""Counting wrong codes: who tries them waits, and nobody keeps others out."""

import pytest

from sim.workshop.rooms import A_SERVER, AN_ADDRESS, Everybody, network_of

HERS, HIS = "203.0.113.7", "203.0.113.8"


@pytest.mark.attack
def test_an_address_that_tried_too_many_waits_and_no_other() -> None:
    tries = Everybody()
    for _ in range(AN_ADDRESS):
        assert tries.seconds_to_wait(HERS) == 0
        tries.count(HERS)
    assert 0 < tries.seconds_to_wait(HERS) <= 61
    assert tries.seconds_to_wait(HIS) == 0


@pytest.mark.attack
def test_beyond_what_the_server_allows_those_wait_who_tried_a_wrong_one() -> None:
    tries = Everybody()
    tries.count(HIS)
    for number in range(A_SERVER):
        tries.count(f"198.51.100.{number}")
    assert tries.seconds_to_wait(HIS) > 0
    assert tries.seconds_to_wait(HERS) == 0
    assert tries.seconds_to_wait(None) > 0  # whoever has no address could be any of them


@pytest.mark.attack
@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        (HERS, HERS),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        (None, None),
        ("unix", None),
    ],
)
def test_of_a_long_address_the_network_counts(address: str | None, counts_as: str | None) -> None:
    assert network_of(address) == counts_as
