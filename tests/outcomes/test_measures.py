import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import binomtest, norm

from sim.engines.records import BROKEN, KEPT
from sim.outcomes.measures import MEASURES, unit_of
from sim.outcomes.measures.minds import nps_half_width, nps_interval, wilson_half_width
from sim.outcomes.outcome import Outcome
from tests.outcomes.by_hand import FIVE, outcome_by_hand, shop, visit, without_base

A_YEAR = 365 / 14


def take(name: str, outcome: Outcome) -> float:
    return MEASURES[name].take(outcome)


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("visits", 5 * A_YEAR),
        ("revenue", 178.35 * A_YEAR),
        # A quarter of 111.35 from regulars, half of 67.00 from the hurried, less 50p for each of five visits, and 2.00.
        ("contribution", (27.8375 + 33.5 - 2.5 - 2.0) * A_YEAR),
        ("refunds", 2 * A_YEAR),
        ("basket_lost", 12 * A_YEAR),
        ("customers_won", 1 * A_YEAR),
        ("basket_value", 178.35 / 4),
        # Two of three left: one in the middle of the first week, one of the second; the third was there for both.
        ("churn_rate", 1 - math.exp(-2 / ((0.5 + 1.5 + 2) * 7 / 365))),
        ("lifetime_revenue", 158.35 / 3),
        (
            "lifetime_value",
            ((25 + 23.5 - 1.5) * 1.1 ** (-3.5 / 365) + (2.8375 - 0.5) * 1.1 ** (-10.5 / 365)) / 3,
        ),
        ("satisfaction", 100 * (0.8 + 0.72 + 0.704 + 0.5 + 0.9) / 5),
        ("csat", 4 / 5),
        ("csat_surveyed", 1 / 2),
        ("nps", 100 * (1 - 1) / 5),
        ("nps_surveyed", 100 * (1 - 1) / 2),
        ("survey_answers", 2 * A_YEAR),
        ("nps_low", 100 * nps_interval(1 / 2, 1 / 2, 2 * A_YEAR)[0]),
        ("nps_high", 100 * nps_interval(1 / 2, 1 / 2, 2 * A_YEAR)[1]),
        ("complaint_share", 1 / 5),
        ("abandoned_share", 1 / 5),
        ("mean_wait", (0 + 4 + 2 + 12 + 1) / (1 + 3 + 1 + 1 + 1)),
        ("bad_trip_share", 1 / 2),
        ("reports", 8 * A_YEAR),
        ("refusals", 2 * A_YEAR),
        ("refused_share", 2 / 8),
        ("repairs", 3 * A_YEAR),
        ("shortages", 7 * A_YEAR),
        ("working_share", 2.5 / 4),
        ("lent_share", 1 / 4),
    ],
)
def test_a_measure_of_five_visits_is_what_one_works_out_by_hand(name: str, by_hand: float) -> None:
    assert take(name, outcome_by_hand()) == pytest.approx(by_hand, rel=1e-12)


def test_revenue_lost_is_what_the_unbroken_twin_takes_more() -> None:
    whole = [row | {"revenue": row["spend"], "recaptured": 0} for row in FIVE]
    outcome = replace(outcome_by_hand(), unbroken=outcome_by_hand(whole))
    assert take("revenue_lost_per_year", outcome) == pytest.approx((189.0 - 178.35) * A_YEAR)
    assert math.isnan(take("revenue_lost_per_year", outcome_by_hand()))


def test_a_world_that_equals_its_unbroken_twin_loses_exactly_nothing() -> None:
    assert take("revenue_lost_per_year", replace(outcome_by_hand(), unbroken=outcome_by_hand())) == 0.0


