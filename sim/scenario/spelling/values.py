"""The number, the date or the opening hours that people mean by what is written otherwise."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_LONGEST = 60  # characters; what is longer is prose
_SIGNS = "£€$¥"
_CODES = "gbp|eur|usd|jpy|chf|sek|nok|dkk|pln|pounds?|euros?|dollars?|yen"
_MONEY = re.compile(rf"[{_SIGNS}]|\b(?:{_CODES})\b", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:about|approx\.?|around|circa|ca\.?|roughly|~|≈)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<number>[-+]?[0-9][0-9.,'’_ ]*|[-+]?[.,][0-9]+)(?P<rest>[^0-9]*)")
_FRACTION = re.compile(r"([0-9]{1,9})\s*/\s*([0-9]{1,9})")
_RANGE = re.compile(r"(?P<low>[-+]?[0-9][0-9.,]*)\s*(?:-|–|—|to|\.\.\.?)\s*(?P<high>[0-9][0-9.,]*)(?P<rest>[^0-9]*)")
_CLOCK = re.compile(r"(?P<hours>[0-9]{1,3})\s*(?:h|:|hours?|hrs?)\s*(?P<minutes>[0-5]?[0-9])\s*(?:m|min|mins|minutes)?")
_GROUPS = re.compile(r"[0-9]{1,3}(?:([,.'’_ ])[0-9]{3})(?:\1[0-9]{3})*")
_PER = re.compile(r"^(?:/|\bper\b|\ban?\b|\beach\b|\bevery\b|\bp\.?)\s*(?P<time>[a-z]+)\.?$")
_PERCENT = ("percent", "per cent", "pct")
_THOUSANDS = {"k": 1_000, "thousand": 1_000, "million": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}

_MINUTES = {"second": 1 / 60, "minute": 1.0, "hour": 60.0, "day": 1_440.0, "week": 10_080.0}
_MINUTES |= {"year": 365 * 1_440.0, "month": 365 * 1_440.0 / 12}
_TIMES = {name: name for name in _MINUTES} | {f"{name}s": name for name in _MINUTES}
_TIMES |= {"s": "second", "sec": "second", "secs": "second", "min": "minute", "mins": "minute", "m": "minute"}
_TIMES |= {"h": "hour", "hr": "hour", "hrs": "hour", "d": "day", "wk": "week", "wks": "week", "w": "week"}
_TIMES |= {"yr": "year", "yrs": "year", "y": "year", "annum": "year", "mo": "month"}
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}


@dataclass(frozen=True)
class Asked:
    """What a field asks for: its bounds, its unit, "" where it says none, and whether whole numbers only."""

    least: float = float("-inf")
    most: float = float("inf")
    unit: str = ""
    whole: bool = False

    def allows(self, number: float) -> bool:
        """Whether the field takes that number."""
        return self.least <= number <= self.most and not (self.whole and number != int(number))


def numbers(value: Any, asked: Asked) -> list[str]:
    """How to write the number, or the range, that `value` likely means; several where it may mean several.

    Nothing that the field would refuse is proposed, and nothing where a word beside the number is not understood.
    """
    if isinstance(value, list | tuple):
        return _of_list(value, asked)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        return []
    text = _ABOUT.sub("", value.strip().replace("−", "-").replace("\xa0", " ").replace("\u202f", " "))
    found = dict.fromkeys(_written(number) for number in _meant(text, asked) if asked.allows(float(number)))
    return list(found) or _of_range(text, asked)


def _meant(text: str, asked: Asked) -> Iterator[str]:
    """Numbers as text, each as somebody would read `text`."""
    if clock := _CLOCK.fullmatch(text):
        yield from _of_clock(clock, asked)
    elif (fraction := _FRACTION.fullmatch(text)) and int(fraction[2]):
        yield _digits(int(fraction[1]) / int(fraction[2]))
    elif number := _NUMBER.fullmatch(_MONEY.sub("", text).strip()):
        times = _factor(number["rest"].strip().lower(), asked.unit, has_money=bool(_MONEY.search(text)))
        for plain in _readings(number["number"].strip()) if times is not None else ():
            yield plain if times == 1 else _digits(float(plain) * float(times or 0))


def _readings(digits: str) -> Iterator[str]:
    """The ways to read digits with commas, points, spaces and apostrophes between them; groups of three first."""
    sign, unsigned = ("-" if digits.startswith("-") else ""), digits.lstrip("+-")
    whole, comma, cents = unsigned.rpartition(",")
    if "," in unsigned and "." in unsigned:
        last = max(unsigned.rfind(","), unsigned.rfind("."))
        yield from _readings_of(sign, unsigned[:last], unsigned[last + 1 :])
        return
    if _GROUPS.fullmatch(unsigned) and not unsigned.startswith("0"):
        yield sign + re.sub(r"[^0-9]", "", unsigned)
    if unsigned.count(",") == 1:
        yield from _readings_of(sign, whole or "0", cents)
    elif not comma and re.fullmatch(r"[0-9]*\.?[0-9]+|[0-9]+\.", unsigned):
        yield sign + unsigned
    elif not comma and unsigned.count(".") == 1:
        yield from _readings_of(sign, *unsigned.split("."))


def _readings_of(sign: str, whole: str, decimals: str) -> Iterator[str]:
    if (_GROUPS.fullmatch(whole) or _is_plain(whole)) and _is_plain(decimals):
        yield f"{sign}{re.sub('[^0-9]', '', whole)}.{decimals}"


def _is_plain(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal()


def _factor(rest: str, unit: str, has_money: bool) -> float | None:
    """By what to multiply for the words behind a number; None where they are not understood in that unit."""
    if rest in _PERCENT or rest.startswith("%"):
        return 0.01
    if rest in _THOUSANDS:
        return _THOUSANDS[rest]
    if rest == "m" and has_money:
        return 1_000_000
    if (per := _per(rest)) is not None:
        return None if (wanted := _per(unit)) is None else _MINUTES[wanted] / _MINUTES[per]
    if (time := _TIMES.get(rest)) is not None:
        return None if (wanted := _TIMES.get(unit)) is None else _MINUTES[time] / _MINUTES[wanted]
    return 1.0


def _per(words: str) -> str | None:
    """The time in "a week", "/day", "per month", "yearly"."""
    found = _PER.match(words)
    return _ADVERBS.get(words) or (_TIMES.get(found["time"]) if found else None)


def _of_clock(clock: re.Match[str], asked: Asked) -> Iterator[str]:
    """Hours and minutes; with a colon alone perhaps minutes and seconds."""
    if (wanted := _TIMES.get(asked.unit)) is None:
        return
    hours, minutes = int(clock["hours"]), int(clock["minutes"])
    yield _digits((hours * 60 + minutes) / _MINUTES[wanted])
    if ":" in clock[0] and wanted == "minute":
        yield _digits(hours + minutes / 60)


def _of_range(text: str, asked: Asked) -> list[str]:
    found = _RANGE.fullmatch(text)
    factor = _factor(found["rest"].strip().lower(), asked.unit, has_money=False) if found else None
    if found is None or factor is None:
        return []
    ends = [next(_readings(found[end].rstrip(".,")), None) for end in ("low", "high")]
    given = [float(end) * factor for end in ends if end is not None]
    return _range(given, asked) if len(given) == 2 else []


def _of_list(items: Sequence[Any], asked: Asked) -> list[str]:
    numbers = [item for item in items[:4] if isinstance(item, int | float) and not isinstance(item, bool)]
    return _range(numbers, asked) if len(numbers) == len(items) in (2, 3) else []


def _range(numbers: Sequence[float], asked: Asked) -> list[str]:
    """Two or three rising numbers as a range of what is not known for sure."""
    if list(numbers) != sorted(numbers) or not all(map(asked.allows, numbers)):
        return []
    names = ("low", "high") if len(numbers) == 2 else ("low", "mode", "high")
    return [f"{{{', '.join(f'{name}: {_digits(n)}' for name, n in zip(names, numbers, strict=True))}}}"]


def _digits(number: float) -> str:
    """A number in at most four digits behind those that count, without an exponent where it can do without."""
    return f"{number:.15g}" if float(number).is_integer() else f"{number:.4g}"


def _written(number: str) -> str:
    """Digits as a file has them: no zeros before, a zero before the point."""
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, point, decimals = digits.partition(".")
    return f"{sign}{whole.lstrip('0') or '0'}{point if decimals else ''}{decimals}"


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
        first, last = others[0], others[1] if len(others) == 2 else None
        orders = [(last, month, first) if last is not None and first > 31 else (first, month, last)]
    else:
        orders = _orders([int(part) for part in parts], is_year_first=len(parts[0]) == 4)
    for day, month, year in orders:
        yield from _day(day, month, year)


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
    return ["-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (start, end)) for end in ends]


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
