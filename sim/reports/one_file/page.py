"""Putting the file together: template, style, script and data in one page that fetches nothing, written whole."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

from sim.experiments.plain import alike
from sim.folders import beside, why_no_file, why_not_written
from sim.reports.one_file.data import Content, data_of
from sim.scenario.faults import Fault, ScenarioError

_HERE = Path(__file__).parent
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def one_file(content: Content) -> str:
    """The whole HTML file. What people wrote is data, which scripts put into the page as text."""
    style, script = (_part(name) for name in ("style.css", "script.js"))
    parts = {
        "title": html.escape(f"{content.agenda.question} {content.scenario.title}"),
        "style": style,
        "style_hash": _hash(style),
        "script": script,
        "script_hash": _hash(script),
        "data": _embedded(data_of(content)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _part("page.html"))


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a content security policy names the one script, or style, that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(data: object) -> str:
    """JSON in which nothing can end the element that holds it."""
    text = json.dumps(alike(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: _UNSAFE[found[0]], text)


def write_file(text: str, path: Path) -> None:
    """Put the file there, made beside it first and moved into place when it is whole.

    Raises:
        ScenarioError: it cannot be written there.
    """
    check_page_path(path)
    try:
        with beside(path) as folder:
            whole = folder / "whole.html"
            whole.write_text(text, encoding="utf-8")
            whole.replace(path)
    except OSError as error:
        _refuse(why_not_written(path, error))


def check_page_path(path: Path) -> None:
    """Raise ScenarioError for a path where no such file could be written."""
    if why := why_no_file(path, ".html", ".htm"):
        _refuse(why)


def _refuse(message: str) -> None:
    raise ScenarioError((Fault("page", None, "file", message),))
