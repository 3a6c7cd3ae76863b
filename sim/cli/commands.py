"""The commands of Ripple. Answers go to standard output, progress and errors to standard error."""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict

import typer
from pydantic import ValidationError

from sim.cli import case
from sim.cli import options as o
from sim.cli.options import Changes, Json, Name, Size, grouped
from sim.cli.terminal import (
    Request,
    comparison_table,
    err,
    lost_table,
    out,
    print_json,
    progress_bar,
    run_table,
    show_notices,
    show_report,
    show_rows,
    table_of,
)
from sim.experiments import answer, attribution, curve_findings, plain, runs, verification
from sim.experiments.attribution import attribute
from sim.experiments.curve import Surroundings, draw, lever_of
from sim.experiments.estimate import AT_MOST, Target
from sim.experiments.events import OverrunError
from sim.experiments.library import load, names
from sim.experiments.lifetime import report as lifetime
from sim.experiments.lifetime import study
from sim.experiments.plain import Report
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import Effort
from sim.experiments.sharing import AT_MOST as POINTS_AT_MOST
from sim.experiments.verification.known_answers import read_known_answers
from sim.reports.model_card import markdown, model_card
from sim.scenario.faults import ScenarioError
from sim.scenario.notices import notices_of, notices_of_both
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

FINE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Ripple puts a price on a broken customer experience, and on mending it.",
)
app.add_typer(case.commands)


@app.command("list")
def list_scenarios(as_json: Json = False) -> None:
    """List the scenarios that come with Ripple, and the question each answers."""
    rows = [{"name": name, **load(name).model_dump(include={"title", "question"})} for name in names()]
    show_rows(rows, as_json, "name", "title", "question")


@app.command()
def check(file: Name, as_json: Json = False) -> None:
    """Check a scenario file; every fault and every notice is listed as file:line: path: message."""
    try:
        scenario = load(file)
    except ScenarioError as error:
        if not as_json:
            raise
        print_json({"file": file, "fine": False, "faults": [asdict(fault) for fault in error.faults], "notices": []})
        raise typer.Exit(BAD_INPUT) from None
    notices = notices_of(scenario)
    if as_json:
        print_json({"file": file, "fine": True, "faults": [], "notices": plain.notice_rows(notices)})
    else:
        out.print(f"{file}: fine. {scenario.title}: {scenario.question}", markup=False)
        show_notices(file, notices)


@app.command()
def schema(as_json: Json = False) -> None:
    """Print the JSON Schema of scenario files (the same with or without --json)."""
    print_json(Scenario.model_json_schema())


@app.command()
def measures(as_json: Json = False) -> None:
    """List every measure with its unit and definition."""
    show_rows(plain.measure_rows(), as_json, "name", "unit", "definition")


@app.command()
def levers(scenario: Name, as_json: Json = False) -> None:
    """List a scenario's levers: what --set and the page's sliders move."""
    show_rows(plain.lever_rows(load(scenario)), as_json, "path", "label", "unit", "min", "max", "default")


@app.command()
def describe(scenario: Name, as_card: o.AsCard = False, as_json: Json = False) -> None:
    """Describe a scenario: failure points, fixes, levers, and where every number comes from."""
    if as_card:
        card = model_card(scenario, load(scenario))
        print_json(card) if as_json else print(markdown(card), end="")
        return
    description = plain.describe(scenario, described := load(scenario))
    if as_json:
        print_json(description)
        return
    out.print(f"{description['title']}. {description['question']}\n\n{description['story']}\n", markup=False)
    for title, columns in (
        ("failures", ("id", "label", "at", "cause", "on")),
        ("fixes", ("id", "label", "help", "evidence")),
        ("levers", ("path", "label", "default", "unit")),
        ("sources", ("path", "value", "unit", "evidence", "source")),
    ):
        out.print(table_of(description[title], *columns, title=title.capitalize()))
    show_notices(scenario, notices_of(described))


