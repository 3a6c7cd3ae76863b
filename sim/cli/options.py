"""The arguments and options of the command line, each said once, and what was typed there, as values."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from inspect import Parameter, Signature, signature
from math import inf
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from sim.cli.terminal import err
from sim.experiments.estimate import Target
from sim.experiments.library import load
from sim.experiments.sharing import NEVER_MORE
from sim.experiments.task import Engine
from sim.folders import why_no_file
from sim.outcomes.breakdown import By
from sim.outcomes.measures import MEASURES
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.paths import settables
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import hint, number_hint
from sim.scenario.spelling.names import not_among, shown
from sim.scenario.spelling.values import Asked
from sim.scenario.world import Sets, world_of

_LONGEST = 100  # characters of what was typed, when it is said again


def target_of(text: str | None, at_most: int, world: Scenario, may_be_clear: bool = True) -> Target | None:
    """What --until asks for: "[MEASURE=]HALF_WIDTH" or "[MEASURE=]clear". Raises ScenarioError for anything else."""
    if text is None:
        return None
    name, _, goal = text.rpartition("=")
    measure = name or world.headline
    if goal == "clear" and may_be_clear and measure in MEASURES:
        return Target(measure, None, at_most)
    half_width = _value(goal)
    if measure in MEASURES and half_width is not None and not isinstance(half_width, bool) and 0 < half_width < inf:
        return Target(measure, half_width, at_most)
    clear = ' or the word "clear"' if may_be_clear else " (clear is for compare: one world alone has no difference)"
    if measure not in MEASURES:
        message = not_among(measure, "a measure that `python -m sim measures` lists", MEASURES)
        raise ScenarioError((Fault("--until", None, "", message),))
    meant = number_hint(goal, Asked(least=0))
    allowed = f"a number above 0{clear}, after MEASURE= if not of {world.headline}{meant}"
    message = f'found "{shown(text, _LONGEST)}"; allowed: {allowed}'
    raise ScenarioError((Fault("--until", None, "", message),))


def sets_of(pairs: list[str], name: str) -> Sets:
    """What each --set asks for of the scenario of that name: "PATH=VALUE". Raises ScenarioError for anything else."""
    return dict(_parse_set(pair, name) for pair in pairs)


def _parse_set(pair: str, name: str) -> tuple[str, float | bool]:
    path, equals, text = pair.partition("=")
    value = _value(text.strip())
    if not equals or value is None:
        meant = _meant(path.strip(), text, name) if equals else ""
        message = f'found "{shown(pair, _LONGEST)}"; allowed: PATH=VALUE with a number, true or false{meant}'
        raise ScenarioError((Fault("--set", None, "", message),))
    return path.strip(), value


def _meant(path: str, text: str, name: str) -> str:
    """How to write the value that was likely meant, as far as the scenario tells what stands at the path."""
    try:
        now = settables(load(name)).get(path)
    except ScenarioError:
        now = None
    if isinstance(now, bool):
        return hint(text, [(bool, ())])
    return number_hint(text, Asked(unit=(now.unit if now else None) or ""), path)


def _value(text: str) -> float | bool | None:
    if text in ("true", "false"):
        return text == "true"
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def writable(ledger: Path | None) -> Path | None:
    """The ledger's path, once it is known that its tables could be written there. Raises ScenarioError if not."""
    if ledger is None:
        return None
    from sim.outcomes.ledger import table_paths  # slow to import, and most runs write no ledger

    problems = [why_no_file(path, ".parquet") for path in table_paths(ledger).values()]
    if not any(problems) and not os.access(ledger.parent, os.W_OK):
        problems = [f'found "{ledger.parent}"; allowed: a folder that can be written']
    for problem in filter(None, problems):
        raise ScenarioError((Fault("--ledger", None, "", problem),))
    return ledger


