"""The pictures of a room: every bet and voice is drawn once, ties say so in words, and each has its sentence."""

import json
from collections.abc import Sequence

import pytest

from sim.experiments.estimate import Estimate, estimate
from sim.finance.portfolio import Bundle
from sim.scenario.quantity import Quantity
from sim.workshop.leaderboard import Row, ranked
from sim.workshop.opinion_pool import Voice, pooled
from ui.charts import Spec
from ui.charts import workshop as workshop_charts

ANSWER, MONEY, SHARE = Estimate(38_000.0, 36_000.0, 40_000.0), "GBP a year", "share of trips"
BETS = [5_000.0, 5_000.0, 21_000.0, 30_000.0, 37_000.0, 45_000.0, 2_000_000.0]
VOICES = [Voice(0.02, 0.05, 0.1), Voice(0.03, 0.08, 0.12), Voice(0.2, 0.2, 0.2)]
LABELS = {"a": "Twenty more trolleys than there are today", "b": "A check of every wheel", "c": "Paint"}


def rows(spec: Spec) -> list[Spec]:
    found: list[Spec] = spec["data"]["values"]
    return found


def ranking(npvs: dict[tuple[str, ...], Sequence[float]]) -> tuple[Row, ...]:
    bundles = [Bundle(fixes, 10.0, tuple(values)) for fixes, values in npvs.items()]
    return ranked(bundles, dict.fromkeys(npvs, (1, 2)))


TIED = ranking({("a",): [10, 30, 20], ("a", "b", "c"): [12, 20, 22], (): [0, 0, 0], ("c",): [-9, -9, -9]})


def test_every_bet_is_a_dot_and_none_touches_another() -> None:
    spec = workshop_charts.bets(BETS, ANSWER, None, MONEY)
    dots = rows(spec)
    assert [dot["said"] for dot in dots] == ["£5,000"] * 2 + ["£21,000", "£30,000", "£37,000", "£45,000", "£2,000,000"]
    assert len({(dot["at"], dot["height"]) for dot in dots}) == len(BETS)
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert all(low < dot["at"] < high for dot in dots)


def test_nearest_and_far_bets_differ_in_shape() -> None:
    spec = workshop_charts.bets(BETS, ANSWER, None, MONEY)
    kinds = {dot["said"]: dot["kind"] for dot in rows(spec)}
    assert kinds["£37,000"] == "nearest"
    assert kinds["£2,000,000"] == "far beyond"
    assert kinds["£5,000"] == "bet"
    shapes = next(layer for layer in spec["layer"] if "shape" in layer["encoding"])["encoding"]["shape"]
    assert len(set(shapes["scale"]["range"])) == 3
    assert shapes["legend"]["values"] == ["bet", "nearest", "far beyond"]
    near = workshop_charts.bets([36_000.0, 40_000.0], ANSWER, None, MONEY)
    assert [dot["kind"] for dot in rows(near)] == ["nearest", "nearest"]


def test_ones_own_bet_is_marked_once() -> None:
    dots = rows(workshop_charts.bets(BETS, ANSWER, 5_000.0, MONEY))
    assert [dot["mine"] for dot in dots] == [True] + [False] * 6
    assert not any(dot["mine"] for dot in rows(workshop_charts.bets(BETS, ANSWER, None, MONEY)))


@pytest.mark.parametrize(
    ("values", "answer"),
    [([], ANSWER), ([3.0], Estimate(None, None, None)), ([7.0, 7.0], Estimate(7.0, None, None)), ([0.0], ANSWER)],
)
def test_no_bets_no_answer_and_no_interval_still_make_a_picture(values: list[float], answer: Estimate) -> None:
    spec = workshop_charts.bets(values, answer, None, MONEY)
    assert len(rows(spec)) == len(values)
    json.dumps(spec, allow_nan=False)
    assert any(layer["mark"]["type"] == "rect" for layer in spec["layer"]) == (answer.low is not None)


def test_the_bets_are_said() -> None:
    assert workshop_charts.bets_alt(BETS, ANSWER, 21_000.0, MONEY) == (
        "The answer is £38,000 (95% interval £36,000 to £40,000). 7 bets, £5,000 to £2,000,000; 2 above it. "
        "The nearest is £37,000. Yours is £21,000."
    )
    assert workshop_charts.bets_alt([], ANSWER, None, MONEY).endswith("Nobody bet.")
    assert "One bet: £5,000; 0 above it." in workshop_charts.bets_alt([5_000.0], ANSWER, None, MONEY)
    assert "one run: no interval" in workshop_charts.bets_alt([], Estimate(7.0, None, None), None, MONEY)
    assert workshop_charts.bets_alt([1.0], Estimate(None, None, None), None, MONEY).startswith("1 bets. There is no")


