from typing import Any

import pytest
from pydantic import ValidationError

from sim.scenario.customers import WEEKDAYS, Calendar, Leaving, Segment, Trip, opening_minutes

MONDAYS = {"starts": "2026-01-05", "opening": {"monday": "09:00-17:00"}}


def words(**fields: Any) -> str:
    """What is said of a calendar that is refused."""
    with pytest.raises(ValidationError) as refused:
        Calendar.model_validate(MONDAYS | fields)
    return refused.value.errors()[0]["msg"].removeprefix("Value error, ")


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [("08:00-22:00", (480, 1320)), ("00:00-24:00", (0, 1440)), ("09:30 - 12:15", (570, 735)), ("00:00-00:01", (0, 1))],
)
def test_opening_hours_are_minutes_of_the_day(hours: str, minutes: tuple[int, int]) -> None:
    assert opening_minutes(hours) == minutes


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("8-22", 'found "8"; allowed: a time such as 08:00'),
        (
            "08:00",
            'found "08:00"; allowed: opening and closing time, such as "08:00-22:00"; a weekday left out is closed',
        ),
        ("08:00-8pm", 'found "8pm"; allowed: a time such as 08:00'),
        ("08:60-22:00", 'found "08:60"; allowed: a time from 00:00 to 24:00, when the day ends'),
        ("08:00-24:01", 'found "24:01"; allowed: a time from 00:00 to 24:00, when the day ends'),
        ("²²:00-23:00", 'found "²²:00"; allowed: a time such as 08:00'),
        ("22:00-08:00", 'found "22:00-08:00"; allowed: closing after opening, on the same day, by 24:00'),
        ("08:00-08:00", 'found "08:00-08:00"; allowed: closing after opening, on the same day, by 24:00'),
    ],
)
def test_hours_that_are_none_are_refused_in_words_that_help(hours: str, said: str) -> None:
    assert words(opening={"monday": hours}) == said


def test_a_shop_opens_on_weekdays_that_exist_and_at_least_one() -> None:
    assert words(opening={}) == "opening: found no day; allowed: at least one weekday with opening hours"
    assert words(opening={"someday": "09:00-17:00"}) == "Extra inputs are not permitted"
    assert len(set(WEEKDAYS)) == 7


@pytest.mark.parametrize("day", ["12-25", "2026-12-25", "02-29"])
def test_a_closed_date_is_of_every_year_or_of_one(day: str) -> None:
    assert Calendar.model_validate(MONDAYS | {"closed": [day]}).closed == (day,)


@pytest.mark.parametrize("day", ["25-12-2026", "20261225", "W01-1", "2026-W52-5", "12-5", "13-01", "2026-00-10", ""])
def test_a_closed_date_that_no_day_would_ever_match_is_refused(day: str) -> None:
    assert words(closed=[day]) == f'found "{day}"; allowed: "12-25" for every year, or "2026-12-25"'


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("02-30", 'that month has 29 days; did you mean "02-29"?'),
        ("2026-02-29", 'that month has 28 days; did you mean "2026-02-28"?'),
        ("2026-04-31", 'that month has 30 days; did you mean "2026-04-30"?'),
    ],
)
def test_a_day_that_does_not_exist_is_said_to_be_none(day: str, said: str) -> None:
    assert words(closed=[day]) == f'found "{day}"; {said}'


def test_week_0_starts_on_a_whole_date_that_leaves_room_for_the_run() -> None:
    assert words(starts="01-05") == 'found "01-05"; allowed: a whole date, as 2026-01-05'
    assert words(starts="9999-12-31") == 'found "9999-12-31"; allowed: a year from 1900 to 2200'
    assert words(starts="2026-W01-1") == 'found "2026-W01-1"; allowed: a whole date, as 2026-01-05'


def profile(*hours: int, weekday: str = "monday") -> dict[str, list[int]]:
    """Weight 1 in these hours of one weekday, 0 in all others."""
    return {weekday: [int(hour in hours) for hour in range(24)]}


@pytest.mark.parametrize("hour", [9, 16])
def test_a_profile_needs_one_busy_hour_while_the_doors_are_open(hour: int) -> None:
    assert Calendar.model_validate(MONDAYS | {"profile": profile(hour)}).profile


@pytest.mark.parametrize("hours", [(), (8,), (17, 23)])
def test_a_profile_that_brings_nobody_while_the_doors_are_open_is_refused(hours: tuple[int, ...]) -> None:
    said = "profile: found only zeros while open; allowed: at least one open hour above 0"
    assert words(profile=profile(*hours)) == said


def test_a_profile_is_of_24_weights_above_0_for_exactly_the_weekdays_that_open() -> None:
    assert (
        words(profile=profile(9, weekday="tuesday")) == "profile: allowed: weights for exactly the weekdays that open"
    )
    assert "at least 24 items" in words(profile={"monday": [1] * 23})
    assert "at most 24 items" in words(profile={"monday": [1] * 25})
    assert "greater than or equal to 0" in words(profile={"monday": [1] * 23 + [-1]})


def test_what_a_segment_or_trip_leaves_out_is_the_average() -> None:
    segment = Segment.model_validate({"id": "all", "label": "All", "share": 1})
    assert {name: getattr(segment, name).value for name in Segment.model_fields if name.endswith("_times")} == {
        "visits_times": 1,
        "spend_times": 1,
        "margin_times": 1,
        "patience_times": 1,
        "hurt_times": 1,
    }
    trip = Trip.model_validate({"id": "any", "label": "Any", "share": 1, "spend": 5, "spend_log_sd": 0})
    assert (trip.time_times.value, trip.borrows.value) == (1, 1)


@pytest.mark.parametrize("way", ["churn_per_year", "chance_per_visit"])
def test_leaving_is_a_churn_a_year_or_a_chance_a_visit(way: str) -> None:
    leaving = Leaving.model_validate({way: 0.2, "concentration": 4})
    assert getattr(leaving, way).value == 0.2
    assert Leaving.model_validate(leaving.model_dump()) == leaving


@pytest.mark.parametrize(("said", "found"), [({}, "neither"), ({"churn_per_year": 0, "chance_per_visit": 0}, "both")])
def test_leaving_is_said_one_way_and_not_two(said: dict[str, float], found: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Leaving.model_validate({"concentration": 4, **said})
    message = refused.value.errors()[0]["msg"]
    assert message == f"Value error, found {found}; allowed: one of churn_per_year and chance_per_visit"
