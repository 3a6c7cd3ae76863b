"""No test is a stopwatch: what an assertion is about never comes from a clock, and patience lives in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ALONE = ("monotonic", "perf_counter", "process_time", "thread_time", "default_timer", "timeit")
CLOCKS = (*ALONE, "time", "now", "utcnow")
OF = ("time", "timeit", "datetime")
"""The modules, and the class, whose functions of these names tell the time; only a few of them do so alone."""
PATIENT = "waiting.py"
"""The one file that may look at a clock to give up."""
LEAST_PATIENCE = 60
"""Seconds: what a shorter patience waits for in vain may only be late."""


def _tells_time(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    match node.func:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return module in OF and name.removesuffix("_ns") in CLOCKS
        case ast.Name(id=name):
            return name.removesuffix("_ns") in ALONE
    return False


def _names_of_times(tree: ast.AST) -> set[str]:
    """What variables hold a moment, or something worked out from one."""
    found: set[str] = set()
    while True:
        more = {
            name.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None
            if _has_time(node.value, found)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        if more <= found:
            return found
        found |= more


def _has_time(node: ast.AST, names: set[str]) -> bool:
    return any(_tells_time(one) or (isinstance(one, ast.Name) and one.id in names) for one in ast.walk(node))


def _timed(tree: ast.AST) -> Iterator[int]:
    """Lines of assertions, and of conditions that end in a failure, which depend on what time it is."""
    for part in ast.walk(tree):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            names = _names_of_times(part)
            yield from (node.lineno for node in ast.walk(part) if _depends(node, names))  # type: ignore[attr-defined]


def _depends(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.Assert):
        return _has_time(node.test, names)
    return isinstance(node, ast.If | ast.While) and _is_late(node, names)


def _is_late(node: ast.If | ast.While, names: set[str]) -> bool:
    fails = any(isinstance(one, ast.Raise) for part in node.body for one in ast.walk(part))
    compared = any(isinstance(one, ast.Compare) and _has_time(one, names) for one in ast.walk(node.test))
    return compared and fails


def _impatient(tree: ast.AST) -> Iterator[int]:
    """Lines that fail when something takes longer than a number of seconds written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = {one.arg: one.value for one in node.keywords}
            for name in ("timeout", "default_timeout"):
                match given.get(name):
                    case ast.Constant(value=int() | float() as seconds) if seconds < LEAST_PATIENCE:
                        yield node.lineno


def modules() -> list[Path]:
    return sorted(path for path in HERE.rglob("*.py") if path != Path(__file__))


def found(of: object, path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [f"{path.relative_to(HERE)}:{line}" for line in sorted(set(of(tree)))]  # type: ignore[operator]


def test_no_test_measures_how_long_anything_takes() -> None:
    assert [line for path in modules() if path != HERE / PATIENT for line in found(_timed, path)] == []


def test_no_test_loses_patience_within_a_minute() -> None:
    at = [line for path in modules() for line in found(_impatient, path)]
    assert [line for line in at if not line.startswith(("workshop/test_people.py", "saved/"))] == []


@pytest.mark.parametrize(
    "code",
    [
        "import time\ndef test():\n    began = time.monotonic()\n    work()\n    assert time.monotonic() - began < 1",
        "def test():\n    start = time.perf_counter()\n    took = time.perf_counter() - start\n    assert took < 0.5",
        "def test():\n    ends = time.time() + 9\n    while True:\n        assert time.time() < ends",
        "def test():\n    began = monotonic()\n    assert monotonic() < began + 3",
        "def test():\n    if time.monotonic() - began > 3:\n        raise AssertionError",
        "def test():\n    assert timeit.timeit(work) < 3",
    ],
)
def test_a_stopwatch_is_found(code: str) -> None:
    assert list(_timed(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "def test():\n    assert outcome.time == 3",
        "def test():\n    later = time.time() + 9\n    assert works()",
        "def test():\n    assert clock.now == 4",
        "def test():\n    assert env.now() < 4",
    ],
)
def test_what_is_no_stopwatch_is_let_alone(code: str) -> None:
    assert not list(_timed(ast.parse(code)))
