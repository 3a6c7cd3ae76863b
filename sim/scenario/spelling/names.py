"""Which known name somebody meant by one that is unknown: only where little is wrong with it.

A name is near that is the same but for capitals, accents, spaces and hyphens, or that is one slip away: a letter too
many, too few, wrong, or two that changed places. Names of eight letters and more may have two slips; of those near, the
nearest are taken. Both the name asked for and the names searched are bounded, so that no file and no link makes the
search long.

Of keys, a word that people use for one stands in the table below and comes first. Beyond that only slips count, and a
word with a meaning of its own is no slip: neither a key of another part, nor one of the plain words below, nor what is
nearer to a key of another part.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice

LONGEST = 120
"""No name that is longer is searched for."""
_MOST_SEARCHED = 3_000
_MOST_PROPOSED = 2
_TWO_SLIPS_FROM = 8  # letters
_MOST_LISTED = 12
_LONGEST_SHOWN = 80
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


def nearest(asked: str, known: Iterable[str], at_most: int = _MOST_PROPOSED) -> list[str]:
    """The known names that `asked` is likely meant to be, all of them equally near; none where nothing is near."""
    if not 0 < len(asked) <= LONGEST:
        return []
    names = list(islice(known, _MOST_SEARCHED))
    wanted = plain(asked)
    allowed = 2 if len(wanted) >= _TWO_SLIPS_FROM else min(1, len(wanted) - 1)  # none in a single letter
    for slips in range(allowed + 1):
        if found := [name for name in names if within(wanted, plain(name), slips)]:
            return found[:at_most]
    tails = [name for name in names if "." in wanted and name.endswith(f".{asked}")]
    return tails if len(tails) == 1 else []


def did_you_mean(proposed: Sequence[str]) -> str:
    """The end of a message that proposes these names, "" for none."""
    quoted = " or ".join(f'"{name}"' for name in proposed)
    return f"; did you mean {quoted}?" if proposed else ""


def not_among(asked: str, allowed: str, known: Iterable[str]) -> str:
    """What a message says of a name that is not among the known: what was found, what is allowed, what was meant."""
    return f'found "{shown(asked, _LONGEST_SHOWN)}"; allowed: {allowed}{did_you_mean(nearest(asked, known))}'


def short(text: str, longest: int) -> str:
    """The text, at most `longest` characters of it."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def shown(text: str, longest: int = 40) -> str:
    """The text on one line, at most `longest` characters of it, with nothing a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short(text, longest))


def listed(names: Iterable[str]) -> str:
    """The names as a message lists what is allowed: the first dozen, then how many more."""
    every = list(names)
    more = len(every) - _MOST_LISTED
    if more <= 1:
        return ", ".join(every)
    return f"{', '.join(every[:_MOST_LISTED])} and {more:,} more"


@lru_cache(maxsize=20_000)
def plain(name: str) -> str:
    """A name without capitals, accents and the signs that people put between words."""
    letters = unicodedata.normalize("NFKD", name.strip()).casefold().translate(_LETTERS)
    return "".join("_" if c in " -\u2013\u2014" else c for c in letters if not unicodedata.combining(c))


def within(one: str, other: str, slips: int) -> bool:
    """Whether one plain name becomes the other by that many slips at most."""
    if slips == 0 or one == other:
        return one == other
    if abs(len(one) - len(other)) > slips:
        return False
    if slips == 1 and len(one) > 2 and one[:1] != other[:1] and one[-1:] != other[-1:]:
        return False  # one slip cannot be at both ends
    return distance(*_differing(one, other)) <= slips


def _differing(one: str, other: str) -> tuple[str, str]:
    """The two without what they begin and end with alike."""
    shorter = min(len(one), len(other))
    start = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    end = next((i for i in range(shorter - start) if one[-1 - i] != other[-1 - i]), shorter - start)
    return one[start : len(one) - end], other[start : len(other) - end]


def distance(one: str, other: str) -> int:
    """How many slips lead from one to the other; two letters that changed places are one (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, other_letter in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


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


SYNONYMS: dict[str, tuple[str, ...]] = {}
"""For each word that people use for keys, the keys that they may mean; the part decides which it has."""
for _keys, _words in _WORDS_FOR_KEYS.items():
    for _word in _words.split():
        SYNONYMS[_word] = (*SYNONYMS.get(_word, ()), *_keys.split())

_PLAIN_WORDS = """
a again an and as base bath boss bottom car case change charge code contract cup date days do fix flow for gap head heat
hint hot how in it late less main map men mix model more move nest no node now one or own page part place poll real row
slow so space speed stop store tax test than them time too tool top trail train two until user ways who win
"""
WORDS_OF_THEIR_OWN = frozenset(_PLAIN_WORDS.split())


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
