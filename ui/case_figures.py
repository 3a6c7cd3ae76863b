"""The key figures of a case, each with its range over the futures or the reason why it has none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.finance import appraisal
from sim.finance.case import Case
from sim.finance.cash import before_tax
from sim.finance.uncertainty import percentiles
from ui.text import money

Floats = NDArray[np.float64]
Ratio = Callable[[float, float], float | None]
BESIDE_YEARS = 5
LABELS = (
    "Net present value",
    f"The same over {BESIDE_YEARS} years",
    "Internal rate of return",
    "Cost in year one",
    "Payback",
    "Discounted payback",
    "Return on investment",
    "Benefit-cost ratio",
)


@dataclass(frozen=True)
class KeyFigure:
    """A figure as people read it: what it is, how large, where it lies in eight of ten futures, what it means."""

    label: str
    value: str
    range: str
    help: str


def key_figures(case: Case) -> Iterator[KeyFigure]:
    """A figure for each of `LABELS`."""
    longer = replace(case, terms=case.terms.model_copy(update={"horizon_years": BESIDE_YEARS}))
    yield _npv(case, LABELS[0], "What all its cash is worth today, costs taken off: the mean over futures.")
    yield _npv(longer, LABELS[1], _longer_help(longer))
    yield _irr(case)
    yield _spent(case)
    yield _payback(case)
    yield _discounted_payback(case)
    yield _ratio(case, LABELS[6], appraisal.roi, "{:,.0%}", "Benefit less cost, over cost, all in today's money.")
    ratio = appraisal.benefit_cost_ratio
    yield _ratio(case, LABELS[7], ratio, "{:.2f}", "Benefit over cost, both in today's money; above 1 it pays.")


def _spent(case: Case) -> KeyFigure:
    spent = before_tax(case.twins.now, case.twins.then, case.prices, case.terms)
    p10, _, p90 = (money(end, case.study.currency) for end in percentiles(spent.outlay + spent.running[:, 0]))
    help_ = "What has to be spent at the start and in the first year, before tax: the mean over futures."
    return KeyFigure(LABELS[3], money(case.year_one_cost, case.study.currency), _span(p10, p90), help_)


def _span(p10: str, p90: str) -> str:
    return "the same in every future" if p10 == p90 else f"{p10} to {p90}"


def _npv(case: Case, label: str, help_: str) -> KeyFigure:
    p10, _, p90 = (money(end, case.study.currency) for end in case.percentiles)
    mean = case.npv.mean
    return KeyFigure(label, "none" if mean is None else money(mean, case.study.currency), _span(p10, p90), help_)


def _longer_help(case: Case) -> str:
    beyond = case.terms.horizon_years - case.years_simulated
    repeats = f" Years after the {case.years_simulated} simulated repeat the last of them." if beyond > 0 else ""
    return f"The net present value if {BESIDE_YEARS} years counted.{repeats}"


def _irr(case: Case) -> KeyFigure:
    rate, said = case.irr
    found = [appraisal.irr(flows, case.terms.mid_year)[0] for flows in case.cash.net]
    rates = np.array([one for one in found if one is not None])
    without = len(found) - len(rates)
    spread = (
        f"no range: {without} of {len(found)} futures have no single rate" if without else _between(rates, "{:,.0%}")
    )
    help_ = f"The discount rate at which it would be worth nothing: {said}."
    return KeyFigure(LABELS[2], "none" if rate is None else _signed("{:,.1%}", rate), spread, help_)


def _payback(case: Case) -> KeyFigure:
    paid = [appraisal.payback_years(flows) for flows in case.cash.net]
    help_ = "When the mean cash has paid back what was spent at the start."
    return KeyFigure(LABELS[4], years(case.payback_years), _years_between(paid), help_)


def _discounted_payback(case: Case) -> KeyFigure:
    every = zip(case.cash.rate, case.cash.net, strict=True)
    paid = [appraisal.discounted_payback_years(float(rate), flows, case.terms.mid_year) for rate, flows in every]
    help_ = f"The same with later cash worth less, by {case.rate:.1%} a year."
    return KeyFigure(LABELS[5], years(case.discounted_payback_years), _years_between(paid), help_)


def years(value: float | None) -> str:
    """A time to pay back, in years and months; never is said."""
    if value is None:
        return "never"
    months = round(12 * value)
    if months >= 24:
        return f"{value:.1f} years"
    return "1 month" if months == 1 else f"{months} months"


def _years_between(paid: list[float | None]) -> str:
    """From the fast to the slow; never is slower than any."""
    ends = np.sort([np.inf if one is None else one for one in paid])
    p10, p90 = (float(ends[round(share * (len(ends) - 1))]) for share in (0.1, 0.9))
    if np.isinf(p10):
        return "never in nine of ten futures"
    return _span(years(p10), years(None if np.isinf(p90) else p90))


def _ratio(case: Case, label: str, of: Ratio, form: str, help_: str) -> KeyFigure:
    benefit, cost = case.cash.pv_benefit, case.cash.pv_cost
    value = of(float(benefit.mean()), float(cost.mean()))
    each = [of(float(b), float(c)) for b, c in zip(benefit, cost, strict=True)]
    known = np.array([one for one in each if one is not None])
    without = len(each) - len(known)
    spread = f"no range: {without} of {len(each)} futures cost nothing" if without else _between(known, form)
    return KeyFigure(label, "none: no cost" if value is None else _signed(form, value), spread, help_)


def _between(values: Floats, form: str) -> str:
    p10, _, p90 = (_signed(form, end) for end in percentiles(values))
    return _span(p10, p90)


def _signed(form: str, value: float) -> str:
    return form.format(value).replace("-", "−")