def test_every_voice_is_a_line_and_says_nobodys_name() -> None:
    spec = workshop_charts.pool(VOICES, pooled(VOICES), SHARE)
    lines = [row for row in rows(spec) if row["kind"] == "voice"]
    assert [(row["low"], row["at"], row["high"]) for row in lines] == [(v.low, v.mode, v.high) for v in VOICES]
    assert {row["name"] for row in lines} == {""}
    assert "'3 voices'" in spec["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
    assert len({row["row"] for row in rows(spec)}) == len(rows(spec))


def test_voices_are_drawn_in_the_same_order_whoever_spoke_first() -> None:
    backwards = VOICES[::-1]
    assert rows(workshop_charts.pool(backwards, pooled(backwards), SHARE)) == rows(
        workshop_charts.pool(VOICES, pooled(VOICES), SHARE)
    )


def test_ones_own_voice_is_marked_once_and_the_old_range_is_dashed() -> None:
    twice = [*VOICES, VOICES[0]]
    spec = workshop_charts.pool(twice, pooled(twice), SHARE, Quantity(low=0.01, high=0.3), VOICES[0])
    kinds = [row["kind"] for row in rows(spec)]
    assert kinds.count("mine") == 1
    assert kinds.count("voice") == 3
    dashed = [layer["mark"] for layer in spec["layer"] if "strokeDash" in layer["mark"]]
    assert len(dashed) == 1
    before = next(row for row in rows(spec) if row["kind"] == "before")
    assert (before["low"], before["at"], before["high"]) == (0.01, 0.155, 0.3)


def test_the_curve_holds_all_of_the_chance_certain_people_too() -> None:
    for voices in (VOICES, [Voice(5, 5, 5)], [Voice(0, 0, 0)] * 2):
        spec = workshop_charts.pool(voices, pooled(voices), "minutes")
        curve = [point["y"] for point in spec["layer"][0]["data"]["values"]]
        assert min(curve) >= 0
        assert max(curve) > 0
        json.dumps(spec, allow_nan=False)


def test_no_name_beside_the_pool_gives_way_to_another_however_close() -> None:
    spec = workshop_charts.pool(VOICES, pooled(VOICES), "trolleys", Quantity(mode=0.07))
    names = spec["layer"][0]["encoding"]["y"]["axis"]
    assert (len(names["values"]), names["labelOverlap"]) == (3, False)
    assert spec["autosize"]["type"] == "fit-x"


def test_the_pool_is_said() -> None:
    before = Quantity(low=0.03, mode=0.05, high=0.2)
    said = workshop_charts.pool_alt(pooled(VOICES), SHARE, before, VOICES[0])
    assert said.startswith("Three people together: ")
    assert said.endswith("Before it was 3.0% to 20.0%. You said 2.0% to 10.0%, most likely 5.0%.")
    assert "Before it was 7.0%." in workshop_charts.pool_alt(pooled(VOICES), SHARE, Quantity(mode=0.07))


def test_every_choice_has_a_row_and_a_tie_says_so_in_words() -> None:
    shown = rows(workshop_charts.board(TIED, "GBP", LABELS))
    assert [row["name"].split()[0] for row in shown] == ["1=", "1=", "3", "4"]
    assert [row["tied"] for row in shown] == [True, True, False, False]
    assert shown[2]["name"] == "3 Doing nothing"
    assert shown[0]["chosen"] == "2 people"
    assert (shown[0]["npv"], shown[0]["low"]) == (20, estimate([10, 30, 20]).low)


def test_two_choices_whose_names_are_cut_to_the_same_keep_a_row_each() -> None:
    labels = {"a": "The very same beginning " * 4 + "one", "b": "The very same beginning " * 4 + "two"}
    spec = workshop_charts.board(ranking({("a",): [1, 2, 3], ("b",): [1, 2, 3]}), "GBP", labels)
    assert rows(spec)[0]["name"] == rows(spec)[1]["name"]
    assert [row["place"] for row in rows(spec)] == [0, 1]
    assert spec["layer"][-1]["encoding"]["y"]["field"] == "place"


def test_a_name_with_quotes_stays_text_on_the_axis() -> None:
    odd = ranking({("c",): [1, 2, 3]})
    spec = workshop_charts.board(odd, "GBP", {"c": "\"][0]+'x"})
    said = spec["layer"][-1]["encoding"]["y"]["axis"]["labelExpr"]
    array = said.removeprefix("split(").split("[datum.value]")[0]
    assert json.loads(array) == ["1 \"][0]+'x"]


def test_only_the_best_of_many_are_drawn_and_the_rest_is_said() -> None:
    many = ranking({(name,): [place, place, place] for place, name in enumerate("abcdefghijklmnopqrst")})
    assert len(rows(workshop_charts.board(many, "GBP", LABELS))) == workshop_charts.BOARD_ROWS
    assert "The picture leaves out the last 5." in workshop_charts.board_alt(many, "GBP", LABELS)
    assert "leaves out" not in workshop_charts.board_alt(TIED, "GBP", LABELS)
    assert "share the lead" in workshop_charts.board_alt(TIED, "GBP", LABELS)
