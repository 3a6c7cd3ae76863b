import numpy as np
import pytest
from scipy import stats

from sim.experiments import library
from sim.experiments.cache import Store
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.task import outcome_of
from sim.experiments.workers import Workers
from sim.finance import trial
from sim.finance.assumptions import Terms, points
from sim.finance.case import Case
from sim.finance.cash import Twins, TwinTask, stacked
from sim.finance.study import Flows, Study
from sim.finance.trial import (
    PAIRS,
    STORES,
    WEEKS,
    StoreTask,
    TrialJob,
    TrialPlan,
    adjusted,
    differences,
    draws_of,
    interval,
    pair_sd,
    plan_trial,
    share_found,
    weekly_contribution,
    without_luck,
)
from sim.outcomes.measures import MEASURES
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Change, Costs, Fix
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import refusal

FIX = "five_more_trolleys"
EFFECTS = np.random.default_rng(3).permutation(np.linspace(-2_000, 4_000, 256))
YEARS_WORTH = sum(1 / 1.1**year for year in (1, 2, 3))


def shop(mismatch=0.0, measuring=0.0) -> Scenario:
    """The tiny shop with a placebo more, and a trial's two assumptions."""
    tiny = library.load("tiny")
    placebo = Fix(
        id="repaint",
        label="Repaint",
        help="For a test.",
        department="service",
        changes=(Change(path="failures.queue.severity", times=0.5),),
        costs=Costs(once=Quantity(mode=100)),
        evidence="D",
        source="made up",
    )
    trial = tiny.trial.model_copy(
        update={"mismatch": Quantity(mode=mismatch), "measuring_cost_per_store_week": Quantity(mode=measuring)}
    )
    return tiny.model_copy(update={"fixes": (*tiny.fixes, placebo), "trial": trial})


def made_up_case(effects, luck=0.0, scenario=None, terms=None, again=True) -> Case:
    """A case whose fix brings these contributions a year, as luck will have it; nothing is simulated."""
    rng = np.random.default_rng(7)
    scenario = scenario or shop()
    study = Study(scenario, 1, None)

    def twins(futures):
        gains = effects[:futures] + luck * rng.standard_normal(futures)
        worlds = (np.full((futures, 1), 1e6), 1e6 + gains[:, None] / scenario.economics.incremental_margin.value)
        none, uses = np.zeros((futures, 1)), np.zeros((futures, 1, 1))
        now, then = (Flows(earned, none, none, uses) for earned in worlds)
        return Twins(Flows(now.earned, none, none, uses[:, :0]), then)

    futures = len(effects)
    values = {"customers.base": effects}
    return Case(study, (FIX,), terms or Terms(), values, twins(futures), twins(futures) if again else None)


def made_up_stores(effect=0.0, sd=0.0, persistent=0.0, stores=STORES, seed=1):
    """Contribution a week of made-up stores, (stores, 3, weeks): 1,000 and luck, some of it a store's own for good."""
    rng = np.random.default_rng(seed)
    own = persistent * rng.standard_normal((stores, 1))
    before, plain = (1_000 + own + sd * rng.standard_normal((stores, max(WEEKS))) for _ in range(2))
    return np.stack([before, plain, plain + effect], axis=1)


def plan(effect=0.0, sd=0.0, mismatch=0.0, *, effects=None, informs=1, measuring=0.0, persistent=0.0, luck=0.0):
    case = made_up_case(EFFECTS if effects is None else effects, luck, shop(mismatch, measuring))
    return TrialPlan(case, made_up_stores(effect, sd, persistent), informs, 0.8)


def at(found: TrialPlan, pairs, weeks):
    return next(design for design in found.designs if (design.pairs, design.weeks) == (pairs, weeks))


# ---- the statistics, beside closed forms --------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "effect", "mismatch"), [(4, 12.0, 0.0), (16, 6.0, 5.0), (64, 0.0, 3.0), (64, 2.0, 8.0)]
)
def test_power_is_that_of_the_noncentral_t(pairs, effect, mismatch):
    sd = 5.0
    stores = 100 + sd * np.random.default_rng(pairs).standard_normal(4_000)
    stores = 100 + sd * (stores - stores.mean()) / stores.std(ddof=1)
    shown = differences(stores + effect, stores, mismatch, draws_of(3, pairs, trials=4_000))
    centre = effect * np.sqrt(pairs) / np.sqrt(2 * sd**2 + mismatch**2)
    expected = stats.nct.sf(stats.t.ppf(0.975, pairs - 1), pairs - 1, centre)
    low, high = interval(share_found(shown), 4_000)
    assert low - 0.01 < expected < high + 0.01
    assert pair_sd(stores + effect, stores, mismatch) == pytest.approx(np.sqrt(2 * sd**2 + mismatch**2))


