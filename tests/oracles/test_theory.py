"""Every figure that the known answers call theory, worked out again."""

import math
from statistics import NormalDist

import pytest

from sim.experiments.verification.known_answers import FittedAnswer, SimulatedAnswer, read_known_answers
from tests.oracles.theory import answered_within, birth_death, repairman, repeat_visits, still_customers, waiting

KNOWN = read_known_answers()
ROWS = {answer.id: answer for answer in KNOWN.answers}
FITTED = {answer.id: answer for answer in KNOWN.fitted}
CALLS = (100 / 30, 3, 14)
IMPATIENT = birth_death(3, 4, 10, patience=2)
SHARE_DOWN = {0: 1 / (1 + 4 / 3 + 8 / 9), 1: 4 / 3 / (1 + 4 / 3 + 8 / 9), 2: 8 / 9 / (1 + 4 / 3 + 8 / 9)}
PROJECTED = (0.46, 0.436, 0.414, 0.395, 0.378)
STORE_GBP = 2 / 1.5 * 123 * 0.06 * 14 * 362
THEORY = {
    "story_store": STORE_GBP,
    "story_chain": 400 * STORE_GBP,
    "one_server_people": (2 / 3) / (1 - 2 / 3),
    "one_server_wait": (2 / 3) / (3 - 2),
    "call_centre_waits": birth_death(*CALLS)[14:].sum(),
    "call_centre_answered": answered_within(*CALLS, minutes=20 / 60),
    "call_centre_seconds": 60 * waiting(birth_death(*CALLS), 14) / CALLS[0],
    "call_centre_busy": 100 / 30 * 3 / 14,
    "engaged_line": birth_death(5, 1, 10, room=10)[-1],
    "way_back_wait": 0.5 / (20 - 1 / (1 - 0.9)),
    "even_service_wait": 0.5 * 1 / (2 * (1 - 0.5)),
    "uneven_service_wait": 0.5 * math.exp(0.6**2) / (2 * (1 - 0.5)),
    "impatient_give_up": waiting(IMPATIENT, 10) / 2 / 3,
    "impatient_wait": waiting(IMPATIENT, 10) / 3,
    "impatient_queue": waiting(IMPATIENT, 10),
    "machines_none_down": SHARE_DOWN[0],
    "machines_one_down": SHARE_DOWN[1],
    "machines_both_down": SHARE_DOWN[2],
    "pool_none_down": repairman(6)[0],
    "pool_one_down": repairman(6)[1],
    "pool_both_down": repairman(6)[2],
    "bad_trips_story": 0.0015 / (0.0015 + 0.03),
    "bad_trips_all_report": 0.05 / (0.05 + 1),
    "bad_trips_half_heard": 0.05 / (0.05 + 0.3 * 0.5),
    "cdnow_visits": repeat_visits(0.243, 4.414, 0.793, 2.426, 39),
    **{f"contracts_year_{year}": still_customers(0.668, 3.806, year) for year in range(1, 13)},
    "contracts_revenue": 100 * sum(still_customers(0.668, 3.806, year) for year in range(1, 13)),
    "regular_revenue": 100 * sum(still_customers(0.704, 1.182, year) for year in range(1, 13)),
    "regular_revenue_due": 100 * sum(still_customers(0.704, 1.182, year) for year in range(12)),
    "survey_score": 100 * (0.45 - 0.2),
    "survey_error": 100 * NormalDist().inv_cdf(0.975) * math.sqrt((0.45 + 0.2 - (0.45 - 0.2) ** 2) / 400),
}
PUBLISHED = {
    "cdnow_likelihood": -9582.4,
    "cdnow_r": 0.243,
    "cdnow_alpha": 4.414,
    "cdnow_a": 0.793,
    "cdnow_b": 2.426,
    "cdnow_expected": 1.195,
    "cdnow_spend_p": 6.25,
    "cdnow_spend_q": 3.74,
    "cdnow_spend_gamma": 15.44,
    "high_end_alpha": 0.668,
    "high_end_beta": 3.806,
    **{f"high_end_year_{year}": share for year, share in zip(range(8, 13), PROJECTED, strict=True)},
    "constant_retention_80": 0.8 / (1 + 0.1 - 0.8),
    "constant_retention_90": 0.9 / (1 + 0.1 - 0.9),
    "survey_error_formula": 7.5,
}


def test_every_known_answer_is_worked_out_here() -> None:
    assert THEORY.keys() == ROWS.keys()
    assert PUBLISHED.keys() == FITTED.keys()


@pytest.mark.parametrize("answer", ROWS.values(), ids=ROWS)
def test_the_theory_of_a_known_answer_is_what_its_formula_gives(answer: SimulatedAnswer) -> None:
    assert answer.theory == pytest.approx(THEORY[answer.id], rel=3e-5)


@pytest.mark.parametrize("answer", ROWS.values(), ids=ROWS)
def test_an_interval_that_passes_is_narrow(answer: SimulatedAnswer) -> None:
    assert answer.half_width_at_most <= 0.055 * answer.theory


@pytest.mark.parametrize("answer", FITTED.values(), ids=FITTED)
def test_the_theory_of_a_fit_is_what_was_published_and_little_off_passes(answer: FittedAnswer) -> None:
    assert answer.theory == pytest.approx(PUBLISHED[answer.id], rel=1e-6)
    assert answer.within <= 0.0075 * abs(answer.theory)


def test_projections_are_also_those_of_the_published_parameters() -> None:
    found = [round(still_customers(0.668, 3.806, year), 3) for year in range(8, 13)]
    assert found == list(PROJECTED)


def test_published_figures_are_the_theorys_to_the_digits_published() -> None:
    """pyworkforce's README, the model's table of oracles, and Fader and Hardie's projections for years 8 to 12."""
    assert ROWS["call_centre_waits"].theory == pytest.approx(0.17413, abs=5e-6)
    assert ROWS["call_centre_answered"].theory == pytest.approx(0.88835, abs=5e-6)
    assert ROWS["engaged_line"].theory == pytest.approx(0.018385, abs=5e-7)
    assert ROWS["cdnow_visits"].theory == pytest.approx(1.197, abs=5e-4)
    projected = {8: 46.0, 9: 43.6, 10: 41.4, 11: 39.5, 12: 37.8}
    found = {year: round(100 * ROWS[f"contracts_year_{year}"].theory, 1) for year in projected}
    assert found == projected


def test_the_chain_of_the_repairman_becomes_the_textbooks_as_gaps_vanish() -> None:
    assert repairman(1e-6) == pytest.approx(list(SHARE_DOWN.values()), abs=1e-5)
