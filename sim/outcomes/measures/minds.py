"""Measures of minds: satisfaction, what surveys make of it, trust, expectation, and promises kept or not."""

import math
from itertools import pairwise

import numpy as np
from scipy import special

from sim.outcomes.measures.registry import measure, ratio
from sim.outcomes.outcome import Outcome
from sim.scenario.journey import Claim


@measure("Satisfaction", "out of 100", "higher")
def satisfaction(outcome: Outcome) -> float:
    """Mean satisfaction after a visit, from 0 to 100."""
    return _mean(outcome, "satisfaction")


@measure("CSAT, true", "share of visits", "higher")
def csat(outcome: Outcome) -> float:
    """Visits after which the customer is satisfied (at least 60 of 100), over all visits, whether asked or not."""
    return ratio(float(outcome.tally.satisfied.sum()), float(outcome.tally.visits.sum()))


@measure("CSAT, surveyed", "share of answers", "higher")
def csat_surveyed(outcome: Outcome) -> float:
    """Satisfied answers over answers to the survey: of those who answered, and as they felt when asked."""
    return ratio(float(outcome.tally.satisfied_answers.sum()), float(outcome.tally.answered.sum()))


@measure("NPS, true", "points", "higher")
def nps(outcome: Outcome) -> float:
    """Promoters (at least 85 of 100) less detractors (below 65), in points of 100, over all visits."""
    tally = outcome.tally
    return 100.0 * ratio(float(tally.promoters.sum() - tally.detractors.sum()), float(tally.visits.sum()))


@measure("NPS, surveyed", "points", "higher")
def nps_surveyed(outcome: Outcome) -> float:
    """Promoters less detractors among those who answered the survey, as they felt when asked, in points of 100."""
    promoters, detractors, answers = _answers(outcome)
    return 100.0 * ratio(promoters - detractors, answers)


@measure("Survey answers", "answers a year")
def survey_answers(outcome: Outcome) -> float:
    """How many answer the survey, a year: the sample size of what is surveyed."""
    return float(outcome.tally.answered.sum()) * outcome.a_year


@measure("CSAT, sampling error", "share of answers")
def csat_error(outcome: Outcome) -> float:
    """Half the width of the 95% Wilson interval that one year's answers leave about the surveyed CSAT."""
    return wilson_half_width(csat_surveyed(outcome), survey_answers(outcome))


@measure("NPS, low end", "points")
def nps_low(outcome: Outcome) -> float:
    """Low end of the 95% interval (Tango's score) that one year's answers leave about the surveyed NPS."""
    return 100.0 * nps_interval(*_shares(outcome), survey_answers(outcome))[0]


@measure("NPS, high end", "points")
def nps_high(outcome: Outcome) -> float:
    """High end of the 95% interval (Tango's score) that one year's answers leave about the surveyed NPS."""
    return 100.0 * nps_interval(*_shares(outcome), survey_answers(outcome))[1]


@measure("NPS, sampling error", "points")
def nps_error(outcome: Outcome) -> float:
    """Half the width of the planning formula's 95% interval about the surveyed NPS, for one year's answers.

    Missing unless promoters, passives and detractors all answered: of answers that are too alike the formula makes too
    little doubt. The low and the high end are honest then too.
    """
    promoters, detractors, answers = _answers(outcome)
    if not promoters or not detractors or promoters + detractors == answers:
        return np.nan
    return 100.0 * nps_half_width(*_shares(outcome), survey_answers(outcome))


def _answers(outcome: Outcome) -> tuple[float, float, float]:
    """How many promoters and detractors answered the survey, and how many in all."""
    tally = outcome.tally
    return float(tally.promoter_answers.sum()), float(tally.detractor_answers.sum()), float(tally.answered.sum())


def _shares(outcome: Outcome) -> tuple[float, float]:
    """Promoters and detractors among those who answered the survey, as shares."""
    promoters, detractors, answers = _answers(outcome)
    return ratio(promoters, answers), ratio(detractors, answers)


@measure("Expectation", "out of 100")
def expectation(outcome: Outcome) -> float:
    """Mean expectation after a visit, from 0 to 100; missing where promises play no part."""
    return _mean(outcome, "expectation") if outcome.scenario.beliefs else np.nan


