import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.wording import clean

pytestmark = pytest.mark.attack


@pytest.mark.parametrize("unseen", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ufeff"])
@pytest.mark.parametrize("turning", ["\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200b", "\u200d", "\u2060"])
def test_what_nobody_sees_leaves_no_trace(unseen: str, turning: str) -> None:
    assert clean(f"{turning}A{unseen} shop{unseen}{turning}") == "A shop"


def test_lines_and_tabs_stay_and_lines_end_in_one_way() -> None:
    assert clean("a\tb\r\nc\rd\ne") == "a\tb\nc\nd\ne"


@pytest.mark.parametrize("text", ["Zoë 李", "عربي", "naïve — “quoted”", "🍎", "e\u0301", "a\xa0b"])
def test_letters_of_every_script_stay(text: str) -> None:
    assert clean(text) == text


TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


@given(st.text())
def test_nothing_is_left_that_a_terminal_would_obey(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") and c not in "\n\t" for c in cleaned)
    assert not any(
        unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for c in cleaned
    )
