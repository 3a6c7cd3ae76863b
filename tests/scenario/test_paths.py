from typing import Any

import pytest

from sim.experiments.library import load, names
from sim.scenario.paths import location, quantity_at, replaced, settable, unknown_path
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import kiosk


def numbers_in(value: Any) -> int:
    """How many quantities plain data of a scenario has, counted without any path."""
    if isinstance(value, dict):
        here = {"low", "mode", "high", "unit", "evidence", "source"} == set(value)
        return 1 if here else sum(numbers_in(item) for item in value.values())
    return sum(numbers_in(item) for item in value) if isinstance(value, list | tuple) else 0


@pytest.mark.parametrize("name", names())
def test_every_quantity_of_a_shipped_scenario_has_one_path_of_its_own(name: str) -> None:
    scenario = load(name)
    paths = [path for path, _ in settable(scenario)]
    assert len(paths) == len(set(paths))
    quantities = [path for path, value in settable(scenario) if isinstance(value, Quantity)]
    assert len(quantities) == numbers_in(scenario.model_dump())


@pytest.mark.parametrize("name", names())
def test_every_path_of_a_shipped_scenario_resolves_and_can_be_set_and_read_back(name: str) -> None:
    scenario = load(name)
    data, wanted = scenario.model_dump(), {}
    for path, value in settable(scenario):
        wanted[path] = not value if isinstance(value, bool) else value.model_copy(update={"source": path})
        replaced(data, path, wanted[path] if isinstance(value, bool) else wanted[path].model_dump())
    assert dict(settable(Scenario.model_validate(data))) == wanted


def test_every_path_that_is_listed_is_known_and_leads_to_its_quantity() -> None:
    scenario = kiosk()
    for path, value in settable(scenario):
        assert unknown_path(scenario, path) is None
        assert isinstance(value, bool) or quantity_at(scenario, path) is value


def test_things_are_addressed_by_their_ids_and_what_has_none_by_position() -> None:
    scenario = kiosk()
    assert quantity_at(scenario, "assets.carts.pool").value == 10
    assert quantity_at(scenario, "failures.wobble.responses.swap.share").value == 0.2
    assert quantity_at(scenario, "assets.carts.repair.minutes.mean").value == 60
    assert quantity_at(scenario, "journey.gate.next[0].share").value == 1
    assert quantity_at(scenario, "customers.leaving.churn_per_year").value == 0.1
    assert dict(settable(scenario))["failures.wobble.on"] is True


def test_paths_are_in_the_order_of_the_file() -> None:
    paths = [path for path, _ in settable(kiosk())]
    order = ["weather.rain", "customers.base", "segments.young.share", "trips.big.share", "assets.carts.pool"]
    assert [path for path in paths if path in order] == order


@pytest.mark.parametrize("path", ["failures.wobble.on", "assets.carts", "title", "assets.carts.pool.mode", ""])
def test_what_is_no_quantity_has_no_quantity_at_its_path(path: str) -> None:
    with pytest.raises(KeyError):
        quantity_at(kiosk(), path)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("assets.carts.pol", '; did you mean "assets.carts.pool"?'),
        ("asset.carts.pool", '; did you mean "assets.carts.pool"?'),
        ("failures.wobble.of", '; did you mean "failures.wobble.on"?'),
        ("nonsense", "; `python -m sim describe` lists the paths"),
        ("", "; `python -m sim describe` lists the paths"),
    ],
)
def test_an_unknown_path_is_answered_with_the_nearest_or_with_where_to_look(path: str, hint: str) -> None:
    assert unknown_path(kiosk(), path) == f'found "{path}"; allowed: the path of a quantity or switch{hint}'


def test_a_location_turns_ids_into_positions() -> None:
    data = kiosk().model_dump()
    assert location(data, "failures.wobble.responses.swap.share") == ("failures", 0, "responses", 1, "share")
    assert location(data, "journey.gate.next[0].to") == ("journey", 0, "next", 0, "to")
    for nowhere in ("failures.wobbly", "failures[9]", "title.more", "journey.gate.next[1]"):
        with pytest.raises((KeyError, TypeError)):
            location(data, nowhere)
