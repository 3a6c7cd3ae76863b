"""The worlds in which some failure points are on and the others are mended: one for every subset of those on."""

from sim.scenario.failures import Failure
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.scenario import Scenario

AT_MOST, NEVER_MORE = 6, 10


def points_on(world: Scenario, at_most: int = NEVER_MORE) -> tuple[Failure, ...]:
    """The failure points that are on in a world.

    Raises:
        ScenarioError: more than `at_most`, or than can be shared out at all.
    """
    points = tuple(failure for failure in world.failures if failure.on)
    allowed = min(at_most, NEVER_MORE)
    if len(points) <= allowed:
        return points
    ask = f"ask for --at-most {len(points)}, or " if len(points) <= NEVER_MORE else ""
    message = (
        f"found {len(points)} failure points that are on, {2 ** len(points):,} worlds a replication; allowed: "
        f"{allowed}, {2**allowed:,} worlds. To share out the loss, {ask}switch some off: "
        f"--set failures.{points[-1].id}.on=false"
    )
    raise ScenarioError((Fault("attribute", None, "failures", message),))


def worlds_of(world: Scenario) -> dict[int, Scenario]:
    """The worlds to simulate, by the set of points on: all off first, then all on, then the others."""
    points, wanted = points_on(world), stand_ins(world)
    wanted = [0, wanted[-1], *sorted(wanted)]
    return {players: _with_only(world, points, players) for players in dict.fromkeys(wanted)}


def _with_only(world: Scenario, points: tuple[Failure, ...], players: int) -> Scenario:
    on = {point.id for i, point in enumerate(points) if players >> i & 1}
    failures = tuple(failure.model_copy(update={"on": failure.id in on}) for failure in world.failures)
    return world.model_copy(update={"failures": failures})


def stand_ins(world: Scenario) -> list[int]:
    """For every set of points on, the set whose world is the same one visit for visit.

    Where a desk hears only of faulty things in hand, and no failure point lets one break, nothing is ever reported. So
    there no report is left unresolved, and whether that point is on or off changes nothing.
    """
    points, things = points_on(world), {touchpoint.id: touchpoint.hears_reports for touchpoint in world.journey}
    needs = {
        1 << i: _breaking(world, point, points)
        for i, point in enumerate(points)
        if point.cause == "unresolved" and things[point.at] is not None
    }
    return [
        players & ~sum(bit for bit, breaking in needs.items() if not players & breaking)
        for players in range(1 << len(points))
    ]


def _breaking(world: Scenario, unresolved: Failure, points: tuple[Failure, ...]) -> int:
    """The set of points that let the thing break whose reports that point leaves unresolved."""
    places = {touchpoint.id: touchpoint for touchpoint in world.journey}
    thing = places[unresolved.at].hears_reports
    breaking = [point.cause == "asset" and places[point.at].borrows == thing for point in points]
    return sum(1 << i for i, breaks in enumerate(breaking) if breaks)