NOBODY_CAME = {"basket_value", "satisfaction", "abandoned_share", "mean_wait", "bad_trip_share", "complaint_share"}
NOBODY_CAME |= {"csat", "csat_surveyed", "nps", "nps_surveyed", "csat_error", "nps_low", "nps_high"}
NO_ANSWERS = {"csat_surveyed", "nps_surveyed", "csat_error", "nps_low", "nps_high"}
NO_PROMISES = {"expectation", "trust", "delivered_quality", "broken_promise_share", "worst_promise_gap"}
NO_CONTACTS = {"contacts", "first_contact_resolution", "average_handle_time"}
NO_LEADS = {"conversion", "acquisition_cost", "referred_share", "cross_sale_share"}
NO_BASE = {"churn_rate", "lifetime_revenue", "lifetime_value"}
NO_ASSETS = {"reports", "refusals", "refused_share", "repairs", "shortages", "working_share", "lent_share"}
NO_PASSIVES = {"nps_error"}
NO_TWIN = {"revenue_lost_per_year"} | NO_PASSIVES | NO_PROMISES | NO_CONTACTS | NO_LEADS
NOBODY_BORROWS = [row | {"bad_asset": -1} for row in FIVE]
NOBODY_QUEUES = [row | {"wait": [math.nan] * 4, "joins": [0] * 4} for row in FIVE]
ASSETLESS: dict[str, Any] = {
    "assets": [],
    "failures": [],
    "journey": [{"id": "till", "label": "Till", "stage": "pay", "department": "service", "pays": True}],
}


def assetless() -> Outcome:
    rows = [
        visit(spend=100, revenue=100, lost=[], response=[], wait=[1.0], passes=[1]),
        visit(spend=300, revenue=300, lost=[], response=[], wait=[3.0], passes=[1], left=True),
    ]
    return outcome_by_hand(rows, **ASSETLESS)


@pytest.mark.parametrize(
    ("outcome", "missing"),
    [
        (outcome_by_hand(), NO_TWIN),
        (outcome_by_hand([]), NOBODY_CAME | NO_TWIN),
        (without_base(outcome_by_hand()), NO_BASE | NO_TWIN),
        (outcome_by_hand(NOBODY_BORROWS), {"bad_trip_share"} | NO_TWIN),
        (outcome_by_hand(NOBODY_QUEUES), {"mean_wait"} | NO_TWIN),
        (assetless(), NO_ASSETS | NO_TWIN | NO_ANSWERS | {"bad_trip_share", "complaint_share"}),
    ],
    ids=["all there", "nobody came", "no base", "nobody borrows", "nobody queues", "nothing to lend"],
)
def test_what_has_nothing_to_measure_is_missing_and_nothing_else_is(outcome: Outcome, missing: set[str]) -> None:
    found = {name for name, measure in MEASURES.items() if math.isnan(measure.take(outcome))}
    assert found == missing


PROMOTER, PASSIVE, DETRACTOR = ({"answered": True, "score": score} for score in (0.9, 0.7, 0.5))


def test_the_planning_error_of_a_score_is_that_of_a_years_answers() -> None:
    """Of each class one, in two weeks: p + d - (p - d)^2 is 2/3."""
    by_hand = 100 * 1.959963984540054 * (2 / 3 / (3 * A_YEAR)) ** 0.5
    three = outcome_by_hand([visit(**said) for said in (PROMOTER, PASSIVE, DETRACTOR)])
    assert take("nps_error", three) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("said", [[PROMOTER], [PASSIVE], [DETRACTOR], [PROMOTER, PASSIVE], [PASSIVE, DETRACTOR]])
def test_where_not_all_three_classes_answered_there_is_an_interval_and_no_planning_error(said: list[dict]) -> None:  # type: ignore[type-arg]
    outcome = outcome_by_hand([visit(**one) for one in said * 6])
    assert math.isnan(take("nps_error", outcome))
    assert -100 <= take("nps_low", outcome) < take("nps_high", outcome) <= 100
    assert take("nps_low", outcome) <= take("nps_surveyed", outcome) <= take("nps_high", outcome)


def test_where_nobody_came_there_were_none_and_no_revenue() -> None:
    assert [take(name, outcome_by_hand([])) for name in ("visits", "revenue", "contribution")] == [0, 0, 0]


def test_a_share_of_no_reports_is_missing() -> None:
    outcome = outcome_by_hand()
    pools = outcome.records.pools.copy()
    pools[:, 3:] = 0
    outcome = replace(outcome, records=outcome.records._replace(pools=pools))
    assert take("reports", outcome) == 0
    assert math.isnan(take("refused_share", outcome))


