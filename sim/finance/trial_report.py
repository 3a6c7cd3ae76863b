"""A plan for a trial as plain data for JSON, and as a titled table: missing is None, never 0."""

from collections.abc import Iterator
from dataclasses import asdict

from sim.experiments.plain import Report
from sim.finance.case_report import Row
from sim.finance.trial import Design, TrialPlan
from sim.scenario.quantity import Quantity
from sim.scenario.wording import money


def trial_report(plan: TrialPlan) -> Report:
    """Every design looked at, the cheapest with the power wanted, the one worth most, and what it rests on."""
    return {
        "wanted_power": plan.wanted_power,
        "informs_stores": plan.informs,
        "enough": _design(plan.enough),
        "best": _design(plan.best),
        "designs": [_design(design) for design in plan.designs],
        "currency": plan.case.study.currency,
        "rests_on": [{"path": path, "value": said.value, **_said(said)} for path, said in plan.rests_on.items()],
    }


def _said(said: Quantity) -> Report:
    return said.model_dump(exclude={"mode"})


def _design(design: Design | None) -> Report | None:
    return None if design is None else asdict(design) | {"net": design.net}


def tables(plan: TrialPlan) -> Iterator[tuple[str, list[Row]]]:
    """The designs as a table for a terminal."""
    currency = plan.case.study.currency
    yield (
        f"Designs: the chance to see the effect (95% interval); what knowing is worth to {plan.informs:,} stores",
        [
            {
                "pairs": str(design.pairs),
                "weeks": str(design.weeks),
                "power": f"{design.power:.0%} ({design.low:.0%} to {design.high:.0%})",
                "costs": money(design.cost, currency),
                "worth up to": "not known" if design.value is None else money(design.value, currency),
            }
            for design in plan.designs
        ],
    )
