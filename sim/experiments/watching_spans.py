"""What of a run is watched at once: a day where enough happens in one, a week or four where less does."""

from dataclasses import dataclass
from datetime import date, timedelta

from sim.engines.calendar import DAY
from sim.experiments.price import Price, TooLargeError, expected_visits, price_of
from sim.experiments.replication import Task
from sim.scenario.scenario import Scenario

_ENOUGH_VISITS, _MOST_VISITS = 50, 20_000
_CALLED = {1: "a day", 7: "a week", 28: "four weeks"}
_SPANS_AT_ONCE = 28
_VISITS_AT_ONCE = 40_000


@dataclass(frozen=True)
class Spans:
    """How a run is cut: into spans of so many days, of which so many in a row are simulated and kept at once."""

    days: int
    spans: int
    at_once: int

    @property
    def called_one(self) -> str:
        """What one is called: a day, a week, four weeks."""
        return _CALLED[self.days]

    @property
    def called(self) -> str:
        """The same as a heading."""
        return self.called_one.removeprefix("a ")

    @property
    def parts(self) -> int:
        """In how many goes the whole run can be looked at."""
        return -(-self.spans // self.at_once)

    def of_part(self, part: int) -> range:
        """The numbers of the spans of one go."""
        return range(part * self.at_once, min((part + 1) * self.at_once, self.spans))

    def minutes(self, first: int, last: int) -> tuple[float, float]:
        """From the start of a span to the end of another, in minutes since the start of week 0."""
        return float(first * self.days * DAY), float((last + 1) * self.days * DAY)


def spans_of(world: Scenario) -> Spans:
    """How to cut this world's run.

    Raises:
        TooLargeError: even one day has more visits than can be watched.
    """
    a_day = visits_a_day(world)
    open_days = sum(world.calendar.opening.on(weekday) is not None for weekday in range(7))
    if a_day > _MOST_VISITS:
        raise TooLargeError(f"about {a_day:,.0f} visits a day; allowed: {_MOST_VISITS:,}. Lower the customers.")
    days = 1 if a_day * 7 / open_days >= _ENOUGH_VISITS else 7 if a_day * 7 >= _ENOUGH_VISITS else 28
    days = min(days, 7 * world.weeks) if days < 28 or world.weeks >= 4 else 7
    spans = 7 * world.weeks // days
    return Spans(days, spans, max(1, min(_SPANS_AT_ONCE, spans, int(_VISITS_AT_ONCE / max(a_day * days, 1)))))


def visits_a_day(world: Scenario) -> float:
    """About how many visits there are, closed days counted."""
    return expected_visits(_task(world)) / (7 * world.weeks + world.warm_up_days)


def price_until(world: Scenario, minute: float) -> Price:
    """What it costs to simulate from the start of the warm-up to that minute."""
    weeks = max(1, min(world.weeks, -(-int(minute) // (7 * DAY))))
    return price_of([_task(world.model_copy(update={"weeks": weeks}))])


def _task(world: Scenario) -> Task:
    return Task(world, 0, 0, "simpy", with_unbroken=False)


def date_of(world: Scenario, minute: float) -> date:
    """The date of that minute."""
    return date.fromisoformat(world.calendar.starts) + timedelta(days=int(minute // DAY))
