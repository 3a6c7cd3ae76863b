"""What a facilitator does with what people handed in: sets the room up otherwise, or makes its own numbers of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from sim.saved import documents
from sim.saved.database import PEOPLE, SUBMISSIONS, Database
from sim.scenario.files import with_quantities
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.workshop.opinion_pool import OpinionPool, Voice, pooled
from sim.workshop.people import Bet, FixPlan, Guess, Submission, kind_of, submissions_in
from sim.workshop.room import GUESS, Room, Settings, Step, allowed, cost_of, hash_of, new_token
from sim.workshop.rooms import as_seen, refuse_over, write


def unfit(
    scenario: Scenario, before: Settings, after: Settings, submissions: Sequence[Submission]
) -> tuple[Submission, ...]:
    """What answers nothing any more once a room is set up anew: bets on another question, plans over the budget.

    Guesses say themselves what they are of: those of numbers no longer asked for are kept, and not read.
    """
    return tuple(one for one in submissions if _is_unfit(scenario, before, after, one))


def _is_unfit(scenario: Scenario, before: Settings, after: Settings, one: Submission) -> bool:
    if isinstance(one.said, Bet):
        return before.question != after.question
    if isinstance(one.said, FixPlan) and after.budget is not None:
        return cost_of(scenario, one.said.fixes) > after.budget
    return False


def set_up(database: Database, host: str, seen: Room, settings: Settings, scenario: Scenario) -> Room:
    """Set the room up so, and take out together with that what is then unfit; the room as it then is.

    A new question can be bet on, whether or not the one before was answered; so with other numbers to guess at.
    Raises as `rooms.change` does.
    """
    with database.writing() as connection:
        now = as_seen(connection, host, seen)
        refuse_over(now)
        times = _take_out(
            connection, now, unfit(scenario, now.settings, settings, submissions_in(connection, now.code))
        )
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
        times = _take_out(connection, now, submissions_in(connection, now.code, person))
        left = {"name": "", "token": hash_of(new_token())}
        connection.execute(PEOPLE.update().where(PEOPLE.c.room == now.code, PEOPLE.c.id == person).values(left))
        return write(connection, replace(now, made=None), times)


def _take_out(connection: Connection, room: Room, submissions: Iterable[Submission]) -> int:
    """Delete these submissions; how often they were handed in."""
    times = 0
    for one in submissions:
        mine = {
            "person": one.person,
            "kind": kind_of(one.said),
            "key": one.key,
            "round": one.round,
        }
        where = [SUBMISSIONS.c[name] == value for name, value in mine.items()]
        connection.execute(SUBMISSIONS.delete().where(SUBMISSIONS.c.room == room.code, *where))
        times += one.version
    return times


def voices_of(submissions: Sequence[Submission], path: str, rounds: int = 2) -> dict[int, Voice]:
    """What each person believes of the number at that path, by person: their latest word within so many rounds."""
    guessed = [one for one in submissions if isinstance(one.said, Guess) and one.key == path and one.round <= rounds]
    latest = sorted(guessed, key=lambda one: (one.person, one.round))
    return {one.person: one.said.voice for one in latest if isinstance(one.said, Guess)}


def pool_of(submissions: Sequence[Submission], path: str, rounds: int = 2) -> OpinionPool | None:
    """What the room believes of it; None where nobody said anything."""
    voices = voices_of(submissions, path, rounds)
    return pooled(list(voices.values())) if voices else None


def agreed(scenario: Scenario, room: Room, submissions: Sequence[Submission], on: date) -> dict[str, Quantity]:
    """The quantities that the room puts in place of the scenario's, by path; what nobody guessed at is left alone."""
    found = {path: pool_of(submissions, path) for path in room.settings.guesses}
    return {path: _quantity(scenario, submissions, path, pool, on) for path, pool in found.items() if pool}


def _quantity(
    scenario: Scenario, submissions: Sequence[Submission], path: str, pool: OpinionPool, on: date
) -> Quantity:
    bounds = allowed(scenario, path)
    low, mode, high = pool.range(bounds.least, bounds.most, bounds.whole)
    plain = [int(end) if bounds.whole else float(f"{end:.6g}") for end in (low, mode, high)]
    return Quantity(
        low=plain[0], mode=plain[1], high=plain[2], unit=bounds.unit or None, evidence=GUESS,
        source=_source(submissions, path, len(pool.voices), on),
    )  # fmt: skip


def _source(submissions: Sequence[Submission], path: str, people: int, on: date) -> str:
    """Where a number comes from. Without the room's code, by which whoever reads the file could come in."""
    who = "one person" if people == 1 else f"{people} people"
    again = any(one.key == path and one.round == 2 for one in submissions)
    return f"pooled from {who} in a workshop on {on.isoformat()}{', revised once' if again else ''}"


def made(database: Database, text: str, quantities: dict[str, Quantity]) -> str:
    """The name under which the scenario file is kept with these quantities in it.

    Raises:
        ScenarioError: they make no scenario together.
        DatabaseError: it is not kept.
    """
    return documents.keep(database, with_quantities(text, quantities))
