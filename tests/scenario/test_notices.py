"""Notices: each kind with a scenario that deserves it, and one that just does not."""

import math
from typing import Any

import pytest
from hypothesis import given, settings

from sim.experiments import library
from sim.scenario.document import parse, read
from sim.scenario.notices import Notice, located, notices_of, notices_of_both
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from tests.engines.generated import generated, scenarios
from tests.engines.worlds import Changes, changed, checked, tiny
from tests.scenario.kiosk import KIOSK, kiosk

QUEUE = library.FOLDER / "known_answers" / "queue.yaml"
CALLS_OF_LOAD_1 = 10_080  # a week, of one minute each, for one agent who is there day and night
AGENTS, PATIENCE = "resources.agents.servers", "journey.call.patience"
WAIT = {"id": "wait", "label": "A wait", "at": "call", "cause": "wait"}
LEAVES = {"id": "leave", "label": "Leaves", "then": "leave"}
STAYS = {"id": "stay", "label": "Stays"}
POOL, RESERVE, BREAKS = (f"assets.trolleys.{name}" for name in ("pool", "reserve", "breaks"))


def told(scenario: Scenario) -> dict[str, str]:
    """Every notice by its path; no path has two."""
    found = notices_of(scenario)
    assert len({notice.path for notice in found}) == len(found)
    return {notice.path: notice.message for notice in found}


def of_tiny(changes: Changes) -> dict[str, str]:
    return told(tiny(changes))


def calls(load: float, *failures: dict[str, Any], **changes: Any) -> Scenario:
    """One agent, who is always there, and calls of a minute each."""
    data = changed(read(QUEUE).data, {"resources": [{"id": "agents", "label": "Agents", "servers": 1}]})
    data["customers"]["passers_by_per_week"] = load * CALLS_OF_LOAD_1
    data["journey"][0] |= {"minutes": {"mean": 1, "law": "exponential"}, **changes}
    return checked(data | {"failures": list(failures)})


def gives_up(share: float) -> dict[str, Any]:
    return WAIT | {"responses": [STAYS, LEAVES | {"share": share}]}


def test_patience_and_load_of_a_queue_in_which_nobody_gives_up() -> None:
    found = told(calls(1.2))
    assert set(found) == {PATIENCE, AGENTS}
    assert found[PATIENCE].startswith(
        "found 2 minutes, and no failure point of the cause wait at call: it has no effect"
    )
    assert "add to failures {id: wait_call, label: A long wait, at: call, cause: wait, responses: [" in found[PATIENCE]
    assert "load of 1.20 over" in found[AGENTS]
    assert "12,096 minutes of work a week at call, of which 10,080 can be done" in found[AGENTS]
    assert "nobody gives up: the queue grows without end. Write 2 or more" in found[AGENTS]


def test_what_a_notice_proposes_makes_it_go() -> None:
    scenario = calls(1.2)
    assert AGENTS not in told(world_of(scenario, {AGENTS: 2}))
    assert told(calls(1.2, WAIT | {"id": "wait_call", "responses": [LEAVES]})) == {}
    assert told(calls(1.2, patience=None)).keys() == {AGENTS}


def test_a_load_of_one_is_none_above_it_and_a_hair_more_is() -> None:
    assert AGENTS not in told(calls(1.0))
    assert AGENTS in told(calls(1.0001))


def test_balking_needs_a_failure_as_patience_does() -> None:
    assert set(told(calls(0.5, balks_at=3, patience=None))) == {"journey.call.balks_at"}
    assert "to call a patience" in told(calls(0.5, balks_at=3, patience=None))["journey.call.balks_at"]
    assert told(calls(0.5, gives_up(1), balks_at=3)) == {}


def test_patience_where_nobody_queues_is_told_otherwise() -> None:
    found = told(calls(0.5, resource=None))
    assert "where nobody queues" in found[PATIENCE]


@pytest.mark.parametrize(
    ("load", "share", "is_told"),
    [(1.2, 0, True), (1.2, 0.1, True), (1.2, 0.2, False), (1.9, 0.4, True), (1.9, 1, False)],
)
def test_enough_must_give_up_for_the_load_to_fall_to_one(load: float, share: float, is_told: bool) -> None:
    found = told(calls(load, gives_up(share)))
    assert (AGENTS in found) is is_told
    if is_told and share:
        assert f"too few give up, which leaves {load * (1 - share):.2f}" in found[AGENTS]


def test_patience_longer_than_the_run_is_none_but_a_long_queue_is_not() -> None:
    longer = {"patience": 4 * 7 * 24 * 60}
    assert AGENTS in told(calls(1.2, gives_up(1), **longer))
    assert AGENTS not in told(calls(1.2, gives_up(1), **longer, balks_at=5))
    assert AGENTS not in told(calls(1.2, gives_up(1), patience=4 * 7 * 24 * 60 - 1))


