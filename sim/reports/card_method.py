"""Sections 4 to 6 of a model card: experimentation, implementation, and how to get at the code."""

import platform
import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.reports.card import Item, Row, Section, Table
from sim.scenario.scenario import Scenario

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def experimentation(scenario: Scenario) -> Section:
    """How runs begin, how long they last, and how many there are."""
    days = scenario.warm_up_days
    warm = (
        f"Before week 0 there are {days} days in which assets and queues settle, relationships frozen; nothing of "
        "them is counted. The file says how many, and nothing proves that they are enough."
        if days
        else "Nothing warms up: things lent out start sound and idle, and queues empty."
    )
    begin = (
        "The business does not end; a stretch of it is watched, from week 0 on.",
        "Numbers describe the customers at week 0: their satisfaction starts where it is when nothing goes wrong, and "
        "their first gap is what remains of one under way.",
        warm,
    )
    length = (f"{scenario.weeks} weeks, in minutes within a visit and weeks across a lifetime, on one clock.",)
    estimates = (
        "Independent replications, 10 unless asked otherwise, or as many as it takes until an interval is narrow or a "
        "difference clear of 0 (--until). Intervals are 95% Student-t.",
        "Worlds are compared replication by replication on the same luck. An interval is the noise of the runs "
        "alone: what is not known of the inputs comes on top.",
    )
    items = (
        Item("4.1", "Initialisation", begin),
        Item("4.2", "Run length", length),
        Item("4.3", "Estimation approach", estimates),
    )
    return Section("4", "Experimentation", items)


def implementation() -> Section:
    """Software, luck, the order of events, machines."""
    luck = (
        "Philox 4x64-10, equal word for word to NumPy's. No generator is ever advanced: a draw is a function of "
        "seed, replication, site, customer, visit, place, purpose and pass, made a variate by inversion. So every "
        "world has the same luck for the same customer, and how work is split over threads changes nothing.",
    )
    order = (
        "Two engines: a process-interaction model in SimPy, which is the one to read, and a compiled event loop "
        "over arrays, which is the default. Both write the same ledger bit for bit.",
        "Of events at the same instant: repairs end, desks, service and dwelling end, people give up, people "
        "arrive; within each a keyed tie decides. Replications run on threads of one machine.",
    )
    machine = (
        "Any machine with Python 3.11, 3.12 or 3.13 and what requirements.txt lists; docs/performance.md says how "
        "long runs take.",
    )
    items = (
        Item("5.1", "Software or programming language", (), (), (Table("Versions", tuple(_software())),)),
        Item("5.2", "Random sampling", luck),
        Item("5.3", "Model execution", order),
        Item("5.4", "System specification", machine),
    )
    return Section("5", "Implementation", items)


def code_access(name: str) -> Section:
    """Where the model is, under which licence, and how a run is repeated."""
    says = (
        f"Ripple {_project()['version']}, {_project()['license']} licence: the simulator, this scenario's file and "
        "its tests are in one checkout. The same seed gives the same figures.",
    )
    commands: list[Row] = [
        {"command": f"python -m sim {command}", "what it does": what}
        for command, what in (
            (f"run {name}", "simulates the scenario as it stands"),
            (f"describe {name} --card", "writes this card"),
            ("verify", "simulates what theory knows the answer to"),
        )
    ]
    return Section(
        "6",
        "Code access",
        (Item("6.1", "Computer model sharing statement", says, (), (Table("Commands", tuple(commands)),)),),
    )


def _project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    return found


def _software() -> list[Row]:
    needed = [re.split(r"[^\w.-]", requirement)[0] for requirement in _project()["dependencies"]]
    own: list[Row] = [
        {"software": "Ripple", "version": _project()["version"]},
        {"software": "Python", "version": platform.python_version()},
    ]
    return own + [{"software": name, "version": version(name)} for name in needed]