@app.command("run")
@grouped
def run_world(
    scenario: Name,
    changes: Changes = Changes(),
    size: Size = Size(),
    until: o.Until = None,
    at_most: o.AtMost = AT_MOST,
    budget: o.Minutes = 60,
    engine: o.EngineName = "compiled",
    ledger: o.LedgerFile = None,
    by: o.SplitBy = None,
    as_json: Json = False,
) -> None:
    """Simulate a world: a scenario with --set and --fix applied."""
    world, baseline, sets = _worlds(scenario, changes, size)
    notices = notices_of(world, baseline)
    target = o.target_of(until, at_most, world, may_be_clear=False)
    effort = Effort(size.seed, size.replications, engine, target, Budget(budget), by)
    with progress_bar(f"Simulating {world.title}") as progress:
        done = runs.run(world, effort, progress, o.writable(ledger))
    reached = _reached(done, target, done.values(target.measure) if target else [])
    if as_json:
        parts = {"by": by, "parts": plain.parts_report(done, by)} if by else {}
        found = reached | {"measures": plain.measures_report(done)} | parts
        Request(scenario, effort, sets, changes.fixes, notices).report(len(done.replications), found)
        return
    if by:
        show_report(plain.part_tables(plain.parts_report(done, by)), [])
    else:
        out.print(run_table(done))
        _say_reached(reached)
    show_notices(scenario, notices)


@app.command("compare")
@grouped
def compare_worlds(
    scenario: Name,
    changes: Changes = Changes(),
    size: Size = Size(),
    until: o.Until = None,
    at_most: o.AtMost = AT_MOST,
    budget: o.Minutes = 60,
    engine: o.EngineName = "compiled",
    ledger: o.LedgerFile = None,
    as_json: Json = False,
) -> None:
    """Compare a world with the scenario as it stands: the same customers, the same luck."""
    world, baseline, sets = _worlds(scenario, changes, size)
    notices = notices_of_both(baseline, world)
    target = o.target_of(until, at_most, world)
    effort = Effort(size.seed, size.replications, engine, target, Budget(budget))
    with progress_bar(f"Simulating {world.title}, twice") as progress:
        done = runs.compare(baseline, world, effort, progress, o.writable(ledger))
    values = done.differences(target.measure) if target else []
    reached = _reached(done.world, target, values, "the difference in ")
    if as_json:
        found = reached | plain.comparison_report(done)
        Request(scenario, effort, sets, changes.fixes, notices).report(len(done.world.replications), found)
    else:
        out.print(comparison_table(done))
        out.print(lost_table(done.world))
        _say_reached(reached)
        show_notices(scenario, notices)


def _worlds(name: str, changes: Changes, size: Size) -> tuple[Scenario, Scenario, Sets]:
    """The world with what was set and fixed, the scenario as it stands in that size, and what was set."""
    sets = o.sets_of(changes.sets, name)
    baseline = size.of(load(name))
    return world_of(baseline, sets, changes.fixes), baseline, sets


def _reached(run: runs.Run, target: Target | None, values: Sequence[float], of: str = "") -> Report:
    """Why there are fewer runs than asked for, also said on the spot; and whether what was gone on for was reached."""
    if run.stopped is not None:
        err.print(run.stopped, style="red", markup=False, soft_wrap=True)
    stopped = {} if run.stopped is None else {"stopped": run.stopped}
    return stopped | ({"until": plain.target_report(target, values, of)} if target else {})


def _say_reached(reached: Report) -> None:
    if "until" in reached:
        out.print(plain.target_sentence(reached["until"]), markup=False)


@app.command("attribute")
@grouped
def attribute_loss(
    scenario: Name,
    changes: Changes = Changes(),
    size: Size = Size(replications=4),
    at_most: o.PointsAtMost = POINTS_AT_MOST,
    budget: o.Minutes = 60,
    engine: o.EngineName = "compiled",
    as_json: Json = False,
) -> None:
    """Share out what failures cost among failure points and departments, to the penny."""
    world, baseline, sets = _worlds(scenario, changes, size)
    effort = Effort(size.seed, size.replications, engine, budget=Budget(budget))
    asked = Request(scenario, effort, sets, changes.fixes, notices_of(world, baseline))
    with progress_bar(f"Sharing out what {world.title} loses") as progress:
        found = attribution.attribution_report(attribute(world, effort, progress, at_most))
    asked.tell(as_json, size.replications, found, attribution.tables(found), [attribution.check_sentence(found)])


