"""Lifetime value two ways: what the figures sum to, what is missing and why, and what the sentences say."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.engines.records import STILL_HERE
from sim.experiments.estimate import estimate
from sim.experiments.library import FOLDER, load
from sim.experiments.lifetime import PARTS, POOLED, Lifetimes, Study, lifetimes, pooled, pooled_figures, study
from sim.experiments.lifetime.records import (
    FIGURES,
    FROM_BG_NBD,
    FROM_GUPTA_LEHMANN,
    VALUES,
    Books,
    discounts_of,
    together,
)
from sim.experiments.lifetime.report import report, sentences, tables, why
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import Effort
from sim.experiments.task import Task, outcome_of, simulate
from sim.outcomes import customer_value
from sim.outcomes.customer_value import ShiftedBetaGeometric, gupta_lehmann, survival
from sim.outcomes.outcome import Purchases
from sim.scenario.world import without_failures, world_of
from tests.engines.worlds import tiny

CHANGES = {
    "weeks": 60,
    "customers.base": 900,
    "customers.leaving": {"chance_per_visit": 0.04, "concentration": 3},
    "resources.tills.servers": 3,
    "assets.trolleys.pool": 25,
    "economics.service_cost_per_visit": 0.5,
    "segments.hurried.margin_times": 2,
}
WORLD = tiny(CHANGES)
RUNS = 3


@pytest.fixture(scope="module")
def found() -> Study:
    return study(WORLD, Effort(1, RUNS))


def test_every_figure_is_there(found: Study) -> None:
    assert [run.number for run in found.replications] == list(range(RUNS))
    assert set(FIGURES) == {name for parts in (PARTS, POOLED) for names in parts.values() for name in names}
    for name in FIGURES:
        assert (found.reason(name), name) == (None, name)
        assert found.estimate(name).half_width is not None


def test_the_simulated_one_is_the_measure(found: Study) -> None:
    measured = [simulate(Task(WORLD, 1, number)).measures for number in range(RUNS)]
    assert found.estimate("lifetime_value") == estimate([run["lifetime_value"] for run in measured])
    twins = [simulate(Task(without_failures(WORLD), 1, number)).measures["lifetime_value"] for number in range(RUNS)]
    gains = [twin - run["lifetime_value"] for twin, run in zip(twins, measured, strict=True)]
    assert found.estimate("without_failures").mean == pytest.approx(estimate(gains).mean)
    assert (found.estimate("without_failures").low or 0) > 0


def test_the_steps_sum_to_the_differences_in_every_replication(found: Study) -> None:
    for run in found.replications:
        figures = run.figures
        for name, steps in (("gupta_lehmann", FROM_GUPTA_LEHMANN), ("bg_nbd_gamma_gamma", FROM_BG_NBD)):
            assert sum(figures[step] for step in steps) == pytest.approx(figures[name] - figures["lifetime_value"])
        cut_off = figures["gupta_lehmann_in_horizon"] - figures["lifetime_value"]
        assert sum(figures[step] for step in FROM_GUPTA_LEHMANN[1:]) == pytest.approx(cut_off)


def means(found: Study) -> dict[str, float]:
    return {name: mean for name in FIGURES if (mean := found.estimate(name).mean) is not None}


def test_gupta_and_lehmann_are_given_the_simulated_margin_and_retention(found: Study) -> None:
    rate, figures, years = WORLD.economics.discount_rate.value, means(found), 60 * 7 / 365
    margin, retention = figures["contribution_alive"], figures["retention"]
    assert figures["gupta_lehmann"] == pytest.approx(gupta_lehmann(margin, retention, rate))
    assert figures["gupta_lehmann_in_horizon"] == pytest.approx(gupta_lehmann(margin, retention, rate, years))
    away = gupta_lehmann(margin, retention, 0) - figures["gupta_lehmann"]
    assert figures["discounted_away_gupta_lehmann"] == pytest.approx(away)


def test_retention_to_the_horizon_is_of_all_runs_together(found: Study) -> None:
    left = np.mean([simulate(Task(WORLD, 1, number)).retention[-1] for number in range(RUNS)])
    assert means(found)["retention"] == pytest.approx(left ** (365 / (7 * 60)))


def test_pooled_values_are_the_figure_and_its_spread_without_one_run_at_a_time(found: Study) -> None:
    every = [run.lived for run in found.replications]
    whole = pooled_figures(WORLD, [together(every)])[0][0]
    for name, figure in whole.items():
        assert found.estimate(name).mean == pytest.approx(figure), name
        without = [pooled_figures(WORLD, [together([*every[:i], *every[i + 1 :]])])[0][0][name] for i in range(RUNS)]
        spread = (RUNS - 1) / RUNS * sum((one - np.mean(without)) ** 2 for one in without)
        half = found.estimate(name).half_width
        assert half == pytest.approx(4.302653 * spread**0.5, rel=1e-5, abs=1e-9), name


def test_the_simulated_value_is_no_other_where_it_is_pooled(found: Study) -> None:
    sums = together([run.lived for run in found.replications])
    assert sums.worth / sums.customers == pytest.approx(found.estimate("lifetime_value").mean)


def books_of(number: int = 0) -> Books:
    purchases = Purchases(population_of(WORLD, plan_of(WORLD), Luck(1, number)), discounts_of(WORLD))
    return Books(outcome_of(Task(WORLD, 1, number), also=purchases.add), purchases)


def test_the_books_add_up_to_the_measure() -> None:
    """Purchases, customers never seen and visits in vain are all that a lifetime value consists of here."""
    books = books_of()
    sums, customers = books.purchases.sums, books.outcome.base_size
    revenue, visits = books.money(sums.discounted_revenue.sum(axis=0)), sums.discounted_visits.sum(axis=0)
    earned = revenue @ books.margin - books.visit_cost * visits.sum()
    assert earned / customers == pytest.approx(books.take("lifetime_value"))
    in_vain = (visits - sums.discounted_purchases.sum(axis=0))[books.purchases.seen].sum()
    assert in_vain > 0
    figures = lifetimes(Task(WORLD, 1, 0)).figures
    assert figures["costs_without_purchase"] == pytest.approx(books.visit_cost * in_vain / customers)


def test_the_value_that_purchases_tell_of_is_that_of_each_customer_added_up(found: Study) -> None:
    books, figures = books_of(), found.replications[0].figures
    seen, weeks, worth = books.purchases.seen, WORLD.weeks, discounts_of(WORLD)
    modelled = np.zeros(weeks)
    for first in books.purchases.first[seen]:
        by_week = customer_value.expected_purchases(
            books.bg_nbd, np.arange(weeks - first) + 0.5
        )  # each bought in mid-week
        modelled[first:] += np.diff(by_week, prepend=0.0)
        modelled[first] += 1
    p, q, gamma = (figures[f"gamma_gamma_{name}"] for name in ("p", "q", "gamma"))
    each = p * gamma / (q - 1) * books.margin[seen].mean() - 0.5
    by_hand = each * (modelled @ worth) / books.outcome.base_size
    assert figures["bg_nbd_gamma_gamma"] == pytest.approx(by_hand)
    assert figures["discounted_away_bg_nbd"] == pytest.approx(each * modelled.sum() / books.outcome.base_size - by_hand)


def alone(task: Task) -> Lifetimes:
    """All figures of one replication by itself."""
    return pooled(task.world, [lifetimes(task)])[0]


def test_contribution_is_for_the_time_that_customers_pay_for() -> None:
    books, figures = books_of(), alone(Task(WORLD, 1, 0)).figures
    left = books.outcome.records.left_week[books.purchases.customers]
    weeks = np.where(left == STILL_HERE, WORLD.weeks, left + 0.5)  # who leaves does so in mid-week
    gaps = 1 / books.outcome.population.visits_per_week[books.purchases.customers]
    weeks += np.where(left == STILL_HERE, 0, gaps * (1 - WORLD.customers.gap_cv.value**2) / 2)
    undiscounted = figures["lifetime_value"] + figures["discounted_away"]
    assert figures["contribution_alive"] == pytest.approx(undiscounted / (weeks.mean() * 7 / 365))


REGULAR = {"customers.leaving.chance_per_visit": 0.704 / 1.886, "customers.leaving.concentration": 1.886}
PAYING = {"economics.incremental_margin": 1, "economics.discount_rate": 0.1}
CONTRACTS = world_of(load(str(FOLDER / "known_answers" / "contracts.yaml")), REGULAR | PAYING)


def test_a_contract_of_100_a_year_brings_100_a_year() -> None:
    """sBG's "Regular" customers, twelve renewals, who decide before they pay (Fader and Hardie 2007)."""
    found = study(CONTRACTS, Effort(1, 4))
    model = ShiftedBetaGeometric(0.704, 1.182)
    left = survival(model, np.arange(1.0, 2_001.0))
    for name, right, off in (
        ("contribution_alive", 100, 0.3),
        ("retention", left[11] ** (1 / 12), 0.003),
        ("gupta_lehmann", 363.6, 5),
        ("gupta_lehmann_sbg", 100 * (left * 1.1 ** -np.arange(1.0, 2_001.0)).sum(), 6),
    ):
        figure = found.estimate(name)
        assert figure.low is not None and figure.high is not None
        assert figure.low <= right <= figure.high, name
        assert figure.half_width == pytest.approx(0, abs=off), name
    assert 100 * (left * 1.1 ** -np.arange(1.0, 2_001.0)).sum() == pytest.approx(269.5, abs=0.05)
    assert found.text("{weeks}") == "626"
    assert any("fitted to who was left each year" in sentence for sentence in sentences(found))


