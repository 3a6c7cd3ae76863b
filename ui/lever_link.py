"""The link that is the choice: scenario, every lever that was moved, fixes, and what is looked at."""

from collections.abc import Mapping, Sequence

from sim.scenario.fixes import Lever
from sim.scenario.scenario import Scenario

_SHOWN = 40  # characters of what a link asked for, when that is said again


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
    wrong = f"The link asks for {lever.label} at {asked[:_SHOWN]}; allowed: {lever.min:g} to {lever.max:g}."
    return default, f"{wrong} It stays at {default:g}."


def fixes_of(scenario: Scenario, asked: str) -> tuple[list[str], list[str]]:
    """The fixes that a link asks for, in the scenario's order, and what is wrong with the others."""
    known = [fix.id for fix in scenario.fixes]
    names = [fix for fix in asked.split(",") if fix]
    allowed = ", ".join(known) or "none: this scenario has no fixes"
    wrong = [f"The link asks for the fix {name[:_SHOWN]}; allowed: {allowed}." for name in names if name not in known]
    return [name for name in known if name in names], wrong
