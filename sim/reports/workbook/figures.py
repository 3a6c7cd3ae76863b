"""Figures: what a case comes down to, each with the formula that recomputes it, or none where it was simulated."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.finance.case import Case
from sim.reports.workbook.rates import rate_said


@dataclass(frozen=True)
class Figure:
    """A figure by the name of its cell. `value` is the tool's own, a word where there is none, None if not known.

    `formula` is "" where only Ripple can work it out anew; `said` is the formula of the note, "" where it stays.
    """

    name: str
    label: str
    value: float | str | None
    look: str
    note: str
    formula: str = ""
    said: str = ""


_HALF = "TINV(0.05,COUNT(npvs)-1)*STDEV(npvs)/SQRT(COUNT(npvs))"
_BENEFIT, _COST = "AVERAGE(pv_benefits)", "AVERAGE(pv_costs)"


def figures(case: Case) -> list[Figure]:
    """Every figure of the Summary, in its order."""
    return [*_worth(case), *_returns(case), *_spread(case), *_cash(case), *_simulated(case)]


def _worth(case: Case) -> Iterator[Figure]:
    npv = case.npv
    yield Figure("case_npv", "Net present value", npv.mean, "money", "mean over all futures", "AVERAGE(npvs)")
    said = "95% interval of that mean: what more futures would narrow"
    yield Figure("case_npv_low", "… at least", npv.low, "money", said, f"case_npv-{_HALF}")
    yield Figure("case_npv_high", "… at most", npv.high, "money", said, f"case_npv+{_HALF}")


def _returns(case: Case) -> Iterator[Figure]:
    cash = "of the mean cash, rounded up to whole months"
    irr, note = _or("none", case.irr[0]), rate_said(case.net, case.terms.mid_year)
    yield Figure("case_irr", "Internal rate of return", irr, "percent", note, "found_irr", "irr_said")
    for label, name, value in (
        ("Payback, in years", "payback_years", case.payback_years),
        ("Discounted payback, in years", "discounted_payback_years", case.discounted_payback_years),
    ):
        yield Figure(f"case_{name}", label, _or("never", value), "years", cash, f"found_{name}")
    roi, ratio = f"({_BENEFIT}-{_COST})/{_COST}", f"{_BENEFIT}/{_COST}"
    for name, label, value, look, formula in (
        ("roi", "Return on investment", case.roi, "percent", roi),
        ("benefit_cost_ratio", "Benefit-cost ratio", case.benefit_cost_ratio, "ratio", ratio),
    ):
        note = "of mean present values; none without a cost"
        yield Figure(f"case_{name}", label, _or("none", value), look, note, f'IF({_COST}>0,{formula},"none")')


def _or(word: str, value: float | None) -> float | str:
    return word if value is None else value


def _spread(case: Case) -> Iterator[Figure]:
    for share, value in zip((10, 50, 90), case.percentiles, strict=True):
        note = f"{share}% of futures are worth less"
        yield Figure(f"case_p{share}", f"NPV, P{share}", value, "money", note, f"PERCENTILE(npvs,{share / 100})")
    loss = 'COUNTIF(npvs,"<0")/COUNT(npvs)'
    yield Figure("case_prob_loss", "Chance of a loss", case.prob_loss, "percent", "futures with an NPV below 0", loss)


def _cash(case: Case) -> Iterator[Figure]:
    first = "AVERAGE(outlays)+AVERAGE(running_year_1)"
    yield Figure(
        "case_year_one_cost", "Cost in year one", case.year_one_cost, "money", "outlay and running, before tax", first
    )
    note = "undiscounted, before tax, within the horizon"
    yield Figure("case_contribution", "Contribution gained", case.benefit, "money", note, "benefit_summed")


def _simulated(case: Case) -> Iterator[Figure]:
    """What no formula here can give: it takes the futures that were simulated once more, on other luck."""
    spread = case.spread
    for name, label, value, note in (
        (
            "run_noise_sd",
            "Spread of the NPV by luck",
            spread.run_noise_sd,
            "standard deviation, were every input known",
        ),
        ("input_sd", "Spread of the NPV by inputs", spread.input_sd, "standard deviation, were there no luck"),
        ("evpi", "Worth of knowing all inputs", case.evpi, "expected value of perfect information (EVPI), at most"),
    ):
        yield Figure(f"case_{name}", label, value, "money", note)
