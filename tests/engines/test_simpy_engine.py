import heapq
from typing import Any

import numpy as np
import pytest

from sim.behaviour import chance
from sim.engines import simpy
from sim.engines.plan import plan_of
from sim.engines.population import BASE, NEWCOMER, PASSER_BY, population_of
from sim.engines.randomness import DURATION, PATIENCE, RESPONSE, Luck, key_of, uniform
from sim.engines.records import BAD, BUSY, NO_RESPONSE, NOT_BORROWED, REFUSALS, REPAIRS, REPORTS, SHORTAGES, SOUND
from tests.engines.worlds import Changes, Run, assert_same, by_customer, checked, run, tiny, tiny_data

WHEEL, EMPTY, QUEUED, REFUSED = range(4)
CHECKOUT = 2
PLENTY: Changes = {"assets.trolleys.pool": 1_000, "resources.tills.servers": 300, "assets.trolleys.breaks": 0}
PASSERS_BY_ONLY: Changes = {"customers.base": 0, "customers.newcomers_per_week": 0, "warm_up_days": 0}


def test_the_same_luck_gives_the_same_ledger_to_the_last_bit() -> None:
    one, again = run(tiny(), seed=3), run(tiny(), seed=3)
    assert_same(one.visits, again.visits)
    for table, same in zip(one.records, again.records, strict=True):
        np.testing.assert_array_equal(table, same)


def test_other_seeds_and_other_replications_give_other_ledgers() -> None:
    spends = [
        run(tiny({"weeks": 2}), seed, replication).visits["spend"][:50].tolist()
        for seed, replication in ((1, 0), (2, 0), (1, 1))
    ]
    assert spends[0] != spends[1] != spends[2] != spends[0]


def test_where_nothing_is_contended_a_customer_can_be_replayed_without_the_others() -> None:
    few, many = (run(tiny(PLENTY | {"customers.base": base})).visits for base in (40, 200))
    assert_same(by_customer(few), by_customer(many[np.isin(many["customer"], few["customer"])]))


def test_a_touchpoint_more_moves_nobody_elses_luck() -> None:
    data = tiny_data()
    door = {"id": "door", "label": "Door", "stage": "arrive", "department": "operations", "next": [{"to": "bay"}]}
    data["journey"].insert(0, door)
    before, after = run(tiny()).visits, run(checked(data)).visits
    assert_same(before, after, leaving_out=("wait", "passes", "joins"))
    np.testing.assert_array_equal(after["wait"][:, 1:], before["wait"])
    np.testing.assert_array_equal(after["joins"][:, 1:], before["joins"])


def test_the_order_in_which_a_file_lists_things_moves_nobodys_luck() -> None:
    data = tiny_data()
    data["journey"] = [data["journey"][k] for k in (0, 3, 2, 1)]
    data["resources"].reverse()
    data["failures"].reverse()
    before, after = run(tiny()), run(checked(data))
    assert_same(before.visits, after.visits, leaving_out=("wait", "passes", "joins", "lost", "response"))
    np.testing.assert_array_equal(after.visits["wait"], before.visits["wait"][:, [0, 3, 2, 1]])
    np.testing.assert_array_equal(after.visits["lost"], before.visits["lost"][:, ::-1])
    np.testing.assert_array_equal(after.visits["response"], before.visits["response"][:, ::-1])
    np.testing.assert_array_equal(after.records.resources, before.records.resources[::-1])


def test_the_ledger_of_a_short_run_is_the_beginning_of_that_of_a_long_one() -> None:
    short, long = (run(tiny(PLENTY | {"weeks": weeks})).visits for weeks in (3, 6))
    assert_same(by_customer(short), by_customer(long[long["week"] < 3]))


def test_nobody_comes_where_there_is_nobody() -> None:
    done = run(tiny({"customers.base": 0, "customers.newcomers_per_week": 0}))
    assert done.visits.size == 0
    assert done.records.left_week.size == 0
    assert done.records.pools[0, [REPORTS, REFUSALS, REPAIRS, SHORTAGES]].sum() == 0


