"""The yardstick: the dodgy trolley's shop by the compiled engine, by our SimPy engine, and by hand in SimPy."""

import time
from collections.abc import Sequence

from rich.table import Table
from scipy import stats

from benchmarks import common, handwritten_shop
from benchmarks.common import COMPILED, SIMPY, Timed, out, show, table
from benchmarks.handwritten_shop import Counts
from sim.outcomes.measures import MEASURES
from sim.scenario.scenario import Scenario

GOAL_SECONDS, GOAL_TIMES, AIM_TIMES = 1.0, 40, 60
RUNS_TO_COMPARE = 60


def by_hand(scenario: Scenario, seed: int) -> tuple[float, Counts]:
    """Microseconds a visit of the hand-written model, and what it counted."""
    began = time.perf_counter()
    counts = handwritten_shop.simulate(scenario, seed)
    return 1e6 * (time.perf_counter() - began) / (counts.visits + counts.warm_up_visits), counts


def report(full: bool) -> None:
    """Print time a visit and ratios, then the answers of the hand-written model beside ours."""
    whole, part = common.shop(), common.shop(weeks=52 if full else 26)
    common.warm_up(whole)
    ours = common.best(2, lambda: common.run(SIMPY, part))
    hand = [by_hand(part, seed) for seed in range(16 if full else 8)]
    compiled = common.best(5, lambda: common.run(COMPILED, whole))
    _show_speed(compiled, {"Ripple, SimPy engine": ours.microseconds_a_visit, "SimPy, by hand": min(hand)[0]}, part)
    show(*_answers(part, [counts for _, counts in hand]))


def _show_speed(compiled: Timed, others: dict[str, float], part: Scenario) -> None:
    fast = compiled.microseconds_a_visit
    found = table(
        "", "weeks", "microseconds a visit", f"seconds for {compiled.visits:,.0f} visits", "compiled is faster"
    )
    found.add_row("Ripple, compiled", f"{compiled.outcome.scenario.weeks}", f"{fast:.2f}", f"{compiled.seconds:.2f}")
    for name, slow in others.items():
        whole = f"{slow * compiled.visits / 1e6:.1f}"
        found.add_row(name, f"{part.weeks}", f"{slow:.2f}", whole, f"{slow / fast:.0f} ×")
    least = min(others.values()) / fast
    show(
        found,
        f"The slow ones run {part.weeks} weeks and are compared by time a visit, the warm-up's visits counted in all "
        f"of them; best of a few runs. Goals: {GOAL_SECONDS:.0f} second "
        f"({common.yes_or_no(compiled.seconds <= GOAL_SECONDS)}); {GOAL_TIMES} times both "
        f"({common.yes_or_no(least >= GOAL_TIMES)}), better {AIM_TIMES}. The hand-written model knows one shop only, "
        "and keeps totals where Ripple keeps a row for every visit.",
    )


def _answers(scenario: Scenario, hand: Sequence[Counts]) -> tuple[Table, str]:
    """The two models' answers side by side, with an interval for the difference."""
    theirs = [handwritten_shop.answers(scenario, counts) for counts in hand]
    outcomes = [common.simulate(COMPILED, scenario, replication=number) for number in range(RUNS_TO_COMPARE)]
    found = table(
        "measure", f"by hand, {len(hand)} runs", f"Ripple, {len(outcomes)} runs", "difference", "95% interval"
    )
    for name in theirs[0]:
        one, other = [answer[name] for answer in theirs], [MEASURES[name].take(outcome) for outcome in outcomes]
        found.add_row(MEASURES[name].label, *_compared(one, other))
    meaning = (
        "The same shop with other luck: a difference whose interval holds 0 may be nothing but noise. There is much of "
        "it in what hangs on a few dozen broken wheels: bad trips, reports refused."
    )
    return found, meaning


def _compared(one: Sequence[float], other: Sequence[float]) -> tuple[str, str, str, str]:
    """Two means, how much larger the first is, and a 95% interval for that (Welch's, variances unequal)."""
    first, second = sum(one) / len(one), sum(other) / len(other)
    low, high = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    return (
        f"{first:,.4g}",
        f"{second:,.4g}",
        f"{first / second - 1:+.1%}",
        f"{low / second:+.1%} to {high / second:+.1%}",
    )


if __name__ == "__main__":
    out.rule("The yardstick")
    report(full=False)
