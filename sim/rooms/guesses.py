"""Which of a scenario's numbers a room can put its own in place of, and what each allows."""

from collections.abc import Iterator
from typing import Any, get_args

from sim.scenario.paths import fields_to, quantity_at, settables
from sim.scenario.quantity import Between, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import is_whole, policy_paths

GUESS = "D"
_ELSEWHERE = ("chain.", "trial.", "policies.")
_WHOLES = ("segments", "trips")


def guesses(scenario: Scenario) -> list[str]:
    """The paths of what nobody has measured or what has a range, this before the rest and levers first.

    A number with a range is one that somebody doubted already. Left out is what cannot stand alone: what a policy
    moves, and shares that make up a whole.
    """
    levers = [lever.path for lever in scenario.levers]
    found = {path: said for path, said in _quantities(scenario).items() if _is_guessed(said, path in levers)}
    return sorted(found, key=lambda path: _place(levers, path, found[path]))


def _quantities(scenario: Scenario) -> dict[str, Quantity]:
    moved = {move.path for policy in scenario.policies for move in policy.moves} | policy_paths(scenario)
    return {
        path: said
        for path, said in settables(scenario).items()
        if isinstance(said, Quantity) and path not in moved and not path.startswith(_ELSEWHERE) and not _of_whole(path)
    }


def _of_whole(path: str) -> bool:
    return path.startswith(_WHOLES) and path.endswith(".share")


def _is_guessed(said: Quantity, is_lever: bool) -> bool:
    return said.evidence == GUESS or _has_range(said) or (is_lever and said.evidence is None)


def _has_range(said: Quantity) -> bool:
    return said.low is not None and said.high is not None and said.low < said.high


def _place(levers: list[str], path: str, said: Quantity) -> tuple[bool, bool, int]:
    is_lever = path in levers
    return not _has_range(said), not is_lever, levers.index(path) if is_lever else 0


def allowed(scenario: Scenario, path: str) -> Between:
    """What the field of that quantity allows. Raises KeyError when there is none."""
    *_, field = fields_to(scenario, path)
    notes = [note for note in [*field.metadata, *_notes(field.annotation)] if isinstance(note, Between)]
    found = notes[0] if notes else Between(-1e9, 1e9, "")
    return Between(found.least, found.most, quantity_at(scenario, path).unit or "", is_whole(scenario, path))


def _notes(annotation: Any) -> Iterator[Any]:
    """What annotates a type, or one inside it."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _notes(inner)
