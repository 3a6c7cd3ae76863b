"""What a case says: of itself, in its pictures, and how far it is; takes what was found, returns plain text."""

import re
from collections.abc import Iterator

from sim.finance.case import DOTS, FEWEST_DRAWS, Case, CaseJob
from sim.finance.report import NOT_KNOWN, breaks_even_at, money_or
from sim.finance.sensitivity import RUNS
from sim.finance.study import WEEKS_A_CASE_YEAR
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import settables
from sim.scenario.scenario import Scenario
from sim.scenario.wording import counted, label_of, money

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
    return (
        f"break-even where “{label_of(case.study.scenario, crossing[0].path)}” is {breaks_even_at(case, crossing[0])}"
    )


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


def _money(case: Case, amount: float | None) -> str:
    return money_or(NOT_KNOWN, amount, case.study.currency)


# ---- what its pictures show ----------------------------------------------------------------------------

WORTH_ROWS = 8


def worth_knowing(case: Case) -> list[tuple[str, float]]:
    """The assumptions worth finding out, the most first, with what that is worth at the most."""
    found = [(label_of(case.study.scenario, path), worth) for path, worth in case.evppi.items() if round(worth) > 0]
    return found[:WORTH_ROWS]


def dots(case: Case) -> str:
    """The takeaway of the dots."""
    p10, p50, p90 = (money(end, case.study.currency) for end in case.percentiles)
    return (
        f"{case.dots_paying_back} of {DOTS} futures pay back. The middle one is worth {p50}; "
        f"eight in ten lie between {p10} and {p90}."
    )


def fan(case: Case) -> str:
    """The takeaway of the fan of cumulative cash."""
    ends = case.cash.net.sum(axis=1)
    low, high = sorted(ends)[len(ends) // 10], sorted(ends)[-1 - len(ends) // 10]
    at_worst = money(float(case.net.cumsum().min()), case.study.currency)
    years = counted(case.terms.horizon_years, "year")
    ends_said = f"{money(float(low), case.study.currency)} and {money(float(high), case.study.currency)}"
    return f"On average {at_worst} at the lowest point; after {years} between {ends_said} in eight of ten futures."


def tornado(case: Case) -> str:
    """The takeaway of the tornado."""
    if not case.tornado:
        return "No assumption has a range, so there is nothing to move."
    widest = case.tornado[0]
    low, high = (money(end, case.study.currency) for end in (widest.low_npv, widest.high_npv))
    return f"“{label_of(case.study.scenario, widest.path)}” moves it most: {low} at its lowest, {high} at its highest."


def worth(case: Case) -> str:
    """What the bars of what is worth knowing show."""
    found = worth_knowing(case)
    said = [f"{label}: up to {money(amount, case.study.currency)}" for label, amount in found]
    return f"Worth finding out before deciding. {'; '.join(said)}."


def budget(case: Case, budget: float | None) -> str | None:
    """Whether year one stays within the budget."""
    if budget is None:
        return None
    spent, allowed = money(case.year_one_cost, case.study.currency), money(budget, case.study.currency)
    if case.year_one_cost <= budget:
        return f"Year one takes {spent}: within the budget of {allowed}."
    over = money(case.year_one_cost - budget, case.study.currency)
    return f"Year one takes {spent}: {over} more than the budget of {allowed}."


def progress(job: CaseJob) -> str:
    """What is being done and how long it will still take."""
    left = "" if job.seconds_left is None else f", about {duration(job.seconds_left)} left"
    if job.futures_done < FEWEST_DRAWS:
        return f"Simulating the first futures: first figures soon{left.replace(' left', ' for all of it')}"
    if job.futures_done < job.draws:
        return f"Simulating more futures: the figures get surer{left}"
    return f"Moving one assumption at a time{left}"


def badge(job: CaseJob) -> str:
    """How many futures the figures are from."""
    done = job.futures_done
    if done < FEWEST_DRAWS:
        return f"{done} of the first {FEWEST_DRAWS} futures"
    return f"All {done} futures" if done == job.draws else f"{done} of {job.draws} futures so far"


def duration(seconds: float) -> str:
    """Seconds to a minute, then minutes."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} minutes"


def refusals(scenario: Scenario, error: ScenarioError) -> list[str]:
    """Why no case can be made, with labels where a file has ids."""
    return [_plain(scenario, fault.path, fault.message) for fault in error.faults]


def _plain(scenario: Scenario, path: str, message: str) -> str:
    labels = {fix.id: fix.label for fix in scenario.fixes}
    message = re.sub(r"\w+", lambda word: _quoted(labels, word.group()), message)
    owner = next((fix.label for fix in scenario.fixes if path == f"fixes.{fix.id}.costs"), None)
    label = owner or (label_of(scenario, path) if path in settables(scenario) else path)
    return f"{label}: {message}."


def _quoted(labels: dict[str, str], word: str) -> str:
    return f"“{labels[word]}”" if word in labels else word
