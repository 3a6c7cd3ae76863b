"""What a case says, in sentences that a finance director, a workshop and an executive can read."""

from collections.abc import Iterator

from sim.finance.case import DOTS, Case
from sim.finance.flows import WEEKS_A_CASE_YEAR
from sim.finance.one_at_a_time import RUNS, Side
from sim.scenario.paths import quantity_at
from sim.scenario.wording import label_of, money, setting

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WHEN_IT_COUNTS = {
    False: "A year's cash counts at the end of the year, as is usual for a project; the measure lifetime value counts "
    "week by week, as is usual for customers, and the same cash for more.",
    True: "A year's cash counts in the middle of the year, as if it came all year round; the measure lifetime value "
    "counts week by week, and the same cash for nearly as much.",
}
"""What the terms' `mid_year` means, beside the other way that money is discounted here."""


def headline(case: Case) -> str:
    """The case in one sentence: what it takes, what it returns, how many futures pay back, where it breaks even."""
    spent, back = _money(case, case.year_one_cost), _money(case, case.benefit)
    returns = (
        f"returns {back} of contribution"
        if case.benefit >= 0
        else f"loses {_money(case, -case.benefit)} of contribution"
    )
    parts = [
        f"For {spent} in year one this {returns} over {years(case.terms.horizon_years)}",
        f"{case.dots_paying_back} of {DOTS} futures pay back",
    ]
    if case.tornado:
        parts.append(_break_even(case))
    return f"{'; '.join(parts)}."


def years(count: int) -> str:
    """So many years, in words."""
    return f"{_WORDS[count]} year{'' if count == 1 else 's'}"


def _break_even(case: Case) -> str:
    crossing = [side for side in case.tornado if side.break_even is not None]
    if not crossing:
        does = "brings it to nothing" if case.npvs.mean() >= 0 else "makes it pay"
        return f"no single assumption, within its range, {does}"
    return f"break-even where “{label_of(case.study.scenario, crossing[0].path)}” is {at(case, crossing[0])}"


def at(case: Case, side: Side) -> str:
    """The value at which the fixes just pay, with its unit."""
    if side.break_even is None:
        return "no value in its range"
    return setting(float(f"{side.break_even:.3g}"), quantity_at(case.study.scenario, side.path).unit or "")


def advice(case: Case) -> str:
    """What to find out first, and what that is worth at the most."""
    if case.evpi is None:
        return "What is worth finding out will be known when luck can be told from ignorance."
    if round(case.evpi) and case.evpi < _TRIFLE * abs(case.npvs.mean()):
        worth = _money(case, case.evpi)
        return f"Hardly anything is worth finding out first: knowing everything would be worth up to {worth} a site."
    first = next(iter(case.evppi.items()), None)
    if first is None or case.evpi <= 0 or first[1] < _TRIFLE * case.evpi or round(first[1]) == 0:
        return _nothing_first(case)
    worth, label = _money(case, first[1]), label_of(case.study.scenario, first[0])
    return (
        f"Find out “{label}” first: worth up to {worth} a site to know before deciding. "
        f"Knowing everything would be worth up to {_money(case, case.evpi)}."
    )


_TRIFLE = 0.01


def _nothing_first(case: Case) -> str:
    if case.evpi is None or round(case.evpi) == 0:
        return "Nothing needs finding out first: in no future that the assumptions allow would it change the decision."
    return (
        f"No single assumption is worth finding out on its own; knowing everything would be worth up to "
        f"{_money(case, case.evpi)} a site."
    )


def notes(case: Case) -> Iterator[str]:
    """What has to be known to read the figures rightly."""
    yield from _of_spread(case)
    yield _of_grades(case)
    weeks = case.study.scenario.weeks
    yield "Year 1 is weeks 1 to 52, year 2 weeks 53 to 104, and so on; each is put on a calendar year (times 365/364)."
    if weeks % WEEKS_A_CASE_YEAR:
        yield f"{weeks} weeks simulated, reckoned as {years(case.years_simulated)} of 52 at the same pace."
    if case.terms.horizon_years > case.years_simulated:
        simulated = years(case.years_simulated)
        yield f"{simulated.capitalize()} simulated; every later year repeats the last of them."
    yield WHEN_IT_COUNTS[case.terms.mid_year]
    if not case.terms.tax_rate:
        yield "Before tax."
    if case.sides:
        yield (
            f"One assumption at a time: {_WORDS[RUNS]} runs each on the same luck, all else at its likeliest; so few "
            "runs have no interval worth showing, and luck is as above."
        )
    if case.terms.cost_uplift == case.terms.benefit_cut == 0:
        yield "No optimism-bias or risk adjustment is made on top of the ranges: that would count the same doubt twice."
    if case.irr[0] is None:
        yield f"Internal rate of return: {case.irr[1]}."
    yield "One site. A chain is worked out from its mix of sites, never by multiplying this figure."


def _of_spread(case: Case) -> Iterator[str]:
    noise, inputs = case.spread.run_noise_sd, case.spread.input_sd
    if noise is None or inputs is None:
        yield "How much of the spread is luck is not known yet."
        return
    yield (
        f"What is not known about the inputs makes the NPV vary by {_money(case, inputs)} (standard deviation); luck "
        f"alone, with the same inputs, by {_money(case, noise)}."
    )


def _of_grades(case: Case) -> str:
    grades = [one.evidence for one in case.assumptions]
    said = f"{grades.count('D')} of the {len(grades)} quantities it rests on are guesses nobody has measured (grade D)"
    silent = grades.count(None)
    return f"{said}; {silent} do not say where they come from." if silent else f"{said}."


def _money(case: Case, amount: float) -> str:
    return money(amount, case.study.currency)
