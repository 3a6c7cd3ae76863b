"""The number that people mean by what is no number in YAML: decimal commas, percent signs, rates, hours, money."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    """What a field asks for: its bounds, whether whole numbers only, and its unit, "" where it says none."""

    least: float = float("-inf")
    most: float = float("inf")
    whole: bool = False
    unit: str = ""

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
