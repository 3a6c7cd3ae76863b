"""What is said of the questions beside a case: a portfolio, a trial, a chain; returns plain text."""

from collections.abc import Iterator

from sim.finance.chain import ChainCase
from sim.finance.portfolio import EXACT, Portfolio
from sim.finance.report import money_or
from sim.finance.trial import Design, TrialPlan
from sim.reports.narrative import interval
from sim.scenario.quantity import Quantity
from sim.scenario.wording import MISSING, counted, joined, label_of, money, percent, setting

# ---- which fixes a budget should buy -------------------------------------------------------------------


def best(found: Portfolio, budget: float | None) -> str:
    """The set of fixes that a budget buys at best; without one, the best there is."""
    bundle, currency = found.within(budget), found.study.currency
    within = "Whatever the budget" if budget is None else f"Within {money(budget, currency)} in year one"
    if not bundle.fixes:
        return f"{within}, nothing beats doing nothing."
    spent, worth = money(bundle.needs, currency), money(bundle.worth, currency)
    sure = interval(bundle.npv, lambda end: money(end, currency), " from luck:")
    return f"{within}, the best is {named(found, bundle.fixes)}: {spent} in year one, worth {worth} ({sure})."


def named(found: Portfolio, fixes: tuple[str, ...]) -> str:
    """The fixes of a set by their labels."""
    return joined([f"“{found.study.fix(fix).label}”" for fix in fixes]) or "nothing"


def of_portfolio(found: Portfolio) -> Iterator[str]:
    """What else there is to know: whether all sets were looked at, and whether fixes add up."""
    yield _looked_at(found)
    yield from _added_up(found)
    for fixes in found.impossible:
        labels = " and ".join(f"“{found.study.fix(fix).label}”" for fix in fixes)
        yield f"{labels} cannot be done together: sets with both were left out."
    if found.why_no_credit and not found.impossible:
        yield f"Nobody is given credit: {found.why_no_credit}."


def _looked_at(found: Portfolio) -> str:
    at_likeliest = "with every assumption at its likeliest"
    if len(found.candidates) == 1:
        return f"There is one fix to choose, {at_likeliest}."
    if found.exact:
        return f"Every set of the {len(found.candidates)} fixes was simulated, {at_likeliest}: nothing was missed."
    return (
        f"With more than {EXACT} fixes not every set can be simulated: {len(found.bundles)} sets were, "
        f"{at_likeliest}, found by a search; a better one may have been missed."
    )


def _added_up(found: Portfolio) -> Iterator[str]:
    solos, joint = found.sum_of_solos, found.joint
    if solos is None or joint is None or solos.mean is None or joint.mean is None or len(found.candidates) < 2:
        return
    added, together = (money(npv, found.study.currency) for npv in (solos.mean, joint.mean))
    gap = joint.mean - solos.mean
    if round(gap) == 0:
        yield f"All fixes together are worth {together}, as much as one at a time added up."
        return
    why = "they overlap" if gap < 0 else "they help each other"
    yield f"One at a time, added up, they would be worth {added}; all together they are worth {together}: {why}."


# ---- a trial -------------------------------------------------------------------------------------------


def of_trial(plan: TrialPlan) -> list[str]:
    """All that there is to say of a trial."""
    return [enough(plan), worth(plan), rests_on(plan)]


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
        f"(95% interval {design.low:.0%} to {design.high:.0%}), for {money(design.cost, plan.case.study.currency)}."
    )


def worth(plan: TrialPlan) -> str:
    """Whether the answer of a trial is worth what it costs."""
    best, informs = plan.best, counted(plan.informs, "site")
    if any(design.value is None for design in plan.designs):
        return "What its answer would be worth is not known: luck cannot be told from not knowing yet."
    if best is None:
        return f"For {informs} no trial is worth what it costs: decide without one."
    value, cost = (money_or(MISSING, amount, plan.case.study.currency) for amount in (best.value, best.cost))
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
    return money(said.value, plan.case.study.currency) if unit.startswith("currency") else setting(said.value, unit)


def _size(design: Design) -> str:
    return f"{design.pairs} pairs of sites for {design.weeks} weeks"


# ---- a chain -------------------------------------------------------------------------------------------


def of_chain(found: ChainCase) -> list[str]:
    """All that there is to say of a chain."""
    return [headline(found), made_of(found), spread(found)]


def headline(found: ChainCase) -> str:
    """What fixes are worth in every store, in a sentence."""
    p10, _, p90 = (money(end, found.currency) for end in found.percentiles)
    return (
        f"In all {found.stores:,.0f} stores: {money(found.year_one_cost, found.currency)} in year one, "
        f"worth {money_or(MISSING, found.npv.mean, found.currency)}; eight of ten futures lie between {p10} and {p90}, "
        f"and {percent(found.prob_loss)} of them lose money."
    )


def made_of(found: ChainCase) -> str:
    """The mix of types behind the figure."""
    worths = [money_or(MISSING, row.npv.mean, found.currency) for row in found.mix]
    said = [f"{row.stores:,.0f} × {row.label}: {worth}" for row, worth in zip(found.mix, worths, strict=True)]
    return f"Made of {'; '.join(said)}."


def spread(found: ChainCase) -> str:
    """How much of what is not sure is luck, and how much is not knowing."""
    luck, inputs = found.spread.run_noise_sd, found.spread.input_sd
    if luck is None or inputs is None:
        return "How much of the spread is luck is not known."
    inputs_said, luck_said = money(inputs, found.currency), money(luck, found.currency)
    return (
        f"What is not known is the same in every store and does not average out: {inputs_said} (standard deviation). "
        f"Luck is each store's own and does: {luck_said}. What a mended store takes from sister stores is taken off."
    )
