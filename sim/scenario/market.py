"""Who comes and when: opening hours, customers, segments, trips."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.part import Named, Part
from sim.scenario.quantity import (
    LogSd,
    Money,
    Multiple,
    Number,
    People,
    PerWeek,
    Quantity,
    Shape,
    Share,
    Strength,
)

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAY = re.compile(r"([0-9]{4}-)?[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # beyond, a run could leave the years that dates have
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS_A_DAY = 24


def _minute_of_day(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    if not (len(hours) == len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal()):
        raise ValueError(f"found {clock!r}; allowed: a time such as 08:00")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > HOURS_A_DAY * 60:
        raise ValueError(f"found {clock!r}; allowed: a time from 00:00 to 24:00")
    return total


def opening_minutes(hours: str) -> tuple[int, int]:
    """Minutes of the day between which "08:00-22:00" is open. Raises ValueError for anything else."""
    opens, dash, closes = hours.partition("-")
    if not dash:
        raise ValueError(f'found "{hours}"; allowed: opening and closing time, such as "08:00-22:00"')
    start, end = _minute_of_day(opens.strip()), _minute_of_day(closes.strip())
    if start >= end:
        raise ValueError(f'found "{hours}"; allowed: closing after opening, on the same day')
    return start, end


def _checked_hours(hours: str) -> str:
    opening_minutes(hours)
    return hours


def _checked_date(day: str) -> str:
    try:
        if not _DAY.fullmatch(day):  # other forms of ISO 8601 would never equal a day's name
            raise ValueError
        year = date.fromisoformat(day if len(day) > 5 else f"2000-{day}").year
    except ValueError:
        raise ValueError(f'found "{day}"; allowed: "12-25" for every year, or "2026-12-25"') from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f'found "{day}"; allowed: a year from {_FIRST_YEAR} to {_LAST_YEAR}')
    return day


Hours = Annotated[str, AfterValidator(_checked_hours)]
Day = Annotated[str, AfterValidator(_checked_date)]
HourWeights = Annotated[
    tuple[Annotated[Number, Field(ge=0)], ...], Field(min_length=HOURS_A_DAY, max_length=HOURS_A_DAY)
]


class Calendar(Part):
    """When the doors are open, and how busy each hour of the week is while they are."""

    starts: Day = Field(description="first day of week 0, as 2026-01-05")
    opening: dict[Weekday, Hours] = Field(description='opening hours by weekday, as "08:00-22:00"; left out: closed')
    closed: tuple[Day, ...] = Field(default=(), description='closed dates, as "12-25" (every year) or "2026-12-25"')
    profile: dict[Weekday, HourWeights] | None = Field(
        default=None, description="24 relative weights a weekday; left out: every open hour alike"
    )

    @model_validator(mode="after")
    def _opens_at_all(self) -> Self:
        if len(self.starts) != 10:
            raise ValueError(f'starts: found "{self.starts}"; allowed: a whole date, as 2026-01-05')
        if not self.opening:
            raise ValueError("opening: found no day; allowed: at least one weekday with opening hours")
        if self.profile is not None and set(self.profile) != set(self.opening):
            raise ValueError("profile: allowed: weights for exactly the weekdays that open")
        if self.profile is not None and not any(self._open_weights(self.profile)):
            raise ValueError("profile: found only zeros while open; allowed: at least one open hour above 0")
        return self

    def _open_weights(self, profile: Mapping[Weekday, Sequence[float]]) -> Iterator[float]:
        for weekday, weights in profile.items():
            opens, closes = opening_minutes(self.opening[weekday])
            yield from weights[opens // 60 : -(-closes // 60)]  # of every hour that is partly open


class Leaving(Part):
    """How customers drift away when nothing goes wrong: Beta-distributed yearly churn."""

    churn_per_year: Share
    concentration: Shape


class Customers(Part):
    """The customer base at week 0 and the streams that join it."""

    base: People = Field(description="customers at week 0")
    visits_per_week: PerWeek = Field(description="mean visits a week of one customer")
    visits_shape: Shape = Field(description="shape of the Gamma spread of visit rates (NBD k); small: very uneven")
    gap_cv: Strength = Field(description="coefficient of variation of gaps between visits; 1: a Poisson stream")
    spend_log_sd: LogSd = Field(description="between customers")
    leaving: Leaving
    newcomers_per_week: PerWeek = Field(description="new customers, the same in every world")
    passers_by_per_week: PerWeek = Field(
        default=Quantity(mode=0, unit="a week"), description="open arrivals who come once and never return"
    )


class Segment(Named):
    """A kind of customer: how it differs from the average."""

    share: Share
    visits_times: Multiple = Quantity(mode=1, unit="times")
    spend_times: Multiple = Quantity(mode=1, unit="times")
    margin_times: Multiple = Quantity(mode=1, unit="times")
    patience_times: Multiple = Quantity(mode=1, unit="times")
    hurt_times: Multiple = Field(default=Quantity(mode=1, unit="times"), description="how much failures hurt")


class Trip(Named):
    """A kind of visit: how often, what it is worth, how long it takes, whether something is borrowed."""

    share: Share
    spend: Money = Field(description="mean intended spend")
    spend_log_sd: LogSd = Field(description="within one customer")
    time_times: Multiple = Field(default=Quantity(mode=1, unit="times"), description="of durations that grow with it")
    borrows: Share = Field(default=Quantity(mode=1, unit="share"), description="share of these trips that borrow")
