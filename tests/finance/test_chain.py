from dataclasses import replace

import numpy as np
import pytest

from sim.experiments import library
from sim.experiments.cache import Store
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.workers import Workers
from sim.finance import chain as chains
from sim.finance.assumptions import Terms, drawn, future
from sim.finance.case import Case, make_case
from sim.finance.cash import Twins
from sim.finance.chain import AGAIN, ChainCase, ChainJob, StoreKind, find_chain, values_there
from sim.finance.report import chain_report
from sim.finance.study import Flows, Study
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Chain as Stores
from sim.scenario.fixes import Change, StoreType
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated, store_of, world_of
from tests.scenario.kiosk import refusal

FIX = "five_more_trolleys"
DRAWS = 16
BUSY = Change(path="customers.base", times=1.5)


def kind(name, count, *changes, opening=None) -> StoreType:
    count = count if isinstance(count, Quantity) else Quantity(mode=count)
    words = {"label": name.title(), "evidence": "D", "source": "made up"}
    return StoreType(id=name, count=count, changes=changes, opening=opening, **words)


def shop(*kinds, stays=0.0) -> Scenario:
    """The tiny shop with something not known of what happens and of what it is worth, and a chain of it."""
    scenario = restated(
        library.load("tiny"),
        {
            "failures.wheel.responses.persevere.loss": Quantity(low=0.0, mode=0.06, high=0.2),
            "customers.base": Quantity(low=200, high=400),
            "economics.incremental_margin": Quantity(low=0.2, high=0.3),
        },
    )
    stays = stays if isinstance(stays, Quantity) else Quantity(mode=stays)
    return scenario.model_copy(update={"chain": Stores(stays=stays, stores=kinds)})


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def find(store):
    def chain(*kinds, stays=0.0, terms=None):
        return find_chain(Study(shop(*kinds, stays=stays), 1, store), [FIX], terms or Terms(), DRAWS)

    return chain


@pytest.fixture(scope="module")
def one_store(store) -> Case:
    return make_case(Study(shop(kind("standard", 1)), 1, store), [FIX], Terms(), DRAWS)


# ---- what the chain is made of ------------------------------------------------------------------


def test_a_chain_of_one_type_is_that_store_as_often_as_there_are(find, one_store):
    found = find(kind("standard", 400))
    assert found.npv.mean == pytest.approx(400 * one_store.npv.mean, rel=1e-12)
    assert found.npvs.mean() == pytest.approx(400 * one_store.npv.mean, rel=1e-12)
    assert found.year_one_cost == 400 * one_store.year_one_cost and found.stores == 400
    assert found.kinds[0].npvs == pytest.approx(one_store.npvs, rel=1e-12)


def test_a_chain_of_one_store_is_that_store(find, one_store):
    found = find(kind("standard", 1))
    assert found.npvs == pytest.approx(one_store.npvs, rel=1e-9)
    assert found.percentiles == pytest.approx(one_store.percentiles, rel=1e-9)
    assert found.prob_loss == one_store.prob_loss


def test_where_all_stays_in_the_chain_only_the_costs_are_left(find, one_store):
    found = find(kind("standard", 10), kind("busy", 5, BUSY), stays=1.0)
    assert found.npvs == pytest.approx(-15 * one_store.cash.pv_cost)
    assert found.prob_loss == 1


def test_what_stays_is_taken_off_benefits_and_never_off_costs(find, one_store):
    terms = Terms(tax_rate=0.2, cost_uplift=0.5)
    taxed = replace(one_store, terms=terms)
    found = find(kind("standard", 3), stays=0.25, terms=terms)
    assert found.kinds[0].npvs == pytest.approx(0.75 * taxed.cash.pv_benefit - taxed.cash.pv_cost)


def test_mid_year_every_store_counts_its_cash_in_the_middle_of_the_year(find, one_store):
    middle = Terms(mid_year=True)
    found = find(kind("standard", 3), stays=0.25, terms=middle)
    cash = replace(one_store, terms=middle).cash
    assert found.kinds[0].npvs == pytest.approx(0.75 * cash.pv_benefit - cash.pv_cost)
    assert found.kinds[0].npvs != pytest.approx(0.75 * one_store.cash.pv_benefit - one_store.cash.pv_cost)
    assert chain_report(found)["terms"] == middle.model_dump()


def test_what_stays_and_how_many_there_are_is_drawn_where_it_is_not_known(find):
    found = find(kind("standard", Quantity(low=100, high=200)), stays=Quantity(low=0.1, high=0.4))
    (only,) = found.kinds
    assert len(set(only.stays)) == DRAWS and 0.1 <= only.stays.min() < 0.2 and 0.3 < only.stays.max() <= 0.4
    assert (
        len(set(only.count)) > 8 and set(only.count % 1) == {0.0} and 100 <= only.count.min() < only.count.max() <= 200
    )
    assert found.npv.mean == pytest.approx((only.count * only.npvs).mean())


