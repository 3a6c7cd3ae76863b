"""Figures and names as people read them. Nothing a scenario's author wrote is ever taken as markup."""

import re

from sim.scenario.quantity import EVIDENCE_MEANING, Quantity

MISSING = "—"
MINUS, PLUS = "−\u2060", "+\u2060"
_SIGNS = {"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥"}
_LARGE = 1_000
NO_OR_YES = "no or yes"
"""The unit of a number that is 0 or 1."""
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def escaped(text: str) -> str:
    """Text as it stands, for a place that would read Markdown."""
    return _MARKUP.sub(r"\\\1", text)


def _sign(value: float, signed: bool) -> str:
    """A true minus, or a plus where asked; joined to what follows, so that no line ends on it."""
    return MINUS if value < 0 else PLUS if signed and value > 0 else ""


def money(amount: float, currency: str, signed: bool = False, whole: bool = True) -> str:
    """An amount in whole currency units, or to two decimals."""
    sign = _sign(amount, signed)
    size = abs(amount)
    number = f"{size:,.0f}" if whole else f"{size:,.2f}"
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


def bare(value: float, unit: str) -> str:
    """A lever's value without a unit that needs saying: shares in percent, no or yes in words, others as they are."""
    if unit == NO_OR_YES and value in (0, 1):
        return "yes" if value else "no"
    return percent(value) if unit.startswith("share") else f"{value:,g}"


def setting(value: float, unit: str) -> str:
    """A lever's value with its unit."""
    return bare(value, unit) if unit == NO_OR_YES or unit.startswith("share") else f"{value:,g} {unit}"


def labelled(label: str, unit: str) -> str:
    """A label with its unit, unless the label says it, or percent does, or no or yes."""
    said = unit == NO_OR_YES or unit.startswith("share") or unit.split(maxsplit=1)[0].lower() in label.lower()
    return label if said else f"{label} ({unit})"


def provenance(quantity: Quantity) -> str:
    """Where a number comes from: range, grade and source, in a sentence each."""
    parts = []
    if quantity.low is not None and quantity.high is not None:
        low, high = setting(quantity.low, quantity.unit or ""), setting(quantity.high, quantity.unit or "")
        parts.append(f"Between {low} and {high}.")
    if quantity.evidence:
        parts.append(f"Evidence {quantity.evidence}: {EVIDENCE_MEANING[quantity.evidence]}.")
    if quantity.source:
        parts.append(f"Source: {quantity.source}.")
    return " ".join(parts) or "No source given."
