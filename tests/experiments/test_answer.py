import pytest

from sim.experiments.answer import Found, answer, answer_report, cost_a_year, kind_of, sentences, tables
from sim.experiments.runs import Effort, compare
from sim.scenario.fixes import Fix
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.engines.worlds import checked, tiny_data

EFFORT = Effort(seed=3, replications=3)
IDLE = {"id": "idle", "label": "A poster", "help": "h", "department": "service", "evidence": "D", "source": "s"}
IDLE |= {"changes": [{"path": "failures.queue.severity", "set": 0.9}], "costs": {"once": 300, "per_year": 20}}
MEND = IDLE | {"id": "mend", "label": "Oil", "changes": [{"path": "failures.wheel.on", "set": False}]}
BREAKS = {"path": "assets.trolleys.breaks", "label": "Breaks", "min": 0, "max": 0.05, "step": 0.01, "help": "h"}
BREAKS |= {"outcome": "bad_trip_share", "direction": "up"}


def asking(**asked: object) -> Scenario:
    return checked(tiny_data({"weeks": 4}) | {"fixes": [IDLE, MEND], "levers": [BREAKS], "answer": asked})


def found(**asked: object) -> Found:
    return answer(asking(**asked), EFFORT)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({}, "failures"),
        ({"fixes": ["mend"]}, "fix"),
        ({"fixes": ["mend", "idle"]}, "fixes"),
        ({"lever": "assets.trolleys.breaks"}, "lever"),
    ],
)
def test_the_scenario_says_what_is_tried(asked: dict[str, object], kind: str) -> None:
    assert kind_of(asking(**asked)) == kind


def test_a_fix_is_what_compare_says_it_is() -> None:
    one, world = found(fixes=["mend"]), asking(fixes=["mend"])
    by_hand = compare(world, world_of(world, fixes=["mend"]), EFFORT)
    assert one.gain(one.tried["mend"]) == by_hand.difference("contribution")


def test_a_fix_that_does_nothing_is_worth_exactly_nothing_and_still_costs() -> None:
    both = found(fixes=["idle", "mend"])
    assert both.is_nothing(both.tried["idle"])
    idle = next(fix for fix in both.fixes if fix.id == "idle")
    assert both.net(idle).mean == both.net(idle).low == -120.0
    assert [fix.id for fix in both.fixes] == ["mend", "idle"]


def test_each_failure_point_is_mended_alone_and_ranked() -> None:
    none = found()
    assert set(none.mended) == {"wheel", "empty_bay", "queue", "refused"}
    gains = [none.gain(none.mended[name]).mean for name in none.ranked(none.mended)]
    assert gains == sorted(gains, reverse=True)


def test_a_lever_is_a_curve_of_the_same_runs() -> None:
    curve = found(lever="assets.trolleys.breaks").curve
    assert curve is not None
    assert curve.values == (0.0, 0.01, 0.02, 0.03, 0.04, 0.05)
    assert curve.measure == "contribution"
    assert found().curve is None


def test_what_a_fix_costs_a_year_spreads_what_it_costs_once_over_three() -> None:
    one = found(fixes=["mend"])
    assert cost_a_year(one.fixes[0], one.tried["mend"]) == 120.0
    by_use = one.fixes[0].model_dump() | {"costs": {"per_use": 2, "use": "visits"}}
    run = one.tried["mend"]
    assert cost_a_year(Fix.model_validate(by_use), run) == pytest.approx(2 * (run.estimate("visits").mean or 0))


@pytest.mark.parametrize("asked", [{}, {"fixes": ["mend", "idle"]}, {"lever": "assets.trolleys.breaks"}])
def test_the_report_names_the_biggest_failure_point_and_says_the_same_in_tables(asked: dict[str, object]) -> None:
    report = answer_report(found(**asked))
    assert report["biggest_failure_point"] in report["failure_points"]
    assert report["ahead_of_the_next"]["mean"] >= 0
    assert len(list(tables(report))) == (1 if not asked else 2)
    assert list(sentences(report))[-1].startswith("The biggest failure point: ")


def test_the_same_seed_gives_the_same_answer() -> None:
    assert answer_report(found(fixes=["mend"])) == answer_report(found(fixes=["mend"]))