@measure("Trust", "out of 100", "higher")
def trust(outcome: Outcome) -> float:
    """Mean trust after a visit, from 0 to 100; missing where promises play no part."""
    return _mean(outcome, "trust") if outcome.scenario.beliefs else np.nan


@measure("Delivered quality", "out of 100", "higher")
def delivered_quality(outcome: Outcome) -> float:
    """Mean quality delivered where a promise was tested, from 0 to 100."""
    return 100.0 * ratio(float(outcome.tally.delivered.sum()), float(outcome.tally.deliveries.sum()))


@measure("Promises broken", "share of promises tested", "lower")
def broken_promise_share(outcome: Outcome) -> float:
    """Visits on which a promise was broken over visits on which one was tested."""
    return ratio(float(outcome.tally.broken.sum()), float(outcome.tally.tested.sum()))


@measure("Worst gap between stages", "out of 100", "lower", about="business")
def worst_promise_gap(outcome: Outcome) -> float:
    """The most by which a claim on the journey exceeds the next claim or delivery after it, from 0 to 100.

    Each stage's claim is a promise to the next. From the scenario's own levels; missing where nothing follows a claim.
    """
    said = [part for place in outcome.scenario.journey for part in (place.claim, place.delivers) if part is not None]
    pairs = [(claim, after) for claim, after in pairwise(said) if isinstance(claim, Claim)]
    gaps = [claim.level.value - after.level.value for claim, after in pairs]
    return 100.0 * max(gaps) if gaps else np.nan


def _mean(outcome: Outcome, name: str) -> float:
    tally = outcome.tally
    return 100.0 * ratio(float(getattr(tally, name).sum()), float(tally.visits.sum()))


_CONFIDENCE = 0.95


def critical_value() -> float:
    """The standard normal quantile of a 95% interval."""
    return float(special.ndtri(0.5 + _CONFIDENCE / 2))


def wilson_half_width(share: float, answers: float) -> float:
    """Half the width of Wilson's 95% interval of a share (Wilson 1927); NaN without answers."""
    if not answers > 0 or math.isnan(share):
        return math.nan
    z = critical_value()
    spread = math.sqrt(share * (1.0 - share) / answers + z * z / (4.0 * answers * answers))
    return z * spread / (1.0 + z * z / answers)


def nps_half_width(promoters: float, detractors: float, answers: float) -> float:
    """Half the width of the 95% interval of promoters less detractors, as a share: z sqrt((p + d - (p - d)^2) / n).

    It tells how many answers to plan for. Of answers that all say the same it makes 0, as if nothing were in doubt:
    what those leave open, `nps_interval` says.
    """
    if not answers > 0 or math.isnan(promoters):
        return math.nan
    return critical_value() * math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / answers)


def nps_interval(promoters: float, detractors: float, answers: float) -> tuple[float, float]:
    """The 95% score interval of promoters less detractors, both as shares of that many answers; NaN without answers.

    Promoters less detractors is a difference of paired proportions, of which Tango (1998, Statistics in Medicine 17,
    891-908) inverts the score test: the differences D for which (p - d - D)^2 <= z^2 (2 q + D (1 - D)) / n, q being the
    likeliest share of detractors under D. It is honest where all answers are alike: 12 promoters of 12 leave 51.5 to
    100 (exact, by Clopper and Pearson on promoters alone: 47 to 100, twice .735 less 1).
    """
    if not answers > 0 or math.isnan(promoters):
        return math.nan, math.nan
    return -_upper(detractors, promoters, answers), _upper(promoters, detractors, answers)


def _upper(more: float, less: float, answers: float) -> float:
    """The greatest difference that the score test does not reject, found by halving what is in question."""
    low, high = more - less, 1.0
    if not _rejects(high, more, less, answers):
        return high
    while (middle := (low + high) / 2.0) not in (low, high):
        low, high = (low, middle) if _rejects(middle, more, less, answers) else (middle, high)
    return low


def _rejects(difference: float, more: float, less: float, answers: float) -> bool:
    """Whether the score test at 5% rejects that `more` less `less` is that difference in the long run."""
    b = (2.0 - more + less) * difference - more - less
    c = -less * difference * (1.0 - difference)
    likeliest = (math.sqrt(max(b * b - 8.0 * c, 0.0)) - b) / 4.0
    variance = max(2.0 * likeliest + difference * (1.0 - difference), 0.0) / answers
    return (more - less - difference) ** 2 > critical_value() ** 2 * variance
