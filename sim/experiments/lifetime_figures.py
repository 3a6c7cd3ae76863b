"""The figures that set analytic customer values beside the simulated one: names, labels, units, definitions."""

from typing import NamedTuple


class Figure(NamedTuple):
    """One figure of a replication. `unit` may hold {currency}, {weeks}, {half} and {rest}: weeks of each half."""

    name: str
    label: str
    unit: str
    definition: str


_MONEY = "{currency} a customer"
_RETENTION = (
    "Share of those at week 0 who are left at the end, all runs together, to the power 1 / years. Not 1 - churn_rate: "
    "that weighs every year that customers lived alike, wherever it lies."
)
_CONTRIBUTION = "Undiscounted. A visit pays for the gap after it, so the years do not end at the last payment."
_ALL = (
    # ---- the values -----------------------------------------------------------------------------------------
    ("lifetime_value", "Simulated", _MONEY, "The measure: mean contribution in {weeks} weeks, discounted by the week."),
    ("gupta_lehmann", "Gupta–Lehmann, for ever", _MONEY, "m r / (1 + i - r) with the simulated m and r."),
    ("gupta_lehmann_in_horizon", "Gupta–Lehmann, {weeks} weeks", _MONEY, "The same sum, cut off at the horizon."),
    ("gupta_lehmann_sbg", "The same where customers differ", _MONEY, "For ever, with retention as sBG projects it."),
    ("bg_nbd_gamma_gamma", "BG/NBD × Gamma–Gamma", _MONEY, "{weeks} weeks, as told from the first {half} alone."),
    # ---- what they are made of ------------------------------------------------------------------------------
    ("retention", "Retention to the horizon r", "share a year", _RETENTION),
    ("retention_first_half", "Retention, weeks to {half}", "share a year", "Of those there at week 0."),
    ("retention_second_half", "Retention after", "share a year", "Of those still there after {half} weeks."),
    ("own_churn", "Own chance to leave, at week 0", "a year", "When nothing goes wrong: mean of those there."),
    ("own_churn_of_stayers", "Own chance to leave, at the end", "a year", "The same of those who are still there."),
    ("contribution_alive", "Contribution m", "{currency} a customer and year paid for", _CONTRIBUTION),
    ("repeat_buyers", "Repeat buyers", "customers", "Bought twice or more in the first {half} weeks."),
    ("never_seen", "Never seen", "share of customers", "At week 0, but without a purchase in the first {half} weeks."),
    ("bg_nbd_r", "BG/NBD r", "shape", "Of the Gamma law of rates of buying."),
    ("bg_nbd_alpha", "BG/NBD alpha", "weeks", "Of the same."),
    ("bg_nbd_a", "BG/NBD a", "shape", "Of the Beta law of leaving after a purchase."),
    ("bg_nbd_b", "BG/NBD b", "shape", "Of the same."),
    ("gamma_gamma_p", "Gamma–Gamma p", "shape", "Of the Gamma law of one customer's spend."),
    ("gamma_gamma_q", "Gamma–Gamma q", "shape", "Of the Gamma law between customers."),
    ("gamma_gamma_gamma", "Gamma–Gamma gamma", "{currency}", "Of the same."),
    # ---- the second half, predicted from the first ----------------------------------------------------------
    ("purchases", "Purchases, simulated", "a customer in {rest} weeks", "Second half, those seen in the first."),
    ("purchases_predicted", "Purchases, predicted", "a customer in {rest} weeks", "BG/NBD, customer by customer."),
    ("revenue", "Revenue, simulated", _MONEY + " in {rest} weeks", "Second half, undiscounted, those seen."),
    ("revenue_predicted", "Revenue, predicted", _MONEY + " in {rest} weeks", "BG/NBD times Gamma-Gamma, each."),
    # ---- Gupta-Lehmann less simulated, in parts that sum to it ----------------------------------------------
    ("after_horizon", "After {weeks} weeks", _MONEY, "What the formula counts that nobody has simulated."),
    ("paid_at_year_end", "Paid at the end of each year", _MONEY, "And only by who stayed; not when customers buy."),
    ("one_retention", "One retention for everybody", _MONEY, "And every year; not the simulated curve."),
    ("paid_beyond", "Time paid for beyond leaving", _MONEY, "Of who left; where they pay after deciding, it is less."),
    ("one_contribution", "One contribution for everybody", _MONEY, "Not that of those who are there at the time."),
    # ---- BG/NBD x Gamma-Gamma less simulated, in parts that sum to it ---------------------------------------
    ("first_half_purchases", "Purchases, first {half} weeks", _MONEY, "Modelled less made, at what one was worth."),
    ("second_half_purchases", "Purchases, last {rest} weeks", _MONEY, "Modelled less made, at what one was worth."),
    ("worth_of_purchase", "Worth of a purchase", _MONEY, "Modelled less simulated, for all purchases modelled."),
    ("customers_never_seen", "Customers never seen", _MONEY, "Less what they brought after the first half."),
    ("costs_without_purchase", "Refunds, visits in vain", _MONEY, "What they cost: no model of purchases sees them."),
    # ---- what is behind it ----------------------------------------------------------------------------------
    ("discounted_away", "Discounting, simulated", _MONEY, "Lifetime value at no discount, less lifetime value."),
    ("discounted_away_gupta_lehmann", "Discounting, Gupta–Lehmann", _MONEY, "The same for the sum for ever."),
    ("discounted_away_bg_nbd", "Discounting, BG/NBD", _MONEY, "The same for BG/NBD times Gamma-Gamma."),
    ("without_failures", "If nothing went wrong", _MONEY, "Lifetime value of the twins without failures, less now."),
)
FIGURES: dict[str, Figure] = {row[0]: Figure(*row) for row in _ALL}

VALUES = ("lifetime_value", "gupta_lehmann", "gupta_lehmann_in_horizon", "gupta_lehmann_sbg", "bg_nbd_gamma_gamma")
FROM_GUPTA_LEHMANN = ("after_horizon", "paid_at_year_end", "one_retention", "paid_beyond", "one_contribution")
"""These sum to `gupta_lehmann` less `lifetime_value`; without the first, to the one cut off less the same."""
FROM_BG_NBD = (
    "first_half_purchases",
    "second_half_purchases",
    "worth_of_purchase",
    "customers_never_seen",
    "costs_without_purchase",
)
"""These sum to `bg_nbd_gamma_gamma` less `lifetime_value`."""