Name = Annotated[str, Argument(metavar="SCENARIO", help="A name in scenarios/, or a path to a .yaml file.")]
Json = Annotated[bool, Option("--json", help="Print one JSON object and nothing else.")]
Set = Annotated[list[str], Option("--set", metavar="PATH=VALUE", help="Change one quantity or switch.")]
FixIds = Annotated[list[str], Option("--fix", metavar="ID", help="Apply a fix of the scenario.")]
Replications = Annotated[int, Option(min=1, max=10_000, help="Runs, each with luck of its own.")]
Seed = Annotated[int, Option(min=0, max=2**63 - 1, help="Same seed, same luck.")]
Customers = Annotated[int | None, Option(min=0, max=10_000_000, help="Customers at week 0; scales nothing else.")]
Weeks = Annotated[int | None, Option(min=1, max=1_040, help="Weeks recorded, instead of the file's.")]
EngineName = Annotated[Engine, Option("--engine", help="Both give the same figures; SimPy's is the one to read.")]
Until = Annotated[
    str | None,
    Option(
        "--until",
        metavar="[MEASURE=]HALF_WIDTH|clear",
        help="Double the runs until the figure (of compare: the difference) is known that well, or is clear of 0.",
    ),
]
AtMost = Annotated[int, Option("--at-most", min=1, max=100_000, help="Runs at which --until gives up.")]
Minutes = Annotated[float, Option("--budget", min=0.01, metavar="MINUTES", help="Refuse what would take longer.")]
PointsAtMost = Annotated[
    int, Option("--at-most", min=1, max=NEVER_MORE, help="Failure points on at most: each doubles the worlds.")
]
SplitBy = Annotated[By | None, Option("--by", help="Split every measure; parts by place overlap.")]
AsCard = Annotated[bool, Option("--card", help="Write its model card, as Markdown; with --json as data.")]
LeverPath = Annotated[str, Argument(metavar="PATH", help="A lever of the scenario: `levers` lists them.")]
LedgerFile = Annotated[
    Path | None,
    Option("--ledger", metavar="FILE.parquet", help="Write all visits; two tables beside them."),
]


@dataclass(frozen=True)
class Changes:
    """The options by which a scenario is changed."""

    sets: Set = field(default_factory=list)
    fixes: FixIds = field(default_factory=list)


@dataclass(frozen=True)
class Size:
    """The options of how much is simulated, and with which luck."""

    replications: Replications = 10
    seed: Seed = 1
    customers: Customers = None
    weeks: Weeks = None

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario with another number of customers or weeks."""
        if self.weeks is not None:
            scenario = scenario.model_copy(update={"weeks": self.weeks})
        if self.customers is None:
            return scenario
        err.print(
            f"Warning: --customers {self.customers} changes only how many customers there are. Tills, trolleys and "
            "newcomers stay as they are, so queues and shortages are not those of the scenario.",
            style="yellow",
        )
        return world_of(scenario, {"customers.base": self.customers})


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """The command as typer is to see it: of a parameter whose default is a dataclass every field is an option.

    What is left out of a group is as that default has it.
    """
    given = signature(command, eval_str=True).parameters.values()
    groups: dict[str, Any] = {
        parameter.name: type(parameter.default) for parameter in given if is_dataclass(parameter.default)
    }
    options = [option for parameter in given for option in _options(parameter)]

    def run(**said: Any) -> None:
        for name, group in groups.items():
            said[name] = group(**{part.name: said.pop(part.name) for part in fields(group)})
        command(**said)

    run.__doc__, run.__annotations__ = command.__doc__, {option.name: option.annotation for option in options}
    run.__signature__ = Signature(options)  # type: ignore[attr-defined]
    return run


def _options(parameter: Parameter) -> list[Parameter]:
    if not is_dataclass(group := parameter.default):
        return [parameter.replace(kind=Parameter.KEYWORD_ONLY)]
    return [
        Parameter(part.name, Parameter.KEYWORD_ONLY, default=getattr(group, part.name), annotation=part.type)
        for part in fields(group)
    ]
