"""Time: the order of events at the same instant, said once for both engines, and the operational clock.

One 64-bit priority orders events: class << 56 | keyed tie << 32 | entity ordinal. Capacity comes back before people
give up, and both before people arrive. The tie keeps the same people from always winning.

The operational clock runs only while the doors are open, faster when it is busy. Gaps between visits run on it, in
weeks (a normal week is 1), and are mapped back to minutes since the start of week 0; so nobody arrives at 3 a.m. and no
visit rate is bent by opening hours.
"""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import cast

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import EventPriority

from sim.kernel import kernel
from sim.scenario.customers import HOURS_A_DAY, Calendar, opening_minutes

# From 2 up, so that SimPy's own urgent (0) and normal (1) hops drain before the next timed event.
REPAIR_ENDS, DESK_ENDS, SERVICE_ENDS, DWELL_ENDS, RENEGES, ARRIVES = range(2, 8)


@kernel
def priority(kind: int, tie: int, ordinal: int) -> int:
    """Where an event stands among those of its instant; lower goes first. tie < 2^24, ordinal < 2^32."""
    return kind << 56 | tie << 32 | ordinal


@kernel
def kind_of(code: int) -> int:
    """The class in a priority."""
    return code >> 56


@kernel
def tie_in(code: int) -> int:
    """The tie in a priority."""
    return (code >> 32) & 0xFFFFFF


@kernel
def ordinal_of(code: int) -> int:
    """The entity ordinal in a priority."""
    return code & 0xFFFFFFFF


class Clock(simpy.Environment):
    """SimPy's clock, with timed waits that keep that order. Plain `timeout` would not."""

    minute = simpy.Environment.now

    def hold(self, delay: float, kind: int, ordinal: int, tie: int) -> simpy.Event:
        """An event `delay` minutes from now, for one entity."""
        event = simpy.Event(self)
        event._ok = True
        event._value = None
        self.schedule(event, cast(EventPriority, priority(kind, tie, ordinal)), delay)
        return event


HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY


@lru_cache(maxsize=64)
def operational_clock(
    calendar: Calendar, first_day: int, last_day: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Knots of the piecewise-linear map between the two clocks: (minutes, operational weeks), each of shape (n,).

    Days count from the calendar's start; first_day may be negative (warm-up). Operational time starts at 0. The same
    arrays are given every time, and nobody can write to them.
    """
    whole = sum(weight for weekday in range(7) for _, _, weight in _pieces(calendar, weekday))
    starts = date.fromisoformat(calendar.starts)
    minutes, weeks = [float(first_day * DAY)], [0.0]
    for day in range(first_day, last_day):
        today = starts + timedelta(days=day)
        if _is_closed(calendar, today):
            continue
        for opens, closes, weight in _pieces(calendar, today.weekday()):
            if day * DAY + opens > minutes[-1]:
                minutes.append(float(day * DAY + opens))
                weeks.append(weeks[-1])
            minutes.append(float(day * DAY + closes))
            weeks.append(weeks[-1] + weight / whole)
    knots = np.array(minutes), np.array(weeks)
    for array in knots:
        array.flags.writeable = False
    return knots


def _is_closed(calendar: Calendar, today: date) -> bool:
    return today.isoformat() in calendar.closed or today.isoformat()[5:] in calendar.closed


def _pieces(calendar: Calendar, weekday: int) -> Iterator[tuple[int, int, float]]:
    """The stretches of a weekday with one intensity: opening and closing minute, and total weight."""
    hours = calendar.opening.on(weekday)
    if hours is None:
        return
    opens, closes = opening_minutes(hours)
    weights = (calendar.profile.on(weekday) if calendar.profile else None) or (1.0,) * HOURS_A_DAY
    for hour in range(opens // HOUR, -(-closes // HOUR)):
        start, end = max(opens, hour * HOUR), min(closes, (hour + 1) * HOUR)
        if weights[hour] > 0:
            yield start, end, weights[hour] * (end - start) / HOUR


@kernel
def week_of(minute: float) -> int:
    """The week that minute is in; week 0 starts at minute 0."""
    return math.floor(minute / WEEK)


def guide_to(weeks: NDArray[np.float64]) -> NDArray[np.int64]:
    """Where to begin to look for a week among the knots: one of them for each of as many equal parts; shape (n,).

    A guide table (Chen and Asau 1974) finds a knot in one or two steps, whatever the number of knots.
    """
    starts = np.arange(weeks.size) * (weeks[-1] / weeks.size)
    guide: NDArray[np.int64] = np.maximum(np.searchsorted(weeks, starts, side="right") - 1, 0)
    return guide


@kernel
def _knot_at(week: float, weeks: NDArray[np.float64], guide: NDArray[np.int64]) -> int:
    """The last knot at or before `week`, which is before the last one."""
    knot = guide[min(int(week / weeks[-1] * weeks.size), weeks.size - 1)]
    while weeks[knot] > week:  # rounding may have taken the part after
        knot -= 1
    while weeks[knot + 1] <= week:
        knot += 1
    return int(knot)


@kernel
def minute_at(week: float, minutes: NDArray[np.float64], weeks: NDArray[np.float64], guide: NDArray[np.int64]) -> float:
    """The minute at which the operational clock shows `week`; infinity when that is after the last closing.

    `minutes` and `weeks` are the knots of `operational_clock`, `guide` is `guide_to(weeks)`; all of shape (n,).
    """
    if week >= weeks[-1]:
        return np.inf
    knot = _knot_at(week, weeks, guide)
    part = (week - weeks[knot]) / (weeks[knot + 1] - weeks[knot])
    return float(minutes[knot] + part * (minutes[knot + 1] - minutes[knot]))


@kernel
def open_from(minute: float, minutes: NDArray[np.float64], weeks: NDArray[np.float64]) -> float:
    """The first minute from `minute` on at which the doors are open; infinity after the last closing."""
    knot = np.searchsorted(minutes, minute, side="right") - 1
    if knot + 1 >= minutes.size:
        return np.inf
    return minute if weeks[knot + 1] > weeks[knot] else float(minutes[knot + 1])
