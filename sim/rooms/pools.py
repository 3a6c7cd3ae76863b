"""The room's own numbers: everybody's guesses at a quantity pooled, and put into the room's scenario."""

from collections.abc import Sequence
from datetime import date

from sim.rooms.guesses import GUESS, allowed
from sim.rooms.pooling import Pool, Voice, pooled
from sim.rooms.room import Room
from sim.rooms.slips import Guess, Slip
from sim.saved import documents
from sim.saved.database import Database
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.writing import with_quantities


def voices_of(slips: Sequence[Slip], path: str, rounds: int = 2) -> dict[int, Voice]:
    """What each person believes of the number at that path, by person: their latest word within so many rounds."""
    guessed = [slip for slip in slips if isinstance(slip.said, Guess) and slip.key == path and slip.round <= rounds]
    latest = sorted(guessed, key=lambda slip: (slip.person, slip.round))
    return {slip.person: slip.said.voice for slip in latest if isinstance(slip.said, Guess)}


def pool_of(slips: Sequence[Slip], path: str, rounds: int = 2) -> Pool | None:
    """What the room believes of it; None where nobody said anything."""
    voices = voices_of(slips, path, rounds)
    return pooled(list(voices.values())) if voices else None


def agreed(scenario: Scenario, room: Room, slips: Sequence[Slip], on: date) -> dict[str, Quantity]:
    """The quantities that the room puts in place of the scenario's, by path; what nobody guessed at is left alone."""
    found = {path: pool_of(slips, path) for path in room.settings.guesses}
    return {path: _quantity(scenario, slips, path, pool, on) for path, pool in found.items() if pool}


def _quantity(scenario: Scenario, slips: Sequence[Slip], path: str, pool: Pool, on: date) -> Quantity:
    bounds = allowed(scenario, path)
    low, mode, high = pool.range(bounds.least, bounds.most, bounds.whole)
    plain = [int(end) if bounds.whole else float(f"{end:.6g}") for end in (low, mode, high)]
    return Quantity(
        low=plain[0], mode=plain[1], high=plain[2], unit=bounds.unit or None, evidence=GUESS,
        source=_source(slips, path, len(pool.voices), on),
    )  # fmt: skip


def _source(slips: Sequence[Slip], path: str, people: int, on: date) -> str:
    """Where a number comes from. Without the room's code, by which whoever reads the file could come in."""
    who = "one person" if people == 1 else f"{people} people"
    again = any(slip.key == path and slip.round == 2 for slip in slips)
    return f"pooled from {who} in a workshop on {on.isoformat()}{', revised once' if again else ''}"


def made(database: Database, text: str, quantities: dict[str, Quantity]) -> str:
    """The name under which the scenario file is kept with these quantities in it.

    Raises:
        ScenarioError: they make no scenario together.
        DatabaseError: it is not kept.
    """
    return documents.keep(database, with_quantities(text, quantities))
