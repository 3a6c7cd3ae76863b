"""What a facilitator does that takes out what people handed in: setting the room up otherwise, removing somebody."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from sim.rooms.codes import hash_of, new_token
from sim.rooms.people import slips_in
from sim.rooms.room import Room
from sim.rooms.rooms import as_seen, refuse_over, write
from sim.rooms.settings import Settings, cost_of
from sim.rooms.slips import Bet, Plan, Slip, kind_of
from sim.rooms.steps import Step
from sim.rooms.tables import PEOPLE, SLIPS
from sim.saved.database import Database
from sim.scenario.scenario import Scenario


def unfit(scenario: Scenario, before: Settings, after: Settings, slips: Sequence[Slip]) -> tuple[Slip, ...]:
    """What answers nothing any more once a room is set up anew: bets on another question, plans over the budget.

    Guesses say themselves what they are of: those of numbers no longer asked for are kept, and not read.
    """
    return tuple(slip for slip in slips if _is_unfit(scenario, before, after, slip))


def _is_unfit(scenario: Scenario, before: Settings, after: Settings, slip: Slip) -> bool:
    if isinstance(slip.said, Bet):
        return before.question != after.question
    if isinstance(slip.said, Plan) and after.budget is not None:
        return cost_of(scenario, slip.said.fixes) > after.budget
    return False


def set_up(database: Database, host: str, seen: Room, settings: Settings, scenario: Scenario) -> Room:
    """Set the room up so, and take out together with that what is then unfit; the room as it then is.

    A new question can be bet on, whether or not the one before was answered; so with other numbers to guess at.
    Raises as `rooms.change` does.
    """
    with database.writing() as connection:
        now = as_seen(connection, host, seen)
        refuse_over(now)
        times = _take_out(connection, now, unfit(scenario, now.settings, settings, slips_in(connection, now.code)))
        over = now.over - set(_asked_anew(now.settings, settings))
        return write(connection, replace(now, settings=settings, over=over), times)


def _asked_anew(before: Settings, after: Settings) -> Iterator[Step]:
    """The steps whose outcome nobody has seen any more."""
    if before.question != after.question:
        yield Step.BETS
    if before.guesses != after.guesses:
        yield from (Step.GUESSES, Step.REVISE)


def remove(database: Database, host: str, seen: Room, person: int) -> Room:
    """Take somebody out of the room with all that they handed in; the room as it then is. Nobody gets their number.

    Numbers that the room had agreed on are to be put together again. Raises as `rooms.change` does.
    """
    with database.writing() as connection:
        now = as_seen(connection, host, seen)
        refuse_over(now)
        times = _take_out(connection, now, slips_in(connection, now.code, person))
        left = {"name": "", "token": hash_of(new_token())}
        connection.execute(PEOPLE.update().where(PEOPLE.c.room == now.code, PEOPLE.c.id == person).values(left))
        return write(connection, replace(now, made=None), times)


def _take_out(connection: Connection, room: Room, slips: Iterable[Slip]) -> int:
    """Delete these slips; how often they were handed in."""
    times = 0
    for slip in slips:
        mine = {"person": slip.person, "kind": kind_of(slip.said), "key": slip.key, "round": slip.round}
        where = [SLIPS.c[name] == value for name, value in mine.items()]
        connection.execute(SLIPS.delete().where(SLIPS.c.room == room.code, *where))
        times += slip.version
    return times
