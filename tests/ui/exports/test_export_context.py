"""Charts drawn before: those of this choice, case or room can be taken away, those of another cannot."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.experiments.answer import AnswerJob
from sim.experiments.attribution import AttributionJob
from sim.experiments.cache import Store
from sim.experiments.curve import CurveJob, Surroundings
from sim.experiments.runs import Effort
from sim.experiments.workers import Background, Workers
from sim.finance.assumptions import Terms
from sim.finance.chain import ChainCase, ChainJob, StoreKind
from sim.finance.portfolio import Bundle, Portfolio, PortfolioJob
from sim.finance.trial import TrialJob, TrialPlan
from tests.experiments.test_answer import asking
from tests.ui.case.cases import FIX, TINY, case
from ui.exports.context import Album, asides_ready, ready
from ui.session.case_choice import CaseChoice
from ui.session.choice import Choice

# ---- on Explore ------------------------------------------------------------------------------------

CHOICE, OTHER = Choice("tiny", TINY, {}, (FIX,)), Choice("tiny", TINY, {}, ())


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as workers:
        yield workers


def test_a_curve_is_there_by_its_measures_wherever_its_lever_stands(workers: Workers) -> None:
    lever = TINY.levers[0]
    job = CurveJob(Surroundings(TINY, {}, (FIX,)), lever, Effort(1, 2), Store(on_disk=False), workers)
    job.follow(lambda share: None)
    moved = Choice("tiny", TINY, {lever.path: 20.0}, (FIX,))
    found = list(ready(moved, None, None, job))
    assert [one.name for one in found] == [
        "Reports refused by “Trolleys in the pool”",
        "Contribution by “Trolleys in the pool”",
    ]
    assert found[0].simulated == "2 runs of 12 weeks"
    drawn = [one.draw() for one in found]
    assert all("layer" in spec for spec, _ in drawn)
    assert drawn[0] != drawn[1]
    assert not list(ready(OTHER, None, None, job))


def test_who_loses_what_is_there_for_the_very_world(workers: Workers) -> None:
    job = AttributionJob(CHOICE.world, Effort(1, 2), Store(on_disk=False), workers)
    job.follow(lambda share: None)
    found = list(ready(CHOICE, None, job, None))
    assert [one.name for one in found] == ["Who loses what", "Who loses what, by department"]
    drawn = [one.draw() for one in found]
    assert all("layer" in spec for spec, _ in drawn)
    assert drawn[0][1] != drawn[1][1]
    assert not list(ready(OTHER, None, job, None))


def test_an_answer_by_a_lever_is_there_as_its_curve(workers: Workers) -> None:
    scenario = asking(lever="assets.trolleys.breaks")
    job = AnswerJob(scenario, Effort(1, 2), Store(on_disk=False), workers)
    job.follow(lambda share: None)
    _, by_lever = ready(Choice("asking", scenario, {}, ()), job, None, None)
    assert by_lever.name == "The answer, by “Breaks”"
    spec, said = by_lever.draw()
    assert "layer" in spec
    assert "Breaks" in said


def test_the_answer_is_there_whatever_was_chosen(workers: Workers) -> None:
    job = AnswerJob(TINY, Effort(1, 2), Store(on_disk=False), workers)
    job.follow(lambda share: None)
    for choice in (CHOICE, OTHER):
        first, *_ = ready(choice, job, None, None)
        spec, said = first.draw()
        assert first.name == "What mending each failure point alone would bring"
        assert spec["layer"]
        assert said


# ---- beside the case -------------------------------------------------------------------------------

FOUND = case([1_000.0 + 100 * future for future in range(32)])
CASE = CaseChoice("tiny", TINY, (), (FIX,), Terms())
ASKED = ("tiny", (), CASE.terms.model_dump_json())


def done(kind: type[Background], **has: Any) -> Background:
    """A job of that kind as it is when everything of it is done."""
    heir = type(kind.__name__, (kind,), {"finished": True, "error": None, **has})
    job: Background = object.__new__(heir)
    return job


def portfolio() -> Portfolio:
    bundles = (Bundle((), 0.0, (0.0, 0.0)), Bundle((FIX,), 800.0, (900.0, 1_100.0)))
    return Portfolio(FOUND.study, Terms(), (FIX,), bundles, True, ())


def jobs() -> dict[str, tuple[object, Background]]:
    kind = StoreKind("small", "Small shops", np.full(32, 10.0), FOUND, np.full(32, 0.1))
    weekly = np.random.default_rng(1).normal(100.0, 5.0, (24, 3, 26))
    return {
        "portfolio": (ASKED, done(PortfolioJob, portfolio=portfolio())),
        "trial": ((CASE.asked, 5), done(TrialJob, plan=TrialPlan(FOUND, weekly, 1, 0.8))),
        "chain": (CASE.asked, done(ChainJob, chain=ChainCase((kind,)))),
    }


def test_what_was_asked_of_this_case_is_there_with_what_it_shows() -> None:
    found = list(asides_ready(CASE, jobs()))
    assert [one.name for one in found] == [
        "What each budget buys at best",
        "Chance that a trial shows the effect",
        "What the stores of each type add",
    ]
    assert found[0].simulated == "4 runs of 12 weeks for each set of fixes"
    for one in found:
        spec, said = one.draw()
        assert spec["data"]["values"]
        assert said
        assert one.link == f"business_case?scenario=tiny&fix={FIX}"


@pytest.mark.parametrize("other", [replace(CASE, fixes=()), replace(CASE, terms=Terms(tax_rate=0.2))])
def test_what_was_asked_of_another_case_is_not(other: CaseChoice) -> None:
    names = [one.name for one in asides_ready(other, jobs())]
    same_budgets = other.terms == CASE.terms
    assert names == (["What each budget buys at best"] if same_budgets else [])


@pytest.mark.parametrize(
    "is_so", [{"finished": False}, {"stopped": True}, {"error": ValueError()}, {"portfolio": None}]
)
def test_what_is_not_whole_is_not(is_so: dict[str, Any]) -> None:
    job = done(PortfolioJob, **{"portfolio": portfolio(), **is_so})
    assert not list(asides_ready(CASE, {"portfolio": (ASKED, job)}))


# ---- in rooms and side by side ---------------------------------------------------------------------

ROOM, SAVED = "workshop?room=ABC", "saved?scenario=tiny"


def bars(value: float) -> tuple[dict[str, object], str]:
    return {"data": {"values": [{"a": value}]}}, f"It is {value}."


def test_what_a_room_saw_is_found_under_the_scenario_it_has_by_now() -> None:
    album = Album()
    album.keep(ROOM, {"tiny"}, "Bets", "8 runs", bars(1))
    album.keep(ROOM, {"tiny", "~made"}, "Board", "8 runs", bars(2))
    for name in ("tiny", "~made"):
        assert [(one.name, one.link, one.simulated) for one in album.of(name)] == [
            ("Bets", ROOM, "8 runs"),
            ("Board", ROOM, "8 runs"),
        ]
    assert not album.of("another")


def test_a_chart_seen_again_as_it_was_is_the_same_and_otherwise_a_newer_one() -> None:
    album = Album()
    album.keep(SAVED, {"tiny"}, "Value", "6 runs", bars(1))
    (first,) = album.of("tiny")
    album.keep(SAVED, {"tiny"}, "Value", "6 runs", bars(1))
    assert album.of("tiny") == [first]
    album.keep(SAVED, {"tiny"}, "Value", "12 runs", bars(2))
    (newer,) = album.of("tiny")
    assert newer.version > first.version
    assert (newer.simulated, newer.draw()) == ("12 runs", bars(2))


def test_what_was_seen_last_hides_others_of_its_name() -> None:
    album = Album()
    for room, value in (("A", 1.0), ("B", 2.0), ("A", 1.0)):
        album.keep(room, {"tiny"}, "Bets", "8 runs", bars(value))
    assert [(one.link, one.draw()) for one in album.of("tiny")] == [("A", bars(1.0))]


def test_it_holds_only_so_many_places() -> None:
    album = Album()
    for room in range(20):
        album.keep(str(room), {str(room)}, "Bets", "8 runs", bars(room))
    assert [bool(album.of(str(room))) for room in range(20)] == [False] * 12 + [True] * 8