def test_a_business_without_things_to_lend_or_people_who_serve_is_a_business() -> None:
    data = tiny_data({"resources": [], "assets": [], "failures": []})
    data["journey"] = [{"id": "counter", "label": "Counter", "stage": "pay", "department": "service", "pays": True}]
    done = run(checked(data))
    assert done.visits.size > 1_000
    assert done.records.resources.shape == done.records.pools.shape == (0, 7, 12)


def test_one_customer_alone_never_waits() -> None:
    visits = run(tiny({"customers.base": 1, "customers.newcomers_per_week": 0, "weeks": 100})).visits
    assert visits.size > 20
    assert (visits["wait"][:, CHECKOUT] == 0).all()


def test_each_kind_of_customer_comes_as_it_should() -> None:
    done = run(tiny({"customers.passers_by_per_week": 20, "customers.leaving.churn_per_year": 0}))
    visits, source = done.visits, done.population.source
    kind = source[np.searchsorted(done.population.who, visits["customer"])]
    np.testing.assert_array_equal(visits["followed"], kind == BASE)
    assert np.unique(visits["customer"][kind == PASSER_BY], return_counts=True)[1].max() == 1
    assert np.unique(visits["customer"][kind == NEWCOMER], return_counts=True)[1].max() > 1
    assert (visits["visit"][kind == NEWCOMER] == 0).sum() == np.unique(visits["customer"][kind == NEWCOMER]).size
    assert not visits["left"].any()


def test_nobody_leaves_after_the_visit_that_made_them_a_customer() -> None:
    visits = run(tiny({"customers.leaving.churn_per_year": 1.0, "customers.newcomers_per_week": 50})).visits
    first_of_newcomer = ~visits["followed"] & (visits["visit"] == 0)
    assert first_of_newcomer.sum() > 100
    assert not visits["left"][first_of_newcomer].any()
    assert visits["left"][~first_of_newcomer].mean() > 0.1


def test_visits_a_customer_are_negative_binomial_and_level_from_the_first_week_on() -> None:
    """NBD (Ehrenberg 1959): mean m, variance m + m squared / k; needs the equilibrium residual to be level."""
    changes = {"customers.base": 4_000, "customers.leaving.churn_per_year": 0, "customers.newcomers_per_week": 0}
    data = tiny_data(PLENTY | changes | {"customers.gap_cv": 1, "weeks": 4, "warm_up_days": 0})
    visits = run(checked(data)).visits
    counts = np.bincount(visits["customer"], minlength=4_000)
    assert counts.mean() == pytest.approx(3.2, rel=0.05)
    assert counts.var() == pytest.approx(3.2 + 3.2**2 / 1.3, rel=0.1)
    weekly = np.bincount(visits["week"], minlength=4)
    np.testing.assert_allclose(weekly, 3_200, atol=4 * np.sqrt(3_200))


@pytest.mark.parametrize("cv", [0.5, 2.0])
def test_whatever_the_gaps_the_first_week_is_as_busy_as_the_last(cv: float) -> None:
    changes = {"customers.base": 4_000, "customers.leaving.churn_per_year": 0, "customers.newcomers_per_week": 0}
    done = run(
        tiny(PLENTY | changes | {"customers.gap_cv": cv, "customers.visits_shape": 50, "weeks": 4, "warm_up_days": 0})
    )
    weekly = np.bincount(done.visits["week"], minlength=4)
    np.testing.assert_allclose(weekly, 3_200, atol=4 * np.sqrt(3_200 * max(cv, 1)))


def first_recorded(visits: np.ndarray) -> np.ndarray:
    rows = by_customer(visits)
    return rows[np.r_[True, np.diff(rows["customer"]) > 0]]


