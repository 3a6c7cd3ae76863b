"""How fast Ripple is, beside other ways to simulate the same thing: `python -m benchmarks --help`."""

import time
from typing import Annotated, NamedTuple

import typer

from benchmarks import case, engines, events, growth, house, interactive, memory, mm1, rooms, stop, threads
from benchmarks.common import Section, out


class Bench(NamedTuple):
    """A section: its heading, and what measures and prints it."""

    heading: str
    report: Section


BENCHES = {
    "engines": Bench("The yardstick: one shop, 5,000 customers, 156 weeks", engines.report),
    "events": Bench("What an event takes, and what it is priced at", events.report),
    "mm1": Bench("One queue with a textbook's answer", mm1.report),
    "threads": Bench("Two threads against one", threads.report),
    "stop": Bench("A stop, until it is heard", stop.report),
    "interactive": Bench("A slider moved", interactive.report),
    "case": Bench("A business case", case.report),
    "memory": Bench("Memory against visits", memory.report),
    "growth": Bench("Time against size", growth.report),
    "rooms": Bench("Thirty people in a room", rooms.report),
    "house": Bench("How large the code is", house.report),
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help=f"Any of: {', '.join(BENCHES)}.")]
Full = Annotated[bool, typer.Option("--full", help="The long measurements too.")]


@app.command()
def measure(names: Names = None, full: Full = False) -> None:
    """Measure how fast Ripple is; without names everything. Ratios are of one run on one machine."""
    for name in names or ():
        if name not in BENCHES:
            raise typer.BadParameter(f'found "{name}"; allowed: {", ".join(BENCHES)}')
    for name in names or BENCHES:
        began = time.perf_counter()
        out.rule(BENCHES[name].heading, align="left")
        BENCHES[name].report(full)
        out.print(f"({name}: {time.perf_counter() - began:.0f} s)\n", style="dim")


if __name__ == "__main__":
    app(prog_name="python -m benchmarks")
