"""What is written into a scenario's file: exactly what was asked, and all else as it was, comments included."""

import difflib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments import library
from sim.scenario.faults import ScenarioError
from sim.scenario.files import parse_scenario, preset_of, saved_preset, with_preset, with_quantities
from sim.scenario.fixes import Preset
from sim.scenario.paths import quantity_at, settables
from sim.scenario.quantity import Quantity

TINY = library.path_of("tiny").read_text(encoding="utf-8")
SCENARIO = parse_scenario(TINY, "tiny")
POOL, BREAKS, LOSS = (lever.path for lever in SCENARIO.levers)
SETS: dict[str, float] = {POOL: 14, BREAKS: 0.015}


def preset(label: str = "Spring", sets: Any = SETS, fixes: Any = ("five_more_trolleys",)) -> Preset:
    made = preset_of(SCENARIO, label, "What we talked about.", sets, fixes)
    assert made
    return made


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that went, and lines that came."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


QUICK = ("tiny", "dodgy_trolley")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in library.names()]
)
def test_of_every_story_nothing_but_the_preset_changes(name: str) -> None:
    text = library.path_of(name).read_text(encoding="utf-8")
    scenario = library.load(name)
    lever = scenario.levers[0]
    chosen = preset_of(scenario, "Ours", "Tried in spring.", {lever.path: lever.min}, [])
    assert chosen
    gone, come = changed(text, with_preset(text, chosen))
    assert gone == []
    assert [line.strip() for line in come if line.strip() != "presets:"] == [
        "- id: saved",
        "label: Ours",
        "help: Tried in spring.",
        "sets:",
        f"- {{path: {lever.path}, value: {lever.min:g}}}",
    ]


def test_a_preset_of_the_same_name_gives_way_and_another_stays() -> None:
    once = with_preset(TINY, preset("Spring", {POOL: 10}))
    scenario = parse_scenario(once, "once")
    again = preset_of(scenario, "Spring", "Changed.", {POOL: 20}, [])
    other = preset_of(scenario, "Autumn", "Another.", {POOL: 30}, [])
    assert again and other
    assert [(one.id, one.sets[0].value) for one in parse_scenario(with_preset(once, again), "").presets] == [
        ("saved", 20)
    ]
    both = parse_scenario(with_preset(once, other), "both")
    assert [(one.id, one.label) for one in both.presets] == [("saved_2", "Autumn"), ("saved", "Spring")]
    assert saved_preset(both) == both.presets[0]


def test_nothing_chosen_is_no_preset() -> None:
    assert preset_of(SCENARIO, "As it is", "Nothing.", {}, []) is None
    assert saved_preset(SCENARIO) is None


@settings(max_examples=20)
@given(
    sets=st.fixed_dictionaries(
        {},
        optional={
            POOL: st.integers(4, 40),
            BREAKS: st.integers(0, 10).map(lambda steps: round(steps * 0.005, 3)),
            LOSS: st.integers(0, 30).map(lambda steps: steps / 100),
        },
    ),
    fixes=st.sampled_from([(), ("five_more_trolleys",)]),
    label=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(str.strip),
)
def test_what_is_written_is_read_again(sets: dict[str, float], fixes: tuple[str, ...], label: str) -> None:
    try:
        chosen = preset_of(SCENARIO, label, label, sets, fixes)
        if chosen is None:
            return
        text = with_preset(TINY, chosen)
    except ScenarioError as error:
        assert str(error)
        assert not label.isprintable(), label  # only what no scenario file may hold
        return
    found = saved_preset(parse_scenario(text, "written"))
    assert found == chosen
    assert found.label == label.strip()
    assert {one.path: one.value for one in found.sets} == sets
    assert changed(TINY, text)[0] == []


def test_a_value_that_the_lever_cannot_take_is_said() -> None:
    with pytest.raises(ScenarioError, match=r"found 0\.0123; allowed: as its lever moves, 0 to 0\.05 in steps"):
        with_preset(TINY, preset(sets={BREAKS: 0.0123}))


def test_a_label_that_no_file_can_hold_is_said() -> None:
    with pytest.raises(ScenarioError, match="label"):
        preset("two\nlines")


POOLED = Quantity(low=0.004, mode=0.012, high=0.03, evidence="D", source="8 people in room KLM, 3 May 2026")


def test_a_pooled_range_takes_the_place_of_a_plain_number() -> None:
    gone, come = changed(TINY, with_quantities(TINY, {BREAKS: POOLED}))
    assert gone == ["    breaks: 0.01"]
    assert come == [
        "    breaks: {low: 0.004, mode: 0.012, high: 0.03, evidence: D, "
        'source: "8 people in room KLM, 3 May 2026"}'.replace('"', "'")
    ]


def test_comments_beside_a_quantity_stay() -> None:
    text = TINY.replace(
        "    breaks: 0.01",
        "    breaks:  # the wheels\n      mode: 0.01  # counted once\n      unit: share  # of trips\n      evidence: C",
    )
    after = with_quantities(text, {BREAKS: POOLED})
    for comment in ("# the wheels", "# counted once"):
        assert comment in after
    assert parse_scenario(after, "").assets[0].breaks.high == 0.03


def test_a_quantity_of_a_part_that_the_file_leaves_out_is_added() -> None:
    path, now = next((path, one) for path, one in settables(SCENARIO).items() if path.startswith("reputation."))
    assert isinstance(now, Quantity)
    after = with_quantities(TINY, {path: now.model_copy(update={"evidence": "D", "source": "a room"})})
    assert quantity_at(parse_scenario(after, ""), path).source == "a room"
    assert changed(TINY, after)[0] == []


@pytest.mark.parametrize(
    ("path", "quantity", "said"),
    [
        ("assets.trolleys.braeks", POOLED, "did you mean"),
        (BREAKS, POOLED.model_copy(update={"high": 2}), "allowed: a number from 0 to 1"),
    ],
)
def test_a_quantity_that_the_scenario_cannot_hold_is_said(path: str, quantity: Quantity, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        with_quantities(TINY, {path: quantity})


def test_a_file_with_faults_is_not_touched() -> None:
    with pytest.raises(ScenarioError, match="currency"):
        with_preset(TINY.replace("currency: GBP", "currency: pounds"), preset())