def test_a_mix_is_not_the_standard_store_times_their_number(find, one_store):
    found = find(kind("standard", 200), kind("busy", 100, BUSY), kind("short", 100, opening={"monday": "09:00-12:00"}))
    assert found.stores == 400
    assert abs(found.npv.mean / (400 * one_store.npv.mean) - 1) > 0.05
    assert [(row.id, row.label, row.stores) for row in found.mix] == [
        ("standard", "Standard", 200),
        ("busy", "Busy", 100),
        ("short", "Short", 100),
    ]
    assert sum(row.share for row in found.mix) == pytest.approx(1)
    assert sum(row.npv.mean for row in found.mix) == pytest.approx(found.npv.mean)
    assert found.mix[1].npv.mean == pytest.approx(100 * found.mix[1].npv_a_store.mean)


def test_a_type_may_have_other_costs(find):
    dearer = Change(path=f"fixes.{FIX}.costs.once", times=2)
    found = find(kind("standard", 10), kind("dearer", 10, dearer))
    assert found.year_one_cost == 10 * 800 + 10 * 1_550


def test_a_future_is_the_same_everywhere_and_luck_is_not(find, one_store):
    hours = {"monday": "09:00-18:00", "friday": "09:00-18:00"}
    twin_of_it = kind("twin", 1, Change(path="weather.rain", times=1.0001))
    found = find(kind("busy", 1, BUSY), kind("short", 1, opening=hours), kind("standard", 1), twin_of_it)
    busy, short, standard, twin = (one.case for one in found.kinds)
    for case in (busy, short, standard, twin):
        assert list(case.values) == one_store.drawn
        for path in set(case.values) - {"customers.base"}:
            assert case.values[path].tolist() == one_store.values[path].tolist()
    assert busy.values["customers.base"].tolist() == np.floor(1.5 * one_store.values["customers.base"] + 0.5).tolist()
    assert np.array_equal(standard.twins.now.earned, one_store.twins.now.earned)  # as described: the luck of its case
    assert not np.isclose(twin.twins.now.earned, standard.twins.now.earned, rtol=1e-6).any()


def test_a_chain_of_which_everything_is_known_has_luck_alone(store):
    plain = library.load("tiny")
    trial = plain.trial.model_copy(update={name: Quantity(mode=0) for name in type(plain.trial).model_fields})
    stores = Stores(stays=Quantity(mode=0), stores=(kind("standard", 9), kind("busy", 1, BUSY)))
    study = Study(plain.model_copy(update={"trial": trial, "chain": stores}), 1, store)
    found = find_chain(study, [FIX], Terms(), DRAWS)
    assert all(one.case.values == {} for one in found.kinds)
    assert found.npvs.std(ddof=1) < 0.6 * found.as_simulated.std(ddof=1)


def test_what_makes_a_type_different_may_not_be_known(find):
    unsure = Change(path="customers.newcomers_per_week", times=Quantity(low=1.0, high=3.0))
    (only,) = find(kind("unsure", 1, unsure)).kinds
    drawn = only.case.values["customers.newcomers_per_week"]
    assert len(set(drawn)) == DRAWS and 2 <= drawn.min() < 3 and 5 < drawn.max() <= 6


def test_a_type_is_what_the_language_says_it_is():
    """The same values as a store of that type has once the future's values are set, where no rounding is in play."""
    changes = [Change(path="customers.visits_per_week", times=0.5, add=0.1), Change(path="customers.gap_cv", set=0.7)]
    changes += [Change(path="customers.visits_per_week", times=3.0, add=0.2)]
    varied = kind("varied", 1, *changes, Change(path="assets.trolleys.breaks", times=Quantity(low=0.5, high=1.5)))
    ranges = {"customers.visits_per_week": Quantity(low=0.6, high=0.9), "customers.gap_cv": Quantity(low=0.8, high=1)}
    scenario = restated(shop(varied), ranges)
    values = drawn(scenario, 8, 1)
    there = values_there(scenario, varied, [FIX], values)
    for draw in range(8):
        store = store_of(world_of(scenario, future(values, draw)), "varied")
        for path in there:
            assert there[path][draw] == pytest.approx(quantity_at(store, path).value), path


def test_what_a_type_sets_is_known_there(find):
    (only,) = find(kind("set", 1, Change(path="customers.base", set=250))).kinds
    assert set(only.case.values["customers.base"]) == {250.0}


# ---- luck and ignorance, apart ------------------------------------------------------------------


