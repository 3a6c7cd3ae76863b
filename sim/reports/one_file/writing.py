"""Writing the file to disk: all of it or nothing."""

import tempfile
from pathlib import Path

from sim.scenario.faults import Fault, ScenarioError


def write_file(text: str, path: Path) -> None:
    """Put the file there, made beside it first and moved into place when it is whole.

    Raises:
        ScenarioError: it cannot be written there.
    """
    check_path(path)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem[:40]}-") as folder:
            whole = Path(folder) / "whole.html"
            whole.write_text(text, encoding="utf-8")
            whole.replace(path)
    except OSError as error:
        why = error.strerror or error
        _refuse(f"found {path}, which cannot be written ({why}); allowed: a file in a folder of yours")


def check_path(path: Path) -> None:
    """Raise ScenarioError for a path where no such file could be written."""
    if path.suffix.lower() not in (".html", ".htm"):
        _refuse(f'found "{path.name}"; allowed: a file whose name ends in .html')
    if path.is_dir():
        _refuse(f'found "{path}", a folder; allowed: a file')
    if not path.parent.is_dir():
        _refuse(f'found "{path.parent}", which is no folder; allowed: a folder that exists')


def _refuse(message: str) -> None:
    raise ScenarioError((Fault("page", None, "file", message),))
