"""How large a scenario may be: each bound is refused in one fault, before anything in the list is read."""

from copy import deepcopy
from typing import Any

import pytest

from sim.scenario import bounds, offers
from sim.scenario.document import Document, parse
from sim.scenario.faults import ScenarioError
from sim.scenario.reading import scenario_of
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import KIOSK, kiosk
from tests.scenario.test_ways import mishap, place, to

pytestmark = pytest.mark.attack

Data = dict[str, Any]
_KIOSK = parse(KIOSK, "kiosk.yaml").data
RESPONSE = {"id": "sighs", "label": "Sighs"}
NAMED = {"id": "a", "label": "A"}
LISTS = {
    "channels": bounds.KINDS,
    "segments": bounds.KINDS,
    "trips": bounds.KINDS,
    "stages": bounds.NAMES,
    "departments": bounds.NAMES,
    "resources": bounds.NAMES,
    "assets": bounds.ASSETS,
    "journey": bounds.TOUCHPOINTS,
    "failures": bounds.FAILURES,
    "attributes": bounds.ATTRIBUTES,
    "skills": bounds.SKILLS,
    "policies": bounds.POLICIES,
    "fixes": bounds.FIXES,
    "levers": bounds.LEVERS,
    "presets": bounds.PRESETS,
    "why": bounds.REASONS,
}
INNER = {
    "journey": (bounds.ROUTES, place("a", *[to("b")] * 401)),
    "failures": (bounds.RESPONSES, mishap("a", responses=[RESPONSE] * 401)),
    "fixes": (bounds.CHANGES, {"changes": [{}] * 101}),
    "skills": (bounds.LIFTS, {"lifts": [{}] * 101}),
    "policies": (bounds.MOVES, {"moves": [{}] * 41}),
}


def refusal(**parts: object) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as refused:
        scenario_of(Document("test", deepcopy(_KIOSK) | parts))
    return [(fault.path, fault.message) for fault in refused.value.faults]


@pytest.mark.parametrize(("name", "bound"), LISTS.items(), ids=LISTS)
def test_a_longer_list_is_one_fault_whatever_is_in_it(name: str, bound: bounds.AtMost) -> None:
    found = refusal(**{name: [{"nonsense": number} for number in range(bound.most + 1)]})
    assert found == [(name, f"found {bound.most + 1:,}; allowed: at most {bound.most:,}")]


@pytest.mark.parametrize(("name", "of"), INNER.items(), ids=INNER)
def test_so_are_more_within_its_items_than_there_may_be_in_all(name: str, of: tuple[bounds.AtMost, Data]) -> None:
    bound, item = of
    ((path, message),) = refusal(**{name: [item] * 5})
    assert path == name
    assert message == f"found {bound.most + 5:,} {bound.what} in all; allowed: {bound.words}"


@pytest.mark.parametrize("name", LISTS)
def test_the_schema_says_each_bound(name: str) -> None:
    schema = Scenario.model_json_schema()["properties"][name]
    assert schema["maxItems"] == LISTS[name].most
    assert schema.get("x-in-all") == (INNER[name][0].words if name in INNER else None)


def test_what_may_be_moved_makes_so_many_worlds_at_most() -> None:
    levers = kiosk().levers
    assert levers
    crowded = kiosk().model_copy(update={"levers": levers[:1] * (bounds.WORLDS // 2 + 1)})
    ((loc, message),) = offers.findings(crowded)
    assert loc == ()
    assert message.startswith("what can be moved makes 6")
