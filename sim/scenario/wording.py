"""What people read: figures, names in place of paths, and texts without the characters that nobody sees."""

import re
from collections.abc import Sequence

from sim.scenario.fixes import Change
from sim.scenario.journey import Lift, Route
from sim.scenario.paths import settables, steps_to
from sim.scenario.quantity import Named, Part
from sim.scenario.scenario import Scenario

# C0 but newline and tab, DEL and C1; Unicode's own line ends; what turns the direction of text; what has no width.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_LINE_ENDS = re.compile("\r\n?")


def clean(text: str) -> str:
    """The text without control characters, direction marks and characters without width; every line ends in newline.

    What is taken out leaves no trace, so that two texts that look alike are alike.
    """
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def joined(parts: Sequence[str]) -> str:
    """Parts as people list them: "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def lowered(label: str) -> str:
    """A label inside a sentence: its first letter small."""
    return label[:1].lower() + label[1:]


MISSING = "—"
MINUS, PLUS = "−\u2060", "+\u2060"
_SIGNS = {"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥"}
_LARGE = 1_000
_SCALE = re.compile(r"-?\d+ to \d+")
NO_OR_YES = "no or yes"
"""The unit of a number that is 0 or 1."""


def _sign(value: float, signed: bool) -> str:
    """A true minus, or a plus where asked; joined to what follows, so that no line ends on it."""
    return MINUS if value < 0 else PLUS if signed and value > 0 else ""


def money(amount: float, currency: str, signed: bool = False, whole: bool = True) -> str:
    """An amount in whole currency units, or to two decimals."""
    digits = 0 if whole else 2
    sign = _sign(round(amount, digits), signed)  # less than half a penny has none
    number = f"{abs(amount):,.{digits}f}"
    return f"{sign}{sign_of(currency)}{number}"


def sign_of(currency: str) -> str:
    """What stands before an amount of money: "£"."""
    return _SIGNS.get(currency, f"{currency} ")


def percent(share: float, signed: bool = False) -> str:
    """A share in percent, or, signed, a change of one in percentage points; two decimals below 1."""
    sign = _sign(share, signed)
    size = abs(share) * 100
    digits = 0 if size >= 99.95 or size == 0 else 1 if size >= 1 else 2
    return f"{sign}{size:.{digits}f}{' points' if signed else '%'}"


def number(value: float, signed: bool = False) -> str:
    """A plain number, with a true minus sign."""
    sign = _sign(value, signed)
    size = abs(value)
    return f"{sign}{size:,.0f}" if size >= 100 or size == 0 else f"{sign}{size:.1f}"


def figure(value: float | None, unit: str, currency: str, signed: bool = False) -> str:
    """A figure in its unit's own form; a dash when it is missing."""
    if value is None:
        return MISSING
    if currency and unit.startswith(currency):
        return money(value, currency, signed, whole=unit.endswith("a year") or abs(value) >= _LARGE)
    if unit.startswith("share"):
        return percent(value, signed)
    return number(value, signed)


def rest_of_unit(unit: str, currency: str) -> str:
    """What of a unit a figure does not say itself: "a year", "minutes"."""
    return unit.removeprefix(currency).removeprefix("share").strip()


def size(change: float | None, unit: str, currency: str) -> str:
    """How large a change is, whichever way it goes: of a share in percentage points. A dash when it is missing."""
    return figure(None if change is None else abs(change), unit, currency, signed=True).removeprefix(PLUS)


def counted(count: int, what: str) -> str:
    """So many of something: "1 run", "3 runs"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def bare(value: float, unit: str) -> str:
    """A lever's value without a unit that needs saying: shares in percent, no or yes in words, others as they are."""
    if unit == NO_OR_YES and value in (0, 1):
        return "yes" if value else "no"
    return percent(value) if unit.startswith("share") else f"{value:,g}"


def setting(value: float, unit: str) -> str:
    """A lever's value with its unit."""
    if unit == NO_OR_YES or unit.startswith("share"):
        return bare(value, unit)
    return f"{value:,g} on a scale of {unit}" if _SCALE.match(unit) else f"{value:,g} {unit}"


_PLAIN = {
    "base": "customers at week 0",
    "once": "cost at the start",
    "per_year": "cost a year",
    "per_use": "cost each use",
    "times": "effect, times",
    "add": "effect, added",
    "mean": "",
    "costs": "",
    "changes": "",
    "next": "",
    "lifts": "",
    "on": "",
}
_SILENT = ("economics", "fixes", "failures", "assets", "resources", "journey", "policies", "customers", "responses")


def label_of(scenario: Scenario, path: str) -> str:
    """The quantity at that path in words: its lever's label, or the labels on the way and the field's name.

    Raises:
        KeyError: the path leads nowhere.
    """
    for lever in scenario.levers:
        if lever.path == path:
            return lever.label
    labels: list[str] = []
    words: list[str] = []
    which = ""
    for step, part in steps_to(scenario, path):
        if isinstance(part, Named):
            labels.append(part.label)
            words = []
        elif step.startswith("["):
            which = _which(scenario, part)
        elif not (step in _SILENT and not words):
            words.append(_PLAIN.get(step, step.replace("_", " ")))
    field = " ".join(word for word in words if word) + which
    said = f"{', '.join(labels)}: {field}" if labels and field else ", ".join(labels) or field
    return re.sub(r"^(.)", lambda first: first.group().upper(), said)


def moved(scenario: Scenario, path: str, value: float | bool) -> str:
    """A quantity or switch that stands elsewhere, in words: "repair time at 120 minutes instead of 240".

    Raises:
        KeyError: the path leads nowhere.
    """
    now, label = settables(scenario)[path], label_of(scenario, path)
    if isinstance(now, bool) or (now.unit == NO_OR_YES and value in (0, 1)):
        return f"“{label}” {'on' if value else 'off'}"
    unit = now.unit or ""
    is_said = not unit or unit.split(maxsplit=1)[0].lower() in label.lower()
    there = bare(value, unit) if is_said else setting(value, unit)
    return f"{lowered(label)} at {there} instead of {bare(now.value, unit)}"


def _which(scenario: Scenario, part: Part) -> str:
    """Which of several it is that have no label of their own: what it changes, or where it leads."""
    if isinstance(part, Change):
        return f", on “{label_of(scenario, part.path)}”"
    if isinstance(part, Lift):
        return f" on {part.rate} at “{_named(scenario, part.at)}”"
    assert isinstance(part, Route)
    whose = [_named(scenario, name) for name in (*part.segments, *part.trips)]
    return ", ".join([f" to “{_named(scenario, part.to)}”", *([] if part.when == "always" else [part.when]), *whose])


def _named(scenario: Scenario, name: str) -> str:
    parts = (*scenario.journey, *scenario.failures, *scenario.segments, *scenario.trips)
    return next(part.label for part in parts if part.id == name)
