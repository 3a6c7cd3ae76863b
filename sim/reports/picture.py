"""Pictures: a chart as PNG, SVG or PDF, with its title above it and where it comes from below.

Nothing is fetched and no font of this machine plays a part, so the same chart is the same picture everywhere.
"""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import vl_convert

from sim.reports.origin import Origin, printable

Spec = dict[str, Any]
Kind = Literal["png", "svg", "pdf"]
WIDTH = 640
"""Pixels for what is drawn, axes not counted, before it is scaled."""

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first comes with vl-convert; the others, of the same widths, are for viewers of an SVG."""
_INK, _QUIET, _LINE = "#31333F", "#6B7080", "#E3E6EC"
_TITLE, _SAID, _STAMP = 17, 12.5, 9
_TITLE_LETTERS, _SAID_LETTERS, _STAMP_LETTERS = 68, 96, 130
_MOST_LINES = 6
_LIFTED = ("config", "background", "padding", "autosize", "$schema", "params", "datasets", "usermeta")
"""What a chart may say only at the top."""
_FETCHING = ("url", "href")


class PictureError(ValueError):
    """A chart that no picture can be made of; says why."""


def picture(spec: Mapping[str, Any], kind: Kind, scale: float = 2.0) -> bytes:
    """A Vega-Lite chart as a file's bytes; `scale` is pixels a point, for PNG alone.

    Raises:
        PictureError: it would fetch something, or it is none that Vega-Lite can draw.
    """
    whole = _dressed(spec)
    try:
        if kind == "svg":
            return vl_convert.vegalite_to_svg(whole, allowed_base_urls=[]).encode()
        if kind == "pdf":
            return bytes(vl_convert.vegalite_to_pdf(whole, allowed_base_urls=[]))
        return bytes(vl_convert.vegalite_to_png(whole, scale=scale, allowed_base_urls=[]))
    except ValueError as error:
        raise PictureError("This chart cannot be drawn as a picture.") from error


def stamped(spec: Mapping[str, Any], title: str, said: str, origin: Origin) -> Spec:
    """The chart with a title, what it says in a sentence, and its origin below it."""
    inner = {key: value for key, value in spec.items() if key not in _LIFTED}
    if inner.get("width", "container") == "container":
        inner["width"] = WIDTH
    wide = inner["width"] / WIDTH if isinstance(inner["width"], int | float) else 1.0
    inner["title"] = {
        "text": _lines(origin.line, wide * _STAMP_LETTERS),
        "orient": "bottom",
        "anchor": "start",
        "fontSize": _STAMP,
        "fontWeight": "normal",
        "color": _QUIET,
        "offset": 14,
    }
    above: Spec = {"text": _lines(title, wide * _TITLE_LETTERS), "anchor": "start", "offset": 14}
    above |= {"subtitle": _lines(said, wide * _SAID_LETTERS)} if said else {}
    return {"title": above, "vconcat": [inner], **{key: spec[key] for key in _LIFTED if key in spec}}


def _lines(text: str, letters: float) -> list[str]:
    return textwrap.wrap(text, int(letters), max_lines=_MOST_LINES, placeholder=" …") or [""]


def _dressed(spec: Mapping[str, Any]) -> Spec:
    """The chart in house style on white, with text that every viewer can read."""
    for part in _parts(spec):
        for name in _FETCHING:
            if name in part:
                raise PictureError(f'found "{name}" in a chart; allowed: charts that hold all they show')
    whole: Spec = _printable(spec)
    return whole | {"background": "white", "padding": 16, "config": _merged(_STYLE, whole.get("config", {}))}


def _parts(spec: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a chart but the rows of its data."""
    if isinstance(spec, Mapping):
        yield spec
        for key, value in spec.items():
            if key not in ("values", "datasets"):
                yield from _parts(value)
    elif isinstance(spec, list | tuple):
        for value in spec:
            yield from _parts(value)


def _printable(spec: Any) -> Any:
    if isinstance(spec, str):
        return printable(spec)
    if isinstance(spec, Mapping):
        return {key: _printable(value) for key, value in spec.items()}
    return [_printable(value) for value in spec] if isinstance(spec, list | tuple) else spec


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> Spec:
    """The base with what a chart itself says on top."""
    found = dict(base)
    for key, value in own.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = _merged(found[key], value) if both else value
    return found


_STYLE: Spec = {
    "font": _FONT,
    "view": {"strokeWidth": 0, "continuousWidth": WIDTH},
    "axis": {
        "labelColor": _INK,
        "titleColor": _INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "labelPadding": 6,
        "gridColor": _LINE,
        "domainColor": _LINE,
        "tickColor": _LINE,
    },
    "legend": {"labelColor": _INK, "labelFontSize": 12, "titleColor": _INK},
    "text": {"color": _INK},
    "title": {
        "color": _INK,
        "fontSize": _TITLE,
        "subtitleColor": _QUIET,
        "subtitleFontSize": _SAID,
        "subtitlePadding": 6,
        "subtitleLineHeight": 17,
        "frame": "bounds",
    },
}
