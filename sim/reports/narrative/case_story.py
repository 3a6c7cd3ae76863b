"""What the pictures of a case show, and how far it is, in sentences; takes what was found, returns plain text."""

import re

from sim.finance.case import DOTS, FEWEST_DRAWS, Case, CaseJob
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import settables
from sim.scenario.scenario import Scenario
from sim.scenario.wording import counted, label_of, money

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
