"""A small shop for workshops, with three guesses that have a range and a second fix; and rooms on it."""

from dataclasses import replace
from functools import cache

from sim.experiments import library
from sim.saved import documents
from sim.saved.database import Database
from sim.scenario.files import parse_scenario, with_quantities
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.workshop.people import Seat, join, seat_of
from sim.workshop.room import Question, Room, Settings, Step, new_token
from sim.workshop.rooms import Opened, change, open_room, room_of

BREAKS, LOSS, MARGIN = (
    "assets.trolleys.breaks",
    "failures.wheel.responses.persevere.loss",
    "economics.incremental_margin",
)
FIX, ROOF = "five_more_trolleys", "roof_over_the_bay"
_ROOF = """fixes:
  - id: roof_over_the_bay
    label: A roof over the bay
    help: Less rain gets in.
    department: operations
    changes: [{path: weather.rain, times: 0.5}]
    costs: {once: 300}
    evidence: D
    source: a round number for tests
"""


@cache
def shop() -> str:
    """The file of that shop."""
    plain = library.path_of("tiny").read_text("utf-8").replace("fixes:\n", _ROOF, 1)
    said = {"evidence": "D", "source": "a guess"}
    return with_quantities(
        plain,
        {
            BREAKS: Quantity(low=0.002, mode=0.01, high=0.03, unit="share of trips", **said),  # type: ignore[arg-type]
            LOSS: Quantity(low=0.02, mode=0.06, high=0.12, unit="share of basket", **said),  # type: ignore[arg-type]
            MARGIN: Quantity(low=0.15, mode=0.25, high=0.32, unit="share", **said),  # type: ignore[arg-type]
        },
    )


@cache
def small() -> Scenario:
    """The same shop, read."""
    return parse_scenario(shop(), "the file")


SETTINGS = Settings(question=Question(measure="revenue_lost_per_year"), guesses=(BREAKS, LOSS), budget=800)


def opened(database: Database, settings: Settings = SETTINGS) -> Opened:
    """A room on the shop."""
    return open_room(database, documents.name_of(shop()), settings)


def led(database: Database, room: Opened, step: Step | None = None, **wanted: object) -> Room:
    """The room after its facilitator changed it."""
    seen = room_of(database, room.code)
    there = seen if step is None else seen.at(step)
    return change(database, room.host, seen, replace(there, **wanted))  # type: ignore[arg-type]


def seated(database: Database, room: Opened, name: str) -> Seat:
    """Somebody new in the room, and what they see."""
    token = new_token()
    join(database, room.code, name, token)
    return seat_of(database, room.code, token)


def again(database: Database, room: Opened, seat: Seat) -> Seat:
    """The same person, who sees the room as it is now."""
    return replace(seat, room=room_of(database, room.code))
