"""The command that writes the boardroom's page as one file that needs no server."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.arguments import FixIds, Json, Minutes, Name, Seed, Set
from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.experiments.price import Budget
from sim.experiments.workers import Workers
from sim.options import sets_of
from sim.reports.one_file import OneFileJob
from sim.reports.one_file.page import check_page_path, write_file
from sim.terminal import err, print_json, progress_bar

commands = typer.Typer()

Target = Annotated[Path, typer.Argument(metavar="FILE.html", help="What to write.")]


@commands.command("page")
def write_page(
    scenario: Name,
    file: Target,
    sets: Set = [],  # noqa: B006
    fixes: FixIds = [],  # noqa: B006
    seed: Seed = 1,
    budget: Minutes = 60,
    as_json: Json = False,
) -> None:
    """Write the boardroom's page as one HTML file with working sliders that needs no server."""
    asked = load(scenario)
    check_page_path(file)
    again = shlex.join(["python", "-m", "sim", *sys.argv[1:]])
    with progress_bar(f"Simulating every place of the sliders of {asked.title}") as progress, Workers() as workers:
        job = OneFileJob(asked, sets_of(sets, scenario), fixes, seed, Store(), workers, again, Budget(budget))
        job.follow(progress)
    assert job.html is not None  # it was followed to its end
    write_file(job.html, file)
    points = len(job.plan.grid.points)
    said = {"scenario": scenario, "seed": seed, "points": points, "file": str(file)}
    if as_json:
        print_json(said)
    err.print(f"Wrote {file}: {points} places of the sliders simulated.", markup=False)
