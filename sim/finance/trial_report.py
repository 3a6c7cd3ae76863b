"""What a plan for a trial says: in sentences, as plain data for JSON, and as a titled table."""

from collections.abc import Iterator
from dataclasses import asdict

from sim.experiments.plain import Report
from sim.finance.case_report import Row
from sim.finance.trial import Design, TrialPlan
from sim.scenario.quantity import Quantity
from sim.scenario.wording import MISSING, counted, label_of, money, setting


def sentences(plan: TrialPlan) -> Iterator[str]:
    """What it takes to show the effect, and whether the answer is worth it."""
    yield enough(plan)
    yield _worth(plan)


def enough(plan: TrialPlan) -> str:
    """The cheapest design that shows the effect often enough."""
    design = plan.enough
    if design is None:
        largest = plan.designs[-1]
        return (
            f"Even {_size(largest)} would show the effect in only {largest.power:.0%} of trials: "
            "it is too small beside luck and beside how far matched sites differ."
        )
    return (
        f"{_size(design).capitalize()} would show the effect in {design.power:.0%} of trials "
        f"(95% interval {design.low:.0%} to {design.high:.0%}), for {_money(plan, design.cost)}."
    )


def _worth(plan: TrialPlan) -> str:
    best, informs = plan.best, counted(plan.informs, "site")
    if any(design.value is None for design in plan.designs):
        return "What its answer would be worth is not known: luck cannot be told from not knowing yet."
    if best is None:
        return f"For {informs} no trial is worth what it costs: decide without one."
    value, cost = _money(plan, best.value), _money(plan, best.cost)
    return f"Worth most for {informs}: {_size(best)}. Its answer would be worth up to {value}, and costs {cost}."


def rests_on(plan: TrialPlan) -> str:
    """What it assumes of trials, with grades."""
    scenario = plan.case.study.scenario
    said = [
        f"{label_of(scenario, path)}: {_value(plan, one)} ({one.evidence or 'no grade'})"
        for path, one in plan.rests_on.items()
    ]
    return f"It rests on: {'; '.join(said)}. Contribution a week is compared between matched sites."


def _value(plan: TrialPlan, said: Quantity) -> str:
    unit = said.unit or ""
    return _money(plan, said.value) if unit.startswith("currency") else setting(said.value, unit)


def rows(plan: TrialPlan) -> list[dict[str, str]]:
    """A row for each design."""
    return [
        {
            "Pairs of sites": str(one.pairs),
            "Weeks": str(one.weeks),
            "Chance to show it": f"{one.power:.0%} ({one.low:.0%} to {one.high:.0%})",
            "Costs": _money(plan, one.cost),
            "Worth up to": _money(plan, one.value),
        }
        for one in plan.designs
    ]


def _size(design: Design) -> str:
    return f"{design.pairs} pairs of sites for {design.weeks} weeks"


def _money(plan: TrialPlan, amount: float | None) -> str:
    return MISSING if amount is None else money(amount, plan.case.study.currency)


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