@pytest.mark.parametrize("decides", ["after_visit", "before_paying"])
@pytest.mark.parametrize("cv", [0, 0.5, 1])
def test_whoever_pays_rarely_contributes_no_more_and_no_less_a_year(cv: float, decides: str) -> None:
    """£100 every 20 weeks on average, however regular; a third leaves at each visit."""
    changes = {"visits_per_week": 1 / 20, "gap_cv": cv}
    leaving = CONTRACTS.customers.leaving.model_copy(update={"decides": decides})
    customers = CONTRACTS.customers.model_copy(
        update={
            name: getattr(CONTRACTS.customers, name).model_copy(update={"mode": value})
            for name, value in changes.items()
        }
        | {"leaving": leaving}
    )
    world = CONTRACTS.model_copy(update={"customers": customers, "weeks": 150})
    figures = alone(Task(world, 1, 0, with_unbroken=False)).figures
    assert figures["contribution_alive"] == pytest.approx(100 * 365 / 7 / 20, rel=0.012)


def test_the_own_chance_to_leave_is_the_churn_of_the_scenario() -> None:
    world = tiny(CHANGES | {"customers.leaving": {"churn_per_year": 0.3, "concentration": 16}})
    figures = alone(Task(world, 1, 0)).figures
    assert figures["own_churn"] == pytest.approx(0.3, abs=0.02)
    assert figures["own_churn_of_stayers"] < figures["own_churn"] - 0.005


