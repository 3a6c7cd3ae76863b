"""Worlds nobody thought of: journeys with loops, queues, pools and ties, generated for tests that must hold for all."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from tests.engines.worlds import checked, tiny_data

Data = dict[str, Any]
SHARE = st.sampled_from([0.0, 0.2, 0.5, 1.0])
BREAKS = st.sampled_from([0.0, 0.5, 1.0, 1.0])
FEW = st.sampled_from([0.0, 0.3, 0.5])
WHOLE_MINUTES = st.sampled_from([0, 5, 10])
WHEN = ["always", "reporting", "failed", "settled", "customer", "prospect"]
MOSTLY = st.sampled_from([True, True, True, False])
FEELS = st.sampled_from([-1.0, -0.4, 0.0, 0.5])
THEN = st.sampled_from(["carry_on"] * 4 + ["hand_back", "leave"])


@st.composite
def durations(draw: st.DrawFn) -> Data:
    law = draw(st.sampled_from(["fixed", "fixed", "exponential", "lognormal"]))
    return {"mean": draw(WHOLE_MINUTES), "law": law} | ({"log_sd": 0.5} if law == "lognormal" else {})


@st.composite
def scenarios(draw: st.DrawFn) -> Data:
    """A scenario as plain data: one to five touchpoints in a line, from which some go back or skip ahead."""
    data = tiny_data()
    count = draw(st.integers(1, 5))
    data |= {"weeks": draw(st.integers(1, 2)), "warm_up_days": draw(st.sampled_from([0, 0, 3]))}
    data["calendar"] |= {"closed": draw(st.sampled_from([[], ["2026-01-07"], ["01-05", "01-09"]]))}
    data["customers"] |= draw(markets())
    data["relationship"] |= {"recapture": draw(SHARE), "gain": draw(SHARE), "complaint_intercept": 1}
    data["weather"] = {"rain": draw(SHARE)}
    data["resources"] = [{"id": name, "label": name, "servers": draw(st.integers(1, 3))} for name in ("one", "two")]
    pool, reserve = draw(st.sampled_from([0, 1, 2, 4])), draw(st.integers(0, 2))
    data["assets"][0] |= {"pool": pool, "breaks": draw(BREAKS), "reserve": reserve}
    data["assets"][0]["repair"] = {"resource": draw(resource()), "minutes": draw(durations())}
    data["channels"] = [{"id": name, "label": name} for name in ("shop", "phone")]
    data["segments"][1] |= {"cannot_use": draw(st.sampled_from([[], ["phone"]])), "fit": draw(FEELS)}
    data["beliefs"] = draw(beliefs())
    data["word_of_mouth"] = {"telling": draw(SHARE), "considering": draw(st.sampled_from([0.5, 1.0])), "half_life": 1}
    data["reputation"] = {"weight": draw(SHARE), "reviews": draw(SHARE), "pace": 0.2}
    data["relationship"] |= {
        "shock_times": draw(st.sampled_from([1, 3])),
        "shock_half_life": draw(st.sampled_from([0, 1])),
    }
    data["journey"] = [draw(touchpoints(position, count)) for position in range(count)]
    data["failures"] = [failure for place in data["journey"] for failure in draw(failures(place))]
    data["attributes"] = [draw(attribute(place)) for place in data["journey"] if draw(st.booleans())]
    data["skills"] = draw(skills(data))
    return data


@st.composite
def beliefs(draw: st.DrawFn) -> Data:
    return {
        "expectation": draw(SHARE),
        "hearing": draw(SHARE),
        "learning": draw(SHARE),
        "trust": draw(SHARE),
        "hit": draw(SHARE),
        "heal": draw(SHARE),
        "cap_after_lie": draw(SHARE),
    }


@st.composite
def attribute(draw: st.DrawFn, place: Data) -> Data:
    kind = draw(st.sampled_from(["performance", "must_be", "attractive"]))
    name = f"felt_{place['id']}"
    return {"id": name, "label": name, "at": place["id"], "kind": kind, "level": draw(FEELS)}


@st.composite
def skills(draw: st.DrawFn, data: Data) -> list[Data]:
    """One skill that lifts whatever there is to lift."""
    found = [("failure", failure["id"]) for failure in data["failures"] if failure["cause"] == "chance"]
    found += [("conversion", place["id"]) for place in data["journey"] if "converts" in place]
    found += [("resolution", place["id"]) for place in data["journey"] if "contact" in place]
    lifts = [{"rate": rate, "at": at, "log_odds": draw(st.sampled_from([-1, 0, 1]))} for rate, at in found]
    skill = {"id": "skill", "label": "Skill", "half_life": draw(st.sampled_from([0, 1])), "lifts": lifts}
    return [skill | {"coaching_every": draw(st.sampled_from([0, 0.3]))}] if lifts else []


def resource() -> st.SearchStrategy[str]:
    return st.sampled_from(["one", "two"])


@st.composite
def markets(draw: st.DrawFn) -> Data:
    base, rate = draw(st.sampled_from([(0, 1), (1, 300), (1, 1), (5, 150), (8, 40), (40, 3)]))
    return {
        "base": base,
        "visits_per_week": rate,
        "gap_cv": draw(st.sampled_from([0.3, 1.0])),
        "newcomers_per_week": draw(st.sampled_from([0, 6])),
        "passers_by_per_week": draw(st.sampled_from([0, 40])),
        "leads_per_week": draw(st.sampled_from([0, 30])),
        "leaving": draw(leaving()),
    }


@st.composite
def leaving(draw: st.DrawFn) -> Data:
    """By the year or by the visit, decided after it or before, with the first period paid or due."""
    how = draw(st.sampled_from([{"churn_per_year": 0.5}, {"churn_per_year": 1.0}, {"chance_per_visit": 0.2}]))
    when = draw(st.sampled_from(["after_visit", "before_paying"]))
    return how | {"concentration": 16, "decides": when, "first_period": draw(st.sampled_from(["paid", "due"]))}


@st.composite
def touchpoints(draw: st.DrawFn, position: int, count: int) -> Data:
    place: Data = {"id": f"p{position}", "label": f"P{position}", "stage": "shop", "department": "service"}
    kind = draw(st.sampled_from(["served", "served", "dwell", "at once"]))
    if kind != "at once":
        place |= {"minutes": draw(durations()), "grows_with_trip": draw(st.booleans())}
    if kind == "served":
        place["resource"] = draw(resource())
        if draw(st.booleans()):
            place["patience"] = draw(st.sampled_from([0, 3, 10]))
            place |= {"balks_at": draw(st.sampled_from([0, 1, 2]))} if draw(st.booleans()) else {}
    place |= {"borrows": "trolleys"} if draw(MOSTLY if position == 0 else st.booleans()) else {}
    place |= {"hears_reports": "trolleys"} if draw(MOSTLY if position == count - 1 else st.booleans()) else {}
    place |= draw(dealings()) if "hears_reports" not in place else {}
    place["pays"] = draw(st.booleans())
    place["next"] = draw(routes(position, count))
    return place


@st.composite
def dealings(draw: st.DrawFn) -> Data:
    """What customer and business may have to do with each other, beside queues and things."""
    all_of = {
        "channel": draw(st.sampled_from(["shop", "phone"])),
        "permission": draw(SHARE),
        "claim": {"level": draw(SHARE), "known": draw(FEW)},
        "delivers": {"level": draw(SHARE), "spread": draw(FEW)},
        "contact": {"resolves": draw(FEW), "restores": draw(SHARE), "refund": draw(FEW)},
        "converts": {"chance": draw(SHARE)},
        "cross_sells": {"chance": draw(SHARE), "spend": 5, "spend_log_sd": 0.5},
    }
    return {name: value for name, value in all_of.items() if draw(st.integers(0, 2)) == 0}


@st.composite
def routes(draw: st.DrawFn, position: int, count: int) -> list[Data]:
    """On to the next one; before that, some start again or go anywhere, perhaps only with something to report."""
    onward = [{"to": f"p{position + 1}"}] if position + 1 < count else []
    if draw(st.booleans()):
        to, when = draw(st.integers(0, count - 1)), draw(st.sampled_from(WHEN))
        who = {"segments": draw(st.sampled_from([[], ["regulars"]])), "trips": draw(st.sampled_from([[], ["main"]]))}
        onward.insert(0, {"to": f"p{to}", "when": when, "share": draw(FEW)} | who)
    return onward


@st.composite
def failures(draw: st.DrawFn, place: Data) -> list[Data]:
    causes = ["chance"]
    causes += ["asset", "shortage"] if "borrows" in place else []
    causes += ["wait"] if "patience" in place else []
    causes += ["unresolved"] if "hears_reports" in place else []
    causes += ["intrusion"] if "permission" in place else []
    needed = [cause for cause, what in (("promise", "delivers"), ("unresolved", "contact")) if what in place]
    return [draw(failure(place, cause)) for cause in [*(c for c in causes if draw(MOSTLY)), *needed]]


@st.composite
def failure(draw: st.DrawFn, place: Data, cause: str) -> Data:
    name = f"{cause}_{place['id']}"
    first = {"id": "first", "label": "First", "loss": draw(SHARE), "feels": draw(FEELS), "then": draw(THEN)}
    second = {"id": "second", "label": "Second", "share": draw(SHARE), "loss": draw(SHARE), "then": draw(THEN)}
    second |= {
        "not_in_rain": draw(st.booleans()),
        "feels": draw(FEELS),
        "loss_on": draw(st.sampled_from([[], ["main"]])),
    }
    found: Data = {"id": name, "label": name, "at": place["id"], "cause": cause, "responses": [first, second]}
    found |= {"chance": draw(SHARE)} if cause == "chance" else {}
    found |= {"reported": draw(MOSTLY)} if cause != "unresolved" else {}
    found |= {"breaks_promise": draw(st.booleans())}
    if cause == "promise":
        first["feels"] = second["feels"] = 0
    return found | {"severity": draw(SHARE), "on": draw(MOSTLY)}


def generated(data: Data) -> Scenario:
    """The scenario of such data; what a file would not be allowed to say is not tried."""
    try:
        return checked(data)
    except ScenarioError:
        assume(False)
        raise
