"""Every scenario that comes with Ripple can be used, and says where its numbers come from."""

import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from scenarios.data import complete_journey
from sim.engines.clock import DAY, operational_clock
from sim.experiments.library import FOLDER, load, names, path_of
from sim.experiments.runs import Effort, run
from sim.scenario.customers import WEEKDAYS, Calendar
from sim.scenario.document import parse
from sim.scenario.files import parse_scenario
from sim.scenario.paths import quantity_at, settable
from sim.scenario.quantity import Quantity, by_default
from sim.scenario.scenario import Scenario
from sim.scenario.world import store_of

WITH_SOURCES = ("dodgy_trolley", "dodgy_trolley_story")


@pytest.fixture(scope="module")
def trolley() -> Scenario:
    return load("dodgy_trolley")


@pytest.fixture(scope="module")
def story() -> Scenario:
    return load("dodgy_trolley_story")


@pytest.fixture(scope="module")
def journey() -> Any:
    """The shapes of The Complete Journey, as shipped."""
    return parse(complete_journey.FILE.read_bytes(), complete_journey.FILE.name).data


def values(scenario: Scenario, *paths: str) -> list[float]:
    return [quantity_at(scenario, path).value for path in paths]


@pytest.mark.parametrize("name", names())
def test_a_shipped_scenario_passes_every_check(name: str) -> None:
    scenario = load(name)
    assert scenario.title
    assert scenario.question.endswith("?")


def test_all_files_of_the_folder_are_listed() -> None:
    assert sorted(names()) == sorted(path.stem for path in FOLDER.iterdir() if path.suffix in (".yaml", ".yml"))
    assert set(WITH_SOURCES) < set(names())