def made_up_kind(name, count, inputs, luck, rng) -> StoreKind:
    """A type whose one store gains what the inputs bring and luck; one year at a rate of 0 makes that its NPV."""
    futures = len(inputs)
    scenario = restated(library.load("tiny"), {"economics.discount_rate": Quantity(mode=0.0)})

    def twins(number):
        gain = inputs[:number] + luck * rng.standard_normal(number)
        none, uses = np.zeros((number, 1)), np.zeros((number, 0, 1))
        return Twins(Flows(none, none, none, uses), Flows(4 * gain[:, None], none, none, uses))

    values = {"customers.base": inputs}
    case = Case(Study(scenario, 1, None), (), Terms(horizon_years=1), values, twins(futures), twins(futures))
    return StoreKind(name, name, np.full(futures, float(count)), case, np.zeros(futures))


def test_luck_averages_out_over_stores_and_ignorance_does_not():
    rng = np.random.default_rng(1)
    inputs = 100 + 30 * rng.standard_normal(4_000)
    small, large = (made_up_kind(name, count, inputs, 60.0, rng) for name, count in (("small", 100), ("large", 25)))
    found = ChainCase((small, large))
    assert found.spread.run_noise_sd == pytest.approx(60 * np.sqrt(125), rel=0.03)
    assert found.spread.input_sd == pytest.approx(30 * 125, rel=0.03)
    every_store = 125 * inputs + 60 * np.sqrt(125) * rng.standard_normal(4_000)  # as if each had been simulated
    assert found.npvs.std() == pytest.approx(every_store.std(), rel=0.03)
    assert found.percentiles == pytest.approx(np.percentile(every_store, [10, 50, 90]), rel=0.02)
    assert found.npvs.mean() == pytest.approx(found.npv.mean)


def test_one_store_keeps_all_its_luck():
    rng = np.random.default_rng(2)
    one = made_up_kind("one", 1, 100 + 30 * rng.standard_normal(500), 60.0, rng)
    assert ChainCase((one,)).npvs == pytest.approx(one.npvs)
    assert ChainCase((one,)).spread.total_sd == pytest.approx(one.npvs.std(ddof=1))


def test_how_well_the_mean_is_known_goes_by_what_was_simulated():
    rng = np.random.default_rng(3)
    found = ChainCase((made_up_kind("many", 100, np.full(64, 50.0), 60.0, rng),))
    assert found.npv.half_width == pytest.approx(1.998 * 6_000 / 8, rel=0.3)  # however little luck is left to the chain
    assert found.npvs.std() < 1_500


def test_luck_is_not_known_without_a_second_look():
    rng = np.random.default_rng(4)
    kinds = [made_up_kind(name, 10, 50 + rng.standard_normal(64), 5.0, rng) for name in ("seen", "unseen")]
    blind = ChainCase((kinds[0], replace(kinds[1], case=replace(kinds[1].case, again=None))))
    assert (blind.spread.run_noise_sd, blind.spread.input_sd, blind.spread.total_sd) == (None, None, None)
    assert blind.npvs.tolist() == blind.as_simulated.tolist()


def test_nothing_gained_has_no_shares():
    none = made_up_kind("none", 10, np.zeros(64), 0.0, np.random.default_rng(5))
    found = ChainCase((none,))
    assert [row.share for row in found.mix] == [None] and found.npvs.tolist() == [0.0] * 64


# ---- the job ------------------------------------------------------------------------------------


def test_a_store_alone_is_no_chain(store):
    study = Study(library.load("tiny"), 1, store)
    with pytest.raises(ScenarioError) as refused:
        find_chain(study, [FIX], Terms())
    assert refusal(refused) == (
        "case: chain: found none; allowed: a scenario that says which stores its chain has, under chain.stores"
    )


@pytest.mark.parametrize(("fixes", "draws", "field"), [(["nope"], 16, "nope"), ([], 16, "fix"), ([FIX], 3, "draws")])
def test_what_no_case_can_have_is_refused(store, fixes, draws, field):
    with pytest.raises(ScenarioError) as refused:
        find_chain(Study(shop(kind("standard", 1)), 1, store), fixes, Terms(), draws)
    assert field in refusal(refused)


def test_what_takes_too_long_is_refused_before_it_starts(store):
    with pytest.raises(TooLargeError, match=r"--draws \(now 16\)"):
        find_chain(Study(shop(kind("standard", 1)), 1, store), [FIX], Terms(), DRAWS, Budget(minutes=1e-6))


def test_a_job_has_no_chain_until_all_of_it_is_there(tmp_path):
    study = Study(shop(kind("standard", 2), kind("busy", 1, BUSY)), 1, Store(tmp_path))
    with Workers(1) as workers:
        job = ChainJob(study, [FIX], Terms(), workers, DRAWS)
        while not job.finished:
            assert job.chain is None or job.finished
            job.wait(0.01)
        assert job.chain.npv.mean is not None


def test_some_futures_are_seen_twice(find):
    assert all(len(one.case.again.now.earned) == AGAIN for one in find(kind("standard", 3)).kinds)
    assert chains.DRAWS > AGAIN
