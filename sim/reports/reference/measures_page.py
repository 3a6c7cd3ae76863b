"""The reference of measures, from their register."""

from collections.abc import Iterator
from itertools import groupby

from sim.outcomes import measures
from sim.outcomes.measures import MEASURES, Measure
from sim.reports.markdown import escaped, prose, table

MEASURE_COLUMNS = ("measure", "label", "unit", "better", "definition")


def measures_page() -> Iterator[str]:
    """Blocks of Markdown: every measure, in the order in which people read them."""
    yield "# Measures"
    yield (
        "Every figure that Ripple shows, defined once. A measure that has nothing to measure is missing (`null`, “not "
        "measured”) and never 0. `{currency}` and `{weeks}` are the scenario's."
    )
    for module, found in groupby(MEASURES.values(), lambda measure: measure.take.__module__):
        yield f"## {escaped(_title(module))}"
        yield table(MEASURE_COLUMNS, map(_measure_row, found))


def _title(module: str) -> str:
    """What a module of measures says it holds."""
    kind = getattr(measures, module.rpartition(".")[2])
    return str(kind.__doc__).splitlines()[0].removeprefix("Measures of ").rstrip(".").capitalize()


def _measure_row(measure: Measure) -> list[str]:
    better = "" if measure.better == "neither" else measure.better
    unit = measure.unit.replace("{", "`{").replace("}", "}`")
    return [f"`{measure.name}`", escaped(measure.label), unit, better, prose(measure.definition)]