def test_harm_is_found_in_its_own_direction():
    shown = differences(np.array([1.0, 2.0, 3.0]) - 50, np.array([1.0, 2.0, 3.0]), 0.0, draws_of(1, 8, 200))
    assert share_found(shown, -1.0) == 1 and share_found(shown, 1.0) == 0


def test_a_store_is_never_its_own_pair():
    stores = np.array([0.0, 10.0, 100.0])
    assert set(np.abs(differences(stores, stores, 0.0, draws_of(1, 64, 100))).ravel()) == {10.0, 90.0, 100.0}


def test_trials_share_their_luck():
    few, many = draws_of(1, 4, 10), draws_of(2, 4, 10)
    assert not np.array_equal(few.mended, many.mended)
    for one, other in ((few.mended, few.other), (few.mended, few.mismatch)):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.5


def test_wilson_interval_is_the_published_one():
    assert interval(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert interval(1.0, 1_000)[1] == 1.0 and interval(0.0, 1_000)[0] == 0.0


def test_adjusting_takes_out_what_stores_had_before_and_nothing_else():
    rng = np.random.default_rng(1)
    own, chance = 50 * rng.standard_normal(2_000), rng.standard_normal((2, 2_000))
    after = adjusted(own + chance[0] + 7, own + chance[0], own + chance[1])
    assert after.mean() == pytest.approx((own + chance[0] + 7).mean())
    assert after.std() == pytest.approx(np.sqrt(2), rel=0.05)
    unrelated = adjusted(chance[0], chance[0], chance[1])
    assert unrelated.std() <= chance[0].std() and unrelated == pytest.approx(chance[0], abs=0.2)


def test_adjusting_needs_something_to_go_by():
    shown = np.array([1.0, 2.0, 3.0])
    assert adjusted(shown, shown, np.full(3, 5.0)).tolist() == shown.tolist()
    assert adjusted(shown, shown, -shown).tolist() == shown.tolist()  # never against what was before
    assert adjusted(shown, 9 * shown, shown).tolist() == [2.0, 2.0, 2.0]  # nor by more than what was


# ---- the plan -----------------------------------------------------------------------------------


def test_every_design_is_looked_at():
    assert [(design.pairs, design.weeks) for design in plan().designs] == [(n, w) for n in PAIRS for w in WEEKS]


def test_a_large_effect_is_always_found():
    found = plan(effect=500.0, sd=50.0)
    assert all(design.power == 1 for design in found.designs if design.pairs >= 8)
    assert found.enough.power >= 0.8


def test_harm_is_an_effect_too():
    found = plan(effect=-500.0, sd=50.0)
    assert all(design.power == 1 for design in found.designs if design.pairs >= 8)


def test_power_rises_with_pairs():
    found = plan(effect=20.0, sd=100.0)
    for weeks in WEEKS:
        powers = [at(found, pairs, weeks).power for pairs in PAIRS]
        assert powers == sorted(powers) and powers[0] < 0.3 and powers[-1] > 0.7
    assert all(design.low <= design.power <= design.high for design in found.designs)


def test_weeks_cure_luck_and_not_mismatch():
    lucky, mismatched = plan(effect=20.0, sd=100.0), plan(effect=20.0, sd=1.0, mismatch=0.05)
    assert at(lucky, 16, 26).power > at(lucky, 16, 4).power + 0.3
    assert at(mismatched, 16, 26).power == pytest.approx(at(mismatched, 16, 4).power, abs=0.02)
    assert at(mismatched, 64, 4).power > at(mismatched, 16, 4).power + 0.3
    assert mismatched.mismatch_sd(4) == pytest.approx(50, rel=0.01)


def test_what_stores_have_for_good_is_adjusted_for():
    assert at(plan(effect=20.0, sd=20.0, persistent=300.0), 16, 26).power > 0.9


def test_no_effect_is_found_by_chance_alone():
    found = plan(sd=100.0)
    assert np.mean([design.power for design in found.designs]) == pytest.approx(0.025, abs=0.01)
    assert found.enough is None


def test_error_is_that_of_a_years_effect():
    found = plan(sd=10.0, mismatch=0.01)
    mended, plain = found.adjusted_stores(8)
    expected = pair_sd(mended, plain, 0.01 * found.weekly[:, 1, :8].mean()) / 4 * 365 / 7
    assert at(found, 16, 8).error == pytest.approx(expected)


def test_costs_are_the_fix_in_one_store_of_a_pair_and_measuring_in_both():
    fix = 8 * (750 + 50 * 13 * 7 / 365)
    assert at(plan(measuring=30.0), 8, 13).cost == pytest.approx(fix + 2 * 8 * 13 * 30)
    case = made_up_case(np.linspace(-1, 1, 64), scenario=shop(measuring=30.0), terms=Terms(tax_rate=0.25))
    taxed = TrialPlan(case, made_up_stores(), 1, 0.8)
    assert at(taxed, 8, 13).cost == pytest.approx(0.75 * (fix + 2 * 8 * 13 * 30))


def test_enough_is_the_cheapest_design_with_the_power():
    found = plan(effect=60.0, sd=100.0, measuring=10.0)
    able = [design for design in found.designs if design.power >= 0.8]
    assert found.enough.cost == min(design.cost for design in able) and found.enough in able
    assert plan(effect=60.0, sd=100.0, measuring=1_000.0).enough.weeks <= found.enough.weeks


def test_information_is_worth_no_more_than_all_there_is_to_know():
    found = plan(effect=10.0, sd=100.0, mismatch=0.02)
    most = found.case.evpi
    assert most > 50
    for weeks in WEEKS:
        values = [at(found, pairs, weeks).value for pairs in PAIRS]
        assert values == sorted(values) and 0 <= values[0] < 0.8 * most
        assert 0.9 * most < values[-1] <= most


def test_worth_of_a_trial_is_the_gaussian_closed_form():
    """With normal effects and errors: the loss integral of what is expected after the trial (Raiffa & Schlaifer)."""
    effects = 300 + 1_000 * stats.norm.ppf(points(2_048, 1, 1)[:, 0])
    found = plan(sd=20.0, mismatch=0.02, effects=effects)
    assert all(abs(np.corrcoef(column, effects)[0, 1]) < 0.05 for column in found.errors)
    design = at(found, 8, 8)
    mean, sd = found.case.npvs.mean(), 1_000 * YEARS_WORTH * np.sqrt(1_000**2 / (1_000**2 + design.error**2))
    expected = sd * stats.norm.pdf(mean / sd) + mean * stats.norm.cdf(mean / sd) - max(mean, 0)
    assert design.value == pytest.approx(expected, rel=0.03)


def test_what_luck_adds_is_not_worth_knowing():
    """The same futures with luck on top: a trial tells no more of them than of those without."""
    effects = 300 + 1_000 * stats.norm.ppf(points(4_096, 1, 1)[:, 0])
    plain, lucky = (plan(sd=100.0, effects=effects, luck=luck) for luck in (0.0, 1_500.0))
    assert at(lucky, 4, 13).value == pytest.approx(at(plain, 4, 13).value, rel=0.06)
    assert without_luck(np.array([1.0, 3.0]), 0.25).tolist() == [1.5, 2.5]
    assert without_luck(np.array([1.0, 3.0]), None).tolist() == [1.0, 3.0]


def test_worth_is_for_every_store_it_informs():
    one, many = plan(sd=100.0), plan(sd=100.0, informs=400)
    assert at(many, 8, 8).value == pytest.approx(400 * at(one, 8, 8).value)
    assert at(many, 8, 8).cost == at(one, 8, 8).cost
    assert many.best.net == max(design.net for design in many.designs) > 0
    assert plan(sd=100.0, effects=np.full(64, 5_000.0)).best is None  # nothing to find out


def test_worth_is_not_known_before_luck_is():
    case = made_up_case(np.linspace(-2_000, 4_000, 64), again=False)
    found = TrialPlan(case, made_up_stores(), 400, 0.8)
    assert {design.value for design in found.designs} == {design.net for design in found.designs} == {None}
    assert found.best is None


def test_it_says_what_it_rests_on():
    case = made_up_case(np.linspace(-1, 1, 64), scenario=library.load("tiny"))
    rests_on = TrialPlan(case, made_up_stores(), 1, 0.8).rests_on
    assert rests_on["trial.mismatch"].evidence == "D"
    assert set(rests_on) == {"trial.mismatch", "trial.measuring_cost_per_store_week"}


# ---- real worlds --------------------------------------------------------------------------------


def simulated_case(store: Store, fix: str, futures=16) -> Case:
    study = Study(shop(), 1, store)
    twins = [TwinTask(study, (fix,), {}, number).carry_out() for number in range(futures)]
    return Case(study, (fix,), Terms(), {}, stacked(twins))


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.mark.parametrize(("name", "fix"), [("tiny", FIX), ("leader_standard_work", "monthly_coaching")])
def test_weeks_add_up_to_the_measure(store, name, fix):
    study = Study(library.load(name), 1, store)
    outcome = outcome_of(StoreTask(study, (fix,), 6, 0).task(mended=True))
    assert outcome.scenario.weeks == 6
    weekly = weekly_contribution(outcome)
    assert weekly.mean() * 365 / 7 == pytest.approx(MEASURES["contribution"].take(outcome))


def test_a_store_is_seen_with_and_without_on_the_same_luck_and_no_two_on_one(store):
    study = Study(shop(), 1, store)
    first, again, placebo = (
        StoreTask(study, (fix,), 8, number).carry_out() for fix, number in ((FIX, 0), (FIX, 1), ("repaint", 0))
    )
    assert first.shape == (3, 8)
    assert placebo[1].tolist() == placebo[2].tolist() == first[1].tolist()
    assert not np.array_equal(first[1], again[1]) and not np.array_equal(first[0], first[1])


def test_a_placebo_is_found_as_often_as_chance_finds_it(store):
    found = plan_trial(simulated_case(store, "repaint"))
    assert found.weekly.shape == (STORES, 3, max(WEEKS))
    assert found.effect(26).mean == 0 and found.effect(26).half_width == 0
    assert np.mean([design.power for design in found.designs]) == pytest.approx(0.025, abs=0.012)
    assert found.enough is None


def test_a_plan_is_made_once_and_kept(store, monkeypatch):
    case, heard = simulated_case(store, FIX), []
    found = plan_trial(case, progress=heard.append)
    assert heard[-1] == 1.0 and found.effect(26).low is not None
    monkeypatch.setattr(trial, "outcome_of", lambda *_: pytest.fail("simulated again"))
    again = plan_trial(case, stores=9, power=0.9)
    assert np.array_equal(again.weekly, found.weekly) and (again.informs, again.wanted_power) == (9, 0.9)


def test_other_prices_are_other_contributions(store):
    dearer = shop().model_copy(
        update={"economics": shop().economics.model_copy(update={"incremental_margin": Quantity(mode=0.5)})}
    )
    first, second = (StoreTask(Study(s, 1, store), (FIX,), 8, 0).carry_out() for s in (shop(), dearer))
    assert (second > first).all()


def test_a_job_has_no_plan_until_all_of_it_is_there(tmp_path):
    case = simulated_case(Store(tmp_path), FIX)
    with Workers(1) as workers:
        job = TrialJob(case, workers)
        while not job.finished:
            assert job.plan is None or job.finished
            job.wait(0.01)
        assert job.plan is job.plan is not None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"power": 0.2}, "found 0.2; allowed: 0.5 to 0.99"),
        ({"power": float("nan")}, "found nan; allowed: 0.5 to 0.99"),
        ({"stores": 0}, "found 0; allowed: 1 to 1,000,000"),
    ],
)
def test_what_no_trial_can_have_is_refused(given, message):
    with pytest.raises(ScenarioError) as refused:
        plan_trial(made_up_case(np.linspace(-1, 1, 64)), **given)
    assert message in refusal(refused) and next(iter(given)) in refusal(refused)


def test_what_takes_too_long_is_refused_before_it_starts():
    with pytest.raises(TooLargeError, match="the 24 stores of the trial"):
        plan_trial(made_up_case(np.linspace(-1, 1, 64)), budget=Budget(minutes=1e-6))
