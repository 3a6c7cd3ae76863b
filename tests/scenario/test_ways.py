"""Ways through a journey: what is reached, and what never ends, whoever comes and whatever goes wrong."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.document import parse
from sim.scenario.faults import ScenarioError
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.walks import kinds_of, routes_of, searching
from sim.scenario.walks.searching import searched
from sim.scenario.world import restated, without_failures
from tests.scenario.kiosk import KIOSK

Data = dict[str, Any]
UNREACHED, ENDLESS = "no route leads here", "not every visit that comes here ends"
_KIOSK = parse(KIOSK, "kiosk.yaml").data


def place(name: str, *routes: Data, **more: Any) -> Data:
    common = {"id": name, "label": name, "stage": "come", "department": "floor"}
    return common | {"next": list(routes)} | more


def to(name: str, **more: Any) -> Data:
    return {"to": name} | more


def mishap(at: str, cause: str = "chance", **more: Any) -> Data:
    chance = {"chance": 0.5} if cause == "chance" else {}
    response = {"id": "sighs", "label": "Sighs"}
    common = {"id": f"{cause}_{at}", "label": at, "at": at, "cause": cause, "responses": [response]}
    return common | chance | more


def scenario(*parts: Data, **more: Any) -> Scenario:
    """Places with routes are the journey, the others failure points; segments young and old, trips big and small."""
    journey = [part for part in parts if "next" in part]
    failures = [part for part in parts if "cause" in part]
    data = _KIOSK | {"fixes": [], "levers": [], "why": [], "journey": journey, "failures": failures}
    return Scenario.model_validate(data | more)


def said(*parts: Data, **more: Any) -> dict[str, str]:
    """What is found at each touchpoint at fault."""
    journey = scenario(*parts, **more).journey
    found = searching.findings(scenario(*parts, **more))
    return {journey[loc[1]].id: message.partition(";")[0] for loc, message in found}


CONTACT = {"contact": {"resolves": 0.5}}
NEVER = {"contact": {"resolves": 0}}
DESK = {"hears_reports": "carts"}
REPORTED = {"reported": True, "severity": 1}
FINE = {
    "a line": [place("a", to("b")), place("b")],
    "a loop with a way out": [place("a", to("a", share=0.9))],
    "a loop by chance and then the rest": [place("a", to("a", share=0.9), to("b")), place("b")],
    "a way for those to whom something happens, and one for the others": [
        place("a", to("b", when="failed"), to("c", when="settled")),
        *(place("b"), place("c"), mishap("a")),
    ],
    "again until nothing happens": [place("a", to("a", when="failed")), mishap("a", chance=0.99)],
    "again until there is an answer": [place("a", to("a", when="failed"), **CONTACT), mishap("a", "unresolved")],
    "again while there is something to report, to a desk that hears it": [
        place("a", to("a", when="reporting"), **DESK)
    ],
    "again while there is something to report, to people who settle it": [
        place("a", to("a", when="reporting"), **CONTACT),
        mishap("a", "unresolved"),
    ],
    "again until they say no": [place("a", to("a"), converts={"chance": 0.9})],
    "customers here and prospects there": [
        place("a", to("b", when="customer"), to("c", when="prospect")),
        *(place("b"), place("c")),
    ],
    "one way for the young and one for the old": [
        place("a", to("b", segments=["young"]), to("c")),
        *(place("b"), place("c")),
    ],
    "again for those who never come there": [
        place("a", to("b", when="customer"), to("c", segments=["young"]), to("d", trips=["big"])),
        place("b", to("b", when="prospect")),
        place("c", to("c", segments=["old"])),
        place("d", to("d", trips=["small"])),
    ],
    "one way on big trips and one on small": [place("a", to("b", trips=["big"]), to("c")), place("b"), place("c")],
    "a way that nobody takes": [place("a", to("b", share=0)), place("b")],
    "a way after all have gone another": [place("a", to("b"), to("c")), place("b"), place("c")],
    "a way for failures where nothing fails": [place("a", to("b", when="failed")), place("b")],
    "a way for the settled where something always fails": [
        place("a", to("b", when="settled")),
        *(place("b"), mishap("a", chance=1)),
    ],
}
REFUSED = {
    "a touchpoint to which no way is drawn": (UNREACHED, "b", [place("a"), place("b")]),
    "a touchpoint that only leads to itself": (UNREACHED, "b", [place("a"), place("b", to("b", share=0.5))]),
    "a way to everywhere else": (ENDLESS, "a", [place("a", to("a"))]),
    "shares that leave nobody a way out": (ENDLESS, "a", [place("a", to("a", share=0.5), to("a", share=0.5))]),
    "a way out after all have gone another": (
        *(ENDLESS, "a"),
        [place("a", to("a", share=0.3), to("a", share=0.7), to("b")), place("b")],
    ),
    "a way out that nobody takes": (ENDLESS, "a", [place("a", to("b", share=0), to("a")), place("b")]),
    "a way out for failures where nothing fails": (
        *(ENDLESS, "a"),
        [place("a", to("b", when="failed"), to("a")), place("b")],
    ),
    "again where something always fails": (ENDLESS, "a", [place("a", to("a", when="failed")), mishap("a", chance=1)]),
    "again where there is never an answer": (
        *(ENDLESS, "a"),
        [place("a", to("a", when="failed"), **NEVER), mishap("a", "unresolved")],
    ),
    "again where nothing ever fails": (ENDLESS, "a", [place("a", to("a", when="settled"))]),
    "again while there is something to report, which nobody hears": (
        *(ENDLESS, "a"),
        [place("a", to("a", when="reporting")), mishap("a", **REPORTED)],
    ),
    "again while there is something to report, and never an answer": (
        *(ENDLESS, "a"),
        [place("a", to("a", when="reporting"), **NEVER), mishap("a", "unresolved"), mishap("a", **REPORTED)],
    ),
    "again where all say yes": (ENDLESS, "a", [place("a", to("a"), converts={"chance": 1})]),
    "again for prospects": (ENDLESS, "a", [place("a", to("a", when="prospect"))]),
    "again for customers": (ENDLESS, "a", [place("a", to("a", when="customer"))]),
    "again for the old": (ENDLESS, "a", [place("a", to("a", segments=["old"]))]),
    "again on small trips": (ENDLESS, "a", [place("a", to("a", trips=["small"]))]),
}


@pytest.mark.parametrize("parts", FINE.values(), ids=FINE)
def test_this_journey_is_all_reached_and_always_ends(parts: list[Data]) -> None:
    assert said(*parts) == {}


@pytest.mark.parametrize(("message", "at", "parts"), REFUSED.values(), ids=REFUSED)
def test_this_journey_is_refused_at_the_touchpoint_at_fault(message: str, at: str, parts: list[Data]) -> None:
    assert said(*parts) == {at: message}


def closed_to(*segments: str) -> Data:
    """A phone that these segments cannot use."""
    every = [
        {"id": name, "label": name, "share": 0.5, "cannot_use": ["phone"] if name in segments else []}
        for name in ("young", "old")
    ]
    return {"segments": every, "channels": [{"id": name, "label": name} for name in ("store", "phone")]}


PHONE = place("b", channel="phone")


def test_who_cannot_use_the_way_out_never_ends() -> None:
    again = place("a", to("b"), to("a")), PHONE
    assert said(*again, **closed_to()) == {}
    assert said(*again, **closed_to("old")) == {"a": ENDLESS}


def test_nobody_begins_on_a_channel_that_they_cannot_use() -> None:
    """Visits begin at the first touchpoint, so it must be open to all, as every way on is checked to be."""
    found = list(searching.findings(scenario(place("a", channel="phone"), **closed_to("old"))))
    assert [loc for loc, _ in found] == [("segments", 1, "cannot_use")]


# ---- failures that are switched off --------------------------------------------------------------


def test_what_only_failures_lead_to_is_no_fault_of_the_world_without_them() -> None:
    """Every loss is measured against that world: a scenario that is allowed must have it."""
    retried = place("a", to("b", when="failed"), **CONTACT), place("b"), mishap("a", "unresolved")
    assert said(*retried) == {}
    assert without_failures(scenario(*retried)).failures[0].on is False


def test_a_journey_that_only_failures_end_is_refused_before_its_world_without_them_is() -> None:
    assert said(place("a", to("a", when="settled")), mishap("a")) == {"a": ENDLESS}


# ---- something to report, again ------------------------------------------------------------------


def test_there_may_be_something_to_report_after_a_desk_heard_the_last_report() -> None:
    parts = place("a", to("desk")), place("desk", to("b"), **DESK), place("b", to("c", when="reporting")), place("c")
    assert said(*parts, mishap("b", **REPORTED)) == {}


def test_who_reports_again_after_a_desk_heard_the_last_report_must_come_to_an_end_as_well() -> None:
    parts = place("a", to("desk")), place("desk", to("b"), **DESK), place("b", to("b", when="reporting"))
    assert "b" in said(*parts, mishap("b", **REPORTED))


# ---- how much work it is ------------------------------------------------------------------------

VISITS_AN_EDGE = 12
"""A route is an edge between four pairs of states at most, once each way, and again where nothing fails."""


@st.composite
def crowded(draw: st.DrawFn) -> Scenario:
    """Chains, cliques, and routes with conditions for many segments on many trips, wherever anything may fail."""
    places, kinds = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    names = [f"p{i}" for i in range(places)]
    segments = [{"id": f"s{i}", "label": "s", "share": 1 / kinds} for i in range(kinds)]
    trips = [{"id": f"t{i}", "label": "t", "share": 1 / kinds, "spend": 1, "spend_log_sd": 0} for i in range(kinds)]
    is_clique, ahead = draw(st.booleans()), st.integers(0, places - 1)
    whens = st.sampled_from(["always", "reporting", "failed", "settled", "customer", "prospect"])

    def way(to_place: str) -> Data:
        some = [draw(st.lists(st.sampled_from(all_of), max_size=2)) for all_of in (segments, trips)]
        who = dict(zip(("segments", "trips"), ([one["id"] for one in them] for them in some), strict=True))
        return to(to_place, when=draw(whens), share=draw(st.sampled_from([0.1, 0.5, 1])), **who)

    def ways_on(i: int) -> list[Data]:
        to_places = names if is_clique else [names[min(i + 1, places - 1)], names[draw(ahead)]]
        return [way(name) for name in to_places]

    parts = [place(name, *ways_on(i)) for i, name in enumerate(names)]
    return scenario(*parts, *[mishap(name, **REPORTED) for name in names], segments=segments, trips=trips)


@given(crowded())
@settings(deadline=None)
def test_no_edge_is_visited_more_often_than_a_few_times_for_each_kind_of_visit(world: Scenario) -> None:
    routes = routes_of(world)
    most = VISITS_AN_EDGE * routes.at.size * kinds_of(world, prospects=0.5).weight.size
    assert searched(world, routes).visited <= most


def test_where_many_kinds_go_their_own_ways_an_edge_is_still_visited_a_few_times() -> None:
    """Largest sets go first: who walks step by step with each kind alone comes by hundreds of times."""
    luck = random.Random(1)
    segments = [{"id": f"s{i}", "label": "s", "share": 1 / 20} for i in range(20)]
    trips = [{"id": f"t{i}", "label": "t", "share": 1 / 20, "spend": 1, "spend_log_sd": 0} for i in range(20)]

    def way() -> Data:
        who = {"segments": [f"s{luck.randrange(20)}"], "trips": [f"t{luck.randrange(20)}", f"t{luck.randrange(20)}"]}
        return to(
            f"p{luck.randrange(40)}", share=luck.choice([0.1, 0.5, 1]), when=luck.choice(["always", "failed"]), **who
        )

    parts = [place(f"p{i}", to(f"p{min(i + 1, 39)}", share=0.5), *[way() for _ in range(4)]) for i in range(40)]
    world = scenario(*parts, *[mishap(f"p{i}", **REPORTED) for i in range(40)], segments=segments, trips=trips)
    routes = routes_of(world)
    assert kinds_of(world, prospects=0.5).weight.size > 100
    assert searched(world, routes).visited <= 2 * VISITS_AN_EDGE * routes.at.size


def test_ends_of_levers_on_shares_are_searched_anew_where_the_share_is() -> None:
    again = scenario(place("a", to("a", share=0.5), to("b")), place("b"))
    assert list(searching.findings(again)) == []
    assert list(searching.findings(restated(again, {"journey.a.next[0].share": Quantity(mode=0.7)}))) == []
    with pytest.raises(ScenarioError, match=ENDLESS):
        restated(again, {"journey.a.next[0].share": Quantity(mode=1)})
