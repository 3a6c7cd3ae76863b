"""The reference of levers, from every scenario that comes with Ripple."""

from collections.abc import Iterator

from sim.experiments.library import load, names
from sim.reports.markdown import code, escaped, number, table
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario

LEVER_COLUMNS = ("path", "lever", "range", "now", "unit", "grade", "moves", "which way")
WAYS = {"up": "up", "down": "down", "interior": "best inside", "none": "not at all"}


def levers_page() -> Iterator[str]:
    """Blocks of Markdown: every lever, by scenario."""
    yield "# Levers"
    yield (
        "What sliders and `--set` move, and which way a higher value should move which measure. A test simulates every "
        "lever and fails where it does otherwise. Grades: A measured on your own data, B published and peer-reviewed, "
        "C a vendor's figure or a single study, D a guess nobody has measured."
    )
    for name in names():
        scenario = load(name)
        yield f"## {code(name)}"
        yield f"{escaped(scenario.title)}. {escaped(scenario.question)}"
        rows = [_lever_row(scenario, lever) for lever in scenario.levers]
        yield table(LEVER_COLUMNS, rows) if rows else "It has no levers."


def _lever_row(scenario: Scenario, lever: Lever) -> list[str]:
    quantity = quantity_at(scenario, lever.path)
    return [
        code(lever.path),
        escaped(lever.label),
        f"{number(lever.min)} to {number(lever.max)}",
        number(quantity.value),
        escaped(quantity.unit or ""),
        quantity.evidence or "",
        code(lever.outcome),
        WAYS[lever.direction],
    ]