def test_money_is_in_the_currencys_own_units() -> None:
    assert take("revenue", outcome_by_hand(currency="JPY")) == pytest.approx(17_835 * A_YEAR)
    assert take("basket_value", outcome_by_hand(currency="KWD")) == pytest.approx(17.835 / 4)


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_says_what_it_is(name: str) -> None:
    measure = MEASURES[name]
    assert measure.name == name
    assert measure.label
    assert measure.label[0].isupper()
    assert measure.definition.endswith(".")
    assert len(measure.definition) > 20
    assert measure.better in ("higher", "lower", "neither")
    unit = unit_of(measure, shop())
    assert unit
    assert "{" not in unit
    assert isinstance(measure.take(outcome_by_hand()), float)


def test_units_name_the_currency_and_the_weeks() -> None:
    assert unit_of(MEASURES["revenue"], shop(currency="EUR")) == "EUR a year"
    assert unit_of(MEASURES["lifetime_revenue"], shop()) == "GBP a customer in 2 weeks"


def test_no_two_measures_look_alike() -> None:
    seen = [(measure.label, measure.unit) for measure in MEASURES.values()]
    assert len(set(seen)) == len(seen)
    assert len({measure.definition for measure in MEASURES.values()}) == len(seen)


def test_measures_that_are_shares_lie_between_none_and_all() -> None:
    for name, measure in MEASURES.items():
        if "share" in measure.unit and name != "revenue_lost_per_year":
            assert not measure.take(outcome_by_hand()) < 0, name
            assert not measure.take(outcome_by_hand()) > 1, name


def test_satisfaction_of_the_satisfied_is_their_reference_out_of_a_hundred() -> None:
    assert take("satisfaction", outcome_by_hand([visit(), visit()])) == pytest.approx(80.0)
    assert np.isnan(take("satisfaction", outcome_by_hand([])))


PROMISES = [
    visit(contacts=2, handled=12.0, promise=BROKEN, delivered=0.6, expectation=0.7, trust=0.5, prospect=True),
    visit(contacts=1, handled=6.0, solved_first=True, promise=KEPT, expectation=0.9, trust=0.7, cross_sold=True),
    visit(prospect=True, completed=False, expectation=0.8, trust=0.6),
]
OFFERS = {
    "beliefs": {"expectation": 0.7},
    "economics.acquisition_spend_per_year": 3650,
    "journey.desk.cross_sells": {"chance": 0.5, "spend": 3},
    "journey.aisles.claim": {"level": 0.9},
    "journey.checkout.claim": {"level": 0.7},
}


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("conversion", 1 / 2),
        ("acquisition_cost", 3650 / A_YEAR),
        ("cross_sale_share", 1 / 2),
        ("first_contact_resolution", 1 / 2),
        ("average_handle_time", 18 / 3),
        ("expectation", 80),
        ("trust", 60),
        ("delivered_quality", 60),
        ("broken_promise_share", 1 / 2),
        ("worst_promise_gap", 20),
    ],
)
def test_a_measure_of_promises_and_contacts_is_what_one_works_out_by_hand(name: str, by_hand: float) -> None:
    assert take(name, outcome_by_hand(PROMISES, **OFFERS)) == pytest.approx(by_hand, rel=1e-12)


def test_coaching_is_a_cost_of_service_by_the_session() -> None:
    skill = {"id": "charm", "label": "Charm", "coaching_every": 2, "session_cost": 70}
    skill["lifts"] = [{"at": "slip", "rate": "failure", "log_odds": -1}]
    slip = {"id": "slip", "label": "Slip", "at": "aisles", "cause": "chance", "chance": 0.1}
    slip["responses"] = [{"id": "slips", "label": "Slips"}]
    without = outcome_by_hand([visit(lost=[0], response=[-1])], failures=[slip])
    coached = outcome_by_hand([visit(lost=[0], response=[-1])], failures=[slip], skills=[skill])
    assert take("contribution", without) - take("contribution", coached) == pytest.approx(70 * 365 / 14)


@given(st.integers(1, 5_000), st.floats(0, 1))
def test_the_error_of_a_share_is_half_of_wilsons_interval(answers: int, share: float) -> None:
    yes = round(share * answers)
    low, high = binomtest(yes, answers).proportion_ci(0.95, method="wilson")
    assert wilson_half_width(yes / answers, answers) == pytest.approx((high - low) / 2, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("promoters", "detractors", "answers", "points"),
    [
        (0.45, 0.20, 400, 7.51),
        (0.45, 0.20, 1_600, 3.76),
        (1 / 2, 1 / 6, 36, 24.35),
        (0.5, 0.5, 100, 19.6),
        (0.0, 0.0, 100, 0.0),
        (1.0, 0.0, 9, 0.0),
    ],
)
def test_the_error_of_promoters_less_detractors_is_what_one_works_out_by_hand(
    promoters: float, detractors: float, answers: int, points: float
) -> None:
    assert 100 * nps_half_width(promoters, detractors, answers) == pytest.approx(points, abs=0.005)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 5_000))