def test_the_second_half_is_what_those_seen_bought_in_it(found: Study) -> None:
    books = books_of()
    figures = found.replications[0].figures
    seen = books.purchases.seen
    assert figures["purchases"] == books.purchases.sums.purchases[1][seen].mean()
    assert figures["never_seen"] == pytest.approx(1 - seen.mean())
    assert figures["purchases_predicted"] == pytest.approx(figures["purchases"], rel=0.25)
    assert figures["revenue_predicted"] == pytest.approx(figures["revenue"], rel=0.25)


def test_customers_who_live_by_bg_nbd_have_its_parameters_and_keep_to_its_forecast() -> None:
    """CDNOW, simulated. Everybody is a customer at week 0, so that is when this clock starts, as in the paper."""
    world = load(str(FOLDER / "known_answers" / "cdnow.yaml")).model_copy(update={"weeks": 78})
    purchases = Purchases(population_of(world, plan_of(world), Luck(1, 0)), discounts_of(world))
    outcome_of(Task(world, 1, 0, with_unbroken=False), also=purchases.add)
    bought = purchases.sums.purchases
    recency = np.where(bought[0] > 0, purchases.last + 0.5, 0.0)
    seen = (bought[0], recency, np.full(recency.shape, float(purchases.half)))
    model = customer_value.fit_bg_nbd(*seen)
    assert tuple(model) == pytest.approx((0.243, 4.414, 0.793, 2.426), rel=0.1)
    expected = customer_value.conditional_expected_purchases(model, *seen, 39)
    assert expected.sum() == pytest.approx(bought[1].sum(), rel=0.04)


# ---- what is missing ---------------------------------------------------------------------------------------


def test_too_few_who_come_again_are_no_figure_and_never_0() -> None:
    few = study(tiny(CHANGES | {"customers.base": 40}), Effort(1, 2))
    for name in ("bg_nbd_gamma_gamma", "purchases_predicted", "gamma_gamma_p", *FROM_BG_NBD):
        assert few.estimate(name).mean is None
        assert "a fit needs 50" in (few.reason(name) or "")
    assert few.estimate("gupta_lehmann").mean is not None
    assert any("Not measured: only" in sentence for sentence in sentences(few))
    figure = report(few)["figures"]["bg_nbd_gamma_gamma"]
    assert figure["mean"] is None and "a fit needs 50" in figure["reason"]
    assert not any("BG/NBD × Gamma–Gamma less" in title for title, _ in tables(few))


