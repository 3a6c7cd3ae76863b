"""What is seen to happen, said in the scenario's own words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sim.engines.people import BROKE, FAULTY, SOUND, Kind
from sim.experiments.replay import Event, Key, Watched
from sim.scenario.quantity import minor_units
from sim.scenario.scenario import Scenario
from sim.scenario.wording import money

_HALF_A_MINUTE = 0.5
_WRONG = frozenset({Kind.FAILS, Kind.FINDS_NONE, Kind.IS_REFUSED, Kind.LEAVES_FOR_GOOD, Kind.STAYS_AWAY})
_PLAIN = {
    Kind.SPEAKS_UP: "Means to speak up about it.",
    Kind.IS_SETTLED: "Gets an answer.",
    Kind.IS_KEPT: "Gets what was promised.",
    Kind.AGREES: "Says yes.",
    Kind.DECLINES: "Says no.",
    Kind.ADDS: "Buys something more.",
    Kind.PAYS: "Pays.",
    Kind.LEAVES_FOR_GOOD: "Will not come again.",
    Kind.STAYS_AWAY: "A customer who was due does not come, and will not come again.",
}
_OF_THINGS = {
    (Kind.TAKES, SOUND): "takes a sound one",
    (Kind.TAKES, FAULTY): "takes a faulty one",
    (Kind.FINDS_NONE, SOUND): "none left",
    (Kind.IS_REFUSED, SOUND): "reports the faulty one, and it is not taken out",
    (Kind.IS_PULLED, SOUND): "reports the faulty one, and it is taken out for repair",
    (Kind.MENDING, SOUND): "work on a faulty one begins",
    (Kind.MENDED, SOUND): "one is mended and goes back into line, sound",
    (Kind.BRINGS_BACK, SOUND): "brings it back",
    (Kind.BRINGS_BACK, FAULTY): "the faulty one goes back into line",
    (Kind.BRINGS_BACK, BROKE): "brings it back, broken on this visit",
}


@dataclass(frozen=True)
class Telling:
    """One event in words: who it is about ("" without a visit), where, what happened, and whether something went wrong.

    `spent` and `lost` are in minor units, of a visit that ends here and is counted in this stretch.
    """

    event: Event
    who: str
    where: str
    words: str
    is_wrong: bool
    spent: int = 0
    lost: int = 0


def tellings(watched: Watched) -> Iterator[Telling]:
    """Every event in words, in the order in which they happened."""
    teller = _Teller(watched)
    for event in watched.events:
        yield teller.tell(event)


def numbers(watched: Watched) -> dict[Key, int]:
    """Visits numbered from 1 on, as they began."""
    in_order = sorted(watched.met, key=lambda key: (watched.met[key].began, key))
    return {key: number for number, key in enumerate(in_order, start=1)}


class _Teller:
    def __init__(self, watched: Watched) -> None:
        self.watched, self.world = watched, watched.world
        self.numbers = numbers(watched)
        self.waiting: dict[Key, tuple[str, float]] = {}
        self.said: Mapping[Kind, Callable[[Event], str]] = {
            Kind.ARRIVES: self._arrives,
            Kind.COMES_TO: lambda event: f"Comes to {_sentence(self.world.journey[event.place].label)}",
            Kind.FAILS: self._fails,
            Kind.WAITS: self._waits,
            Kind.IS_SERVED: self._is_served,
            Kind.ENDS: self._ends,
        }

    def tell(self, event: Event) -> Telling:
        said = self.said.get(event.kind)
        words = said(event) if said else _PLAIN.get(event.kind) or self._of_thing(event)
        if event.kind is Kind.ENDS and event.visit:
            self.waiting.pop(event.visit, None)
        spent, lost = self._money(event) if event.kind is Kind.ENDS else (0, 0)
        return Telling(event, self._who(event), self._where(event), words, is_wrong(event), spent, lost)

    def _who(self, event: Event) -> str:
        if event.visit is None:
            return ""
        segments = self.world.segments
        number = f"Visitor {self.numbers[event.visit]}"
        return f"{number}, {segments[self.watched.met[event.visit].segment].label}" if len(segments) > 1 else number

    def _where(self, event: Event) -> str:
        if event.visit:
            return self.world.journey[event.place].label
        if event.kind is Kind.STAYS_AWAY:
            return ""
        return workshop(self.world, event.what)

    def _arrives(self, event: Event) -> str:
        trips = self.world.trips
        return f"Arrives: {_sentence(trips[event.detail].label)}" if len(trips) > 1 else "Arrives."

    def _fails(self, event: Event) -> str:
        failure = self.world.failures[event.what]
        return f"{_sentence(failure.label)} {_sentence(failure.responses[event.detail].label)}"

    def _waits(self, event: Event) -> str:
        resource = self._resource(event)
        before = sum(where == resource for where, _ in self.waiting.values())
        assert event.visit
        self.waiting[event.visit] = resource, event.minute
        return f"{resource}: waits, {f'{before} in front' if before else 'next in turn'}."

    def _is_served(self, event: Event) -> str:
        resource = self._resource(event)
        assert event.visit
        _, since = self.waiting.pop(event.visit, (resource, event.minute))
        waited = event.minute - since
        return f"{resource}: served {f'after {minutes(waited)}' if waited >= _HALF_A_MINUTE else 'at once'}."

    def _resource(self, event: Event) -> str:
        resource = self.world.journey[event.place].resource
        return next(one.label for one in self.world.resources if one.id == resource)

    def _of_thing(self, event: Event) -> str:
        state = event.detail if event.kind in (Kind.TAKES, Kind.BRINGS_BACK) else SOUND
        return f"{self.world.assets[event.what].label}: {_OF_THINGS[event.kind, state]}."

    def _money(self, event: Event) -> tuple[int, int]:
        assert event.visit
        row = self.watched.row_of.get(event.visit)
        if row is None or not self.watched.begun(event.visit):
            return 0, 0
        return int(self.watched.rows["revenue"][row]), int(self.watched.rows["lost"][row].sum())

    def _ends(self, event: Event) -> str:
        spent, lost = self._money(event)
        bought = f"Leaves, {self._amount(spent)} spent" if spent else "Leaves, nothing bought"
        return f"{bought}; {self._amount(lost)} lost." if lost else f"{bought}."

    def _amount(self, minor: int) -> str:
        currency = self.world.currency
        return money(minor / minor_units(currency), currency, whole=minor_units(currency) == 1)


def is_wrong(event: Event) -> bool:
    """Whether the event is something that went wrong."""
    return event.kind in _WRONG or (event.kind in (Kind.TAKES, Kind.BRINGS_BACK) and event.detail != SOUND)


def workshop(world: Scenario, pool: int) -> str:
    """Who mends the things of a pool."""
    repairer = world.assets[pool].repair.resource
    return next(one.label for one in world.resources if one.id == repairer)


def minutes(length: float) -> str:
    """A length of time in minutes, or hours where it is long."""
    return f"{length:.0f} min" if length < 100 else f"{length / 60:.1f} h"


def _sentence(label: str) -> str:
    return label if label.endswith((".", "!", "?", "…")) else f"{label}."