def test_a_failure_of_waiting_that_is_off_lets_nobody_give_up() -> None:
    assert set(told(calls(1.2, gives_up(1) | {"on": False}))) == {AGENTS}


def test_going_round_counts_as_work() -> None:
    again = [{"to": "call", "share": 0.5}]
    assert "load of 1.20" in told(calls(0.6, next=again))[AGENTS]
    assert AGENTS not in told(calls(0.49, next=again))


def test_a_queue_that_is_worked_off_after_closing_is_told_so_with_its_busiest_hour() -> None:
    profile = {"monday": [0] * 9 + [1] * 8 + [2] + [0] * 6}
    data = changed(read(QUEUE).data, {"calendar": {"starts": "2026-01-05", "opening": {"monday": "09:00-18:00"}}})
    data["calendar"]["profile"] = profile
    data["customers"]["passers_by_per_week"] = 14 * 9 * 60 / 3 * 1.1
    found = told(checked(data | {"failures": []}))[AGENTS]
    assert "load of 1.10" in found
    assert "1.98 in the busiest hour, Monday from 17:00" in found
    assert "is worked off after closing" in found
    data["customers"]["passers_by_per_week"] = 14 * 9 * 60 / 3 * 0.9
    assert AGENTS not in told(checked(data | {"failures": []}))


def test_a_lever_and_a_fix_that_lead_to_too_much_work_are_told_of() -> None:
    scenario = library.load("tiny")
    assert told(scenario) == {}
    slow = world_of(scenario, {"journey.aisles.minutes.mean": 1, "journey.checkout.minutes.mean": 60})
    assert AGENTS not in told(slow)
    (notice,) = notices_of(world_of(slow, {"failures.queue.on": False}), scenario)
    assert notice.path == "resources.tills.servers"
    fix = {
        "id": "slow",
        "label": "Slow",
        "help": "Slow.",
        "department": "operations",
        "evidence": "D",
        "source": "none",
    }
    fix |= {"changes": [{"path": "journey.desk.minutes.mean", "set": 100_000}], "costs": {"once": 1}}
    slower = tiny({"fixes": [fix]})
    assert told(slower) == {}
    assert [one.path for one in notices_of(world_of(slower, {}, ["slow"]), slower)] == ["resources.desk.servers"]


def test_a_queue_of_customers_alone_grows_no_longer_than_they_are() -> None:
    machines = library.load(str(QUEUE.with_name("machines.yaml")))
    assert told(machines) == {}
    many = world_of(machines, {"customers.base": 5, "resources.repairer.servers": 1})
    assert "until all 5 customers stand in it" in told(many)["resources.repairer.servers"]


@pytest.mark.parametrize("low", [5, 10])
def test_a_range_under_a_fixed_law_is_no_spread(low: int) -> None:
    mean = {"low": low, "mode": max(low, 7), "high": 10}
    found = of_tiny({"journey.aisles.minutes": {"mean": mean}})
    if low == 10:
        assert found == {}
        return
    said = found["journey.aisles.minutes.mean"]
    assert said.startswith("found 5 to 10 under law: fixed, so every one takes 7 minutes exactly")
    assert "mean: 7 with law: lognormal and log_sd: 0.18 (95 in 100 from 5 to 10)" in said
    assert math.log(10 / 5) / (2 * 1.96) == pytest.approx(0.18, abs=0.005)


def test_a_range_under_another_law_is_ignorance_of_the_mean_and_meant() -> None:
    mean = {"low": 5, "mode": 7, "high": 10}
    assert of_tiny({"journey.aisles.minutes": {"mean": mean, "law": "exponential"}}) == {}
    repair = of_tiny({"assets.trolleys.repair.minutes": {"mean": mean}})
    assert set(repair) == {"assets.trolleys.repair.minutes.mean"}
    from_nothing = of_tiny({"journey.aisles.minutes": {"mean": {"low": 0, "mode": 7, "high": 10}}})
    assert "law: exponential" in from_nothing["journey.aisles.minutes.mean"]


@pytest.mark.parametrize(
    ("source", "is_told"),
    [
        (None, True),
        ("our tills", True),
        ("measured by us", True),
        ("tills.csv", False),
        ("our tills, March 2026", False),
        ("412 visits counted", False),
    ],
)
def test_grade_a_names_its_data(source: str | None, is_told: bool) -> None:
    quantity = {"mode": 0.3, "evidence": "A"} | ({"source": source} if source else {})
    found = of_tiny({"weather.rain": quantity})
    assert ("weather.rain" in found) is is_told
    if is_told:
        assert (f'the source "{source}"' if source else "with no source") in found["weather.rain"]
        assert "evidence: D" in found["weather.rain"]
    assert of_tiny({"weather.rain": {"mode": 0.3, "evidence": "B"}}) == {}


