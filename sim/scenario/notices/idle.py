"""Why a quantity moves nothing, told by how a scenario is built: nothing is simulated."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from sim.scenario.journey import Failure, Response, Route, Touchpoint
from sim.scenario.paths import quantity_at, steps_to
from sim.scenario.quantity import Named, Quantity
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Structure:
    """A scenario, and what of it could be otherwise."""

    scenario: Scenario

    @cached_property
    def moved(self) -> frozenset[str]:
        """The paths that something in the file moves."""
        stores = self.scenario.chain.stores if self.scenario.chain else ()
        changes = [change.path for fix in self.scenario.fixes for change in fix.changes]
        changes += [change.path for store in stores for change in store.changes]
        moves = [move.path for policy in self.scenario.policies for move in policy.moves]
        return frozenset((*changes, *moves, *(lever.path for lever in self.scenario.levers)))

    def may_be_more_than(self, least: float, quantity: Quantity | None, path: str) -> bool:
        """Whether a quantity is above that, or is moved."""
        return quantity is not None and (quantity.value > least or path in self.moved)

    @cached_property
    def reached(self) -> frozenset[str]:
        """Touchpoints that some visit may come to."""
        found: set[str] = set()
        ahead = [self.scenario.journey[0]]
        places = {place.id: place for place in self.scenario.journey}
        while ahead:
            place = ahead.pop()
            if place.id not in found:
                found.add(place.id)
                ahead += [places[route.to] for i, route in enumerate(place.next) if self._may_take(place, i, route)]
        return frozenset(found)

    def _may_take(self, place: Touchpoint, position: int, route: Route) -> bool:
        if not self.may_be_more_than(0, route.share, f"journey.{place.id}.next[{position}].share"):
            return False
        if route.when == "failed":
            return any(self.may_fail(failure) for failure in self.scenario.failures if failure.at == place.id)
        if route.when == "reporting":
            return any(failure.reported and self.may_fail(failure) for failure in self.scenario.failures)
        return True

    def may_fail(self, failure: Failure) -> bool:
        """Whether a failure point is on, or switched on by something, wherever it is."""
        return failure.on or f"failures.{failure.id}.on" in self.moved

    @cached_property
    def failing(self) -> tuple[Failure, ...]:
        """Failure points that are not off for good, where somebody comes."""
        every = self.scenario.failures
        return tuple(failure for failure in every if self.may_fail(failure) and failure.at in self.reached)

    def met(self) -> Iterator[Touchpoint]:
        """The touchpoints that are reached."""
        return (place for place in self.scenario.journey if place.id in self.reached)

    def lent(self, asset: str) -> bool:
        """Whether anybody borrows one."""
        trips = self.scenario.trips
        wanted = any(self.may_be_more_than(0, trip.borrows, f"trips.{trip.id}.borrows") for trip in trips)
        return wanted and any(place.borrows == asset for place in self.met())

    def breaks(self, asset: str) -> bool:
        """Whether one ever comes back broken."""
        path = f"assets.{asset}.breaks"
        return self.may_be_more_than(0, quantity_at(self.scenario, path), path)


One = TypeVar("One", bound=Named)


def why_idle(structure: Structure, path: str) -> str | None:
    """Why the quantity or switch at that path moves nothing, as a clause; None where it may move something."""
    steps = tuple(step for step, _ in steps_to(structure.scenario, path))
    rule = _RULES.get(steps[0])
    return rule(structure, steps) if rule else None


def _item(items: Iterable[One], name: str) -> One:
    return next(item for item in items if item.id == name)


def _failure(structure: Structure, steps: tuple[str, ...]) -> str | None:
    failure = _item(structure.scenario.failures, steps[1])
    if steps[2] == "on":
        return _nobody_comes(structure, failure.at)
    if not structure.may_fail(failure):
        return f"the failure point “{failure.label}” is off"
    if unreached := _nobody_comes(structure, failure.at):
        return unreached
    if failure.cause == "asset" and not any(structure.breaks(asset.id) for asset in structure.scenario.assets):
        return "nothing that is lent ever breaks"
    chance = f"failures.{failure.id}.chance"
    if failure.chance and steps[2] != "chance" and not structure.may_be_more_than(0, failure.chance, chance):
        return f"the chance of “{failure.label}” is 0"
    return _what_it_does(structure, failure, steps)


def _what_it_does(structure: Structure, failure: Failure, steps: tuple[str, ...]) -> str | None:
    if steps[2] == "severity" and not failure.reported:
        return f"severity decides who complains, and “{failure.label}” is not reported: true"
    feels = [(response, f"failures.{failure.id}.responses.{response.id}.feels") for response in failure.responses]
    is_felt = any(response.feels.value or path in structure.moved for response, path in feels)
    if steps[2] == "weight" and failure.cause != "promise" and not is_felt:
        return f"no response to “{failure.label}” feels like anything"
    if steps[2] == "responses":
        return _response(structure, failure, steps)
    return None


def _response(structure: Structure, failure: Failure, steps: tuple[str, ...]) -> str | None:
    response = _item(failure.responses, steps[3])
    if steps[4] == "loss" and response.then == "leave":
        return "who leaves buys nothing at all"
    if steps[4] != "share" and not _is_given(structure, failure, response):
        return f"nobody answers “{failure.label}” so: its share is 0"
    return None


def _is_given(structure: Structure, failure: Failure, response: Response) -> bool:
    paths = [f"failures.{failure.id}.responses.{other.id}.share" for other in failure.responses]
    if any(path in structure.moved for path in paths):
        return True
    if response.share is not None:
        return response.share.value > 0
    in_rain = any(other.not_in_rain for other in failure.responses[1:])
    return in_rain or sum(other.share.value for other in failure.responses[1:] if other.share) < 1


def _nobody_comes(structure: Structure, touchpoint: str) -> str | None:
    if touchpoint in structure.reached:
        return None
    return f"no visit comes to “{_item(structure.scenario.journey, touchpoint).label}”"


def _touchpoint(structure: Structure, steps: tuple[str, ...]) -> str | None:
    place = _item(structure.scenario.journey, steps[1])
    if unreached := _nobody_comes(structure, place.id):
        return unreached
    if steps[2] in ("patience", "balks_at"):
        return _waiting(structure, place)
    if steps[2] == "permission" and not _may_suffer(structure, "intrusion"):
        return "no failure point of the cause intrusion asks for it"
    if steps[2] == "minutes" and steps[3] == "log_sd" and place.minutes and place.minutes.law != "lognormal":
        return f"only law: lognormal reads it, and the law here is {place.minutes.law}"
    return None


def _waiting(structure: Structure, place: Touchpoint) -> str | None:
    if place.resource is None:
        return f"nobody queues at “{place.label}”, which has no resource"
    if any(failure.at == place.id and failure.cause == "wait" for failure in structure.failing):
        return None
    return f"“{place.label}” has no failure point of the cause wait that is on"


def _may_suffer(structure: Structure, cause: str) -> bool:
    return any(failure.cause == cause for failure in structure.failing)


def _resource(structure: Structure, steps: tuple[str, ...]) -> str | None:
    serves = any(place.resource == steps[1] for place in structure.met())
    mends = any(asset.repair.resource == steps[1] and structure.lent(asset.id) for asset in structure.scenario.assets)
    return None if serves or mends else "nobody comes to be served there"


def _asset(structure: Structure, steps: tuple[str, ...]) -> str | None:
    if not structure.lent(steps[1]):
        return "nobody borrows one"
    if steps[2] not in ("reserve", "repair"):
        return None
    if not structure.breaks(steps[1]):
        return "none ever breaks"
    heard = any(place.hears_reports == steps[1] for place in structure.met())
    return None if heard else "no touchpoint hears reports of broken ones, so none is taken out"


def _segment(structure: Structure, steps: tuple[str, ...]) -> str | None:
    share = _item(structure.scenario.segments, steps[1]).share
    if steps[2] != "share" and not structure.may_be_more_than(0, share, f"segments.{steps[1]}.share"):
        return "nobody is of that segment: its share is 0"
    if steps[2] == "patience_times" and not _may_suffer(structure, "wait"):
        return "no failure point of the cause wait asks for patience"
    if steps[2] == "hurt_times" and not structure.failing:
        return "nothing goes wrong"
    if steps[2] == "fit" and not any(place.delivers for place in structure.met()):
        return "no touchpoint delivers what was promised"
    return None


def _trip(structure: Structure, steps: tuple[str, ...]) -> str | None:
    share = _item(structure.scenario.trips, steps[1]).share
    if steps[2] != "share" and not structure.may_be_more_than(0, share, f"trips.{steps[1]}.share"):
        return "nobody comes for that: its share is 0"
    if steps[2] == "borrows" and not any(place.borrows for place in structure.met()):
        return "nothing is lent"
    if steps[2] == "time_times" and not any(place.grows_with_trip for place in structure.met()):
        return "no touchpoint has grows_with_trip: true"
    return None


def _skill(structure: Structure, steps: tuple[str, ...]) -> str | None:
    skill = _item(structure.scenario.skills, steps[1])
    why = [
        _failure(structure, ("failures", lift.at, "")) if lift.rate == "failure" else _nobody_comes(structure, lift.at)
        for lift in skill.lifts
    ]
    if steps[2] == "lifts":
        return why[int(steps[3].strip("[]"))]
    if all(why):
        return why[0]
    every = f"skills.{skill.id}.coaching_every"
    if steps[2] == "coaching_restores" and not structure.may_be_more_than(0, skill.coaching_every, every):
        return "nobody is coached: coaching_every is 0"
    return None


def _relationship(structure: Structure, steps: tuple[str, ...]) -> str | None:
    law, name = structure.scenario.relationship, steps[1]
    of_shocks = ("shock_half_life", "shock_tenure", "tenure_at_start")
    times = "relationship.shock_times"
    if name in of_shocks and law.shock_times.value == 1 and times not in structure.moved:
        return "there is no shock: shock_times is 1"
    if name.startswith("complaint_") and not any(failure.reported for failure in structure.failing):
        return "nobody complains: no failure point that is on has reported: true"
    if name == "recapture" and not structure.failing:
        return "nothing goes wrong"
    if name == "loss_aversion" and not structure.failing and not structure.scenario.attributes:
        return "nothing goes wrong, and nothing else is felt"
    if name == "leaving_sensitivity" and not structure.may_be_more_than(0, law.gain, "relationship.gain"):
        return "satisfaction never moves: gain is 0"
    return None


def _weather(structure: Structure, steps: tuple[str, ...]) -> str | None:
    heeded = any(response.not_in_rain for failure in structure.failing for response in failure.responses)
    return None if heeded else "no response has not_in_rain: true, so rain touches nobody"


def _word_of_mouth(structure: Structure, steps: tuple[str, ...]) -> str | None:
    told = structure.may_be_more_than(0, structure.scenario.word_of_mouth.telling, "word_of_mouth.telling")
    return None if told or steps[1] in ("telling", "considering") else "nobody tells anybody anything: telling is 0"


def _reputation(structure: Structure, steps: tuple[str, ...]) -> str | None:
    heeded = structure.may_be_more_than(0, structure.scenario.reputation.weight, "reputation.weight")
    return None if heeded or steps[1] == "weight" else "nobody heeds reviews: weight is 0"


def _policy(structure: Structure, steps: tuple[str, ...]) -> str | None:
    policy = _item(structure.scenario.policies, steps[1])
    why = [why_idle(structure, move.path) for move in policy.moves if len({given for _, given in move.through}) > 1]
    if not why:
        return "its curves are flat"
    return why[0] if all(why) else None


def _fix(structure: Structure, steps: tuple[str, ...]) -> str | None:
    fix = _item(structure.scenario.fixes, steps[1])
    if steps[2:] == ("costs", "per_use") and fix.costs.use is None:
        return "nothing counts its uses: costs has no use"
    if steps[2] == "changes":
        return why_idle(structure, fix.changes[int(steps[3].strip("[]"))].path)
    return None


_RULES: dict[str, Callable[[Structure, tuple[str, ...]], str | None]] = {
    "failures": _failure,
    "journey": _touchpoint,
    "resources": _resource,
    "assets": _asset,
    "segments": _segment,
    "trips": _trip,
    "attributes": lambda structure, steps: _nobody_comes(structure, _item(structure.scenario.attributes, steps[1]).at),
    "skills": _skill,
    "relationship": _relationship,
    "weather": _weather,
    "word_of_mouth": _word_of_mouth,
    "reputation": _reputation,
    "policies": _policy,
    "fixes": _fix,
}
