"""What failures cost in every subset of them, in one replication: all worlds on the same luck.

What failures cost in one of these worlds is revenue with all of them off, less revenue there. Row by row, revenue is
spend less what is lost plus what is recaptured, and with all off nothing is lost or recaptured. So that cost is, to
the penny, the sum of five parts:

- `basket_now`: what failures take out of baskets at the visit;
- `decisions`: what customers decided not to buy, at all or on top, on a visit that they would have made anyway;
- `leaving`: spend on visits that never came, because customers had left or came less;
- `word_of_mouth`: spend of people who never came at all, for what they were told;
- `recapture`: less what is bought later of what was lost, so never above 0.

Visits are matched by (customer, ordinal). Spend is drawn by these, so on a visit that both worlds have it is one
number and cancels: the difference of the totals is that of visits which one world lacks. Where it is not one number
somebody decided otherwise, or walked out of a visit that would have ended before the till anyway, on which nothing was
lost though the ledger has it down as a basket lost: `Accounts.changed`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sim.engines.plan import plan_of
from sim.engines.population import cast_of
from sim.engines.randomness import Luck
from sim.engines.records import Progress
from sim.experiments import shapley
from sim.experiments.replication import ENGINES, Task, meter_of
from sim.experiments.subsets import stand_ins, worlds_of
from sim.outcomes.accounts import Accounts
from sim.scenario.scenario import Scenario

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
        """The cost game of one part (see `shapley`)."""
        return [getattr(cost, part) for cost in self.costs]

    @cached_property
    def whole(self) -> list[int]:
        """The cost game of all parts together; its last is what all failure points together cost."""
        return [sum(getattr(cost, part) for part in PARTS) for cost in self.costs]

    @cached_property
    def shares(self) -> dict[str, list[int]]:
        """Each failure point's share of each part; all of them sum to the last of `whole` exactly."""
        return {part: shapley.shares(self.game(part)) for part in PARTS}


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
    cast = cast_of(task.world, plan_of(task.world), luck)

    def simulate(world: Scenario, twin: Accounts | None) -> Accounts:
        accounts, before = Accounts(cast, twin), next(done)
        plan = plan_of(world)
        share_done = lambda share: progress((before + share) / worlds)  # noqa: E731
        ENGINES[task.engine](plan, cast, luck, accounts.add, share_done, meter_of(world))
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
