"""Which known name somebody meant by one that is unknown: only where little is wrong with it.

A name is near that is the same but for capitals, accents, spaces and hyphens, or that is one slip away: a letter too
many, too few, wrong, or two that changed places. Names of eight letters and more may have two slips; of those near, the
nearest are taken. A key is never taken for one of another meaning, see `keys`. Both the name asked for and the names
searched are bounded, so that no file and no link makes the search long.
"""

import unicodedata
from collections.abc import Iterable, Sequence
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
    for slips in range(allowed_slips(wanted) + 1):
        if found := [name for name in names if within(wanted, plain(name), slips)]:
            return found[:at_most]
    tails = [name for name in names if "." in wanted and name.endswith(f".{asked}")]
    return tails if len(tails) == 1 else []


def allowed_slips(name: str) -> int:
    """How many slips a name may have: two in a long one, none in a single letter."""
    return 2 if len(name) >= _TWO_SLIPS_FROM else min(1, len(name) - 1)


def did_you_mean(proposed: Sequence[str]) -> str:
    """The end of a message that proposes these names, "" for none."""
    quoted = " or ".join(f'"{name}"' for name in proposed)
    return f"; did you mean {quoted}?" if proposed else ""


def not_among(asked: str, allowed: str, known: Iterable[str]) -> str:
    """What a message says of a name that is not among the known: what was found, what is allowed, what was meant."""
    short = asked if len(asked) <= _LONGEST_SHOWN else asked[: _LONGEST_SHOWN - 1] + "…"
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)
    return f'found "{printable}"; allowed: {allowed}{did_you_mean(nearest(asked, known))}'


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
