"""Who comes and when: opening hours, customers, segments, trips."""

import re
from datetime import date
from functools import partial
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from sim.scenario.quantity import (
    Id,
    Level,
    LogSd,
    Money,
    Multiple,
    Named,
    Number,
    Part,
    People,
    PerWeek,
    Shape,
    Share,
    Unit,
    Variation,
    optional,
)
from sim.scenario.spelling import Form
from sim.scenario.spelling.names import shown
from sim.scenario.spelling.values import days, hours, missing_day, windows_in

_DAY = re.compile(r"([0-9]{4}-)?[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # beyond, a run could leave the years that dates have
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS_A_DAY = 24


def _minute_of_day(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    if not (len(hours) == len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal()):
        raise ValueError(f'found "{shown(clock)}"; allowed: a time such as 08:00')
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > HOURS_A_DAY * 60:
        raise ValueError(f'found "{clock}"; allowed: a time from 00:00 to 24:00, when the day ends')
    return total


def opening_minutes(hours: str) -> tuple[int, int]:
    """Minutes of the day between which "08:00-22:00" is open. Raises ValueError for anything else."""
    if windows_in(hours) > 1:
        one = "one window a day; the hours of a break can have the weight 0 in the profile"
        raise ValueError(f'found "{shown(hours)}"; allowed: {one}')
    opens, dash, closes = hours.partition("-")
    if not dash:
        raise ValueError(f'found "{shown(hours)}"; allowed: {_HOURS.said}')
    start, end = _minute_of_day(opens.strip()), _minute_of_day(closes.strip())
    if start >= end:
        raise ValueError(f'found "{shown(hours)}"; allowed: closing after opening, on the same day, by 24:00')
    return start, end


def _checked_hours(hours: str) -> str:
    opening_minutes(hours)
    return hours


def _checked_day(day: str, allowed: str) -> str:
    try:
        if not _DAY.fullmatch(day):  # other forms of ISO 8601 would never equal a day's name
            raise ValueError
        year = date.fromisoformat(day if len(day) > 5 else f"2000-{day}").year
    except ValueError:
        raise ValueError(f'found "{shown(day)}"; {missing_day(day) or f"allowed: {allowed}"}') from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f'found "{day}"; allowed: a year from {_FIRST_YEAR} to {_LAST_YEAR}')
    return day


def _checked_first(day: str) -> str:
    if len(day) == len("01-05"):
        raise ValueError(f'found "{shown(day)}"; allowed: {_FIRST_SAID}')
    return _checked_day(day, _FIRST_SAID)


_DAY_SAID = '"12-25" for every year, or "2026-12-25"'
_FIRST_SAID = "a whole date, as 2026-01-05"
_HOURS = Form('opening and closing time, such as "08:00-22:00"; a weekday left out is closed', hours)

Hours = Annotated[str, AfterValidator(_checked_hours), _HOURS]
Day = Annotated[str, AfterValidator(partial(_checked_day, allowed=_DAY_SAID)), Form(_DAY_SAID, days)]
FirstDay = Annotated[str, AfterValidator(_checked_first), Form(_FIRST_SAID, lambda day: days(day, whole=True))]
HourWeights = Annotated[
    tuple[Annotated[Number, Field(ge=0, le=1e6)], ...], Field(min_length=HOURS_A_DAY, max_length=HOURS_A_DAY)
]


Each = TypeVar("Each")


class _Week(Part, Generic[Each]):
    monday: Each | None = None
    tuesday: Each | None = None
    wednesday: Each | None = None
    thursday: Each | None = None
    friday: Each | None = None
    saturday: Each | None = None
    sunday: Each | None = None

    def on(self, weekday: int) -> Each | None:
        """What a weekday (0: Monday) has, or None when it is closed."""
        found: Each | None = getattr(self, WEEKDAYS[weekday])
        return found


class Opening(_Week[Hours]):
    """Opening hours, as "08:00-22:00"; a weekday left out is closed."""


class Profile(_Week[HourWeights]):
    """How busy each hour is: 24 relative weights for each weekday that opens."""


class Calendar(Part):
    """When the doors are open, and how busy each hour of the week is while they are."""

    starts: FirstDay = Field(description="first day of week 0, as 2026-01-05")
    opening: Opening
    closed: tuple[Day, ...] = Field(default=(), description='closed dates, as "12-25" (every year) or "2026-12-25"')
    profile: Profile | None = Field(default=None, description="left out: every open hour alike")

    @model_validator(mode="after")
    def _opens_at_all(self) -> Self:
        if not any(self.opening.on(weekday) for weekday in range(7)):
            raise ValueError("opening: found no day; allowed: at least one weekday with opening hours")
        if self.profile is None:
            return self
        every = [(self.opening.on(weekday), self.profile.on(weekday)) for weekday in range(7)]
        if any((opening is None) != (weights is None) for opening, weights in every):
            raise ValueError("profile: allowed: weights for exactly the weekdays that open")
        while_open: list[float] = []
        for opening, weights in every:
            opens, closes = opening_minutes(opening) if opening else (0, 0)
            while_open += (weights or ())[opens // 60 : -(-closes // 60)]  # of every hour that is partly open
        if not any(while_open):
            raise ValueError("profile: found only zeros while open; allowed: at least one open hour above 0")
        return self


Decides = Literal["after_visit", "before_paying"]
FirstPeriod = Literal["paid", "due"]


class Leaving(Part):
    """How customers drift away when nothing goes wrong: a yearly churn or a chance a visit, Beta between customers."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["churn_per_year"]}, {"required": ["chance_per_visit"]}]}
    )

    churn_per_year: Share | None = Field(
        default=None, description="mean share who leave in a year, however often they come"
    )
    chance_per_visit: Share | None = Field(
        default=None, description="instead of that: mean chance to leave after a visit, or at a renewal"
    )
    concentration: Shape = Field(description="a + b of the Beta; large: customers are alike")
    decides: Decides = Field(
        default="after_visit",
        description="when that is decided: after a visit, which was made and paid; or, where a visit renews a "
        "contract, when it is due and before anything happens, and one not made is no visit",
    )
    first_period: FirstPeriod = Field(
        default="paid",
        description="of the customers at week 0: paid, their first visit renews what they have and is decided on like "
        "any other; due, it is their first payment, at which nobody leaves",
    )

    @property
    def before_paying(self) -> bool:
        """Whether customers decide when a visit is due, before it."""
        return self.decides == "before_paying"

    @model_validator(mode="after")
    def _says_it_one_way(self) -> Self:
        if (self.churn_per_year is None) == (self.chance_per_visit is None):
            found = "neither" if self.churn_per_year is None else "both"
            raise ValueError(f"found {found}; allowed: one of churn_per_year and chance_per_visit")
        return self


class Customers(Part):
    """The customer base at week 0 and the streams that join it."""

    base: People = Field(description="customers at week 0")
    visits_per_week: PerWeek = Field(description="mean visits a week of one customer")
    visits_shape: Shape = Field(description="shape of the Gamma spread of visit rates (NBD k); small: very uneven")
    gap_cv: Variation = Field(
        description="coefficient of variation of gaps between visits; 1: a Poisson stream, 0: all equal"
    )
    spend_log_sd: LogSd = Field(description="between customers")
    leaving: Leaving
    newcomers_per_week: PerWeek = Field(description="new customers, the same in every world")
    leads_per_week: PerWeek = optional(
        0, "a week", "would-be customers who come once, and again only if they bought; the same in every world"
    )
    passers_by_per_week: PerWeek = optional(0, "a week", "open arrivals who come once and never return")


class Segment(Named):
    """A kind of customer: how it differs from the average. Shares of all segments sum to 1."""

    share: Share = Field(description="of all customers")
    visits_times: Multiple = optional(1, "times", "how often they come")
    spend_times: Multiple = optional(1, "times", "what they mean to spend")
    margin_times: Multiple = optional(1, "times", "contribution from what they spend")
    patience_times: Multiple = optional(1, "times", "how long they wait")
    hurt_times: Multiple = optional(1, "times", "how much failures hurt")
    fit: Level = optional(0, "added to what is delivered", "how much better or worse delivery suits them")
    expectation: Unit | None = Field(default=None, description="at the start; left out: that of everybody")
    cannot_use: tuple[Id, ...] = Field(default=(), description="channels closed to them")


class Trip(Named):
    """A kind of visit: what it is worth, how long it takes, whether something is borrowed. Shares sum to 1."""

    share: Share = Field(description="of all visits")
    spend: Money = Field(description="mean intended spend")
    spend_log_sd: LogSd = Field(description="within one customer")
    time_times: Multiple = optional(1, "times", "of durations that grow with it")
    borrows: Share = optional(1, "share", "share of these trips that borrow")
