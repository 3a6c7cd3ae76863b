"""Texts that are not YAML: what is wrong is said in words that mend it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.document import parse
from sim.scenario.faults import ScenarioError
from tests.scenario.kiosk import edited, faults_in

STORY = "story: Carts wobble, and the clerk shrugs."


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (STORY, "story: Note: carts wobble", 4, 'did you mean story: "Note: carts wobble"?'),
        (STORY, "story: @home", 4, 'found @ at the start; allowed: a text that begins with it stands in quotes'),
        (STORY, "story: %off", 4, 'did you mean story: "%off"?'),
        (STORY, "story: `x`", 4, 'did you mean story: "`x`"?'),
        (STORY, "story: *all* carts", 4, 'did you mean story: "*all* carts"?'),
        (STORY, "story: [draft] carts", 4, 'did you mean story: "[draft] carts"?'),
        (STORY, "story: > carts", 4, 'did you mean story: "> carts"?'),
        (STORY, "story: ? carts", 4, 'did you mean story: "? carts"?'),
        (STORY, "story: 'it's broken'", 4, 'one pair around the text; did you mean story: "it\'s broken"?'),
        (STORY, 'story: "say "hi""', 4, "did you mean story: 'say \"hi'?"),
        (STORY, 'story: "C:\\carts"', 4, "allowed: single quotes around a text with backslashes"),
        (STORY, "story: - carts", 4, "each item on a line below, or all in [ ]"),
        ("direction: down\n", 'direction: "down\n', 116, "quotes that are never closed"),
        ("weeks: 4", "weeks:4", 6, "allowed: a key, a colon, a space; did you mean weeks: 4?"),
        ("weeks: 4", "weeks = 4", 6, "found a line without a colon; allowed: a key, a colon, a space"),
        ("weeks: 4", "weeks:\xa04", 6, "found a no-break space"),
        ("weeks: 4", "weeks:\t4", 6, "found a tab; allowed: spaces"),
        ("  base: 50", "\tbase: 50", 16, "found a tab; allowed: spaces"),
        ("  base: 50", "  base:50", 16, "did you mean base: 50?"),
        ("  base: 50", "   base: 50", 17, "found a line 2 spaces in, under one 3 spaces in; allowed: the keys"),
        ("  - id: carts", "  -id: carts", 36, "found no space after a dash; allowed: a dash, a space; did you"),
        ("share: 0.6}", "share: 0.6", 24, "found { that is not closed; allowed: } at its end"),
        ("share: 0.6}", "share: 0.6]", 24, "found ] where { was opened; allowed: }"),
        ("share: 0.6}", "share: 0.6}}", 24, "found } without one that opens"),
        ("label: Young,", "label: Young: new,", 24, "found one colon too many in {}"),
        ("title: A kiosk", "% A kiosk", 2, "found % at the start"),
    ],
)  # fmt: skip
def test_what_is_not_yaml_is_said_in_words_that_mend_it(old: str, new: str, line: int, said: str) -> None:
    (*_, fault) = faults_in(edited((old, new)))
    assert fault.startswith(f"kiosk.yaml:{line}: ")
    assert said in fault
    assert not any(word in fault for word in ("mapping values", "token", "scalar", "block", "scanning"))


@given(st.text(st.sampled_from("ab:' \"@%`{}[],-#\\é"), min_size=1, max_size=20).map(str.strip).filter(bool))
def test_a_line_that_is_proposed_can_be_read(text: str) -> None:
    try:
        parse(f"title: x\nstory: {text}\n", "f")
    except ScenarioError as error:
        message = error.faults[-1].message
        _, meant, line = message.partition("; did you mean ")
        if meant and line.startswith("story: "):
            assert parse(line.removesuffix("?"), "f").data["story"]


@given(st.lists(st.text(st.sampled_from("ab:'\"@{}[],-?&*! \t>|%"), max_size=8), max_size=5).map("\n".join))
def test_any_text_is_answered_in_one_line(text: str) -> None:
    try:
        parse(text, "f.yaml")
    except ScenarioError as error:
        assert all("\n" not in str(fault) and fault.message for fault in error.faults)