@pytest.mark.parametrize("name", names())
def test_a_shipped_file_is_commented_like_a_story(name: str) -> None:
    assert re.match(r"# [A-Z].+\n", path_of(name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WITH_SOURCES)
def test_every_number_has_a_unit_a_grade_and_a_source_written_or_left_out(name: str) -> None:
    bare = [
        path
        for path, quantity in settable(load(name))
        if isinstance(quantity, Quantity) and not (quantity.unit and quantity.evidence and quantity.source)
    ]
    assert bare == []


@pytest.mark.parametrize("name", names())
def test_what_is_said_to_have_no_effect_has_none(name: str) -> None:
    """A number that nobody wrote has no source, so it may only be one that leaves things as they are."""
    left_out = {
        path: quantity.value
        for path, quantity in settable(load(name))
        if isinstance(quantity, Quantity) and quantity.source == by_default(0, "share").source
    }
    assert left_out
    assert {path: value for path, value in left_out.items() if value != _neutral(path)} == {}


def _neutral(path: str) -> float:
    return 1 if path.endswith(("_times", ".times", "].share", ".borrows", ".considering", ".cap")) else 0


# ---- the yardstick -----------------------------------------------------------------------------------


def test_the_yardstick_is_5000_customers_for_156_weeks(trolley: Scenario) -> None:
    assert trolley.customers.base.value == 5_000
    assert trolley.weeks == 156


def open_days(calendar: Calendar, first: date, days: int) -> int:
    """Days on which the doors open, counted by hand and not with the engine's clock."""
    every = [first + timedelta(days=n) for n in range(days)]
    return sum(
        calendar.opening.on(day.weekday()) is not None
        and f"{day:%m-%d}" not in calendar.closed
        and f"{day}" not in calendar.closed
        for day in every
    )


@pytest.mark.parametrize("name", WITH_SOURCES)
def test_the_store_opens_14_hours_on_362_days_a_year_as_in_the_story(name: str) -> None:
    calendar = load(name).calendar
    assert open_days(calendar, date(2026, 1, 1), 365) == 362
    assert {calendar.opening.on(weekday) for weekday in range(7)} == {"08:00-22:00"}
    minutes, weeks = operational_clock(calendar, 0, 365)
    open_now = np.diff(weeks) > 0
    assert np.diff(minutes)[open_now].sum() == 362 * 14 * 60
    assert np.unique(minutes[:-1][open_now] // DAY).size == 362


def test_segments_spend_the_average_on_average(trolley: Scenario) -> None:
    total = sum(segment.share.value * segment.spend_times.value for segment in trolley.segments)
    assert total == pytest.approx(1, abs=1e-6)


def test_there_are_four_to_eight_levers_and_three_fixes_or_more(trolley: Scenario) -> None:
    assert 4 <= len(trolley.levers) <= 8
    assert len(trolley.fixes) >= 3


def test_the_storys_question_is_among_the_fixes(trolley: Scenario) -> None:
    (change,) = next(fix for fix in trolley.fixes if fix.id == "twenty_more_trolleys").changes
    assert (change.path, change.set, change.times.value, change.add.value) == ("assets.trolleys.pool", None, 1, 20)


@pytest.mark.parametrize("name", names())
def test_what_a_fix_multiplies_by_or_adds_is_a_guess_with_a_range_or_a_decision(name: str) -> None:
    """Whole numbers and claims are decided, and the placebo's paint does nothing however thick; the rest is guessed."""
    decided = {"assets", "resources"}, ("claim.level", "failures.queue.severity")
    for fix in load(name).fixes:
        for change in fix.changes:
            for _, effect in change.moves():
                if change.path.split(".")[0] in decided[0] and effect.value == int(effect.value):
                    assert effect.low is None, change.path
                elif not change.path.endswith(decided[1]):
                    assert effect.low is not None and effect.evidence == "D", change.path


# ---- the chain of the story ----------------------------------------------------------------------------


def test_the_chain_has_the_storys_400_stores_in_three_types(trolley: Scenario) -> None:
    assert trolley.chain is not None
    assert [kind.count.value for kind in trolley.chain.stores] == [120, 200, 80]
    assert all("guess" in str(kind.count.source) for kind in trolley.chain.stores)
    assert (trolley.chain.stays.low, trolley.chain.stays.value, trolley.chain.stays.high) == (0.05, 0.15, 0.35)


def test_one_type_of_store_is_the_store_described(trolley: Scenario) -> None:
    assert store_of(trolley, "standard") == trolley


@pytest.mark.parametrize(("kind", "size"), [("high_street", 0.5), ("large", 2)])
def test_what_goes_by_the_size_of_a_store_goes_by_its_customers(trolley: Scenario, kind: str, size: float) -> None:
    store = store_of(trolley, kind)
    exactly = ("customers.base", "customers.newcomers_per_week", "fixes.twenty_more_trolleys.costs.once")
    exactly = (*exactly, "fixes.twenty_more_trolleys.costs.per_year", "fixes.weekly_wheel_check.costs.per_year")
    assert values(store, *exactly) == [size * value for value in values(trolley, *exactly)]
    about = ("resources.tills.servers", "assets.trolleys.pool", "assets.trolleys.reserve")
    assert values(store, *about) == pytest.approx([size * value for value in values(trolley, *about)], rel=0.26)
    bought = store_of(trolley, kind).fixes[0].changes[0].add.value
    assert bought == 20 * size


@pytest.mark.parametrize("kind", ["high_street", "standard", "large"])
def test_a_store_of_each_type_behaves_like_a_shop(trolley: Scenario, kind: str) -> None:
    store = store_of(trolley, kind).model_copy(update={"weeks": 8})
    done = run(store, Effort(1, 1)).estimate
    assert done("mean_wait").mean == pytest.approx(0.5, abs=0.4)
    assert 0.03 < done("bad_trip_share").mean < 0.12
    assert done("abandoned_share").mean < 0.005
    assert done("shortages").mean < 0.005 * done("visits").mean


def test_the_templates_chain_and_trial_can_be_switched_on() -> None:
    text = path_of("template").read_text(encoding="utf-8")
    before, after = text[: text.index("#|chain:")], text[text.index("#|chain:") : text.index("# A lever is")]
    scenario = parse_scenario(before + after.replace("#|", "") + text[text.index("# A lever is") :], "template.yaml")
    assert scenario.chain is not None
    assert store_of(scenario, "small").customers.base.value == scenario.customers.base.value / 2
    assert scenario.trial.mismatch.source == "replace me"


# ---- what is said to come from The Complete Journey ----------------------------------------------------


def test_the_mix_of_trips_is_complete_journeys(trolley: Scenario, journey: Any) -> None:
    days = journey["days"]
    shares = [days[kind]["share_of_trips"]["value"] for kind in TRIP_KINDS.values()]
    mix = values(trolley, *(f"trips.{trip}.share" for trip in TRIP_KINDS))
    assert mix == pytest.approx(shares, abs=1.01e-4)  # one is a last digit lower, so that they sum to 1
    assert sum(mix) == pytest.approx(1, abs=1e-9)


TRIP_KINDS = {"main": "over_20_items", "top_up": "from_6_to_20_items", "few": "under_6_items"}


def test_spends_are_complete_journeys_rescaled_to_the_storys_basket(trolley: Scenario, journey: Any) -> None:
    usd = [journey["days"][kind]["usd_per_trip"]["value"] for kind in TRIP_KINDS.values()]
    assert usd[0] == 86.43
    spends = values(trolley, *(f"trips.{trip}.spend" for trip in TRIP_KINDS))
    assert spends == [round(dollars * 123 / 86.43, 2) for dollars in usd]


def test_spreads_of_spend_are_complete_journeys(trolley: Scenario, journey: Any) -> None:
    days = journey["days"]
    within = [days[kind]["log_sd_within"]["value"] for kind in TRIP_KINDS.values()]
    assert values(trolley, *(f"trips.{trip}.spend_log_sd" for trip in TRIP_KINDS)) == within
    between, found = days["type_taken_out"]["log_sd_between"], trolley.customers.spend_log_sd
    assert (found.low, found.mode, found.high) == (between["low"], between["value"], between["high"])


@pytest.mark.parametrize(
    ("field", "part", "figure", "digits"),
    [
        ("visits_shape", "per_household", "nbd_shape_by_moments", 2),
        ("gap_cv", "gaps", "cv_of_gaps", 2),
    ],
)
def test_how_often_people_come_is_spread_as_in_complete_journey(
    trolley: Scenario, journey: Any, field: str, part: str, figure: str, digits: int
) -> None:
    found, given = getattr(trolley.customers, field), journey["days"][part][figure]
    assert found.mode == given["value"]
    assert (found.low, found.high) == (round(given["low"], digits), round(given["high"], digits))


def test_the_visit_rate_is_complete_journeys_less_what_goes_elsewhere(trolley: Scenario, journey: Any) -> None:
    found, given = trolley.customers.visits_per_week, journey["days"]["per_household"]["trips_per_week"]["value"]
    assert found.high == round(given, 2)
    assert found.value == pytest.approx(0.9 * given, abs=0.01)
    assert found.evidence == "D"


def test_the_hours_of_the_week_are_complete_journeys_in_parts_per_100_000(trolley: Scenario, journey: Any) -> None:
    hours = journey["hours_of_week"]["from_8_to_22"]
    assert trolley.calendar.profile is not None
    for number, weekday in enumerate(WEEKDAYS):
        parts = [round(share * 100_000) for share in hours[weekday]]
        assert trolley.calendar.profile.on(number) == (*[0] * 8, *parts, *[0] * 2)


def test_what_a_basket_costs_a_main_shop_is_within_complete_journeys_two_figures(
    trolley: Scenario, journey: Any
) -> None:
    cut = journey["days"]["main_shop_cut_to_6_to_20_items"]
    for path in SWAP_LOSSES:
        loss = quantity_at(trolley, path)
        assert loss.mode == 0.69
        assert cut["share_lost_same_household"]["value"] <= loss.mode <= cut["share_lost"]["value"]
        assert loss.low == round(cut["share_lost_same_household"]["low"], 2)
        assert cut["share_lost"]["high"] <= loss.high <= cut["share_lost"]["high"] + 0.01


SWAP_LOSSES = ("failures.wheel.responses.swap.loss", "failures.empty_bay.responses.basket.loss")


def test_nothing_else_is_said_to_come_from_complete_journey(trolley: Scenario) -> None:
    """Every figure that names Complete Journey is one of those checked above; churn never is."""
    said = {
        path
        for path, quantity in settable(trolley)
        if isinstance(quantity, Quantity) and "Complete Journey" in (quantity.source or "")
    }
    churn = {"customers.leaving.churn_per_year"}
    assert "never calibrated" in str(trolley.customers.leaving.churn_per_year.source)
    assert said - churn == {
        *(f"trips.{trip}.{field}" for trip in TRIP_KINDS for field in ("share", "spend_log_sd")),
        *(f"trips.{trip}.spend" for trip in ("top_up", "few")),
        *(f"customers.{field}" for field in ("visits_per_week", "visits_shape", "gap_cv", "spend_log_sd")),
        *SWAP_LOSSES,
    }


# ---- the story's arithmetic ----------------------------------------------------------------------------


def test_the_storys_numbers_multiply_to_its_figure(story: Scenario) -> None:
    a_day = story.customers.passers_by_per_week.value / 7
    basket, cut = values(story, "trips.shop.spend", "failures.wheel.responses.persevere.loss")
    assert a_day == pytest.approx(2 / 1.5 * 14)
    assert a_day * 362 * basket * cut == pytest.approx(49_869.12)


def test_the_storys_weeks_hold_exactly_its_share_of_trading_days(story: Scenario) -> None:
    first, days = date.fromisoformat(story.calendar.starts), 7 * story.weeks
    assert open_days(story.calendar, first, days) / days == 362 / 365
