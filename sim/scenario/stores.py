"""One store of a chain: the store described, as a store of some type differs from it."""

from dataclasses import replace

from pydantic import ValidationError

from sim.scenario.chain import StoreType
from sim.scenario.document import Document
from sim.scenario.faults import Fault, ScenarioError, faults_of
from sim.scenario.market import Opening
from sim.scenario.nearest import listed, not_among
from sim.scenario.scenario import Scenario
from sim.scenario.world import altered


def store_of(scenario: Scenario, store_type: str) -> Scenario:
    """The scenario of one store of that type, its changes applied as a fix's are and its own hours open.

    Customers come as often whatever the hours: weights of the profile outside them do not count, and the visits fall
    into those inside. Values are set or drawn before, and fixes applied after, as the store has them:
    `world_of(store_of(world_of(scenario, sets), "large"), fixes=["oil"])`.

    Raises:
        ScenarioError: a scenario without a chain, an unknown type, or a store that no scenario file could describe.
    """
    kind = _type(scenario, store_type)
    try:
        store = altered(scenario, {}, [kind])
        return store if kind.opening is None else _opened(store, kind.opening)
    except ScenarioError as error:
        here = f"chain.stores.{kind.id}"
        raise ScenarioError(replace(fault, file=here) for fault in error.faults) from None


def _type(scenario: Scenario, name: str) -> StoreType:
    kinds = {kind.id: kind for kind in scenario.chain.stores} if scenario.chain else {}
    if name in kinds:
        return kinds[name]
    known = listed(kinds) or "none, the scenario has no chain"
    raise ScenarioError((Fault("chain", None, "stores", not_among(name, known, kinds)),))


def _opened(store: Scenario, opening: Opening) -> Scenario:
    """The store with these hours, and without the weights of weekdays on which it is closed."""
    calendar = store.calendar.model_dump() | {"opening": opening.model_dump()}
    if profile := calendar["profile"]:
        calendar["profile"] = {day: weights if calendar["opening"][day] else None for day, weights in profile.items()}
    try:
        return Scenario.model_validate(dict(store) | {"calendar": calendar})
    except ValidationError as error:
        raise ScenarioError(faults_of(error, Document("chain", {"calendar": calendar}))) from None
