"""What charts are made of: colours, axes, marks, and the baseline as a grey dashed ghost."""

import textwrap
from collections.abc import Sequence
from typing import Any

from sim.experiments.estimate import Estimate
from ui.charts import Spec

NOW, WORLD, LOSS, LOSS_EDGE = "#7A7F8C", "#0B7A75", "#D55E00", "#B34F00"
PLAIN: Spec = {"view": {"strokeWidth": 0}, "axisY": {"labelFlush": False}}
"""What every chart is set to: no frame, and each name beside its mark."""
MONEY = "(datum.value < 0 ? '−' : '') + format(abs(datum.value), abs(datum.value) < 10000 ? ',.0f' : '.3~s')"
THOUSANDS: Spec = {"tickCount": 5, "labelExpr": "datum.value == 0 ? '0' : format(datum.value, '~s')"}
"""An axis in thousands: 10k."""
FOLDED: Spec = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 0, "ticks": False, "domain": False}
"""An axis whose labels are folded."""
BAND: Spec = {"type": "area", "opacity": 0.18}
DASHED: Spec = {"type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 1.5, "aria": False}


def folded(label: str, letters: int = 26, lines: int | None = None) -> str:
    """A label broken into lines that leave room for the bars beside it; what is more than so many lines is cut."""
    return textwrap.fill(label, letters, max_lines=lines, placeholder=" …")


def chart(height: Any, rows: Sequence[Spec], layers: Sequence[Spec], **more: Any) -> Spec:
    """Layers of marks on rows, as plain as the other charts; `height` in pixels, or {"step": pixels a row}."""
    return {"height": height, "config": PLAIN, "data": {"values": rows}, "layer": layers, **more}


def layer(mark: Spec, **encoding: Any) -> Spec:
    """A mark for each row, and what of it stands for what."""
    return {"mark": mark, "encoding": encoding}


def measured(title: str | None = None, axis: Spec | None = None, **more: Any) -> Spec:
    """The encoding of an amount, on such an axis; its field is to be added."""
    return {"type": "quantitative", "title": title, "axis": axis, **more}


def of_money(title: str, ticks: int = 5, **more: Any) -> Spec:
    """The encoding of an amount of money; its field is to be added."""
    return measured(title, {"tickCount": ticks, "labelExpr": MONEY}, **more)


def names(field: str = "name") -> Spec:
    """The encoding of folded labels, in the order of the rows."""
    return {"field": field, "type": "nominal", "sort": None, "title": None, "axis": FOLDED}


def told(form: str, **titles: str) -> list[Spec]:
    """What is told of a mark that is pointed at: figures of that form by their fields, under these titles."""
    return [{"field": f, "type": "quantitative", "title": title, "format": form} for f, title in titles.items()]


def on(rows: Sequence[Spec], made: Spec) -> Spec:
    """A layer on rows of its own."""
    return {"data": {"values": rows}} | made


def of_kind(field: str, kinds: Sequence[str], looks: Sequence[Any], legend: Spec | None = None) -> Spec:
    """The encoding of what kind a row is: so it looks."""
    return {"field": field, "type": "nominal", "scale": {"domain": kinds, "range": looks}, "legend": legend}


def dot(color: str = WORLD, size: float = 90, **more: Any) -> Spec:
    """The mark of a mean."""
    return {"type": "point", "color": color, "filled": True, "size": size, "opacity": 1, **more}


def interval(color: str = WORLD, wide: int = 3, opacity: float = 0.5, **more: Any) -> Spec:
    """The mark of a 95% interval."""
    return {"type": "rule", "color": color, "strokeWidth": wide, "opacity": opacity, **more}


def spread(found: Estimate, mean: str = "at") -> Spec:
    """The fields of a row that `dot` and `interval` draw, the mean by that name."""
    return {mean: found.mean, "low": found.low, "high": found.high}


def band(found: Estimate) -> Spec:
    """The same where a band is drawn, which without an interval has the mean at both its ends."""
    low, high = (found.mean if end is None else end for end in (found.low, found.high))
    return {"mean": found.mean, "low": low, "high": high}


def up_to(low: str = "low", high: str = "high") -> dict[str, Spec]:
    """Encodings of a band from one field up to another, beside an axis of the line's."""
    return {"y": {"field": low, "type": "quantitative", "title": None}, "y2": {"field": high}}


def ends(along: Spec, low: str = "low", high: str = "high") -> dict[str, Spec]:
    """Encodings of a mark from one field to another, to the right."""
    return {"x": along | {"field": low}, "x2": {"field": high}}


def level(axis: str, value: float = 0) -> Spec:
    """A dashed line at a value, across the whole chart."""
    return layer(DASHED, **{axis: {"datum": value, "type": "quantitative"}})
