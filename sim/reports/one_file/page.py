"""Putting the file together: template, style, script and data in one page that fetches nothing."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

from sim.experiments.plain import alike
from sim.reports.one_file.data import Content, data_of

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
