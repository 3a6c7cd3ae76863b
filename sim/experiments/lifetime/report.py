"""What a study of lifetime value says, and why the two values differ: in sentences, as JSON and as tables."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sim.experiments.estimate import Estimate
from sim.experiments.lifetime import Study
from sim.experiments.lifetime.models import period_said
from sim.experiments.lifetime.records import FIGURES, FROM_BG_NBD, FROM_GUPTA_LEHMANN, VALUES
from sim.experiments.plain import Report, estimate_report


def money(found: Study, figure: str) -> str:
    """As "GBP 1,119 (1,104 to 1,134)"."""
    return f"{found.world.currency} {number(found, figure)}"


def number(found: Study, figure: str) -> str:
    """As "49.54 (48.75 to 50.32)"; without an interval, the mean alone."""
    return _said(found.estimate(figure), _rounded)


def share(found: Study, figure: str) -> str:
    """As "88.9% (88.5% to 89.2%)"."""
    return _said(found.estimate(figure), lambda part: f"{100 * part:.1f}%")


def more(found: Study, figure: str) -> str:
    """As "GBP 35.54 lower"; where the interval holds 0, that it is not clearly either, and the interval."""
    change, currency = found.estimate(figure), found.world.currency
    if not change.mean:
        return "no different"
    if change.low is not None and change.high is not None and change.low <= 0 <= change.high:
        return f"not clearly higher or lower ({currency} {_rounded(change.low)} to {_rounded(change.high)})"
    return f"{currency} {_rounded(abs(change.mean))} {'higher' if change.mean > 0 else 'lower'}"


def _said(found: Estimate, spoken: Callable[[float], str]) -> str:
    if found.mean is None:
        return "not measured"
    if found.low is None or found.high is None:
        return spoken(found.mean)
    return f"{spoken(found.mean)} ({spoken(found.low)} to {spoken(found.high)})"


def _rounded(amount: float) -> str:
    return f"{amount:,.0f}" if abs(amount) >= 1_000 else f"{amount:,.4g}"


@dataclass(frozen=True)
class Reason:
    """One reason why the values differ: what it is about, the sentence, and the figures it rests on."""

    about: str
    sentence: str
    figures: tuple[str, ...]


def why(found: Study) -> list[Reason]:
    """The reasons, in the order in which they lead from one figure to the other.

    A sentence whose figures are missing says so, and why.
    """
    return [_reason(found, about, figures, say) for about, (figures, say) in _REASONS.items()]


def _reason(found: Study, about: str, figures: tuple[str, ...], say: Callable[[Study], str]) -> Reason:
    missing = [reason for reason in map(found.reason, figures) if reason]
    return Reason(about, f"Not measured: {missing[0]}." if missing else say(found), figures)


def _horizon(found: Study) -> str:
    whole, after = money(found, "gupta_lehmann"), money(found, "after_horizon")
    return (
        f"Gupta and Lehmann add up for ever: of their {whole}, {after} come after the {found.world.weeks} weeks that "
        f"are simulated. Cut off there, the formula gives {money(found, 'gupta_lehmann_in_horizon')}."
    )


def _payment(found: Study) -> str:
    return (
        "Their formula pays once a year, at its end, for customers who are still there then; simulated customers pay "
        f"as they come. Within the horizon that alone makes the formula {more(found, 'paid_at_year_end')}."
    )


def _paid_beyond(found: Study) -> str:
    return (
        "A visit pays for the time until the next. Who leaves has paid for more or less than the time they were there, "
        f"and m is for a year paid for. Within the horizon that makes the formula {more(found, 'paid_beyond')}."
    )


def _one_rate(found: Study) -> str:
    first, second, rate = (share(found, f"retention{half}") for half in ("_first_half", "_second_half", ""))
    return (
        f"It gives everybody one retention for ever, {rate} a year, which leads to those who were left at the end. In "
        f"the simulation {first} a year stayed in the first half of the weeks and {second} in the second. Within the "
        f"horizon one retention makes the formula {more(found, 'one_retention')}, and one contribution makes it "
        f"{more(found, 'one_contribution')}."
    )


def _stayers(found: Study) -> str:
    high = found.difference("own_churn_of_stayers", "own_churn").high
    lesson = ": who is likely to leave is gone first" if high is not None and high < 0 else ""
    return (
        f"Left to themselves, simulated customers at week 0 would leave at {share(found, 'own_churn')} a year on "
        f"average, and those still there at the end at {share(found, 'own_churn_of_stayers')}{lesson}."
    )


def _for_ever(found: Study) -> str:
    period = period_said(found.world).removeprefix("a ")
    return (
        f"Where customers may differ in how likely they leave (sBG, fitted to who was left each {period}), the same "
        f"sum for ever is {money(found, 'gupta_lehmann_sbg')} instead of {money(found, 'gupta_lehmann')}."
    )


def _second_half(found: Study) -> str:
    half = found.world.weeks // 2
    return (
        f"BG/NBD knows purchases only. From those of the first {half} weeks it expects "
        f"{number(found, 'purchases_predicted')} a customer in the rest, where {number(found, 'purchases')} were "
        f"made; with Gamma–Gamma, revenue of {money(found, 'revenue_predicted')}, where {money(found, 'revenue')} "
        "came in."
    )


def _purchases(found: Study) -> str:
    return (
        f"Of the difference between BG/NBD × Gamma–Gamma and the simulation, purchases in the weeks it was fitted to "
        f"make it {more(found, 'first_half_purchases')}, those in the weeks after "
        f"{more(found, 'second_half_purchases')}, what a purchase is worth {more(found, 'worth_of_purchase')}, and "
        f"customers it never saw {more(found, 'customers_never_seen')}."
    )


def _blind(found: Study) -> str:
    return (
        "All three are told what customers did, and not why: no failure, no satisfaction, no fix is in them. With "
        "nothing going wrong the simulated lifetime value of the same customers would be "
        f"{more(found, 'without_failures')}; fitted to what happened, the analytic models have no figure for that."
    )


def _discounting(found: Study) -> str:
    return (
        f"Discounting at {100 * found.world.economics.discount_rate.value:.3g}% a year takes "
        f"{money(found, 'discounted_away')} from the simulated value, {money(found, 'discounted_away_bg_nbd')} from "
        f"BG/NBD × Gamma–Gamma and {money(found, 'discounted_away_gupta_lehmann')} from Gupta and Lehmann's sum for "
        "ever: the later the money, the more."
    )


_REASONS: dict[str, tuple[tuple[str, ...], Callable[[Study], str]]] = {
    "horizon": (("gupta_lehmann", "after_horizon", "gupta_lehmann_in_horizon"), _horizon),
    "payment": (("paid_at_year_end",), _payment),
    "time paid for": (("paid_beyond", "contribution_alive"), _paid_beyond),
    "one rate for everybody": (
        ("retention", "retention_first_half", "retention_second_half", "one_retention", "one_contribution"),
        _one_rate,
    ),
    "who stays": (("own_churn", "own_churn_of_stayers"), _stayers),
    "customers who differ": (("gupta_lehmann_sbg", "gupta_lehmann"), _for_ever),
    "purchases only": (("purchases_predicted", "purchases", "revenue_predicted", "revenue"), _second_half),
    "purchases predicted": (
        ("first_half_purchases", "second_half_purchases", "worth_of_purchase", "customers_never_seen"),
        _purchases,
    ),
    "blind to causes": (("without_failures",), _blind),
    "discounting": (
        ("discounted_away", "discounted_away_bg_nbd", "discounted_away_gupta_lehmann"),
        _discounting,
    ),
}


Row = dict[str, Any]
"""A cell is text, or the report of one figure."""

_BRIDGES = {"gupta_lehmann": FROM_GUPTA_LEHMANN, "bg_nbd_gamma_gamma": FROM_BG_NBD}
_STEPS = {*FROM_GUPTA_LEHMANN, *FROM_BG_NBD}


def report(found: Study) -> Report:
    """Every figure with its interval, unit and definition, or why it is missing; and why the values differ."""
    return {
        "figures": {name: _figure(found, name) for name in FIGURES},
        "differences": {
            name: {
                "difference": _difference(found, name),
                "steps": {step: _figure(found, step) for step in steps},
            }
            for name, steps in _BRIDGES.items()
        },
        "why": [asdict(reason) | {"figures": list(reason.figures)} for reason in why(found)],
    }


def _figure(found: Study, name: str) -> Report:
    figure = FIGURES[name]
    said = {"label": found.text(figure.label), "definition": found.text(figure.definition)}
    return said | _estimate(found, found.estimate(name), name) | {"reason": found.reason(name)}


def _difference(found: Study, name: str) -> Report:
    return _estimate(found, found.difference(name, "lifetime_value"), name) | {"reason": found.reason(name)}


def _estimate(found: Study, estimate: Estimate, name: str) -> Report:
    return estimate_report(estimate, found.text(FIGURES[name].unit))


def tables(found: Study) -> Iterator[tuple[str, list[Row]]]:
    """Titled tables: the values side by side, the steps from one to the other, and what they rest on."""
    yield "Lifetime value, simulated and analytic (95% interval)", [_row(found, name) for name in VALUES]
    for name, steps in _BRIDGES.items():
        total = {"figure": "together", "mean": _difference(found, name), "unit": found.text(FIGURES[name].unit)}
        if found.estimate(name).mean is not None:
            yield f"{found.text(FIGURES[name].label)} less simulated", [*(_row(found, step) for step in steps), total]
    rest = [name for name in FIGURES if name not in _STEPS and name not in VALUES]
    yield "What they rest on", [_row(found, name) for name in rest]


def _row(found: Study, name: str) -> Row:
    figure = _figure(found, name)
    return {"figure": figure["label"], "mean": figure, "unit": figure["unit"], "why missing": figure["reason"] or ""}


def sentences(found: Study) -> list[str]:
    """Why the values differ, a sentence or two each."""
    return [reason.sentence for reason in why(found)]
