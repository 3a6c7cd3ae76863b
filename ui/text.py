"""Figures and names as people read them. Nothing a scenario's author wrote is ever taken as markup."""

from sim.reports.markdown import escaped_on_a_page as escaped
from sim.scenario.quantity import EVIDENCE_MEANING, Quantity
from sim.scenario.wording import (
    MINUS,
    MISSING,
    NO_OR_YES,
    PLUS,
    bare,
    figure,
    money,
    number,
    percent,
    rest_of_unit,
    setting,
    size,
)

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
    "rest_of_unit",
    "setting",
    "size",
]


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
