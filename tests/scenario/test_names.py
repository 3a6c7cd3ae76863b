"""Names that are nearly right; and every key of every part against every other: another meaning is left alone."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.quantity import Part
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import homes, keys_of, parts_in
from sim.scenario.spelling.names import (
    LONGEST,
    SYNONYMS,
    WORDS_OF_THEIR_OWN,
    distance,
    listed,
    nearest,
    not_among,
    proposed,
)

EVERY = homes(Scenario)


def parts(root: type[Part] = Scenario) -> dict[str, list[str]]:
    """The keys of every part of the language, by its name in code."""
    found = {root.__name__: list(keys_of(root))}
    for field in keys_of(root).values():
        for part in parts_in(field.annotation):
            found |= {} if part.__name__ in found else parts(part)  # type: ignore[arg-type]
    return found


PARTS = parts()


def slips(key: str) -> Iterator[str]:
    """The key with a letter less, a letter twice, a wrong one, and with two letters that changed places."""
    for i in range(len(key)):
        yield key[:i] + key[i + 1 :]
        yield key[: i + 1] + key[i:]
        yield from (key[:i] + wrong + key[i + 1 :] for wrong in "esx")
        yield key[:i] + key[i + 1 : i + 2] + key[i : i + 1] + key[i + 2 :]


def test_the_language_is_the_one_that_files_are_written_in() -> None:
    assert {"Scenario", "Touchpoint", "Quantity", "Route", "Duration", "Response", "Lift"} <= set(PARTS)
    assert EVERY["law"] == ("minutes",)
    assert EVERY["low"]


@pytest.mark.parametrize("part", PARTS)
def test_a_slip_in_a_key_is_answered_with_that_key(part: str) -> None:
    own = PARTS[part]
    wanted = {(key, slip) for key in own for slip in slips(key) if slip not in own and len(slip) > 1}
    missed = {(key, slip) for key, slip in wanted if key not in proposed(slip, own, EVERY)}
    assert {slip for _, slip in missed} <= WORDS_OF_THEIR_OWN | set(EVERY) | set(SYNONYMS)
    assert len(missed) < len(wanted) / 20


@pytest.mark.parametrize("part", PARTS)
def test_a_key_of_another_part_is_never_taken_for_a_slip(part: str) -> None:
    own = PARTS[part]
    for foreign in set(EVERY) - set(own):
        assert set(proposed(foreign, own, EVERY)) <= set(SYNONYMS.get(foreign, ())), (part, foreign)


@pytest.mark.parametrize("part", PARTS)
def test_what_is_nearer_to_a_key_of_another_part_is_not_taken_for_one_of_its_own(part: str) -> None:
    own = PARTS[part]
    for foreign in set(EVERY) - set(own):
        for slip in set(list(slips(foreign))[::7]) - set(SYNONYMS):
            for found in proposed(slip, own, EVERY):
                assert distance(slip, found) <= distance(slip, foreign), (part, foreign, slip, found)


@pytest.mark.parametrize(
    ("part", "asked", "found"),
    [
        ("Quantity", "law", []),
        ("Quantity", "monday", []),
        ("Quantity", "model", []),
        ("Quantity", "minimum", ["low"]),
        ("Quantity", "Mode", ["mode"]),
        ("Costs", "one", []),
        ("Costs", "cost", []),
        ("Costs", "yearly", ["per_year"]),
        ("Lever", "high", []),
        ("Lever", "maximum", ["max"]),
        ("Failure", "probability", ["chance"]),
        ("Failure", "change", []),
        ("Failure", "weigth", ["weight"]),
        ("Route", "probability", ["share"]),
        ("Resource", "capacity", ["servers"]),
        ("Asset", "capacity", ["pool"]),
        ("Fix", "cost", ["costs"]),
        ("Touchpoint", "contract", []),
        ("Touchpoint", "name", ["label"]),
        ("Response", "when", []),
        ("Duration", "distribution", ["law"]),
        ("Scenario", "stores", []),
        ("Calendar", "hours", ["opening"]),
        ("Customers", "population", ["base"]),
    ],
)
def test_words_that_people_use_and_words_of_their_own(part: str, asked: str, found: list[str]) -> None:
    assert proposed(asked, PARTS[part], EVERY) == found


def test_every_word_in_the_table_leads_to_a_key_and_is_no_key_beside_it() -> None:
    for word, keys in SYNONYMS.items():
        assert all(key in EVERY for key in keys), word
        assert not any(word in own and set(keys) & set(own) - {word} and word not in EVERY for own in PARTS.values())


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
