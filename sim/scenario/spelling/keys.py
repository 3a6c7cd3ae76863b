"""Which key of a part somebody meant by one that it does not have.

A word that people use for a key stands in the table below and comes first. Beyond that only slips count (see
`nearest`), and a word with a meaning of its own is no slip: neither a key of another part, nor one of the plain words
below, nor what is nearer to a key of another part.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from sim.scenario.spelling import keys_of, parts_in
from sim.scenario.spelling.nearest import nearest, plain, within

_WORDS_FOR_KEYS = {
    "chance share": "probability prob likelihood odds proportion fraction",
    "servers pool count": "capacity number staff people units quantity amount how_many",
    "pool": "size stock",
    "spend": "price value basket worth revenue",
    "costs": "cost price expenses",
    "once": "one_off oneoff upfront up_front initial setup",
    "per_year": "yearly annual annually per_annum each_year",
    "per_use": "each_use variable",
    "label title": "name caption",
    "help story": "description desc info text",
    "source": "reference ref citation origin",
    "evidence": "grade quality",
    "at": "where touchpoint place",
    "to": "target goto destination touchpoint",
    "when": "if condition",
    "next": "routes route then ways goes_to",
    "cause": "reason type kind",
    "law kind": "distribution dist type",
    "low min": "minimum lowest lower",
    "high max": "maximum highest upper",
    "mode": "value likely most_likely best typical",
    "mean": "average avg",
    "log_sd spread spend_log_sd": "sd std stdev sigma deviation",
    "minutes": "duration time service_time",
    "patience": "tolerance max_wait waits",
    "department": "owner team dept",
    "stage": "phase",
    "resource": "server staff served_by",
    "times": "multiply multiplier factor",
    "add": "plus increase",
    "set": "to value becomes",
    "opening": "hours opening_hours open",
    "closed": "holidays closures holiday",
    "starts": "start start_date begin begins",
    "journey": "touchpoints steps",
    "churn_per_year": "churn churn_rate",
    "discount_rate": "discount interest",
    "incremental_margin": "margin",
    "base": "population number count how_many",
    "outcome measure": "metric kpi goal",
    "step": "increment",
    "visits_per_week": "arrival_rate visit_rate frequency",
}


def _by_word() -> dict[str, tuple[str, ...]]:
    """For each word that people use for keys, the keys that they may mean; the part decides which it has."""
    found: dict[str, tuple[str, ...]] = {}
    for keys, words in _WORDS_FOR_KEYS.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), *keys.split())
    return found


SYNONYMS: Mapping[str, tuple[str, ...]] = _by_word()

WORDS_OF_THEIR_OWN = frozenset(
    word
    for line in (
        "a again an and as base bath boss bottom car case change charge code contract cup date days do fix flow for",
        "gap head heat hint hot how in it late less main map men mix model more move nest no node now one or own",
        "page part place poll real row slow so space speed stop store tax test than them time too tool top trail train",
        "two until user ways who win",
    )
    for word in line.split()
)


def proposed(asked: str, own: Sequence[str], every: Collection[str]) -> list[str]:
    """The keys among a part's `own` that `asked` is likely meant to be; `every` has the keys of the whole language."""
    word = plain(asked[:200])
    if said := [key for key in SYNONYMS.get(word, ()) if key in own]:
        return said[:2]
    near = nearest(asked, own)
    if not near or word in map(plain, near):
        return near
    if word in every or word in WORDS_OF_THEIR_OWN:
        return []
    is_one_slip = within(word, plain(near[0]), 1)
    return near if is_one_slip or not any(within(word, key, 1) for key in every if key not in own) else []


@lru_cache(maxsize=16)
def homes(root: type[BaseModel]) -> Mapping[str, tuple[str, ...]]:
    """Every key of the language whose whole file `root` is, with the keys under which the parts that have it stand."""
    found: dict[str, dict[str, None]] = {name: {} for name in keys_of(root)}
    seen: set[Any] = {root}
    waiting: list[Any] = [root]
    while waiting:
        for name, field in keys_of(waiting.pop()).items():
            for part in parts_in(field.annotation):
                for key in keys_of(part):
                    found.setdefault(key, {})[name] = None
                waiting += [part] if part not in seen else []
                seen.add(part)
    return MappingProxyType({key: tuple(names) for key, names in found.items()})