def test_relationships_are_frozen_while_assets_and_queues_warm_up() -> None:
    done = run(tiny({"warm_up_days": 100, "weeks": 2, "assets.trolleys.breaks": 0.3}))
    rows = first_recorded(done.visits)
    reference, gain = done.plan.reference, done.plan.gain
    assert (rows["visit"] > 0).mean() > 0.5
    np.testing.assert_array_equal(rows["satisfaction"], reference + gain * (rows["experience"] - reference))
    assert not rows["recaptured"].any()
    assert (done.records.left_week >= -1).all()


def test_assets_and_queues_do_warm_up() -> None:
    cold, warm = (
        run(tiny({"warm_up_days": days, "weeks": 1, "assets.trolleys.breaks": 0.03, "assets.trolleys.reserve": 9}))
        for days in (0, 364)
    )
    bad = [(done.visits["bad_asset"] == BAD).mean() for done in (cold, warm)]
    assert bad[1] > 2 * bad[0]


def test_nobody_comes_while_the_doors_are_closed_however_many_visits_are_overdue() -> None:
    """Visits take longer than the gaps between them, and all of the second week is closed."""
    closed = [f"2026-01-{day}" for day in range(12, 19)]
    changes = {"customers.visits_per_week": 300, "customers.base": 20, "weeks": 3}
    data = tiny_data(PLENTY | changes | {"calendar.closed": closed})
    per_week = np.bincount(run(checked(data)).visits["week"], minlength=3)
    assert per_week[1] == 0
    assert per_week[[0, 2]].min() > 500


def test_progress_is_told_daily_from_nothing_to_all() -> None:
    scenario, told = tiny({"weeks": 3, "warm_up_days": 14}), []
    plan = plan_of(scenario)
    simpy.run(plan, population_of(scenario, plan, Luck(1, 0)), Luck(1, 0), lambda rows: None, told.append)
    np.testing.assert_allclose(told, np.arange(1, 36) / 35)


def test_whatever_progress_raises_stops_the_run() -> None:
    class StoppedError(Exception):
        pass

    def stop(share: float) -> None:
        raise StoppedError

    scenario = tiny()
    plan = plan_of(scenario)
    with pytest.raises(StoppedError):
        simpy.run(plan, population_of(scenario, plan, Luck(1, 0)), Luck(1, 0), lambda rows: None, stop)


def test_visits_reach_the_ledger_in_chunks_of_which_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(tiny()).visits
    monkeypatch.setattr("sim.engines.simpy.CHUNK_ROWS", 100)
    assert_same(run(tiny()).visits, whole)


# ---- paths worked out another way ---------------------------------------------------------------


def passers_by(per_week: float, **changes: Any) -> Run:
    return run(tiny(PLENTY | PASSERS_BY_ONLY | {"customers.passers_by_per_week": per_week, "weeks": 1} | changes))


def tills(servers: int, patience: float, leave: float) -> Run:
    """People come straight to the till, wait, and where patience ends this share of them leaves."""
    data = tiny_data(PLENTY | PASSERS_BY_ONLY | {"customers.passers_by_per_week": 1_500, "weeks": 1})
    (checkout,) = (place for place in data["journey"] if place["id"] == "checkout")
    data["journey"] = [checkout | {"next": [], "patience": patience, "grows_with_trip": False}]
    (queue,) = (failure for failure in data["failures"] if failure["id"] == "queue")
    queue["responses"][1]["share"] = leave
    data["failures"], data["resources"][0]["servers"] = [queue], servers
    data["segments"] = [data["segments"][0] | {"share": 1}]
    return run(checked(data))


def queue_by_hand(done: Run, servers: int, patience: float, leave: float) -> tuple[list[float], list[bool]]:
    """Waits and who left, by the recursion of Lindley (one server) and Kiefer and Wolfowitz (many)."""
    free, waits, gone = [0.0] * servers, [], []
    heapq.heapify(free)
    for who, arrives in zip(done.population.who.tolist(), done.population.first_minute.tolist(), strict=True):

        def draw(place: str, purpose: int, who: int = who) -> float:
            return uniform(1, 0, who, 0, key_of(place), purpose, 1)

        wait = max(free[0] - arrives, 0.0)
        endures = chance.exponential(draw("checkout", PATIENCE), patience)
        gone.append(wait > endures and draw("queue", RESPONSE) < leave)
        waits.append(endures if gone[-1] else wait)
        if not gone[-1]:
            heapq.heapreplace(free, arrives + wait + chance.exponential(draw("checkout", DURATION), 4.0))
    return waits, gone


