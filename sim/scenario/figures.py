"""Figures as people read them: money, shares and numbers, with a true minus sign."""

import re

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
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{number}"


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


def size(change: float | None, unit: str, currency: str) -> str:
    """How large a change is, whichever way it goes: of a share in percentage points. A dash when it is missing."""
    return figure(None if change is None else abs(change), unit, currency, signed=True).removeprefix(PLUS)


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