def test_it_is_the_normal_interval_of_answers_of_plus_one_nothing_and_minus_one(
    promoters: float, part: float, answers: int
) -> None:
    detractors = part * (1 - promoters)
    passive = 1 - promoters - detractors
    mean = promoters - detractors
    variance = promoters * (1 - mean) ** 2 + detractors * (1 + mean) ** 2 + passive * mean**2
    expected = norm.ppf(0.975) * math.sqrt(variance / answers)
    assert nps_half_width(promoters, detractors, answers) == pytest.approx(expected, rel=1e-6, abs=1e-7)


def tango(promoters: int, detractors: int, answers: int) -> tuple[float, float]:
    """Its interval the long way: the likeliest shares under each difference by search, and where the test turns."""
    passives, found = answers - promoters - detractors, (promoters - detractors) / answers

    def beyond(difference: float) -> float:
        def unlikely(share: float) -> float:  # of detractors; a class that nobody is in says nothing
            seen = ((promoters, share + difference), (detractors, share), (passives, 1 - 2 * share - difference))
            return -sum(count * math.log(max(each, 1e-300)) for count, each in seen if count)

        ends = (max(0.0, -difference), (1 - difference) / 2)
        share = minimize_scalar(unlikely, bounds=ends, method="bounded", options={"xatol": 1e-13}).x
        return (found - difference) ** 2 * answers - norm.ppf(0.975) ** 2 * (2 * share + difference - difference**2)

    within = 1 - 1e-9
    low = -1.0 if beyond(-within) <= 0 else brentq(beyond, -within, found - 1e-9)
    high = 1.0 if beyond(within) <= 0 else brentq(beyond, found + 1e-9, within)
    return low, high


@pytest.mark.parametrize(
    ("promoters", "detractors", "answers"),
    [(12, 0, 12), (0, 12, 12), (0, 0, 12), (11, 0, 12), (18, 6, 36), (180, 80, 400), (1, 1, 2), (1, 0, 1)],
)
def test_the_interval_of_a_score_is_tangos(promoters: int, detractors: int, answers: int) -> None:
    found = nps_interval(promoters / answers, detractors / answers, answers)
    assert found == pytest.approx(tango(promoters, detractors, answers), abs=2e-5)


def test_twelve_promoters_of_twelve_leave_much_in_doubt() -> None:
    """Tango's 51.5 to 100. Exact is 47 to 100: of .735 promoters, twelve in a row come once in forty times."""
    low, high = nps_interval(1.0, 0.0, 12)
    assert (100 * low, 100 * high) == (pytest.approx(51.5, abs=0.05), 100.0)
    assert low == pytest.approx(2 * 0.025 ** (1 / 12) - 1, abs=0.05)
    assert nps_interval(0.0, 1.0, 12) == (-high, -low)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_interval_holds_the_score_and_keeps_to_what_scores_there_are(
    promoters: int, passives: int, less: int
) -> None:
    answers = promoters + passives + less
    if not answers:
        assert all(map(math.isnan, nps_interval(0.0, 0.0, 0)))
        return
    low, high = nps_interval(promoters / answers, less / answers, answers)
    assert -1 <= low <= (promoters - less) / answers <= high <= 1
    assert high - low > 0.02
    mirrored = nps_interval(less / answers, promoters / answers, answers)
    assert mirrored == pytest.approx((-high, -low), abs=1e-12)


def test_where_nobody_answers_there_is_no_error_to_state() -> None:
    assert math.isnan(wilson_half_width(0.5, 0))
    assert math.isnan(wilson_half_width(math.nan, 400))
    assert math.isnan(nps_half_width(0.45, 0.2, 0))
    assert math.isnan(nps_half_width(math.nan, math.nan, 400))


@given(st.floats(0, 1), st.integers(1, 1_000))
def test_more_answers_always_say_more(share: float, answers: int) -> None:
    assert wilson_half_width(share, answers + 1) < wilson_half_width(share, answers) <= 0.5
