"""A scenario that wants to be more than text: markup of every kind in each text that the language has.

Which texts there are is read from the models, so that a new one is covered by itself.
"""

import itertools
import json
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from sim.experiments import library
from sim.scenario.document import parse
from sim.scenario.faults import ScenarioError
from sim.scenario.files import scenario_of
from sim.scenario.quantity import Text
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import KIOSK

_ADDED = """
answer: {fixes: [four_more, half_again]}
boardroom: {question: A question, fixes: [four_more], levers: [failures.spill.chance, customers.visits_per_week]}
attributes: [{id: smell, label: Smell, at: till, level: 0.1}]
skills: [{id: care, label: Care, lifts: [{at: spill, rate: failure, log_odds: -1}]}]
policies:
  - id: tidying
    label: Tidying
    help: How often the floor is tidied.
    value: {mode: 1, unit: times a day}
    moves:
      - {path: economics.incremental_margin, through: [[0, 0.2], [1, 0.25], [2, 0.3]], evidence: D, source: a guess}
presets: [{id: wet, label: Wet, help: A wet floor., sets: [{path: failures.spill.chance, value: 0.5}]}]
chain:
  stays: 0.1
  stores: [{id: small, label: Small, count: 3, evidence: D, source: a guess}]
"""
_LEVERS = """
- path: failures.spill.chance
  label: Spills
  min: 0
  max: 1
  step: 0.05
  help: How often.
  outcome: revenue
  direction: down
- path: customers.visits_per_week
  label: Visits
  min: 0
  max: 3
  step: 0.1
  help: How often.
  outcome: revenue
  direction: up
"""
MARK = "Zq"  # and a number: which text it is
TAIL = "qZ"
MARKUP = (
    "<script>window.owned=1</script><img src=x onerror=window.owned=1> </script><b>b</b> "
    "[l](javascript:window.owned=1) ![i](http://evil.example/i.png) http://evil.example/a HTTPS://evil.example "
    "www.evil.example <http://evil.example> a.b@evil.example mailto:a@evil.example "
    ":material/home: :material/ :smile: :+1: :streamlit: :red[r] :red-badge[r] :small[s] :help x:red y:help[h] "
    "$x^2$ $$y$$ **b** __b__ _i_ *i* ~~s~~ `c` ``` &copy; &#60; -> <- <-> -- >= <= ~= "
    "{{7*7}} {a} ${x} %s [^1] [x] | a\\b \\* ' \" =1+1"
)
"""What no page and no file makes anything of."""
_STARTS = ("", "# ", "- ", "+ ", "1. ", "2) ", "> ", "=1+1 ", "::: ", "@SUM(1) ", "### ", "--- ", "| ", ":red[", "[ ] ")


def texts(kind: type[BaseModel]) -> set[tuple[type[BaseModel], str]]:
    """Every text of that part of a scenario and of what is in it, by part and field."""
    found: set[tuple[type[BaseModel], str]] = set()
    left, seen = [kind], {kind}
    while left:
        part = left.pop()
        for name, field in part.model_fields.items():
            said = typing.Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            if _has_text(said):
                found.add((part, name))
            new = set(_parts_in(field.annotation)) - seen
            seen |= new
            left += new
    return found


def _parts_in(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in typing.get_args(kind):
        yield from _parts_in(inner)


def _has_text(kind: Any) -> bool:
    marks = getattr(kind, "__metadata__", ())
    return any(mark in marks for mark in typing.get_args(Text)[1:]) or any(map(_has_text, typing.get_args(kind)))


def _found(
    part: Any, place: tuple[str | int, ...] = ()
) -> Iterator[tuple[type[BaseModel], str, tuple[str | int, ...]]]:
    """Every field of every part that is there: part, field and place."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield type(part), name, (*place, name)
            yield from _found(getattr(part, name), (*place, name))
    elif isinstance(part, tuple):
        for number, inner in enumerate(part):
            yield from _found(inner, (*place, number))


@dataclass(frozen=True)
class Hostile:
    """The file; the number of every hostile text in it with its part and field; and what only names something else."""

    text: str
    texts: Mapping[int, str]
    names: frozenset[str]

    @property
    def scenario(self) -> Scenario:
        return _read(json.loads(self.text))


@cache
def hostile() -> Hostile:
    """Hostile wherever a scenario that is it can still be used."""
    base = _base()
    data = base.model_dump(mode="json", exclude_unset=True)
    places = [(kind, name, place) for kind, name, place in _found(base) if _is_there(data, place[:-1])]
    numbers = itertools.count()
    made: dict[int, str] = {}
    names = set()
    for kind, name in sorted(texts(Scenario), key=lambda one: (one[0].__name__, one[1])):
        tried = json.loads(json.dumps(data))
        numbered = [(next(numbers), place) for part, field, place in places if (part, field) == (kind, name)]
        for number, place in numbered:
            _put(tried, place, hostile_text(number))
        if numbered and _is_valid(tried):
            data = tried
            made |= dict.fromkeys((number for number, _ in numbered), f"{kind.__name__}.{name}")
        elif numbered:
            names.add(f"{kind.__name__}.{name}")
    return Hostile(json.dumps(data, indent=1), made, frozenset(names))


def texts_of(marks: Iterable[str]) -> set[str]:
    """Part and field of the texts that were found by these marks."""
    return {hostile().texts[int(mark.removeprefix(MARK))] for mark in marks}


def hostile_text(number: int) -> str:
    """One of them, told from all others; no two that follow each other begin alike."""
    return f"{_STARTS[number % len(_STARTS)]}{MARK}{number} {MARKUP} {TAIL}"


def _base() -> Scenario:
    reader = YAML(typ="safe")
    data = reader.load(KIOSK) | reader.load(_ADDED)
    data["levers"] = [*data["levers"], *reader.load(_LEVERS)]
    return _read(data)


def _read(data: Any) -> Scenario:
    return scenario_of(parse(json.dumps(data), "hostile.yaml"), library.unknown_measures)


def _is_there(data: Any, place: tuple[str | int, ...]) -> bool:
    try:
        for step in place:
            data = data[step]
    except (KeyError, IndexError, TypeError):
        return False
    return isinstance(data, dict)


def _put(data: Any, place: tuple[str | int, ...], text: str) -> None:
    for step in place[:-1]:
        data = data[step]
    data[place[-1]] = [text] if isinstance(data.get(place[-1]), list) else text


def _is_valid(data: Any) -> bool:
    try:
        _read(data)
    except ScenarioError:
        return False
    return True
