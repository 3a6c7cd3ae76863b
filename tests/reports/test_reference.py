"""The reference says what the code says now, and everything in the code says what it is."""

import re

import pytest

from sim.outcomes.measures import MEASURES
from sim.reference import FOLDER, PARTS, SAME_EVERYWHERE, WRITERS, commands, meaning, page
from sim.reports.laws import chapters

ARITHMETIC = {"basket"}
"""Modules of laws that follow from what words mean, and so rest on no source and have no size to guess."""


@pytest.mark.parametrize("name", WRITERS)
def test_a_committed_page_is_what_the_code_says_now(name: str) -> None:
    file = FOLDER / name
    stale = f"docs/reference/{name} is not what the code says now; run: make docs"
    assert file.exists(), stale
    assert file.read_text(encoding="utf-8") == page(name), stale


def test_there_is_no_page_that_nothing_writes() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(WRITERS)


# ---- nothing is without a word ---------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_field_of_a_scenario_says_what_it_means(part: str) -> None:
    assert PARTS[part].get("description"), f"{part} has no docstring"
    silent = [field for field in PARTS[part]["properties"] if not meaning(part, field)]
    assert not silent, f"{part}: give a description= to {', '.join(silent)}"


def test_a_field_that_says_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = {"description": "A part.", "properties": {"depth": {"type": "number"}, "label": {"type": "string"}}}
    monkeypatch.setitem(PARTS, "Pond", bare)
    assert meaning("Pond", "depth") is None
    assert meaning("Pond", "label") == "what people read"


def test_what_needs_no_description_is_needed_and_said_nowhere_else() -> None:
    fields = {name for part in PARTS.values() for name in part["properties"]}
    fields |= {f"{part}.{name}" for part, schema in PARTS.items() for name in schema["properties"]}
    assert set(SAME_EVERYWHERE) <= fields


def test_every_measure_has_a_label_a_unit_and_a_definition() -> None:
    for name, measure in MEASURES.items():
        assert measure.label and measure.unit, name
        assert measure.definition.endswith("."), f"{name} has no docstring that defines it"


def test_every_law_says_what_it_is_and_every_chapter_what_it_rests_on() -> None:
    for chapter in chapters():
        assert chapter.says and chapter.laws, chapter.name
        for law in chapter.laws:
            assert law.says, f"sim/behaviour/{chapter.name}.py: {law.name} has no docstring"
        said = " ".join([*chapter.says, *(text for law in chapter.laws for text in law.says)])
        rests = "by default" in said or any(law.rests_on for law in chapter.laws)
        assert rests or chapter.name in ARITHMETIC, f"sim/behaviour/{chapter.name}.py names no source, guess or default"


def test_laws_are_read_with_their_formula_and_their_sources() -> None:
    laws = {law.name: law for chapter in chapters() for law in chapter.laws}
    assert laws["satisfaction"].formula == "before + gain * (experienced - before)"
    assert laws["satisfaction"].rests_on == ("Bolton 1998",)
    assert laws["felt"].rests_on == ("Mittal, Ross and Baldasare 1998", "Kano 1984")
    assert laws["shock_of_complaint"].rests_on == ("Knox and van Oest 2014",)
    assert laws["heard"].rests_on == ("Boulding, Kalra, Staelin and Zeithaml 1993", "a guess")
    assert laws["restored"].rests_on == ("de Matos, Henrique and Rossi 2007", "SQM")
    assert laws["skill"].formula is None  # it is more than one step


def test_every_command_and_option_has_a_help() -> None:
    for name, command in commands().items():
        assert command.help, f"{name} has no docstring"
        for parameter in command.params:
            assert parameter.help, f"{name}: {parameter.opts[0]} has no help"


def test_every_row_of_every_table_has_as_many_cells_as_its_head() -> None:
    for name in WRITERS:
        for table in re.findall(r"(?:^\|.*\n)+", page(name), re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(widths) == 1, f"{name}: {table.splitlines()[0]}"
