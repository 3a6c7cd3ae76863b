"""What of a scenario may be reached, fail, be lent or break, whatever the file itself moves: nothing is simulated."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sim.scenario.failures import Failure
from sim.scenario.journey import Route, Touchpoint
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
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
