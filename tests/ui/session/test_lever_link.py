"""The link that is the choice: it says all of it, and read elsewhere it is the same choice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.library import load, names
from sim.scenario.faults import MOST
from sim.scenario.scenario import Scenario
from ui.session.choice import Dial, Objections, dial_of, exact, fixes_of, link_of, value_of

TINY = load("tiny")
EVERY = [(name, load(name)) for name in names()]


def dials(scenario: Scenario) -> list[Dial]:
    return [dial_of(scenario, lever) for lever in scenario.levers]


def asked_fixes(scenario: Scenario, text: str) -> tuple[list[str], tuple[str, ...]]:
    """The fixes that a link names, and what is wrong with the others."""
    wrong = Objections()
    return fixes_of(scenario, text, wrong), wrong.sentences


@st.composite
def choices(draw: st.DrawFn) -> tuple[str, Scenario, dict[str, float], list[str]]:
    """A scenario, where its sliders are shown, by path, and fixes in its order."""
    name, scenario = draw(st.sampled_from(EVERY))
    shown = {}
    for dial in dials(scenario):
        steps = round((dial.lever.max - dial.lever.min) / dial.lever.step)
        at = dial.lever.min + draw(st.integers(0, steps)) * dial.lever.step
        shown[dial.lever.path] = dial.shown(min(at, dial.lever.max))
    fixes = draw(st.sets(st.sampled_from([fix.id for fix in scenario.fixes]))) if scenario.fixes else set()
    return name, scenario, shown, [fix.id for fix in scenario.fixes if fix.id in fixes]


@given(choices())
def test_a_link_read_elsewhere_is_the_same_choice(choice: tuple[str, Scenario, dict[str, float], list[str]]) -> None:
    name, scenario, shown, fixes = choice
    moved = {d.lever.path: d.value(shown[d.lever.path]) for d in dials(scenario)}
    sets = {d.lever.path: moved[d.lever.path] for d in dials(scenario) if moved[d.lever.path] != d.default}
    link = link_of(name, sets, fixes, {})
    assert link["scenario"] == name
    for dial in dials(scenario):
        value, wrong = value_of(dial.lever, link.get(dial.lever.path), dial.default)
        assert (dial.shown(value), wrong) == (shown[dial.lever.path], None)
        assert dial.value(dial.shown(value)) == moved[dial.lever.path]
    assert asked_fixes(scenario, link.get("fix", "")) == (fixes, ())


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_said_exactly(value: float) -> None:
    assert float(exact(value)) == value


def test_whole_numbers_are_said_without_a_point() -> None:
    assert [exact(value) for value in (14, 14.0, 1234567.0, 0.07)] == ["14", "14", "1234567", "0.07"]


def test_what_is_looked_at_is_said_last_and_nothing_else() -> None:
    link = link_of("tiny", {"assets.trolleys.pool": 14}, ["five_more_trolleys"], {"step": "desk"})
    assert list(link.items()) == [
        ("scenario", "tiny"),
        ("assets.trolleys.pool", "14"),
        ("fix", "five_more_trolleys"),
        ("step", "desk"),
    ]


@pytest.mark.parametrize("asked", ["41", "3", "nan", "inf", "nine", "", "1e400"])
def test_a_lever_stays_where_no_link_can_put_it(asked: str) -> None:
    value, wrong = value_of(TINY.levers[0], asked, 9)
    assert value == 9
    assert wrong is not None
    assert "allowed: 4 to 40. It stays at 9." in wrong


def test_fixes_come_in_the_scenarios_order_and_unknown_ones_are_said() -> None:
    scenario = load("dodgy_trolley")
    first, second = (fix.id for fix in scenario.fixes[:2])
    assert asked_fixes(scenario, f"{second},{first}") == ([first, second], ())
    known, wrong = asked_fixes(TINY.model_copy(update={"fixes": ()}), "<b>gold</b>")
    assert known == []
    assert wrong == ("The link asks for the fix <b>gold</b>; allowed: none: this scenario has no fixes.",)


def test_a_fix_misspelt_is_answered_with_the_nearest() -> None:
    (fix,) = (fix.id for fix in TINY.fixes)
    assert asked_fixes(TINY, fix[:-1])[1] == (
        f'The link asks for the fix {fix[:-1]}; allowed: {fix}; did you mean "{fix}"?',
    )


@pytest.mark.parametrize(("asked", "meant"), [("7,5", "7.5"), ("1.0", None), ("10 trolleys", "10"), ("100", None)])
def test_a_lever_misspelt_is_answered_with_what_was_meant(asked: str, meant: str | None) -> None:
    _, wrong = value_of(TINY.levers[0], asked, 9)
    assert wrong is not None
    assert (f"allowed: 4 to 40; did you mean {meant}? It stays at 9." in wrong) == (meant is not None)


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_long_link_is_answered_in_short(size: int) -> None:
    link = ",".join(f"x{i}" for i in range(size))
    known, wrong = asked_fixes(TINY, link)
    assert known == []
    assert len(wrong) == MOST + 1
    assert wrong[-1] == f"And {size - MOST:,} more."
    assert sum(map(len, wrong)) < MOST * 200
    assert len(asked_fixes(TINY, "x" * size)[1][0]) < 200
