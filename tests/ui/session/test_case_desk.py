"""Where a case is made: one at a time; and assumptions changed and taken back."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from sim.experiments.cache import Store
from sim.finance.assumptions import Terms
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.paths import quantity_at
from tests.ui.case.cases import BREAKS, FIX, MARGIN, TINY
from ui.session import case
from ui.session.case import CaseDesk, CaseKeys, first_fixes
from ui.session.case_choice import CaseChoice, CaseStep, Edit


class Asked:
    """A case that only remembers that it was stopped."""

    def __init__(self, study: Any, fixes: tuple[str, ...], terms: Terms, workers: Any) -> None:
        if "bad" in fixes:
            raise ScenarioError((Fault("case", None, "fix", "found bad; allowed: good"),))
        self.study, self.stopped = study, False

    def stop(self) -> None:
        self.stopped = True

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        pass


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> CaseDesk:
    monkeypatch.setattr(case, "CaseJob", Asked)
    return CaseDesk()


def choice(desk: CaseDesk, *fixes: str, **terms: Any) -> CaseChoice:
    return CaseChoice("tiny", TINY, desk.edits("tiny"), fixes or (FIX,), Terms(**terms))


def ask(desk: CaseDesk, chosen: CaseChoice) -> Asked:
    return cast(Asked, desk.make(chosen, 1, cast(Store, None)))


def test_the_same_choice_is_asked_once_and_any_other_supersedes_it(desk: CaseDesk) -> None:
    first = ask(desk, choice(desk))
    assert ask(desk, choice(desk)) is first
    second = ask(desk, choice(desk, tax_rate=0.2))
    assert (first.stopped, second.stopped) == (True, False)
    desk.try_to_edit(choice(desk), Edit(MARGIN, 0.2))
    third = ask(desk, choice(desk))
    assert second.stopped
    assert quantity_at(third.study.scenario, MARGIN).value == 0.2


def test_a_choice_that_cannot_be_leaves_nothing_running_and_says_so_each_time(desk: CaseDesk) -> None:
    first = ask(desk, choice(desk))
    for _ in range(2):
        with pytest.raises(ScenarioError):
            ask(desk, choice(desk, "bad"))
    assert first.stopped
    assert desk.job is None


def test_an_edit_keeps_the_unit_and_is_a_guess_set_by_you(desk: CaseDesk) -> None:
    desk.try_to_edit(choice(desk), Edit(MARGIN, 0.2, 0.1, 0.3))
    said = quantity_at(choice(desk).scenario, MARGIN)
    assert (said.low, said.mode, said.high, said.unit) == (0.1, 0.2, 0.3, "share")
    assert (said.evidence, said.source) == ("D", "set by you")
    assert quantity_at(TINY, MARGIN).value == 0.25


def test_a_later_edit_of_the_same_quantity_takes_the_place_of_the_earlier_and_all_can_be_dropped(
    desk: CaseDesk,
) -> None:
    for edit in (Edit(MARGIN, 0.2), Edit(BREAKS, 0.02), Edit(MARGIN, 0.4)):
        desk.try_to_edit(choice(desk), edit)
    assert desk.edits("tiny") == (Edit(BREAKS, 0.02), Edit(MARGIN, 0.4))
    desk.assume("tiny", ())
    assert desk.edits("tiny") == ()
    assert desk.edits("another") == ()


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit(MARGIN, 1.4), f"Incremental margin ({MARGIN}): found 1.4; allowed: a number from 0 to 1."),
        (Edit(MARGIN, 0.2, 0.3, 0.4), "allowed: low <= mode <= high"),
        (Edit(MARGIN, 0.2, 0.1), "found one end of a range; allowed: both low and high, or neither"),
        (Edit("segments.regulars.share", 0.5), "sum"),
    ],
)
def test_an_edit_that_makes_no_scenario_says_why_and_changes_nothing(desk: CaseDesk, edit: Edit, said: str) -> None:
    desk.try_to_edit(choice(desk), Edit(BREAKS, 0.02))
    desk.try_to_edit(choice(desk), edit)
    assert desk.refused is not None
    assert said in desk.refused.said
    assert "Nothing was changed." in desk.refused.said
    assert desk.edits("tiny") == (Edit(BREAKS, 0.02),)
    desk.try_to_edit(choice(desk), Edit(BREAKS, 0.03))
    assert desk.refused is None


def test_a_visitor_who_has_gone_leaves_nothing_running(desk: CaseDesk) -> None:
    job = ask(desk, choice(desk))
    desk.__del__()
    assert job.stopped


# ---- what it starts with -----------------------------------------------------------------------------------


def test_it_starts_with_what_the_link_asks_then_what_was_tried_then_the_scenarios_own_answer() -> None:
    assert first_fixes(TINY, (), ("five_more_trolleys",)) == ()
    assert first_fixes(TINY, None, (FIX,)) == (FIX,)
    assert first_fixes(TINY, None, ()) == (FIX,)
    assert first_fixes(TINY.model_copy(update={"fixes": ()}), None, ()) == ()


def test_the_first_visit_seeds_and_a_later_one_keeps_the_choice() -> None:
    session: dict[str, Any] = {}
    keys, desk = CaseKeys(session, "tiny"), CaseDesk()
    keys.seed(TINY, {"tax_rate": "0.25", "budget": "900", MARGIN: "0.2", "fix": "nonsense"}, desk)
    assert session[keys.term("tax_rate")] == 25
    assert session[keys.budget] == 900
    assert desk.edits("tiny") == (Edit(MARGIN, 0.2),)
    assert len(keys.wrong) == 1
    session[keys.budget] = 1_000
    keys.seed(TINY, {"budget": "900"}, desk)
    assert session[keys.budget] == 1_000


def test_a_step_put_back_has_every_widget_and_assumption_as_it_was() -> None:
    session: dict[str, Any] = {}
    keys, desk = CaseKeys(session, "tiny"), CaseDesk()
    keys.seed(TINY, {}, desk)
    keys.put(CaseStep((Edit(MARGIN, 0.2),), (), Terms(horizon_years=5, tax_rate=0.25, real=True), 700.0), desk)
    assert (session[keys.fixes], session[keys.budget]) == ([], 700)
    assert [session[keys.term(name)] for name in ("horizon_years", "tax_rate", "real")] == [5, 25, True]
    assert desk.edits("tiny") == (Edit(MARGIN, 0.2),)
