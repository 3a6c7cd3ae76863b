"""The boardroom's block: its defaults, and what a file may say of it."""

import pytest

from sim.experiments.library import load, names, unknown_measures
from sim.scenario.document import parse
from sim.scenario.faults import ScenarioError
from sim.scenario.files import parse_scenario, scenario_of
from sim.scenario.offers import agenda_of
from sim.scenario.scenario import Answer, Scenario
from tests.scenario.kiosk import KIOSK, faults_in, kiosk, line_of

POOL, LOSS = "assets.carts.pool", "failures.none_left.responses.basket.loss"


def with_block(block: str) -> str:
    return f"{KIOSK}boardroom: {block}\n"


def test_a_scenario_that_says_nothing_has_an_agenda_all_the_same() -> None:
    scenario = kiosk()
    agenda = agenda_of(scenario)
    assert (agenda.question, agenda.number) == (scenario.question, scenario.headline)
    assert agenda.fixes == ()
    assert agenda.levers == scenario.levers[:3]


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_has_a_question_a_number_and_one_to_three_levers(name: str) -> None:
    agenda = agenda_of(load(name))
    assert agenda.question.endswith("?")
    assert 1 <= len(agenda.levers) <= 3


def test_a_file_says_what_is_asked_shown_proposed_and_moved() -> None:
    block = f"{{question: Why?, number: basket_value, fixes: [four_more], levers: [{POOL}]}}"
    agenda = agenda_of(parse_scenario(with_block(block), "kiosk.yaml"))
    assert (agenda.question, agenda.number) == ("Why?", "basket_value")
    assert [fix.id for fix in agenda.fixes] == ["four_more"]
    assert [lever.path for lever in agenda.levers] == [POOL]


def test_what_the_answer_tries_is_proposed_unless_the_block_says_otherwise() -> None:
    scenario = kiosk().model_copy(update={"answer": Answer(fixes=("four_more",))})
    assert [fix.id for fix in agenda_of(scenario).fixes] == ["four_more"]
    nothing = parse_scenario(with_block("{fixes: []}"), "kiosk.yaml")
    assert agenda_of(nothing.model_copy(update={"answer": scenario.answer})).fixes == ()


def test_of_fixes_that_exclude_each_other_the_first_is_proposed() -> None:
    both = Answer(fixes=("exactly_twenty", "exactly_thirty"))
    (fix,) = agenda_of(kiosk().model_copy(update={"answer": both})).fixes
    assert fix.id == "exactly_twenty"


def test_what_a_visitor_chose_is_proposed_instead_and_a_lever_that_it_sets_is_not_offered() -> None:
    agenda = agenda_of(kiosk(), ["exactly_twenty"])
    assert [fix.id for fix in agenda.fixes] == ["exactly_twenty"]
    assert POOL not in [lever.path for lever in agenda.levers]


def test_the_lever_that_answers_the_question_comes_first() -> None:
    scenario = load("home_loan")
    bare = scenario.model_copy(update={"boardroom": Scenario.model_fields["boardroom"].default})
    assert agenda_of(bare).levers[0].path == scenario.answer.lever


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "{levers: [assets.carts.pol]}",
            '.levers[0]: found "assets.carts.pol"; allowed: a lever\'s path; did you mean "assets.carts.pool"?',
        ),
        (f"{{levers: [{POOL}, {POOL}]}}", f'.levers[1]: found "{POOL}" again; allowed: each lever once'),
        (
            f"{{levers: [{POOL}], fixes: [exactly_twenty]}}",
            f'.levers[0]: found "{POOL}", which the fix exactly_twenty sets; '
            "allowed: a lever that no proposed fix sets",
        ),
        (
            "{fixes: [four_mor]}",
            '.fixes[0]: found "four_mor"; allowed: a fix of this scenario; did you mean "four_more"?',
        ),
        ("{fixes: [four_more, four_more]}", '.fixes[1]: found "four_more" again; allowed: each fix once'),
        (
            "{fixes: [exactly_twenty, exactly_thirty]}",
            ".fixes: assets.carts.pool: both exactly_twenty and exactly_thirty set it; choose one",
        ),
    ],
)
def test_a_fault_is_said_with_its_line_and_field(block: str, said: str) -> None:
    text = with_block(block)
    assert f"kiosk.yaml:{line_of(text, 'boardroom:')}: boardroom{said}" in faults_in(text)


@pytest.mark.parametrize("levers", ["[]", f"[{POOL}, {LOSS}, a, b]"])
def test_there_are_one_to_three_levers(levers: str) -> None:
    (said, *_) = faults_in(with_block(f"{{levers: {levers}}}"))
    assert "boardroom.levers" in said


def test_a_number_that_is_no_measure_is_said_to_be_so() -> None:
    with pytest.raises(ScenarioError) as refused:
        scenario_of(parse(with_block("{number: basket_valu}"), "kiosk.yaml"), unknown_measures)
    assert 'boardroom.number: found "basket_valu"; allowed: a measure' in str(refused.value)
    assert 'did you mean "basket_value"?' in str(refused.value)
