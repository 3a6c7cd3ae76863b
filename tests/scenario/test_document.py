import cProfile
import errno
import json
import os
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.scenario.document import MAX_BYTES, MAX_DEPTH, MAX_NODES, parse, read
from sim.scenario.faults import Document, ScenarioError
from sim.scenario.wording import clean


def data_of(text: str | bytes) -> dict[str, Any]:
    return parse(text, "f.yaml").data


def faults_in(text: str | bytes) -> list[str]:
    with pytest.raises(ScenarioError) as raised:
        parse(text, "f.yaml")
    return str(raised.value).splitlines()


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *((word, word) for word in ("no", "yes", "on", "off", "y", "n", "tRue", "nan", "inf", "=")),
        *((word, word) for word in ("9:30", "1_000", "2026-01-05", "-0x1F", "1e", "0b11", ".", "+", "-.")),
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *(("0o17", 15), ("0x1F", 31), ("010", 10), ("-3", -3), ("+3", 3), ("9" * 20, 10**20 - 1)),
        *(("1.", 1.0), (".5", 0.5), ("-1.5e-3", -0.0015), ("1e3", 1000.0), ("1E+2", 100.0)),
        *(('"1"', "1"), ("'no'", "no"), ("'.nan'", ".nan"), ("'<<'", "<<"), ('"\\x41"', "A")),
        ('"\\ud83d\\ude00"', "\U0001f600"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(scalar: str, value: Any) -> None:
    found = data_of(f"a: {scalar}\n")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.attack
@pytest.mark.parametrize("scalar", [".nan", ".NaN", ".inf", "-.Inf", "+.INF", "1e999", "-1e999"])
def test_numbers_that_are_not_finite_are_refused(scalar: str) -> None:
    assert faults_in(f"a:\n  b: {scalar}") == [f"f.yaml:2: a.b: found {scalar}; allowed: a finite number"]


@pytest.mark.attack
@pytest.mark.parametrize("digits", ["1" * 21, "-" + "1" * 21, "0x" + "f" * 20, "1" * 200_000])
def test_huge_whole_numbers_are_refused(digits: str) -> None:
    (fault,) = faults_in(f"a: {digits}")
    assert fault.startswith("f.yaml:1: a: found ")
    assert fault.endswith("allowed: a whole number of at most 20 digits")
    assert len(fault) < 150


def test_block_scalars_are_text() -> None:
    assert data_of("a: |\n  12\n  x\nb: >-\n  p\n  q\n") == {"a": "12\nx\n", "b": "p q"}


def test_lines_of_keys_items_and_what_has_none() -> None:
    document = parse("# top\na:\n  - id: x\n    b: 1\n  - 7\nc: {d: [1,\n  2]}\n", "f.yaml")
    lines = {
        (): 2,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 0, "id"): 3,
        ("a", 0, "b"): 4,
        ("a", 1): 5,
        ("c", "d", 0): 6,
        ("c", "d", 1): 7,
        ("a", 0, "missing", "deeper"): 3,
        ("missing",): 2,
    }
    assert {loc: document.line_of(loc) for loc in lines} == lines


def test_windows_and_old_mac_line_ends_count_as_lines() -> None:
    assert parse("a: 1\r\nb:\r\n  c: 2\r\n", "f").line_of(("b", "c")) == 3
    assert parse("a: 1\rb: 2\r", "f").line_of(("b",)) == 2


def test_data_without_a_file_has_no_lines() -> None:
    assert Document("set", {"a": 1}).lines == {}


def test_every_duplicate_is_reported_with_both_lines() -> None:
    text = "a: 1\nb:\n  - id: x\n    p: 1\n    p: 2\na: 3\n'a': 4\n"
    assert faults_in(text) == [
        "f.yaml:5: b.x.p: given twice; the first is on line 4",
        "f.yaml:6: a: given twice; the first is on line 1",
        "f.yaml:7: a: given twice; the first is on line 1",
    ]


TAGS = "tags (!) are not accepted; write a text that begins so in quotes"
ANCHORS = "anchors (&) and aliases (*) are not accepted; write the value out, a text that begins so in quotes"


@pytest.mark.attack
def test_all_that_scenarios_have_no_need_of_is_reported_at_once() -> None:
    text = "a: &x 1\nb: *x\nc: !!str 1\nd: ! 1\n<<: {e: 1}\nf: &y [!z {g: *y}]\n"
    assert faults_in(text) == [
        f"f.yaml:1: a: {ANCHORS}",
        f"f.yaml:2: b: {ANCHORS}",
        f"f.yaml:3: c: {TAGS}",
        f"f.yaml:4: d: {TAGS}",
        "f.yaml:5: merge keys (<<) are not accepted; write the values out",
        f"f.yaml:6: f: {ANCHORS}",
        f"f.yaml:6: f[0]: {TAGS}",
        f"f.yaml:6: f[0].g: {ANCHORS}",
    ]


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("1", "1 (number)"),
        ("~", "nothing"),
        ("true", "true (true/false)"),
        ("? [1]\n", "a list (length 1)"),
        ("? {a: 1}\n", "a mapping"),
    ],
)
def test_a_key_that_is_not_text_is_refused(key: str, found: str) -> None:
    assert faults_in(f"{key}: x") == [f"f.yaml:1: found {found} as a key; allowed: text (in quotes)"]