def test_grade_a_of_a_fix_a_policy_and_a_store_names_its_data() -> None:
    graded = {"evidence": "A", "source": "known to us"}
    fix = {"id": "oil", "label": "Oil", "help": "Oil.", "department": "operations", "costs": {"once": 1}} | graded
    fix |= {"changes": [{"path": BREAKS, "times": 0.5}]}
    move = {"path": "weather.rain", "through": [[0, 0.3], [1, 0.6]]} | graded
    policy = {"id": "wet", "label": "Wet", "help": "Wet.", "value": {"mode": 0, "unit": "wet"}, "moves": [move]}
    store = {"id": "usual", "label": "Usual", "count": 2} | graded
    chain = {"stays": 0.1, "stores": [store]}
    found = of_tiny({"fixes": [fix], "policies": [policy], "chain": chain})
    assert set(found) == {"fixes.oil.evidence", "policies.wet.moves[0].evidence", "chain.stores.usual.evidence"}


@pytest.mark.parametrize(
    ("currency", "spend", "is_told"),
    [
        ("GBP", 0.004, True),
        ("GBP", 0.005, False),
        ("GBP", 0, False),
        ("JPY", 0.4, True),
        ("JPY", 0.5, False),
        ("KWD", 0.0004, True),
        ("KWD", 0.004, False),
    ],
)
def test_money_below_half_a_minor_unit_counts_as_nothing(currency: str, spend: float, is_told: bool) -> None:
    found = of_tiny({"currency": currency, "trips.small.spend": spend, "segments.hurried.spend_times": 1})
    assert ("trips.small.spend" in found) is is_told
    if (currency, is_told) == ("GBP", True):
        said = found["trips.small.spend"]
        assert said.startswith(
            "found 0.004 GBP: the ledger counts each visit in whole 0.01 GBP, so what is below 0.005"
        )


def test_money_is_too_little_of_a_segment_or_sold_on_top() -> None:
    found = of_tiny({"trips.small.spend": 0.006, "segments.hurried.spend_times": 0.8})
    assert set(found) == {"segments.hurried.spend_times"}
    assert "0.8, which makes 0.0048 of trips.small.spend" in found["segments.hurried.spend_times"]
    assert of_tiny({"trips.small.spend": 0.006, "segments.hurried.spend_times": 0.9}) == {}
    more = {"journey.checkout.cross_sells": {"chance": 0.5, "spend": 0.001}}
    assert set(of_tiny(more)) == {"journey.checkout.cross_sells.spend"}


def test_things_of_which_none_is_there() -> None:
    assert "nobody ever gets one" in of_tiny({POOL: 0})[POOL]
    assert of_tiny({POOL: 1, RESERVE: 0}) == {}
    assert of_tiny({POOL: 0, "trips.main.borrows": 0, "trips.small.borrows": 0}) == {}


def test_broken_things_that_never_come_back() -> None:
    assert "none is ever taken out" in of_tiny({RESERVE: 9})[RESERVE]
    assert of_tiny({RESERVE: 8}) == {}
    assert of_tiny({RESERVE: 9, "failures.refused.on": False}) == {}  # then every report is acted on
    assert of_tiny({RESERVE: 9, BREAKS: 0}) == {}
    assert "no failure point that is reported" in of_tiny({"failures.wheel.reported": False})[BREAKS]
    assert "no touchpoint that hears reports" in told(kiosk_without_a_desk())["assets.carts.breaks"]


def kiosk_without_a_desk() -> Scenario:
    data = parse(KIOSK, "kiosk.yaml").data | {"fixes": [], "levers": []}
    data["failures"] = [failure for failure in data["failures"] if failure["id"] != "shrug"]
    del data["journey"][3]["hears_reports"]
    return checked(data)


def test_more_breaks_than_are_mended() -> None:
    minutes = "assets.trolleys.repair.minutes"
    trips = 300 * 0.8 * (0.4 + 0.6 * 0.2) + 2 * (0.4 + 0.6 * 0.2)
    just = 10_080 / (trips * 0.01)
    assert of_tiny({minutes: {"mean": just * 0.99}}) == {}
    assert "a load of 1.01 on the 1 at repairer" in of_tiny({minutes: {"mean": just * 1.01}})[f"{minutes}.mean"]


def test_a_base_that_dies_out_or_explodes_is_told_with_its_figures() -> None:
    people = {"customers.leaving.churn_per_year": 0.4, "customers.leaving.concentration": 1_000_000}
    dying = of_tiny({**people, "customers.base": 100, "customers.newcomers_per_week": 0, "weeks": 520})
    assert "dies out: of 100 customers at the start about 1 are expected after 520 weeks" in dying[JOIN]
    assert f"keeps {0.6 ** (520 * 7 / 365):.1%} of them" in dying[JOIN]
    growing = of_tiny({"customers.base": 10, "customers.newcomers_per_week": 5, "weeks": 52})
    assert "explodes: of 10 customers" in growing[JOIN]


