"""However much is wrong, and however long it is: an answer stays short, and nothing beyond it is put into words."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import faults as wording
from sim.scenario.document import parse
from sim.scenario.faults import MOST, Fault, Rest, ScenarioError, in_order, rest
from sim.scenario.files import parse_scenario
from sim.scenario.world import world_of
from tests.scenario.kiosk import KIOSK, edited, kiosk

pytestmark = pytest.mark.attack

A_FAULT = 1_500  # characters of one fault at most: file, path and message
ODD = "\U000e0101"  # ten characters once it is escaped


def names(count: int) -> str:
    return ", ".join(f"n{i}" for i in range(count))


HOSTILE: dict[str, Callable[[int], str]] = {
    "tags": lambda n: "a: [" + "!x 1," * n + "]",
    "keys that are no text": lambda n: "".join(f"{i}: 1\n" for i in range(n)),
    "keys given twice": lambda n: "a: 1\n" * n,
    "unknown keys": lambda n: KIOSK + "".join(f"u{i}: 1\n" for i in range(n)),
    "long unknown keys": lambda n: KIOSK + "".join(f"{'k' * 500}{i}: 1\n" for i in range(1 + n // 50)),
    "one long key": lambda n: KIOSK + f"? {'k' * n}\n: 1\n",
    "odd letters in keys": lambda n: KIOSK + "".join(f"{ODD * 9}{i}: {{{ODD}: 1}}\n" for i in range(n // 10)),
    "numbers with commas": lambda n: KIOSK + "u: {" + "".join(f"a{i}: 0,1," for i in range(n)) + "}\n",
    "numbers in a long list": lambda n: edited(('["12-25"]', "[" + "1," * n + "]")),
    "dates": lambda n: edited(('["12-25"]', "[" + "25/12," * n + "]")),
    "empty parts": lambda n: edited(("trips:\n", "trips:\n" + "  - {}\n" * n)),
    "ids": lambda n: edited(("borrows: carts, next: [{to: shelves}]", f"next: [{{to: shelves, trips: [{names(n)}]}}]")),
    "one long id": lambda n: edited(("{id: gate,", f"{{id: {'g' * n},")),
    "one long number": lambda n: edited(("breaks: 0.01", f"breaks: {'9 ' * n}")),
    "references": lambda n: edited(("loss_on: [big]", f"loss_on: [{names(n)}]")),
    "changes that lead nowhere": lambda n: edited(("{path: assets.carts.pool, add: 4}", "{path: a.b, add: 1}," * n)),
    "depth and odd letters": lambda n: "".join(f"{'  ' * i}{ODD * 40}:\n" for i in range(30)) + " " * 60
    + f"[{'!x 1,' * n}]",
    "not YAML": lambda n: f"a: b: {'c' * n}",
    "no text at all": lambda n: ODD * n,
}  # fmt: skip


def refused(text: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as raised:
        parse_scenario(text, "f.yaml")
    return raised.value


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_answer_grows_no_faster_than_twice_what_was_read(kind: str) -> None:
    for size in (10, 300, 3_000):
        text = HOSTILE[kind](size)
        error = refused(text)
        assert len(error.faults) <= MOST + 1
        assert len(str(error)) <= min(2 * len(text) + 20 * A_FAULT, (MOST + 1) * A_FAULT)
        assert all(len(str(fault)) <= A_FAULT for fault in error.faults)


@pytest.mark.parametrize(
    ("kind", "count"), [("tags", 3_000), ("unknown keys", 3_000), ("numbers in a long list", 3_000), ("dates", 3_000)]
)
def test_those_beyond_the_first_are_counted(kind: str, count: int) -> None:
    error = refused(HOSTILE[kind](count))
    assert str(error).splitlines()[-1] == f"f.yaml: and {count - MOST:,} more"
    assert [fault.line for fault in error.faults[:-1]] == sorted(fault.line or 0 for fault in error.faults[:-1])


def test_where_the_search_was_stopped_the_count_says_so() -> None:
    assert str(refused(HOSTILE["references"](3_000))).splitlines()[-1] == "f.yaml: and at least 151 more"


def test_what_is_not_shown_is_not_put_into_words(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    finding, path_of = wording.finding_of, wording.path_of
    monkeypatch.setattr(wording, "finding_of", lambda *about: said.append("finding") or finding(*about))
    monkeypatch.setattr(wording, "path_of", lambda *about: said.append("path") or path_of(*about))
    refused(HOSTILE["unknown keys"](2_000))
    refused(HOSTILE["tags"](2_000))
    assert 0 < said.count("finding") <= MOST + 1
    assert 0 < said.count("path") <= 2 * MOST + 1


def test_many_unknown_paths_and_one_unknown_fix_are_answered_in_short() -> None:
    with pytest.raises(ScenarioError) as raised:
        world_of(kiosk(), {f"assets.cart{i}.pool": 1.0 for i in range(1_000)})
    assert str(raised.value).splitlines()[-1] == "set: and 950 more"
    with pytest.raises(ScenarioError) as raised:
        world_of(kiosk(), {}, ["x" * 100_000])
    assert len(str(raised.value)) < A_FAULT


FAULTS = st.builds(Fault, st.just("f"), st.integers(1, 9), st.text(max_size=3), st.text(max_size=5))


@given(st.lists(FAULTS, max_size=120), st.integers(0, 99))
def test_errors_put_together_again_count_every_fault_once(faults: list[Fault], more: int) -> None:
    first = ScenarioError([*faults, *rest("f", more)])
    again = ScenarioError(in_order(first.faults))
    listed = [fault for fault in again.faults if not isinstance(fault, Rest)]
    counted = sum(fault.count for fault in again.faults if isinstance(fault, Rest))
    assert len(listed) == len(set(faults[:MOST]))
    assert counted == max(0, len(faults) - MOST) + more


@given(st.text(max_size=3_000))
def test_a_fault_is_cut_where_it_would_be_too_long(text: str) -> None:
    (fault,) = ScenarioError([Fault("f", 1, text * 5, text * 5)]).faults
    assert len(fault.path) <= 300
    assert len(fault.message) <= 1_000


def test_a_document_is_bounded_before_it_is_a_scenario() -> None:
    with pytest.raises(ScenarioError) as raised:
        parse("a: [" + "&x 1," * 40_000 + "]", "f.yaml")
    assert len(raised.value.faults) == MOST + 1
