"""How the terms of a case are asked for: in percent where people think in percent."""

from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from sim.finance.assumptions import Terms


@dataclass(frozen=True)
class Percent:
    """A term that is a share and is asked for in percent, between what `Terms` allows."""

    term: str
    label: str
    help: str

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most, in percent."""
        least, most = _bounds(Terms.model_fields[self.term])
        return 100.0 * least, 100.0 * most


PERCENTS = (
    Percent("tax_rate", "Tax on what it earns, %", "0 is before tax. The outlay is taken off the first year's profit."),
    Percent("inflation", "Inflation, % a year", "By which cash grows under a nominal rate. A real rate needs none."),
    Percent("cost_uplift", "Raise every cost by, %", "For optimism: projects cost more than planned (UK Green Book)."),
    Percent("benefit_cut", "Cut every benefit by, %", "For risk, on top of the ranges of the assumptions."),
)
HORIZON = "Years that count"
RATE_KINDS = {False: "nominal", True: "real"}
WHEN_KINDS = {False: "at its end", True: "in its middle"}


def horizon_ends() -> tuple[int, int]:
    """The fewest years that count, and the most."""
    least, most = _bounds(Terms.model_fields["horizon_years"])
    return int(least), int(most)


def _bounds(field: FieldInfo) -> tuple[float, float]:
    ends = {name: getattr(note, name) for note in field.metadata for name in ("ge", "le") if hasattr(note, name)}
    return ends["ge"], ends["le"]


def shown(term: str, value: Any) -> Any:
    """What a term's widget shows for it."""
    return round(100.0 * value, 10) if term in _PERCENT_TERMS else value


def meant(term: str, shown: Any) -> Any:
    """The term that a widget's value means."""
    return round(shown / 100.0, 12) if term in _PERCENT_TERMS else shown


_PERCENT_TERMS = {percent.term for percent in PERCENTS}


def summary(terms: Terms, rate: float) -> str:
    """The terms in a sentence."""
    years = f"{terms.horizon_years} year{'' if terms.horizon_years == 1 else 's'}"
    said = [f"{years} at {rate:.3g}% a year ({RATE_KINDS[terms.real]})"]
    if terms.mid_year:
        said.append("each year's cash in its middle")
    said.append(f"after {100 * terms.tax_rate:.3g}% tax" if terms.tax_rate else "before tax")
    if terms.inflation and not terms.real:
        said.append(f"{100 * terms.inflation:.3g}% inflation")
    if terms.cost_uplift:
        said.append(f"costs raised by {100 * terms.cost_uplift:.3g}%")
    if terms.benefit_cut:
        said.append(f"benefits cut by {100 * terms.benefit_cut:.3g}%")
    return ", ".join(said)
