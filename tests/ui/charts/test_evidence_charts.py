"""The picture of a check: what it draws is what was found."""

import json
from typing import Any

import pytest

from sim.experiments.estimate import MISSING, Estimate
from sim.experiments.verification.checking import Check
from sim.experiments.verification.known_answers import KnownAnswer, read_known_answers
from ui.charts.evidence_charts import picture
from ui.charts.theme import LOSS, WORLD

KNOWN = read_known_answers()
ANSWER = KNOWN.only("one_server_people").answers[0]  # theory 2, at most 0.04 either way
FITTED = KNOWN.only("cdnow_spend_p").fitted[0]  # theory 6.25, within 0.01


def drawn(found: Estimate, answer: KnownAnswer = ANSWER) -> tuple[list[dict[str, Any]], list[float], str]:
    """The data of each layer, the ends of the scale, and the colour of the dot."""
    spec = json.loads(picture(Check(answer, found)).to_json())
    rows = [spec["datasets"][layer["data"]["name"]][0] for layer in spec["layer"]]
    return rows, spec["layer"][0]["encoding"]["x"]["scale"]["domain"], spec["layer"][-1]["mark"]["color"]


def test_a_line_at_theory_and_a_dot_with_its_interval_on_the_widest_allowed() -> None:
    (allowed, known, bar, dot), domain, colour = drawn(Estimate(2.01, 1.98, 2.04))
    assert known["at"] == 2
    assert (bar["low"], dot["at"], bar["high"]) == (1.98, 2.01, 2.04)
    assert (allowed["low"], allowed["high"]) == pytest.approx((1.97, 2.05))
    assert domain == pytest.approx([1.932, 2.068])
    assert colour == WORLD


def test_what_fails_is_drawn_whole_and_in_another_colour() -> None:
    _, domain, colour = drawn(Estimate(2.5, 2.4, 2.6))
    assert domain == pytest.approx([2 - 0.66, 2 + 0.66])
    assert colour == LOSS


def test_without_a_figure_there_is_only_the_line() -> None:
    (_, known, bar, dot), _, _ = drawn(MISSING)
    assert known["at"] == 2
    assert (bar["low"], dot["at"]) == (None, None)


def test_what_is_worked_out_is_a_dot_in_a_band_about_theory() -> None:
    (allowed, known, bar, dot), domain, colour = drawn(Estimate(6.249, None, None), FITTED)
    assert (known["at"], dot["at"]) == (6.25, 6.249)
    assert (bar["low"], bar["high"]) == (None, None)
    assert (allowed["low"], allowed["high"]) == pytest.approx((6.24, 6.26))
    assert domain == pytest.approx([6.25 - 0.017, 6.25 + 0.017])
    assert colour == WORLD
    _, domain, colour = drawn(Estimate(6.27, None, None), FITTED)
    assert domain == pytest.approx([6.25 - 0.022, 6.25 + 0.022])
    assert colour == LOSS
