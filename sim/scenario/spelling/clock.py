"""The date or the opening hours that people mean by what is written otherwise."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

_LONGEST = 60
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LEAP_YEAR = 2000  # of a day of every year
_DIGITS_ONLY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME_OF_DAY = re.compile(r"[t ][0-9]{1,2}:[0-9:.+z]*$")
_ISO = re.compile(r"([0-9]{4}-)?[0-9]{2}-[0-9]{2}")
_PARTS = re.compile(r"[0-9]+|[a-z]+")
_ORDINAL = ("st", "nd", "rd", "th", "of")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DASHES = re.compile(r"\s*(?:-|–|—|−|\bto\b|\buntil\b|\btill?\b)\s*")
_WINDOWS = re.compile(r"[,;/&+\n]|\band\b")
_TIME = re.compile(r"(?P<hours>[0-9]{1,2})(?:[:.h]?(?P<minutes>[0-9]{2}))?\s*(?:h|uhr|o'?clock)?\s*(?P<half>[ap]m)?")
_ALL_DAY = ("24h", "24 h", "24/7", "24 hours", "all day", "always", "open")
_A_DAY = 24 * 60


def days(value: Any, whole: bool = False) -> list[str]:
    """How to write the day that `value` likely means, both where day and month may be either; `whole`: with a year."""
    text = str(value).strip().lower()
    if isinstance(value, bool) or not isinstance(value, str | int) or not 0 < len(text) <= _LONGEST:
        return []
    found = [day for day in dict.fromkeys(_days(text)) if len(day) == 10 or not whole]
    return found[:2]


def missing_day(text: str) -> str | None:
    """Why a day in the right form does not exist; None where that is not what is wrong with it."""
    if not _ISO.fullmatch(text):
        return None
    try:
        *years, month, day = (int(part) for part in text.split("-"))
        length = monthrange(years[0] if years else _LEAP_YEAR, month)[1]
    except ValueError:  # there is no such month, or no such year
        return None
    last = "-".join((*text.split("-")[:-1], str(length)))
    return f'that month has {length} days; did you mean "{last}"?' if day > length else None


def _days(text: str) -> Iterator[str]:
    if together := _DIGITS_ONLY.fullmatch(text):
        parts: list[str] = list(together.groups())
    else:
        parts = _PARTS.findall(_TIME_OF_DAY.sub("", text))
    parts = [part for part in parts if part not in _ORDINAL and part[:3] not in _WEEKDAYS]
    words = [part for part in parts if part.isalpha()]
    if len(words) > 1 or not 2 <= len(parts) <= 3 or (words and words[0][:3] not in _MONTHS):
        return
    if words:
        month = _MONTHS.index(words[0][:3]) + 1
        others = [int(part) for part in parts if part.isdigit()]
        orders = [(others[0], month, None)] if len(others) == 1 else _around(month, *others)
    else:
        orders = _orders([int(part) for part in parts], is_year_first=len(parts[0]) == 4)
    for day, month, year in orders:
        yield from _day(day, month, year)


def _around(month: int, one: int, other: int) -> list[tuple[int, int, int | None]]:
    """Day, month and year, with the month said in letters."""
    return [(other, month, one)] if one > 31 else [(one, month, other)]


def _orders(parts: list[int], is_year_first: bool) -> list[tuple[int, int, int | None]]:
    """Day, month and year in the orders that people write them, the likeliest first."""
    if len(parts) == 2:
        return [(parts[1], parts[0], None), (parts[0], parts[1], None)]
    one, two, three = parts
    if is_year_first:
        return [(three, two, one), (two, three, one)]
    return [(one, two, three), (two, one, three)]


def _day(day: int, month: int, year: int | None) -> Iterator[str]:
    """The day as a file has it, if there is such a day."""
    full = year if year is None or year > 99 else 2000 + year
    try:
        there = date(full or _LEAP_YEAR, month, day)
    except ValueError:
        return
    yield there.isoformat() if full else there.isoformat()[5:]


def hours(value: Any) -> list[str]:
    """How to write the opening hours that `value` likely means: one window, within one day."""
    if isinstance(value, dict) and len(value) == 2:
        value = "-".join(map(str, value.values()))
    if isinstance(value, list | tuple) and 0 < len(value) <= 4:
        value = ", ".join(map(str, value))
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _LONGEST:
        return []
    text = value.strip().lower().replace("a.m.", "am").replace("p.m.", "pm")
    if text in _ALL_DAY:
        return ["00:00-24:00"]
    windows = [_window(part.strip()) for part in _WINDOWS.split(text) if part.strip()]
    found = [window for window in windows if window is not None]
    if not found or len(found) < len(windows):
        return []
    start, end = min(start for start, _ in found), max(end for _, end in found)
    ends = [later, end] if end == _A_DAY and (later := _afternoon(text, start)) else [end]
    return [f"{_written(start)}-{_written(end)}" for end in ends]


def windows_in(value: Any) -> int:
    """How many windows are given where a day has one."""
    text = ", ".join(map(str, value[:5])) if isinstance(value, list | tuple) else value
    return len([part for part in _WINDOWS.split(text[:_LONGEST]) if part.strip()]) if isinstance(text, str) else 1


def _window(text: str) -> tuple[int, int] | None:
    """Minutes of the day from and to; what goes past midnight ends there."""
    ends = _DASHES.split(text)
    opens, closes = (_minute(end) for end in ends) if len(ends) == 2 else (None, None)
    if opens is None or closes is None or opens >= _A_DAY:
        return None
    return opens, closes if opens < closes <= _A_DAY else _A_DAY


def _afternoon(text: str, opens: int) -> int | None:
    """The closing time of "9-5", which may be meant on a clock with twelve hours; None where it cannot be."""
    closes = _minute(_DASHES.split(text)[-1])
    half_a_day = _A_DAY // 2
    return closes + half_a_day if closes and closes <= half_a_day and closes + half_a_day > opens else None


def _minute(text: str) -> int | None:
    found = _TIME.fullmatch(text.strip())
    if not found:
        return {"midnight": 0, "noon": 720, "midday": 720}.get(text.strip())
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    if found["half"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found["half"] == "pm" else 0)
    return hours * 60 + minutes if minutes < 60 else None


def _written(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
