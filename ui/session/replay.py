"""What a visitor watches: where it is simulated, which part of the run, and the stretch as the player takes it."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from sim.engines.clock import DAY
from sim.engines.people import Kind
from sim.experiments.replay import Watched, WatchJob, date_of
from sim.experiments.replay.words import Telling, numbers, tellings
from sim.experiments.workers import Workers
from sim.scenario.quantity import minor_units
from sim.scenario.scenario import Scenario
from sim.scenario.wording import sign_of
from ui.jobs import Slot
from ui.session.choice import Choice, asked_of, choice_now
from ui.session.scenarios import own

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
        "money": {"sign": sign_of(world.currency), "minor": minor_units(world.currency)},
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


@dataclass(frozen=True)
class Shown:
    """A stretch ready to be shown: played, and read."""

    watched: Watched
    told: list[Telling]
    data: Data


class WatchDesk(Slot[WatchJob]):
    """The part of a run simulated last; another world or another part of its run supersedes it."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[WatchJob, int, Shown] | None = None

    def watch(self, world: Scenario, seed: int, part: int, workers: Workers) -> WatchJob:
        """The job for this part of this world's run, begun if it was not yet. Raises what `WatchJob` does."""
        return self.ask((world, part), lambda: WatchJob(world, seed, part, workers))

    def shown(self, job: WatchJob, watched: Watched, span: int) -> Shown:
        """A span of what the job has seen, by its number; made once, however often the page is drawn."""
        if self._shown is None or self._shown[:2] != (job, span):
            seen = watched.between(*job.spans.minutes(span, span))
            told = list(tellings(seen))
            self._shown = job, span, Shown(seen, told, data_of(seen, told, f"{id(job)} {span}"))
        return self._shown[2]


_MOST_DIGITS = 6  # of a number in the link


def watch_desk() -> WatchDesk:
    """Where what this visitor watches is simulated."""
    return own("watch desk", WatchDesk)


def part_key(name: str) -> str:
    """The key of the chooser of a part of that scenario's run."""
    return f"part of {name} to watch"


def span_key(name: str, part: int) -> str:
    """The key of the chooser of a span in that part."""
    return f"span of part {part} of {name} to watch"


def choice_watched(name: str) -> Choice:
    """The choice as it stands; the link says it with the part of the run and the span in it, both counted from 1.

    On a first visit these are what the link asks for; what this run has not is left out when it is drawn.
    """
    if part_key(name) not in st.session_state:
        _seed(name)
    part = st.session_state.get(part_key(name), 0)
    at = {"part": part or None, "span": st.session_state.get(span_key(name, part))}
    return choice_now(name, {look: str(number + 1) for look, number in at.items() if number is not None})


def _seed(name: str) -> None:
    asked = {look: _number(asked_of(name).get(look, "")) for look in ("part", "span")}
    part = st.session_state[part_key(name)] = asked["part"] or 0
    if asked["span"] is not None:
        st.session_state.setdefault(span_key(name, part), asked["span"])


def _number(asked: str) -> int | None:
    """A number of the link, counted from 0; None where it is none."""
    is_one = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS and int(asked) > 0
    return int(asked) - 1 if is_one else None


def seed_part(name: str, parts: int) -> str:
    """The key of the chooser of a part; it holds the first where the run has no such part."""
    key = part_key(name)
    if st.session_state.get(key) not in range(parts):
        st.session_state[key] = 0
    return key


def seed_span(key: str, spans: range, best: int) -> None:
    """Begin with the span in which there is most to see; later keep what the visitor chose."""
    if st.session_state.get(key) not in spans:
        st.session_state[key] = best


def step_span(key: str, spans: range, by: int) -> None:
    """Go to another span of the same part, if there is one; for a button's `on_click`."""
    st.session_state[key] = min(max(st.session_state[key] + by, spans[0]), spans[-1])