@pytest.mark.parametrize("servers", [2, 3, 4])
@pytest.mark.parametrize(("patience", "leave"), [(12, 0.0), (12, 0.3), (12, 1.0), (0.5, 1.0)])
def test_waits_at_the_tills_are_those_of_a_queue_worked_out_by_hand(
    servers: int, patience: float, leave: float
) -> None:
    done = tills(servers, patience, leave)
    waits, gone = queue_by_hand(done, servers, patience, leave)
    rows = by_customer(done.visits)
    assert sum(waits) > 100
    np.testing.assert_allclose(rows["wait"][:, 0], waits, atol=1e-6)
    np.testing.assert_array_equal(~rows["completed"], gone)


def one_trolley(responses: list[dict[str, Any]], repair: float, **changes: Any) -> Run:
    """One trolley that always breaks, is always reported, and passers-by who never meet each other."""
    data = tiny_data(PLENTY | PASSERS_BY_ONLY | {"customers.passers_by_per_week": 60, "weeks": 4})
    data["trips"] = [data["trips"][0] | {"share": 1}]
    data["assets"][0] |= {
        "pool": 1,
        "breaks": 1,
        "reserve": 0,
        "repair": {"resource": "repairer", "minutes": {"mean": repair}},
    }
    bay, _, checkout, desk = data["journey"]
    route = [{"to": "desk", "when": "reporting"}]
    data["journey"] = [bay | {"next": [{"to": "checkout"}]}, checkout | {"next": route}, desk]
    for place in data["journey"]:
        place.pop("minutes", None)
    data["failures"][WHEEL]["responses"] = responses
    data["relationship"]["complaint_intercept"] = 1_000
    data |= changes
    return run(checked(data))


def trolley_by_hand(done: Run, repair: float) -> list[int]:
    """What each arrival finds: the sound trolley (and breaks it), the broken one (and reports it), or none."""
    found, broken, back = [], False, -1.0
    for arrives in done.population.first_minute.tolist():
        if arrives < back:
            found.append(NOT_BORROWED)
        elif broken:
            found.append(BAD)
            broken, back = False, arrives + repair
        else:
            found.append(SOUND)
            broken = True
    return found


PERSEVERE = {"id": "persevere", "label": "Perseveres", "loss": 0.06, "feels": -0.4}


@pytest.mark.parametrize("repair", [0.0, 30.0, 600.0])
def test_the_next_borrower_meets_the_broken_trolley_and_the_bay_is_empty_until_it_is_mended(repair: float) -> None:
    done = one_trolley([PERSEVERE], repair)
    found = trolley_by_hand(done, repair)
    rows = by_customer(done.visits)
    np.testing.assert_array_equal(rows["bad_asset"], found)
    pool = done.records.pools[0].sum(axis=1)
    assert (pool[REPORTS], pool[REFUSALS], pool[SHORTAGES]) == (found.count(BAD), 0, found.count(NOT_BORROWED))
    np.testing.assert_array_equal(rows["response"][:, EMPTY] != NO_RESPONSE, rows["bad_asset"] == NOT_BORROWED)


@pytest.mark.parametrize("then", ["hand_back", "leave"])
def test_whoever_hands_a_bad_trolley_back_does_not_report_it_and_the_next_one_gets_it(then: str) -> None:
    done = one_trolley([PERSEVERE | {"then": then}], 30.0)
    assert by_customer(done.visits)["bad_asset"].tolist() == [SOUND] + [BAD] * (done.visits.size - 1)
    assert not done.records.pools[0, REPORTS].any()
    assert done.visits["completed"].all() == (then == "hand_back")


