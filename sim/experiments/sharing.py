"""What failures cost in every subset of them, in one replication, all worlds on the same luck; and each one's share.

The shares are Shapley's, in whole numbers that sum to the joint cost exactly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import factorial

import numpy as np
from numpy.typing import NDArray

from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.engines.records import Progress
from sim.experiments.cache import Recipe
from sim.experiments.task import ENGINES, Task, meter_of
from sim.outcomes.outcome import Accounts
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.journey import Failure
from sim.scenario.scenario import Scenario

Game = Sequence[int]
"""What every set of players costs, 2^k whole numbers, where bit i of a position says whether player i is in the set.

`game[0]` is the cost of nobody, `game[-1]` of all.
"""


def shares(game: Game) -> list[int]:
    """Each player's share (Shapley 1953), in whole numbers that sum to `game[-1] - game[0]`.

    A share is what a player adds to those before them, averaged over every order of arrival. Halves and thirds are
    settled by largest remainder: no share moves by as much as 1, and who never adds anything has exactly 0.

    Raises:
        ValueError: the number of sets is no power of two.
    """
    orders = factorial(_players(game))
    parts = [divmod(added, orders) for added in added_over_orders(game)]
    short = game[-1] - game[0] - sum(whole for whole, _ in parts)
    rounded_up = sorted(range(len(parts)), key=lambda player: -parts[player][1])[:short]
    return [whole + (player in rounded_up) for player, (whole, _) in enumerate(parts)]


def added_over_orders(game: Game) -> list[int]:
    """What each player adds to those before them, summed over all k! orders of arrival.

    Raises:
        ValueError: the number of sets is no power of two.
    """
    players = _players(game)
    orders = [factorial(before) * factorial(players - before - 1) for before in range(players)]
    return [
        sum(orders[before.bit_count()] * (game[before | bit] - game[before]) for before in _without(bit, len(game)))
        for bit in (1 << player for player in range(players))
    ]


def _without(bit: int, sets: int) -> list[int]:
    return [players for players in range(sets) if not players & bit]


def _players(game: Game) -> int:
    players = len(game).bit_length() - 1
    if len(game) != 1 << players:
        raise ValueError(f"found {len(game)} costs; allowed: one for every set of players, a power of two")
    return players


def saved(game: Game, gone: int) -> int:
    """What is saved when the players in the set `gone` go and all others stay."""
    return game[-1] - game[(len(game) - 1) & ~gone]


def joint(game: Game, one: int, other: int) -> int:
    """What two sets of players save when they go together, less what each saves alone."""
    return saved(game, one | other) - saved(game, one) - saved(game, other)


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


PARTS = ("basket_now", "decisions", "leaving", "word_of_mouth", "recapture")


@dataclass(frozen=True)
class WorseOff:
    """Twins whose revenue falls when something is mended: how many, and minor units they bring less together."""

    customers: int
    less: int


@dataclass(frozen=True)
class Cost:
    """What failures cost in one world, part by part, and who is worse off there than in the world as it is."""

    basket_now: int
    decisions: int
    leaving: int
    word_of_mouth: int
    recapture: int
    worse_off: WorseOff


@dataclass(frozen=True)
class Sharing:
    """One replication, in minor units over the recorded weeks.

    `costs` is by the set of failure points that are on (bit i: the i-th of `points_on`), shape (2^points,). `came` is
    how many customers came at all in the world as it is.
    """

    number: int
    came: int
    costs: tuple[Cost, ...]

    def game(self, part: str) -> list[int]:
        """The cost game of one part (see `Game`)."""
        return [getattr(cost, part) for cost in self.costs]

    @cached_property
    def whole(self) -> list[int]:
        """The cost game of all parts together; its last is what all failure points together cost."""
        return [sum(getattr(cost, part) for part in PARTS) for cost in self.costs]

    @cached_property
    def shares(self) -> dict[str, list[int]]:
        """Each failure point's share of each part; all of them sum to the last of `whole` exactly."""
        return {part: shares(self.game(part)) for part in PARTS}


def share_out(task: Task, progress: Progress = lambda share: None) -> Sharing:
    """Simulate every world of one replication; `progress` hears the share done and may raise to stop it."""
    worlds = worlds_of(task.world)
    simulate = _simulator(task, len(worlds), progress)
    all_off, *others = worlds
    unbroken = as_is = simulate(worlds[all_off], None)
    costs: dict[int, Cost] = {}
    for players in others:
        accounts = simulate(worlds[players], unbroken)
        as_is = accounts if not costs else as_is  # the first of the others is the world as it is
        costs[players] = _cost(accounts, unbroken, as_is)
    costs[all_off] = _cost(unbroken, unbroken, as_is)
    came = int((as_is.visits > 0).sum())
    return Sharing(task.replication, came, tuple(costs[players] for players in stand_ins(task.world)))


def _simulator(task: Task, worlds: int, progress: Progress) -> Callable[[Scenario, Accounts | None], Accounts]:
    """What simulates one world after the other for the same people, matched with a twin world's visits."""
    luck, done = Luck(task.seed, task.replication), iter(range(worlds))
    population = population_of(task.world, plan_of(task.world), luck)

    def simulate(world: Scenario, twin: Accounts | None) -> Accounts:
        accounts, before = Accounts(population, twin), next(done)
        plan = plan_of(world)
        share_done = lambda share: progress((before + share) / worlds)  # noqa: E731
        ENGINES[task.engine](plan, population, luck, accounts.add, share_done, meter_of(world))
        return accounts

    return simulate


def _cost(here: Accounts, unbroken: Accounts, as_is: Accounts) -> Cost:
    less, never_came = as_is.revenue - here.revenue, _only_in(unbroken, here) - _only_in(here, unbroken)
    return Cost(
        basket_now=here.lost,
        decisions=here.changed,
        leaving=unbroken.spend - here.spend - here.changed - never_came,
        word_of_mouth=never_came,
        recapture=-here.recaptured,
        worse_off=WorseOff(int((less > 0).sum()), int(less[less > 0].sum())),
    )


def _only_in(world: Accounts, other: Accounts) -> int:
    """Spend in one world of those who never came in the other. First visits are luck's alone, but for what is told."""
    return int(world.spent[other.visits == 0].sum())


def _packed(found: Sharing) -> NDArray[np.float64]:
    rows = [
        [*(getattr(cost, part) for part in PARTS), cost.worse_off.customers, cost.worse_off.less]
        for cost in found.costs
    ]
    return np.array([[found.came] * len(rows[0]), *rows], np.float64)


def _unpacked(task: Task, kept: NDArray[np.float64]) -> Sharing:
    (came, *_), *rows = kept.astype(np.int64).tolist()
    worse = [WorseOff(customers, less) for *_, customers, less in rows]
    costs = (Cost(**dict(zip(PARTS, row, strict=False)), worse_off=one) for row, one in zip(rows, worse, strict=True))
    return Sharing(task.replication, came, tuple(costs))


SHARING = Recipe("sharing", share_out, _packed, _unpacked)