def test_keys_that_are_not_text_do_not_count_as_given_twice() -> None:
    keys = "f.yaml:{}: found a list (length 1) as a key; allowed: text (in quotes)"
    assert faults_in("? [1]\n: x\n? [2]\n: y") == [keys.format(1), keys.format(3)]


def test_faults_are_in_the_order_of_their_lines() -> None:
    assert faults_in("- 1\n- !x 2") == [
        "f.yaml:1: found a list (length 2); allowed: a mapping",
        f"f.yaml:2: [1]: {TAGS}",
    ]


def test_words_that_were_booleans_in_yaml_1_1_are_keys() -> None:
    assert data_of("on: 1\nno: 2\n'3': 4") == {"on": 1, "no": 2, "3": 4}


@pytest.mark.attack
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "f.yaml:1: the file is empty; allowed: a mapping"),
        ("# only a comment", "f.yaml:1: the file is empty; allowed: a mapping"),
        ("---\n", "f.yaml:2: found nothing; allowed: a mapping"),
        ("- 1\n- 2", "f.yaml:1: found a list (length 2); allowed: a mapping"),
        ("\nhello", 'f.yaml:2: found "hello" (text); allowed: a mapping'),
        ("a: 1\n---\nb: 2", "f.yaml:2: a second document starts here; allowed: one in a file"),
        ("a: 1\n...\nb: 2", "f.yaml:3: a second document starts here; allowed: one in a file"),
        ("%YAML 1.1\n---\na: no", "f.yaml:2: directives (%) before the --- are not accepted"),
        ("%TAG ! x:\n---\na: 1", "f.yaml:2: directives (%) before the --- are not accepted"),
        ('a: "\\ud83d"', "f.yaml:1: a: found half of a surrogate pair; allowed: whole characters"),
        ("a: \udc00", "f.yaml:1: character U+DC00 is not accepted"),
        (b"a: 1\nb: \xff\nc: 1\n", "f.yaml:2: not UTF-8 text; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "f.yaml:1: not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_what_is_not_one_mapping_in_yaml_is_refused_in_one_line(text: str | bytes, fault: str) -> None:
    assert faults_in(text) == [fault]


@pytest.mark.attack
@pytest.mark.parametrize("text", ['a: "\\UFFFFFFFF"', 'a: "\\U00110000"', "%YAML 1.3\n---\na: 1"])
def test_what_makes_the_parser_itself_fail_is_a_fault(text: str) -> None:
    assert faults_in(text) == ["f.yaml:1: not valid YAML: an escape or a line starting with % cannot be understood"]


def test_a_syntax_fault_keeps_the_faults_before_it() -> None:
    assert faults_in("a: 1\na: 2\nb: @") == [
        "f.yaml:2: a: given twice; the first is on line 1",
        'f.yaml:3: found @ at the start; allowed: a text that begins with it stands in quotes; did you mean b: "@"?',
    ]


@pytest.mark.parametrize("text", ["\ufeffa: 1", b"\xef\xbb\xbfa: 1"])
def test_a_byte_order_mark_is_accepted(text: str | bytes) -> None:
    assert data_of(text) == {"a": 1}


def nested(depth: int) -> str:
    return "a: " + "[" * (depth - 1) + "]" * (depth - 1)


@pytest.mark.attack
def test_the_limits_are_allowed_and_one_more_is_not() -> None:
    full = "a: [" + "1," * (MAX_NODES - 3) + "]"
    assert data_of(nested(MAX_DEPTH))
    assert faults_in(nested(MAX_DEPTH + 1))[0].endswith(f"nested deeper than the limit of {MAX_DEPTH}")
    assert faults_in("? " * 100)[0].endswith(f"nested deeper than the limit of {MAX_DEPTH}")
    assert len(data_of(full)["a"]) == MAX_NODES - 3
    assert faults_in(full.replace("]", "1]")) == [
        f"f.yaml:1: a[{MAX_NODES - 3}]: more than the limit of {MAX_NODES} values and keys"
    ]
    comment = "a: 1\n#" + "x" * (MAX_BYTES - 6)
    assert data_of(comment) == {"a": 1}
    assert faults_in(comment + "x") == [f"f.yaml: larger than the limit of {MAX_BYTES} bytes"]
    assert faults_in("é" * (MAX_BYTES // 2 + 1)) == [f"f.yaml: larger than the limit of {MAX_BYTES} bytes"]


LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1},' * 9}]\n" for i in range(1, 30))


def calls(text: str) -> int:
    """How many functions are called to parse it or to find fault with it."""
    counted = cProfile.Profile()
    with counted, suppress(ScenarioError):
        parse(text, "f.yaml")
    return sum(entry.callcount for entry in counted.getstats())


@pytest.mark.attack
@pytest.mark.parametrize(
    "opening",
    [
        *("[", "{", "- ", "? ", "{a: ", "[[],", "? - ", "&a ", "!a "),
        *(f"a: {line}" for line in ("", "'", '"', "#", "[", "|\n ", "x" * 2000 + ": ")),
        *(" ", "\n", "\t", "-", "%", "'", '"', "|", "*", "&"),
    ],
    ids=lambda opening: opening[:12],
)
def test_hostile_text_takes_no_more_steps_than_its_length_allows(opening: str) -> None:
    again = "x" if opening.startswith("a: ") else opening
    text = (opening + again * MAX_BYTES)[: MAX_BYTES - 1]
    assert calls(text) <= 32 * MAX_BYTES


@pytest.mark.attack
def test_hostile_text_is_refused_in_few_words() -> None:
    for text in (LAUGHS, "&a [*a]", "[" * 100_000, "\t" * 100_000, "%" * 100_000):
        with pytest.raises(ScenarioError) as refused:
            parse(text, "f.yaml")
        assert len(str(refused.value)) < 100_000
        assert calls(text) <= 32 * MAX_BYTES


def test_a_usual_file_is_parsed_in_steps_in_proportion_to_its_length() -> None:
    item = "  - id: t{0}\n    label: Thing {0}\n    pool: {{mode: {0}, evidence: A}}\n    law: fixed\n"
    few, many = ("assets:\n" + "".join(item.format(i) for i in range(count)) for count in (150, 600))
    assert calls(few) <= 120 * len(few)
    assert calls(many) <= 120 * len(many)


def test_read_gives_the_file_its_name(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\n")
    assert read(file) == Document(str(file), {"a": "é"}, {(): 1, ("a",): 1})


def fault_of_reading(path: Path) -> str:
    with pytest.raises(ScenarioError) as raised:
        read(path)
    return str(raised.value)


@pytest.mark.attack
def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "none.yaml"
    assert fault_of_reading(missing) == f"{missing}: cannot be read: No such file or directory"
    assert fault_of_reading(tmp_path) == f"{tmp_path}: cannot be read: it is not a file"
    assert "cannot be read" in fault_of_reading(Path("a\0b"))
    assert "cannot be read" in fault_of_reading(tmp_path / ("x" * 5000))


@pytest.mark.attack
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert fault_of_reading(pipe).endswith("it is not a file")


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:  # the tests may run as a user who may read everything
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert fault_of_reading(tmp_path / "s.yaml") == f"{tmp_path / 's.yaml'}: cannot be read: Permission denied"


@pytest.mark.attack
def test_a_large_file_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    assert fault_of_reading(file) == f"{file}: larger than the limit of {MAX_BYTES} bytes"


# What nobody sees is taken out at reading.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(clean)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20) + 1, 10**20 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from(["no", "9:30", "0o17", "1_000", "~", "null", "1e3", "<<", "- a", "a: b", "# c", "&a", ""])
)
NESTED = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=30)
MAPPINGS = st.dictionaries(TEXT, NESTED)


def alike(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)  # unlike ==, tells 1 from 1.0


@given(MAPPINGS, st.sampled_from([None, 2]))
def test_json_is_read_back_as_it_was(data: dict[str, Any], indent: int | None) -> None:
    assert alike(data_of(json.dumps(data, indent=indent)), data)


@given(MAPPINGS)
def test_yaml_is_read_back_as_it_was(data: dict[str, Any]) -> None:
    dumper = YAML(typ="safe", pure=True)
    dumper.default_flow_style = False
    dumper.representer.ignore_aliases = lambda _: True
    dumper.allow_unicode = False
    dumper.width = 10**9  # the dumper breaks long lines wrongly at times
    stream = StringIO()
    dumper.dump(data, stream)
    assert alike(data_of(stream.getvalue()), data)


YAML_BITS = st.sampled_from([*"ab01 \n\t-?:,[]{}#&*!|>'\"%@`~.\\xU<=", "---\n", "\n  ", "- ", "a: ", "\\U"])


@pytest.mark.attack
@given(st.text() | st.binary() | st.lists(YAML_BITS).map("".join))
def test_any_text_is_a_document_or_a_scenario_error(text: str | bytes) -> None:
    try:
        document = parse(text, "f.yaml")
    except ScenarioError as error:
        assert error.faults
        assert all(fault.file == "f.yaml" and "\n" not in str(fault) for fault in error.faults)
    else:
        assert type(document.data) is dict
