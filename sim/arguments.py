"""The arguments and options of the command line: each is said once, and used by every command that takes it."""

from pathlib import Path
from typing import Annotated

import typer

from sim.experiments.sharing import NEVER_MORE
from sim.experiments.task import Engine
from sim.outcomes.breakdown import By

Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A name in scenarios/, or a path to a .yaml file.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Set = Annotated[list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change one quantity or switch.")]
FixIds = Annotated[list[str], typer.Option("--fix", metavar="ID", help="Apply a fix of the scenario.")]
Replications = Annotated[int, typer.Option(min=1, max=10_000, help="Runs, each with luck of its own.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Same seed, same luck.")]
Customers = Annotated[int | None, typer.Option(min=0, max=10_000_000, help="Customers at week 0; scales nothing else.")]
Weeks = Annotated[int | None, typer.Option(min=1, max=1_040, help="Weeks recorded, instead of the file's.")]
EngineName = Annotated[Engine, typer.Option("--engine", help="Both give the same figures; SimPy's is the one to read.")]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="[MEASURE=]HALF_WIDTH|clear",
        help="Double the runs until the figure (of compare: the difference) is known that well, or is clear of 0.",
    ),
]
AtMost = Annotated[int, typer.Option("--at-most", min=1, max=100_000, help="Runs at which --until gives up.")]
Minutes = Annotated[float, typer.Option("--budget", min=0.01, metavar="MINUTES", help="Refuse what would take longer.")]
PointsAtMost = Annotated[
    int, typer.Option("--at-most", min=1, max=NEVER_MORE, help="Failure points on at most: each doubles the worlds.")
]
SplitBy = Annotated[By | None, typer.Option("--by", help="Split every measure; parts by place overlap.")]
AsCard = Annotated[bool, typer.Option("--card", help="Write its model card, as Markdown; with --json as data.")]
LeverPath = Annotated[str, typer.Argument(metavar="PATH", help="A lever of the scenario: `levers` lists them.")]
LedgerFile = Annotated[
    Path | None,
    typer.Option("--ledger", metavar="FILE.parquet", help="Write all visits; two tables beside them."),
]
