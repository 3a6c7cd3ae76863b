"""Figures and names as people read them. Nothing a scenario's author wrote is ever taken as markup."""

import re

from sim.scenario.figures import MINUS, MISSING, NO_OR_YES, PLUS, bare, money, number, percent, setting
from sim.scenario.quantity import EVIDENCE_MEANING, Quantity

__all__ = [
    "MINUS",
    "MISSING",
    "NO_OR_YES",
    "PLUS",
    "bare",
    "escaped",
    "figure",
    "labelled",
    "money",
    "number",
    "percent",
    "provenance",
    "setting",
]
_LARGE = 1_000
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def escaped(text: str) -> str:
    """Text as it stands, for a place that would read Markdown."""
    return _MARKUP.sub(r"\\\1", text)


def figure(value: float | None, unit: str, currency: str, signed: bool = False) -> str:
    """A figure in its unit's own form; a dash when it is missing."""
    if value is None:
        return MISSING
    if currency and unit.startswith(currency):
        return money(value, currency, signed, whole=unit.endswith("a year") or abs(value) >= _LARGE)
    if unit.startswith("share"):
        return percent(value, signed)
    return number(value, signed)


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
