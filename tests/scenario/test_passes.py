"""How often a visit passes each touchpoint, against values worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.chance import shifted
from sim.behaviour.telling import complaint_probability
from sim.scenario.walks import passes as inside
from sim.scenario.walks.passes import MOSTLY, SELDOM, Taken, passes_of, share_of_prospects
from tests.scenario.test_ways import CONTACT, DESK, PHONE, Data, closed_to, mishap, place, scenario, to

LEAVES = {"id": "leaves", "label": "Leaves", "share": 0.25, "then": "leave"}
STAYS = {"id": "stays", "label": "Stays"}
COMPLAINS = {"reported": True, "severity": 1}
ALL_COMPLAIN = {"relationship": scenario(place("a")).model_dump()["relationship"] | {"complaint_intercept": 100}}


def passes(*parts: Data, taken: Taken = "likely", **more: object) -> list[float]:
    return list(passes_of(scenario(*parts, **more), taken).mean)


def about(*values: float) -> object:
    return pytest.approx(list(values), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([place("a", to("b")), place("b")], [1, 1]),
        ([place("a", to("a", share=0.9), to("b")), place("b")], [10, 1]),
        ([place("a", to("b", share=0.3), to("b", share=0.9), to("c")), place("b"), place("c")], [1, 1, 0]),
        ([place("a", to("b", share=0.3), to("c", share=0.5)), place("b"), place("c")], [1, 0.3, 0.5]),
        ([place("a", to("b"), converts={"chance": 0.4}), place("b")], [1, 0.4]),
    ],
    ids=["a line", "a loop", "shares at most what is left", "the rest ends", "a no ends it"],
)
def test_passes_of_what_a_scenario_states(parts: list[Data], expected: list[float]) -> None:
    for taken in ("likely", "upper"):
        assert passes(*parts, taken=taken) == about(*expected)


def test_two_chances_together_send_on_whom_either_meets() -> None:
    parts = place("a", to("b", when="failed"), to("c", when="settled")), place("b"), place("c")
    second = mishap("a", chance=0.2) | {"id": "second"}
    assert passes(*parts, mishap("a", chance=0.5), second) == about(1, 0.6, 0.4)


def test_who_walks_out_goes_nowhere() -> None:
    parts = place("a", to("b", when="failed"), to("c")), place("b"), place("c")
    assert passes(*parts, mishap("a", chance=0.5, responses=[STAYS, LEAVES])) == about(1, 0.375, 0.5)


def test_on_wet_days_some_take_the_first_response_instead() -> None:
    responses = [STAYS, LEAVES | {"not_in_rain": True}]
    wet = {"weather": {"rain": 0.5}}
    assert passes(place("a", to("b")), place("b"), mishap("a", chance=1, responses=responses), **wet) == about(1, 0.875)


def test_a_failure_that_mostly_happens_and_comes_back_goes_round_hundreds_of_times() -> None:
    sent = place("a", to("b", when="failed")), place("b", to("c")), place("c", to("a"))
    assert passes(*sent, mishap("a", chance=0.998)) == about(500, 499, 499)


def test_what_is_to_be_reported_is_carried_until_it_is_heard() -> None:
    parts = place("a", to("b")), place("b", to("desk", when="reporting"), to("c")), place("desk", to("b"), **DESK)
    reported = mishap("a", chance=0.5, **COMPLAINS)
    assert passes(*parts, place("c"), reported, **ALL_COMPLAIN) == about(1, 1.5, 0.5, 1)


def test_a_contact_that_settles_it_leaves_nothing_to_report() -> None:
    parts = place("a", to("b")), place("b", to("b", when="reporting"), to("c"), **CONTACT), place("c")
    failures = mishap("a", chance=0.5, **COMPLAINS), mishap("b", "unresolved")
    assert passes(*parts, *failures, **ALL_COMPLAIN) == about(1, 0.5 + 0.5 * 2, 1)


def test_segments_trips_and_channels_go_their_own_ways() -> None:
    by_segment = place("a", to("b", segments=["young"]), to("c")), place("b"), place("c")
    young, old = (one.share.value * one.visits_times.value for one in scenario(*by_segment).segments)
    assert passes(*by_segment) == about(1, young / (young + old), old / (young + old))
    by_trip = place("a", to("b", trips=["big"]), to("c")), place("b"), place("c")
    assert passes(*by_trip)[1] == pytest.approx(scenario(*by_trip).trips[0].share.value)
    assert passes(place("a", to("b"), to("c")), PHONE, place("c"), **closed_to("old")) == about(1, 0.5, 0.5)


def test_customers_and_prospects_go_their_own_ways() -> None:
    parts = place("a", to("b", when="prospect"), to("c")), place("b"), place("c")
    share = share_of_prospects(scenario(*parts))
    assert 0 < share < 1
    assert passes(*parts) == about(1, share, 1 - share)


def test_what_only_a_run_can_tell_is_seldom_when_likely_and_most_of_the_time_at_most() -> None:
    queue = {"resource": "clerk", "patience": 1, "minutes": {"mean": 1}}
    again = place("a", to("a", when="failed"), **queue), mishap("a", "wait")
    assert passes(*again) == about(1 / (1 - SELDOM))
    assert passes(*again, taken="upper") == about(1 / (1 - MOSTLY))


def test_the_upper_value_takes_what_makes_a_visit_longest_be_it_that_nothing_fails() -> None:
    queue = {"resource": "clerk", "patience": 1, "minutes": {"mean": 1}}
    ends = place("a", to("b", when="settled"), **queue), place("b"), mishap("a", "wait")
    assert passes(*ends) == about(1, 1 - SELDOM)
    assert passes(*ends, taken="upper") == about(1, 1)


def test_the_kind_of_visit_that_passes_most_is_known_beside_the_mean() -> None:
    found = passes_of(scenario(place("a", to("a", share=0.9, trips=["big"]))))
    assert found.most[0] == pytest.approx(10, rel=1e-4)
    assert found.mean[0] < 10


@given(st.floats(0, 1), st.floats(-5, 5))
def test_chances_are_those_of_the_laws(chance: float, odds: float) -> None:
    """The laws belong to a layer above, which scenarios do not import."""
    assert inside.shifted(chance, odds) == pytest.approx(shifted(chance, odds))
    assert inside.logistic(odds + chance) == pytest.approx(complaint_probability(chance, odds, 1.0))


def test_the_stages_lose_only_those_whose_visit_ends() -> None:
    stages = inside.stages_of(scenario(place("a"), mishap("a"), mishap("a", chance=1) | {"id": "b"}))
    for matrices in stages:
        assert matrices.sum(axis=-1) == pytest.approx(1.0)