JOIN = "customers.newcomers_per_week"


def test_the_newcomers_that_a_notice_proposes_keep_the_base_level() -> None:
    market = {"customers.base": 1000, "weeks": 520, "customers.visits_per_week": 0.1}
    level = float(of_tiny({**market, JOIN: 0})[JOIN].split("About ")[-1].split(" a week")[0])
    assert 1 < level < 10
    assert of_tiny({**market, JOIN: level}) == {}


def test_a_base_just_within_bounds_is_none_of_ours() -> None:
    alike = {"customers.leaving.concentration": 1_000_000, "customers.base": 100, JOIN: 0, "weeks": 365}
    years = 7.0
    for churn, is_told in ((1 - 0.201 ** (1 / years), False), (1 - 0.199 ** (1 / years), True)):
        assert (JOIN in of_tiny({**alike, "customers.leaving.churn_per_year": churn})) is is_told


def test_who_leaves_at_a_visit_does_so_by_visits() -> None:
    leaving = {"chance_per_visit": 0.05, "concentration": 1_000_000}
    market = {"customers.leaving": leaving, "customers.visits_shape": 1_000_000, JOIN: 0}
    seldom = {"segments.regulars.visits_times": 1, "customers.visits_per_week": 0.5}
    assert of_tiny({**market, **seldom, "weeks": 60}) == {}  # 0.95 ^ 30 is 21.5%
    assert JOIN in of_tiny({**market, **seldom, "weeks": 65})  # 18.9%


def test_leads_who_buy_join() -> None:
    streams = {"customers.leads_per_week": 50, JOIN: 0, "customers.base": 100, "weeks": 52}
    assert "customers.leads_per_week" in of_tiny(streams)
    assert of_tiny({**streams, "journey.checkout.converts": {"chance": 0.05}}) == {}


def test_a_business_to_which_nobody_comes() -> None:
    assert "nobody who comes" in of_tiny({"customers.base": 0, JOIN: 0})["customers"]
    assert of_tiny({"customers.base": 0, JOIN: 0.1}) == {}


def test_places_have_lines_of_their_file_and_parts_left_out_that_of_what_is_around_them() -> None:
    text = KIOSK.replace("minutes: {mean: 10}", "minutes: {mean: {low: 5, mode: 7, high: 10}}")
    document = parse(text, "kiosk.yaml")
    (notice,) = located(notices_of(checked(document.data)), document)
    assert notice.line == text[: text.index("{low: 5, mode: 7")].count("\n") + 1
    assert str(notice).startswith(f"kiosk.yaml:{notice.line}: journey.shelves.minutes.mean: found 5 to 10")
    (lost,) = located([Notice("journey.till.balks_at.nowhere", "left out")], document)
    assert lost.line == text[: text.index("- id: till")].count("\n") + 1
    assert str(Notice("a.b", "said")) == "a.b: said"


def test_a_comparison_has_the_notices_of_both_worlds() -> None:
    as_is = calls(1.2)
    world = world_of(as_is, {AGENTS: 2})
    found = {notice.path: notice.message for notice in notices_of_both(as_is, world)}
    assert found[AGENTS].startswith("as it stands: found 1 at a load of 1.20")
    assert not found[PATIENCE].startswith("as it stands")
    assert notices_of_both(as_is, as_is) == notices_of(as_is)


def test_of_very_many_the_first_are_told_and_how_many_more_there_are() -> None:
    place = {"stage": "shop", "department": "service", "label": "Place", "patience": 5}
    journey = [{"id": f"p{i}", **place, "next": [{"to": f"p{i + 1}"}] if i < 59 else []} for i in range(60)]
    found = notices_of(tiny({"journey": journey, "failures": []}))
    assert len(found) == 51
    assert (found[-1].path, found[-1].message) == ("", "found 10 more like these; mend these first")
    assert located(found, parse(KIOSK, "kiosk.yaml"))[-1].line is None


@pytest.mark.parametrize("name", library.names())
def test_shipped_scenarios_have_none_but_those_that_are_true(name: str) -> None:
    meant = {"placebo": {"fixes.repaint.changes"}}
    assert set(told(library.load(name))) == meant.get(name, set())


def test_the_kiosk_of_these_tests_has_none() -> None:
    assert told(kiosk()) == {}


@given(scenarios())
@settings(max_examples=40)
def test_whatever_the_scenario_notices_are_sentences_with_places(data: dict[str, Any]) -> None:
    scenario = generated(data)
    for world in (scenario, without_failures(scenario)):
        for notice in notices_of(world, scenario):
            assert notice.path
            assert notice.message.startswith("found ")
            assert "nan" not in notice.message.split()
            assert "inf" not in notice.message.split()
