"""What is sent to the page so that it can estimate while a hand moves, and the desk that has it simulated."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from sim.experiments.curve import Surroundings
from sim.experiments.inquiry import Answer, LiveCurve
from sim.experiments.library import load
from sim.experiments.runs import Comparison, Run
from sim.experiments.task import Task, simulate
from sim.scenario.fixes import Lever
from ui.live import Followed, css_class, headline_of, live_data
from ui.session import simulators
from ui.session.choice import Choice, dial_of
from ui.session.simulators import LiveDesk

TINY = load("tiny").model_copy(update={"weeks": 2})
POOL, BREAKS, LOSS = TINY.levers
LOST, WORTH = "revenue_lost_per_year", "contribution"
CURVE = LiveCurve((4.0, 9.0, 40.0), tuple({LOST: lost, WORTH: 100 - lost} for lost in (20.0, 10.0, 5.0)))


@dataclass
class Asked:
    """A job that only remembers what it was asked, and has one curve for every lever."""

    around: Surroundings
    levers: tuple[Lever, ...]
    measures: tuple[str, ...]
    curves: dict[str, LiveCurve] = field(default_factory=dict)
    stopped: bool = False
    finished: bool = False

    def curve(self, lever: Lever) -> LiveCurve | None:
        return self.curves.get(lever.path)

    def stop(self) -> None:
        self.stopped = True

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        pass


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> LiveDesk:
    monkeypatch.setattr(simulators, "LiveCurves", lambda around, levers, measures, *_: Asked(around, levers, measures))
    return LiveDesk()


def choice(*fixes: str, **sets: float) -> Choice:
    return Choice("tiny", TINY, {path.replace("__", "."): value for path, value in sets.items()}, fixes)


def begun(desk: LiveDesk, chosen: Choice, **curves: LiveCurve) -> Asked:
    desk.begin(chosen)
    job = cast(Asked, desk.job)
    job.curves |= {path.replace("__", "."): curve for path, curve in curves.items()}
    return job


# ---- the desk ----------------------------------------------------------------------------------------------


def test_the_same_choice_is_asked_once_and_another_stops_it(desk: LiveDesk) -> None:
    first = begun(desk, choice())
    assert begun(desk, choice()) is first
    assert first.measures == (LOST, WORTH)
    desk.supersede(choice(assets__trolleys__pool=14))
    assert first.stopped
    assert desk.job is None
    assert not desk.is_busy


def test_a_levers_own_move_keeps_its_curve_and_drops_the_others(desk: LiveDesk) -> None:
    begun(desk, choice(), assets__trolleys__pool=CURVE, assets__trolleys__breaks=CURVE)
    desk.supersede(choice(assets__trolleys__pool=14))
    assert desk.curve(POOL) is CURVE
    assert desk.curve(BREAKS) is None
    desk.supersede(choice("five_more_trolleys", assets__trolleys__pool=14))
    assert desk.curve(POOL) is None


def test_a_new_curve_takes_over_once_it_says_as_much(desk: LiveDesk) -> None:
    begun(desk, choice(), assets__trolleys__pool=CURVE)
    moved = choice(assets__trolleys__pool=14)
    rough = LiveCurve(CURVE.values[:2], CURVE.measured[:2])
    job = begun(desk, moved, assets__trolleys__pool=rough)
    assert desk.curve(POOL) is CURVE
    job.curves[POOL.path] = full = LiveCurve(CURVE.values, CURVE.measured)
    assert desk.curve(POOL) is full


def test_a_visitor_who_has_gone_leaves_nothing_running(desk: LiveDesk) -> None:
    job = begun(desk, choice())
    desk.__del__()
    assert job.stopped


# ---- what is sent ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    def run(world: Any) -> Run:
        return Run(world, tuple(simulate(Task(world, 1, number)) for number in range(2)))

    return Comparison(run(TINY), run(choice(assets__trolleys__pool=14).world))


def sent(
    desk: LiveDesk, found: Comparison | None, is_estimate: bool = False, followed: Followed | None = None
) -> dict[str, Any]:
    moved = choice(assets__trolleys__pool=14)
    begun(desk, moved, assets__trolleys__pool=CURVE)
    return live_data(moved, Answer(found, is_estimate, 2, 2), desk, followed or headline_of(TINY))


def test_a_curve_goes_through_what_is_simulated_where_the_lever_stands(desk: LiveDesk, comparison: Comparison) -> None:
    data = sent(desk, comparison)
    lost, worth = comparison.world.estimate(LOST).mean, comparison.difference(WORTH).mean
    assert lost is not None
    assert worth is not None
    lever, there = data["levers"][0], CURVE.at(LOST, 14)
    assert there is not None
    assert (lever["stands"], lever["asIs"], lever["range"]) == (14, 9, [4, 40])
    at = {value: (measured, more) for value, measured, more in lever["points"]}
    assert at[4][0] == pytest.approx(lost * 20 / there)  # a loss in proportion
    assert at[40][1] == pytest.approx(worth + 95 - (100 - there))  # contribution by the same amount
    assert data["headline"]["now"]["value"] == lost
    assert data["worth"] == worth
    assert data["soFar"] is None


def test_until_all_weeks_are_there_it_goes_through_those_before_the_lever_moved(
    desk: LiveDesk, comparison: Comparison
) -> None:
    before = sent(desk, comparison)
    desk.supersede(choice(assets__trolleys__pool=20))
    short = Comparison(comparison.world, comparison.baseline)
    after = live_data(choice(assets__trolleys__pool=20), Answer(short, True, 2, 2), desk, headline_of(TINY))
    assert after["levers"][0]["points"] == before["levers"][0]["points"]
    assert after["headline"]["asIs"] == before["headline"]["asIs"]
    assert (after["levers"][0]["stands"], after["soFar"]) == (20, 2)


def test_before_anything_is_known_nothing_is_made_up(desk: LiveDesk) -> None:
    data = sent(desk, None)
    assert data["worth"] is None
    assert "now" not in data["headline"]
    assert [lever["points"] for lever in data["levers"]] == [[], [], []]


def test_a_short_answer_says_how_many_weeks_it_is_from(desk: LiveDesk, comparison: Comparison) -> None:
    assert sent(desk, comparison, is_estimate=True)["soFar"] == 2


def test_what_stands_beside_a_lever_is_the_same_wherever_it_stands_itself(desk: LiveDesk) -> None:
    def beside(chosen: Choice) -> list[str]:
        desk.supersede(chosen)
        answer = Answer(None, False, 0, 2)
        return [lever["beside"] for lever in live_data(chosen, answer, desk, headline_of(TINY))["levers"]]

    before, moved = beside(choice()), beside(choice(assets__trolleys__pool=14))
    assert [one == other for one, other in zip(before, moved, strict=True)] == [True, False, False]
    assert moved == beside(choice(assets__trolleys__pool=14.0))
    assert beside(choice("five_more_trolleys", assets__trolleys__pool=14))[0] != before[0]


def test_a_levers_place_is_sent_with_the_steps_between_which_its_slider_knows_none(desk: LiveDesk) -> None:
    pool, breaks, _ = sent(desk, None)["levers"]
    assert (pool["step"], breaks["step"]) == (POOL.step, dial_of(TINY, BREAKS).step)


def test_a_lever_is_found_on_the_page_by_its_class() -> None:
    assert css_class("tiny assets.trolleys.pool") == "st-key-tiny-assets-trolleys-pool"
    assert css_class("~a1b2 x.y") == "st-key--a1b2-x-y"


def test_a_page_follows_a_number_of_its_own_in_its_own_words(desk: LiveDesk, comparison: Comparison) -> None:
    data = sent(desk, comparison, followed=Followed(WORTH, "what is left of sales", None))
    assert (data["headline"]["label"], data["headline"]["isWorth"]) == ("what is left of sales", True)
    assert data["headline"]["now"]["value"] == comparison.world.estimate(WORTH).mean
    assert data["worth"] is None
    assert {more for _, _, more in data["levers"][0]["points"]} == {None}
