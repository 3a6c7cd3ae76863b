"""Whatever anybody wrote stays text."""

import pytest

from sim.reports.markdown import cell, code, escaped, plain_table, prose


@pytest.mark.attack
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Trolleys, 5% of them (about)", "Trolleys, 5% of them (about)"),
        ("08:00-22:00", "08:00-22:00"),
        ("a_b *c* `d`", r"a\_b \*c\* \`d\`"),
        ("[here](https://example.org)", r"\[here\](https\://example.org)"),
        ("![a](b)", r"!\[a\](b)"),
        ("<b>bold</b> &amp;", r"\<b\>bold\</b\> \&amp;"),
        ("one | two", r"one \| two"),
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("=== no rule", r"\=== no rule"),
        ("1. no item", r"1\. no item"),
        ("~~gone~~ $x$", r"\~\~gone\~\~ \$x\$"),
        ("a :smile: and :red[text]", r"a \:<!-- -->smile: and :red\[text\]"),
        ("a.b@example.org", "a.b<!-- -->@example.org"),
        ("www.example.org", r"www\.example.org"),
        ("two\nlines\t here", "two lines here"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_text_is_never_markup(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_name_that_could_break_out_of_code_is_escaped_instead() -> None:
    assert code("assets.trolleys.pool") == "`assets.trolleys.pool`"
    assert code("a`b") == r"a\`b"
    assert code("a|b") == r"a\|b"


def test_our_own_docstrings_keep_their_code_and_stress() -> None:
    assert prose("the *mean* of `a_b`, in [0, 1]") == r"the *mean* of `a_b`, in \[0, 1\]"


def test_a_cell_shows_numbers_as_people_write_them_and_what_is_missing_as_blank() -> None:
    assert [cell(value) for value in (None, True, False, 0.1 + 0.2, 24.0, "a_b")] == [
        "",
        "yes",
        "no",
        "0.3",
        "24",
        r"a\_b",
    ]


def test_a_table_has_a_line_for_each_row() -> None:
    text = plain_table([{"path": "a.b", "said": "x | y"}, {"path": "c", "said": None}], ["path"])
    assert text.splitlines() == ["| path | said |", "| --- | --- |", r"| `a.b` | x \| y |", "| `c` |  |"]
