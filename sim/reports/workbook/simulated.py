"""The page Simulated: what every future gave, and how likely a lower value was for what turns it into money."""

from collections.abc import Iterator

from sim.finance.case import Case
from sim.finance.draws import chances
from sim.reports.workbook.columns import Column, Table
from sim.reports.workbook.inputs import financial
from sim.reports.workbook.prices_moved import moved

SIMULATED = "Simulated"
SIMULATED_NOTES = (
    "A row a future, a year's rates in each world. Values, not formulas: change them in Ripple.",
    "Revenue counts each segment's times its margin multiple. A chance says where in its range a quantity lies.",
)
_FLOWS = {"earned": "Revenue", "visits": "Visits", "returned": "Refunds and coaching"}
WORLDS = {"now": "as things are", "then": "mended"}


def simulated(case: Case) -> Table:
    """Chances first, then yearly flows of both worlds, how often each fix is used, and what becomes of prices."""
    return Table(SIMULATED, [*_chances(case), *_flows(case), *_uses(case), *_prices(case)])


def _chances(case: Case) -> Iterator[Column]:
    """Sobol points: what a quantity is in a future is its quantile there."""
    at = chances(case.study.scenario, case.futures, case.study.seed)
    for one in financial(case):
        if one.drawn:
            yield Column(("chance", one.path), f"Chance of less: {one.label}", "factor", at[one.path])


def _flows(case: Case) -> Iterator[Column]:
    for flow, words in _FLOWS.items():
        for year in range(years(case)):
            for world, said in WORLDS.items():
                values = getattr(getattr(case.twins, world), flow)[:, year]
                look = "count" if flow == "visits" else "money"
                yield Column((flow, world, year + 1), f"{words}, {said}, year {year + 1}", look, values)


def _uses(case: Case) -> Iterator[Column]:
    for position, name in enumerate(case.fixes):
        for year in range(years(case)):
            heading = f"Uses of {case.study.fix(name).label}, year {year + 1}"
            yield Column(("uses", name, year + 1), heading, "count", case.twins.then.uses[:, position, year])


def _prices(case: Case) -> Iterator[Column]:
    labels = {one.path: one.label for one in financial(case)}
    for one in moved(case):
        for way, words in (("times", "times what is stated"), ("add", "added to it")):
            heading = f"{labels[one.path]}, {WORLDS[one.world]}: {words}"
            yield Column((way, one.world, one.path), heading, "factor", getattr(one, way))


def years(case: Case) -> int:
    """How many years were simulated."""
    return int(case.twins.now.earned.shape[1])
