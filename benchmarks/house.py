"""How large the code is: files, lines, functions, folders; printed to be recorded, and held where it must last."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.common import out, show, table

ROOT = Path(__file__).parents[1]
PRODUCT = ("app.py", "app_pages", "sim", "ui")


class File(NamedTuple):
    """A file of the product, and how many lines each of its functions has, by name."""

    path: Path
    lines: int
    functions: dict[str, int]


class House(NamedTuple):
    """Every file of the product."""

    files: list[File]

    @property
    def lines(self) -> int:
        return sum(file.lines for file in self.files)

    @property
    def functions(self) -> list[int]:
        return [lines for file in self.files for lines in file.functions.values()]

    @property
    def folders(self) -> Counter[Path]:
        """How many files each folder has."""
        return Counter(file.path.parent for file in self.files)


def house() -> House:
    """The product as it stands."""
    return House([_read(path) for part in PRODUCT for path in _files(ROOT / part)])


def _files(part: Path) -> Iterator[Path]:
    return iter([part]) if part.is_file() else iter(sorted(part.rglob("*.py")))


def _read(path: Path) -> File:
    text = path.read_text(encoding="utf-8")
    functions = {
        f"{node.name}, line {node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return File(path.relative_to(ROOT), len(text.splitlines()), functions)


def report(full: bool) -> None:
    """Print the figures of the house."""
    now = house()
    largest, crowded = max(now.files, key=lambda file: file.lines), now.folders.most_common(1)[0]
    longest = max(((lines, name, file) for file in now.files for name, lines in file.functions.items()))
    figures = table("the product", "now")
    for name, value in (
        ("files", f"{len(now.files):,}"),
        ("lines", f"{now.lines:,}"),
        ("median file, lines", f"{median(file.lines for file in now.files):.0f}"),
        ("largest file, lines", f"{largest.lines} ({largest.path})"),
        ("most files in a folder", f"{crowded[1]} ({crowded[0]})"),
        ("functions", f"{len(now.functions):,}"),
        ("median function, lines", f"{median(now.functions):.0f}"),
        ("longest function, lines", f"{longest[0]} ({longest[2].path}: {longest[1]})"),
    ):
        figures.add_row(name, value)
    show(figures, "Only what people get is counted: no tests, no benchmarks, no notebooks.")
    if full:
        for folder, files in sorted(now.folders.items()):
            out.print(f"{files:4} files  {folder}")
