import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.spelling.names import LONGEST, distance, listed, nearest, not_among

PLACES = ["gate", "shelves", "till", "trolley_bay", "cafe"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("tell", ["till"]),
        ("tills", ["till"]),
        ("tlil", ["till"]),
        ("Gate", ["gate"]),
        ("café", ["cafe"]),
        ("Trolley Bay", ["trolley_bay"]),
        ("trolley-bay", ["trolley_bay"]),
        ("troley_by", ["trolley_bay"]),  # two slips, in a long name
        ("tall", ["till"]),
        ("ball", []),  # two slips, in a short one
        ("gaet", ["gate"]),
        ("", []),
        ("x", []),
        ("g" * (LONGEST + 1), []),
    ],
)
def test_a_name_is_near_that_is_a_slip_away(asked: str, found: list[str]) -> None:
    assert nearest(asked, PLACES) == found


def test_names_that_are_equally_near_are_both_proposed() -> None:
    assert nearest("mix", ["min", "max", "step"]) == ["min", "max"]


def test_a_single_letter_is_no_slip_for_another() -> None:
    assert nearest("E", ["A", "B", "C", "D"]) == []
    assert nearest("a", ["A", "B", "C", "D"]) == ["A"]


def test_a_path_that_lacks_its_beginning_is_found_where_only_one_ends_so() -> None:
    paths = ["assets.carts.pool", "failures.wobble.chance", "failures.spill.chance"]
    assert nearest("carts.pool", paths) == ["assets.carts.pool"]
    assert nearest("chance", paths) == []


WORDS = st.text("abc_", max_size=6)


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_no_more_than_the_longer_word(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one) <= max(len(one), len(other))
    assert (distance(one, other) == 0) == (one == other)


@given(WORDS, st.lists(WORDS, max_size=5))
def test_what_is_found_is_at_most_as_far_as_a_slip_allows(asked: str, known: list[str]) -> None:
    found = nearest(asked, known)
    assert all(distance(asked, name) <= 1 for name in found)
    assert bool(found) == (len(asked) > 0 and any(distance(asked, name) <= min(1, len(asked) - 1) for name in known))


def test_long_lists_and_long_names_are_said_in_short() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([f"n{i}" for i in range(1_000)]).endswith("n11 and 988 more")
    assert len(not_among("\x1b" * 10_000, "a fix", PLACES)) < 400