def test_where_nobody_is_a_customer_at_week_0_everything_is_missing() -> None:
    nobody = study(tiny(CHANGES | {"weeks": 4, "customers.base": 0}), Effort(1, 2))
    for name in FIGURES:
        assert nobody.estimate(name).mean is None
        assert nobody.reason(name)
    json.dumps(report(nobody), allow_nan=False)


@pytest.mark.parametrize(
    ("changes", "missing", "says"),
    [
        ({"weeks": 20}, ["gupta_lehmann_sbg"], "fewer than three times a quarter"),
        ({"economics.discount_rate": 0}, ["gupta_lehmann_sbg"], "no end"),
        ({"weeks": 1}, ["retention_first_half"], "no halves"),
        (
            {
                "customers.leaving": {"chance_per_visit": 0, "concentration": 3},
                "relationship.leaving_sensitivity": 0,
                "economics.discount_rate": 0,
            },
            ["gupta_lehmann", "discounted_away_gupta_lehmann"],
            "no end",
        ),
        (
            {
                "customers.leaving": {"chance_per_visit": 1, "concentration": 3},
                "customers.visits_per_week": 3,
                "customers.visits_shape": 1_000,
            },
            ["retention_second_half", "own_churn_of_stayers"],
            "everybody had left",
        ),
        (
            {"trips.main.spend": 0, "trips.small.spend": 0},
            ["revenue_predicted", "bg_nbd_gamma_gamma"],
            "a fit needs 50",
        ),
    ],
)
def test_what_cannot_be_had_says_why(changes: dict[str, object], missing: list[str], says: str) -> None:
    run = alone(Task(tiny(CHANGES | changes), 1, 0))
    for name in missing:
        assert math.isnan(run.figures[name])
        assert says in run.reasons[name]


def test_a_reason_says_in_how_many_runs(found: Study) -> None:
    one, *others = found.replications
    figures = one.figures | {"retention": math.nan}
    lacking = replace(one, number=0, figures=figures, reasons={"retention": "for a test"})
    assert Study(WORLD, (lacking, *others)).reason("retention") == "in 1 of 3 runs: for a test"
    assert Study(WORLD, (lacking,)).reason("retention") == "for a test"


def test_what_costs_too_much_is_refused_before_it_starts() -> None:
    with pytest.raises(TooLargeError):
        study(WORLD, Effort(1, 1_000, budget=Budget(minutes=0.0001)))


# ---- what is said ------------------------------------------------------------------------------------------


def test_the_report_is_plain_data_with_every_figure(found: Study) -> None:
    said = json.loads(json.dumps(report(found), allow_nan=False))
    assert list(said["figures"]) == list(FIGURES)
    assert all(set(figure) >= {"mean", "low", "high", "unit", "label", "reason"} for figure in said["figures"].values())
    difference = said["differences"]["gupta_lehmann"]
    assert sum(step["mean"] for step in difference["steps"].values()) == pytest.approx(difference["difference"]["mean"])
    assert not any("{" in text for figure in said["figures"].values() for text in (figure["unit"], figure["label"]))


def test_the_tables_show_every_figure_once(found: Study) -> None:
    shown = [row["figure"] for _, rows in tables(found) for row in rows]
    assert sorted(shown) == sorted([found.text(figure.label) for figure in FIGURES.values()] + 2 * ["together"])
    first = next(tables(found))[1]
    assert [row["figure"] for row in first] == [found.text(FIGURES[name].label) for name in VALUES]


def test_every_reason_has_the_figures_that_it_rests_on(found: Study) -> None:
    for reason in why(found):
        assert reason.figures and set(reason.figures) <= set(FIGURES)
        assert any(character.isdigit() for character in reason.sentence)
        assert "Not measured" not in reason.sentence


def with_figures(found: Study, **changed: float) -> Study:
    return Study(
        found.world,
        tuple(replace(run, figures=run.figures | changed, reasons={}) for run in found.replications[:1]),
    )


def test_what_a_sentence_says_follows_from_the_figures(found: Study) -> None:
    higher, lower = (
        next(reason.sentence for reason in why(with_figures(found, paid_at_year_end=size)) if reason.about == "payment")
        for size in (12.5, -12.5)
    )
    assert "GBP 12.5 higher" in higher and "GBP 12.5 lower" in lower
    stays = {reason.about: reason.sentence for reason in why(found)}["who stays"]
    assert "gone first" in stays
    as_many = Study(
        found.world,
        tuple(
            replace(run, figures=run.figures | {"own_churn_of_stayers": run.figures["own_churn"]}, reasons={})
            for run in found.replications
        ),
    )
    assert "gone first" not in {reason.about: reason.sentence for reason in why(as_many)}["who stays"]