def test_what_goes_wrong_after_paying_takes_nothing_from_the_basket() -> None:
    data = tiny_data({"assets.trolleys.breaks": 0.5, "assets.trolleys.reserve": 9})
    data["failures"][REFUSED]["responses"][0] |= {"loss": 0.5, "then": "leave"}
    visits = run(checked(data)).visits
    refused = visits["response"][:, REFUSED] != NO_RESPONSE
    assert refused.sum() > 50
    assert not visits["lost"][:, REFUSED].any()
    assert visits["completed"][refused].all()


def test_whoever_walks_out_buys_nothing_whatever_the_loss_said() -> None:
    data = tiny_data({"assets.trolleys.breaks": 0.5})
    data["failures"][WHEEL]["responses"][3] |= {"share": 0.5, "loss": 0.2}
    visits = run(checked(data)).visits
    walked_out = visits["response"][:, WHEEL] == 3
    assert walked_out.sum() > 50
    np.testing.assert_array_equal(visits["lost"][walked_out, WHEEL], visits["spend"][walked_out])
    assert not visits["revenue"][walked_out].any()
    assert not visits["completed"][walked_out].any()


def test_where_refusals_are_off_every_report_is_acted_on_whatever_the_reserve() -> None:
    changes = {"assets.trolleys.breaks": 0.5, "assets.trolleys.reserve": 99}
    on, off = (run(tiny(changes | {"failures.refused.on": on})).records.pools[0].sum(axis=1) for on in (True, False))
    assert on[REFUSALS] == on[REPORTS] > 0
    assert off[REFUSALS] == 0 < off[REPORTS]
    assert on[REPAIRS] == 0 < off[REPAIRS]


def test_two_things_that_go_wrong_by_chance_do_so_independently() -> None:
    data = tiny_data(PLENTY | {"failures": []})
    for name, probability in (("spill", 0.5), ("price", 0.3)):
        data["failures"].append(
            {"id": name, "label": name, "at": "aisles", "cause": "chance", "chance": probability}
            | {"responses": [{"id": "shrug", "label": "Shrugs"}]}
        )
    spill, price = (run(checked(data)).visits["response"] != NO_RESPONSE).T
    tolerance = 2 / np.sqrt(spill.size)
    assert [spill.mean(), price.mean()] == pytest.approx([0.5, 0.3], abs=tolerance)
    assert (spill & price).mean() == pytest.approx(0.15, abs=tolerance)


def test_nobody_swaps_in_the_rain() -> None:
    dry, wet = (run(tiny({"assets.trolleys.breaks": 0.5, "weather.rain": share})).visits for share in (0, 1))
    swap = 1
    assert (dry["response"][:, WHEEL] == swap).any()
    assert not (wet["response"][:, WHEEL] == swap).any()


def test_a_visit_that_ends_before_the_till_spends_nothing_and_loses_nothing() -> None:
    """Half of the people look around and go: that is nobody's failure, and no revenue."""
    data = tiny_data(PLENTY)
    data["journey"][1]["next"] = [{"to": "checkout", "share": 0.5}]
    visits = run(checked(data)).visits
    wandered_off = ~visits["completed"] & (visits["response"][:, QUEUED] == NO_RESPONSE)
    assert 0.4 < wandered_off.mean() < 0.6
    for name in ("spend", "lost", "recaptured", "revenue"):
        assert not visits[name][wandered_off].any()
    assert (visits["revenue"][visits["completed"]] > 0).all()


def test_routes_are_taken_in_their_shares_and_every_pass_has_luck_of_its_own() -> None:
    """A minute at the till, then half go round again: two minutes a visit, one once in two."""
    data = tiny_data(PLENTY | {"failures": [], "warm_up_days": 0})
    data["journey"] = [data["journey"][CHECKOUT]]
    data["journey"][0] |= {"next": [{"to": "checkout", "share": 0.5}], "minutes": {"mean": 1}, "grows_with_trip": False}
    done = run(checked(data))
    served = done.records.resources[0, BUSY].sum() / done.visits.size
    assert served == pytest.approx(2, abs=4 * np.sqrt(2 / done.visits.size))
