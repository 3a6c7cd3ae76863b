"""How large a scenario may be: each bound is refused in one fault, before anything in the list is read."""

from copy import deepcopy
from typing import Any

import pytest

from sim.scenario import offers
from sim.scenario.document import parse
from sim.scenario.faults import Document, ScenarioError
from sim.scenario.files import scenario_of
from sim.scenario.quantity import AtMost
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import KIOSK, kiosk
from tests.scenario.test_ways import mishap, place, to

pytestmark = pytest.mark.attack

Data = dict[str, Any]
_KIOSK = parse(KIOSK, "kiosk.yaml").data
RESPONSE = {"id": "sighs", "label": "Sighs"}
NAMED = {"id": "a", "label": "A"}
LISTS = {
    "channels": 50,
    "segments": 50,
    "trips": 50,
    "stages": 100,
    "departments": 100,
    "resources": 100,
    "assets": 50,
    "journey": 500,
    "failures": 500,
    "attributes": 500,
    "skills": 50,
    "policies": 20,
    "fixes": 100,
    "levers": 100,
    "presets": 50,
    "why": 100,
}
INNER = {
    "journey": (AtMost(2_000, "next", "ways on"), place("a", *[to("b")] * 401)),
    "failures": (AtMost(2_000, "responses", "responses"), mishap("a", responses=[RESPONSE] * 401)),
    "fixes": (AtMost(500, "changes", "changes"), {"changes": [{}] * 101}),
    "skills": (AtMost(500, "lifts", "lifts"), {"lifts": [{}] * 101}),
    "policies": (AtMost(200, "moves", "moves"), {"moves": [{}] * 41}),
}


def refusal(**parts: object) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as refused:
        scenario_of(Document("test", deepcopy(_KIOSK) | parts))
    return [(fault.path, fault.message) for fault in refused.value.faults]


@pytest.mark.parametrize(("name", "most"), LISTS.items(), ids=LISTS)
def test_a_longer_list_is_one_fault_whatever_is_in_it(name: str, most: int) -> None:
    found = refusal(**{name: [{"nonsense": number} for number in range(most + 1)]})
    assert found == [(name, f"found {most + 1:,}; allowed: at most {most:,}")]


@pytest.mark.parametrize(("name", "of"), INNER.items(), ids=INNER)
def test_so_are_more_within_its_items_than_there_may_be_in_all(name: str, of: tuple[AtMost, Data]) -> None:
    bound, item = of
    ((path, message),) = refusal(**{name: [item] * 5})
    assert path == name
    assert message == f"found {bound.most + 5:,} {bound.what} in all; allowed: {bound.words}"


@pytest.mark.parametrize("name", LISTS)
def test_the_schema_says_each_bound(name: str) -> None:
    schema = Scenario.model_json_schema()["properties"][name]
    assert schema["maxItems"] == LISTS[name]
    assert schema.get("x-in-all") == (INNER[name][0].words if name in INNER else None)


def test_what_may_be_moved_makes_so_many_worlds_at_most() -> None:
    levers = kiosk().levers
    assert levers
    crowded = kiosk().model_copy(update={"levers": levers[:1] * (offers.MOST_WORLDS // 2 + 1)})
    ((loc, message),) = offers.findings(crowded)
    assert loc == ()
    assert message.startswith("what can be moved makes 6")