@app.command("answer")
@grouped
def answer_question(
    scenario: Name,
    size: Size = Size(replications=6),
    budget: o.Minutes = 60,
    engine: o.EngineName = "compiled",
    as_json: Json = False,
) -> None:
    """Answer a scenario's own question with intervals, and name the failure point that costs most."""
    world = size.of(load(scenario))
    effort = Effort(size.seed, size.replications, engine, budget=Budget(budget))
    with progress_bar(f"Answering: {world.question}") as progress:
        found = answer.answer_report(answer.answer(world, effort, progress))
    asked = Request(scenario, effort, {}, [], notices_of(world))
    asked.tell(as_json, size.replications, found, answer.tables(found), answer.sentences(found))


@app.command("curve")
@grouped
def draw_curve(
    scenario: Name,
    path: o.LeverPath,
    changes: Changes = Changes(),
    size: Size = Size(replications=6),
    budget: o.Minutes = 60,
    engine: o.EngineName = "compiled",
    as_json: Json = False,
) -> None:
    """Draw what one lever does to its outcome and to contribution, across its range, and where it is best."""
    world, baseline, sets = _worlds(scenario, changes, size)
    lever, around = lever_of(baseline, path), Surroundings(baseline, sets, tuple(changes.fixes))
    effort = Effort(size.seed, size.replications, engine, budget=Budget(budget))
    asked = Request(scenario, effort, sets, changes.fixes, notices_of(world, baseline))
    with progress_bar(f"Drawing what {lever.label} does") as progress:
        found = curve_findings.curve_report(draw(around, lever, effort, progress), around)
    asked.tell(as_json, size.replications, found, curve_findings.tables(found), curve_findings.sentences(found))


@app.command("lifetime")
@grouped
def lifetime_value(
    scenario: Name,
    replications: o.Replications = 10,
    seed: o.Seed = 1,
    weeks: o.Weeks = None,
    budget: o.Minutes = 60,
    as_json: Json = False,
) -> None:
    """Set analytic customer values beside the simulated one, on the same customers, and say why they differ."""
    world = Size(weeks=weeks).of(load(scenario))
    effort = Effort(seed, replications, budget=Budget(budget))
    asked = Request(scenario, effort, {}, [], notices_of(world))
    with progress_bar(f"Following the customers of {world.title}") as progress:
        found = study(world, effort, progress)
    asked.tell(as_json, replications, lifetime.report(found), lifetime.tables(found), lifetime.sentences(found))


@app.command("verify")
def verify_known_answers(engine: o.EngineName = "compiled", as_json: Json = False) -> None:
    """Check figures that theory or a publication knows; exit with 1 where one does not come out."""
    known = read_known_answers()
    with progress_bar(f"Checking {len(known.every)} known answers") as progress:
        checks = verification.verify(known, engine, progress)
    if as_json:
        print_json(verification.verification_report(checks))
    else:
        show_report(verification.tables(known, checks), [verification.sentence(checks)])
    if not all(check.passed for check in checks):
        raise typer.Exit(FAILED)


def main() -> int:
    """Run the command line; whatever goes wrong becomes a sentence and an exit code."""
    for ends in (signal.SIGINT, signal.SIGTERM):  # whoever ends it, what is half made goes
        signal.signal(ends, signal.default_int_handler)
    try:
        app()
    except ScenarioError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except TooLargeError as error:
        err.print(
            f"{'Stopped' if isinstance(error, OverrunError) else 'Too large'}: {error}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
    except (OSError, ValidationError, MemoryError) as error:
        err.print(f"{type(error).__name__}: {error}", style="red", markup=False)
    except SystemExit as done:
        if done.code == INTERRUPTED:  # typer makes this of an interrupt
            return _interrupted()
        return done.code if isinstance(done.code, int) else FAILED
    except Exception as error:  # a fault of ours: said in one line, and in full under `python -X dev -m sim`
        if sys.flags.dev_mode:
            raise
        err.print(f"Ripple itself failed: {type(error).__name__}: {error}", style="red", markup=False)
        return FAILED
    else:
        return FINE
    return BAD_INPUT


def _interrupted() -> int:
    err.print("Interrupted: nothing was written.")
    return INTERRUPTED
