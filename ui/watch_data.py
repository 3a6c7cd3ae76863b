"""A watched stretch as the player takes it: places, things and people, and every event in columns."""

from typing import Any

from sim.engines.calendar import DAY
from sim.experiments.replay.stretch import Watched, date_of
from sim.experiments.replay.trace import Kind
from sim.experiments.replay.words import Telling, numbers
from sim.scenario.scenario import Scenario
from sim.scenario.units import minor_units
from sim.scenario.wording import money

_DIGITS = 3  # of a minute: a twentieth of a second
_SCREENS_A_SPAN = 100  # seconds that a whole stretch takes at the speed it begins with
SPEEDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
Data = dict[str, Any]


def data_of(watched: Watched, told: list[Telling], name: str) -> Data:
    """Everything the player draws; times in minutes since the stretch begins, places and things by position.

    `name` tells one stretch from another: the player starts anew where it is another.
    """
    world = watched.world
    opens, closes = _open(watched, told)
    return {
        "name": name,
        "title": world.title,
        "days": _days(watched, closes),
        "opens": opens,
        "closes": closes,
        "speeds": list(SPEEDS),
        "speed": min(SPEEDS, key=lambda speed: abs(speed - _busy_minutes(told) / _SCREENS_A_SPAN)),
        "money": {"sign": money(0, world.currency).removesuffix("0"), "minor": minor_units(world.currency)},
        "kinds": {kind.name.lower(): int(kind) for kind in Kind},
        "segments": [segment.label for segment in world.segments],
        "stages": _stages(world),
        "places": _places(world),
        "resources": [{"label": one.label, "servers": int(one.servers.value)} for one in world.resources],
        "pools": _pools(watched),
        **_visits(watched),
        **_events(watched, told),
    }


def _open(watched: Watched, told: list[Telling]) -> tuple[int, int]:
    """The whole hours between which something happens; an hour where nothing does."""
    minutes = [one.event.minute - watched.begins for one in told if one.event.minute >= watched.begins]
    opens = int(min(minutes, default=0.0)) // 60 * 60
    return opens, max(int(max(minutes, default=0.0)) // 60 * 60 + 60, opens + 60)


def _busy_minutes(told: list[Telling]) -> int:
    """In how many tens of minutes something happens, in minutes: the player skips the others."""
    return 10 * len({int(one.event.minute // 10) for one in told})


def _days(watched: Watched, closes: int) -> list[str]:
    count = -(-closes // DAY)
    return [date_of(watched.world, watched.begins + day * DAY).strftime("%a %-d %b") for day in range(count)]


def _stages(world: Scenario) -> list[Data]:
    """Stages that somebody passes, with their touchpoints by position."""
    at = {
        stage.id: [place for place, touchpoint in enumerate(world.journey) if touchpoint.stage == stage.id]
        for stage in world.stages
    }
    return [{"label": stage.label, "places": at[stage.id]} for stage in world.stages if at[stage.id]]


def _places(world: Scenario) -> list[Data]:
    names = [touchpoint.id for touchpoint in world.journey]
    return [
        {
            "label": touchpoint.label,
            "timed": touchpoint.minutes is not None,
            "resource": _position([one.id for one in world.resources], touchpoint.resource),
            "pool": _position([one.id for one in world.assets], touchpoint.borrows),
            "next": sorted({names.index(route.to) for route in touchpoint.next}),
        }
        for touchpoint in world.journey
    ]


def _position(names: list[str], name: str | None) -> int:
    return -1 if name is None else names.index(name)


def _pools(watched: Watched) -> list[Data]:
    resources = [one.id for one in watched.world.resources]
    return [
        {
            "label": asset.label,
            "size": int(asset.pool.value),
            "stock": list(stock),
            "workshop": resources.index(asset.repair.resource),
        }
        for asset, stock in zip(watched.world.assets, watched.stocks, strict=True)
    ]


def _visits(watched: Watched) -> Data:
    """The segment of each visit, and whether it is counted in this stretch: those that began before are not."""
    keys = list(numbers(watched))
    return {
        "segment": [watched.met[key].segment for key in keys],
        "counted": [int(watched.begun(key)) for key in keys],
    }


def _events(watched: Watched, told: list[Telling]) -> Data:
    number = numbers(watched)
    words: dict[str, int] = {}
    said = [words.setdefault(one.words, len(words)) for one in told]
    events = [one.event for one in told]
    return {
        "words": list(words),
        "said": said,
        "minute": [round(event.minute - watched.begins, _DIGITS) for event in events],
        "kind": [int(event.kind) for event in events],
        "visit": [number[event.visit] - 1 if event.visit else -1 for event in events],
        "place": [event.place for event in events],
        "what": [event.what for event in events],
        "detail": [event.detail for event in events],
        "wrong": [int(one.is_wrong) for one in told],
        "spent": [one.spent for one in told],
        "lost": [one.lost for one in told],
    }
