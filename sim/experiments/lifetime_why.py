"""Why the simulated and the analytic customer values differ: sentences, each made of figures that were computed."""

from collections.abc import Callable
from dataclasses import dataclass

from sim.experiments.lifetime import Study
from sim.experiments.lifetime_retention import period_said
from sim.experiments.lifetime_words import money, more, number, share


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
