"""The link that is the choice, and what a link asked for and cannot have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sim.scenario.faults import MOST, shown
from sim.scenario.fixes import Lever
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import number_hint
from sim.scenario.spelling.nearest import did_you_mean, listed, nearest
from sim.scenario.spelling.numbers import Asked


@dataclass
class Objections:
    """Sentences on what is wrong with a link, as many as an error lists faults; beyond them none is put into words."""

    _said: list[str] = field(default_factory=list)
    _more: int = 0

    def add(self, sentence: Callable[[], str]) -> None:
        """One thing more is wrong; the sentence is asked for only where it will be shown."""
        if len(self._said) < MOST:
            self._said.append(sentence())
        else:
            self._more += 1

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is to be shown."""
        return (*self._said, *([f"And {self._more:,} more."] if self._more else []))


def link_of(name: str, sets: Mapping[str, float], fixes: Sequence[str], looks: Mapping[str, str]) -> dict[str, str]:
    """The link's parameters. The scenario is always named: elsewhere another one may come first."""
    link = {"scenario": name} | {path: exact(value) for path, value in sets.items()}
    if fixes:
        link["fix"] = ",".join(fixes)
    return link | dict(looks)


def exact(value: float) -> str:
    """A number in as few digits as give the same number when they are read again."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def value_of(lever: Lever, asked: str | None, default: float) -> tuple[float, str | None]:
    """Where a link puts a lever, and, where it cannot be put there, what is wrong."""
    if asked is None:
        return default, None
    try:
        value = float(asked)
    except ValueError:
        value = float("nan")
    if lever.min <= value <= lever.max:
        return value, None
    meant = number_hint(asked, Asked(lever.min, lever.max), lever.path) or "."
    wrong = f"The link asks for {shown(lever.label)} at {shown(asked)}; allowed: {lever.min:g} to {lever.max:g}{meant}"
    return default, f"{wrong} It stays at {default:g}."


def fixes_of(scenario: Scenario, asked: str, wrong: Objections) -> list[str]:
    """The fixes that a link asks for, in the scenario's order; what is wrong with the others is added to `wrong`."""
    known = {fix.id: None for fix in scenario.fixes}
    names = dict.fromkeys(name for name in asked.split(",") if name)
    for name in names:
        if name not in known:
            wrong.add(partial(_no_fix, name, list(known)))
    return [name for name in known if name in names]


def _no_fix(name: str, known: Sequence[str]) -> str:
    allowed = listed(known) or "none: this scenario has no fixes"
    return f"The link asks for the fix {shown(name)}; allowed: {allowed}{did_you_mean(nearest(name, known)) or '.'}"
