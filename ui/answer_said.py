"""What is said of an answer wherever it is shown: on a badge, below a chart, or instead of one."""

from sim.experiments.inquiry import Answer
from sim.experiments.library import COMPILING, is_compiled
from sim.experiments.runs import Comparison
from sim.outcomes.measures import MEASURES
from ui.charts import theme
from ui.text import figure


def how_far(answer: Answer) -> str:
    """How much was simulated for it, and whether it is an estimate yet."""
    if answer.comparison is None:
        return "Starting the simulator" if is_compiled() else COMPILING
    weeks = answer.comparison.world.world.weeks
    runs = f"{answer.runs_done} run{'s' if answer.runs_done > 1 else ''} of {weeks} weeks"
    return f"Estimate from {runs}" if answer.is_estimate else f"Simulated: {runs}"


def of_measure(answer: Answer, name: str) -> Comparison | None:
    """What is known of a measure; None while nothing is, or too few weeks to say anything of customers."""
    is_early = answer.is_estimate and MEASURES[name].about == "customers"
    return None if is_early else answer.comparison


def missing(answer: Answer) -> str:
    """Why a measure is not known yet."""
    return "On its way." if answer.comparison is None else "Needs all weeks: on its way."


def who_stays(found: Comparison) -> str:
    """The takeaway of the chart of who is still a customer."""
    now, moved = (figure(theme.still_here(run), "share", "") for run in (found.baseline, found.world))
    return f"After {found.world.world.weeks} weeks {moved} are still customers; as it is {now}."


def what_is_lost(found: Comparison) -> str:
    """The takeaway of the chart of what each failure takes out of baskets."""
    world = found.world.world
    lost = {one.label: found.world.lost(one.id).mean for one in world.failures}
    parts = [f"{label}: {figure(mean, f'{world.currency} a year', world.currency)}" for label, mean in lost.items()]
    return f"Lost a year at each failure point. {'; '.join(parts)}."
