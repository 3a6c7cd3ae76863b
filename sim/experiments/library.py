"""The scenarios that come with Ripple, and how any scenario is fetched by name or path."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.outcomes.measures import MEASURES
from sim.scenario.document import read
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.files import read_scenario
from sim.scenario.notices import Notice
from sim.scenario.notices import located as notices_with_lines
from sim.scenario.quantity import Finding
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import not_among

_SIM = Path(__file__).parents[1]
FOLDER = next(folder / "scenarios" for folder in (_SIM, _SIM.parent) if (folder / "scenarios").is_dir())
"""Inside the package where Ripple is installed from a wheel, beside it in a checkout."""


def names() -> list[str]:
    """Names of the scenarios that come with Ripple, in the order that their files ask for."""
    return list(titles())


def titles() -> dict[str, str]:
    """Titles of those scenarios by name, in order, without checking them.

    A file with a fault is listed all the same, under its name if it has no title.
    """
    said = {name: _said(file) for name, file in _files().items()}
    unsaid: int = Scenario.model_fields["order"].default

    def place(name: str) -> tuple[int, str]:
        order = said[name].get("order")
        return (order if isinstance(order, int) else unsaid, name)

    return {name: str(said[name].get("title", name)) for name in sorted(said, key=place)}


def _files() -> dict[str, Path]:
    return {path.stem: path for path in FOLDER.glob("*.yaml")}


def _said(file: Path) -> dict[str, Any]:
    """The title and the order that a file says, nothing where it cannot be read."""
    try:
        return _head(file, _stamp(file))
    except ScenarioError:
        return {}


def _stamp(file: Path) -> tuple[int, ...] | None:
    """What a file that is changed does not keep; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=128)
def _head(file: Path, stamp: tuple[int, ...] | None) -> dict[str, Any]:
    data = read(file).data
    return {key: data[key] for key in ("title", "order") if key in data}


@lru_cache(maxsize=128)
def _read(file: Path, stamp: tuple[int, ...] | None) -> Scenario:
    return read_scenario(file, unknown_measures)


def path_of(name_or_path: str) -> Path:
    """The file that a name in `scenarios/` or a path means. Raises ScenarioError when it is neither."""
    given = Path(name_or_path)
    if given.suffix in (".yaml", ".yml") or len(given.parts) > 1:
        return given
    if file := _files().get(name_or_path):
        return file
    allowed = f"a path to a .yaml file, or one of {', '.join(names())}"
    raise ScenarioError((Fault("scenario", None, "", not_among(name_or_path, allowed, names())),))


def load(name_or_path: str) -> Scenario:
    """The scenario of that name or path; a file is read again only once it was changed.

    Raises:
        ScenarioError: every fault in the file, unknown measures among them.
    """
    path = path_of(name_or_path)
    return _read(path, _stamp(path))


def located(name_or_path: str, notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """The notices of that scenario with the lines of its file."""
    return notices_with_lines(notices, read(path_of(name_or_path))) if notices else ()


def unknown_measures(scenario: Scenario) -> Iterator[Finding]:
    """What is said of measures that do not exist or do not serve there, which the scenario alone cannot know."""
    yield from _known(("headline",), scenario.headline)
    yield from _answer(scenario)
    if scenario.boardroom.number is not None:
        yield from _known(("boardroom", "number"), scenario.boardroom.number)
    for i, reason in enumerate(scenario.why):
        yield from _known(("why", i, "measure"), reason.measure)
    for i, lever in enumerate(scenario.levers):
        yield from _known(("levers", i, "outcome"), lever.outcome)
    for i, fix in enumerate(scenario.fixes):
        if fix.costs.use is not None:
            yield from _known(("fixes", i, "costs", "use"), fix.costs.use)


def _answer(scenario: Scenario) -> Iterator[Finding]:
    """What a question is judged by: more of it is better, and costs can be taken from it where fixes are tried."""
    name = scenario.answer.measure
    if name not in MEASURES:
        yield from _known(("answer", "measure"), name)
    elif MEASURES[name].better != "higher":
        yield ("answer", "measure"), f'found "{name}"; allowed: a measure of which more is better'
    elif scenario.answer.fixes and MEASURES[name].unit != "{currency} a year":
        yield ("answer", "measure"), f'found "{name}"; allowed: money a year, from which what fixes cost can be taken'


def _known(loc: tuple[str | int, ...], name: str) -> Iterator[Finding]:
    if name not in MEASURES:
        yield loc, not_among(name, "a measure that `python -m sim measures` lists", MEASURES)
