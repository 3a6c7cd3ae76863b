"""What a room does, as pictures: its bets beside the answer, what it believes of a number, and its choices ranked."""

import json
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim.experiments.estimate import Estimate
from sim.reports.narrative.workshop_story import board_said, pool_said, with_unit
from sim.scenario.quantity import Quantity
from sim.workshop.leaderboard import NOTHING, Board, Row, called
from sim.workshop.opinion_pool import OpinionPool, Voice
from ui.charts import Spec
from ui.charts.theme import (
    MONEY,
    NOW,
    WORLD,
    chart,
    dot,
    ends,
    folded,
    interval,
    layer,
    level,
    measured,
    of_money,
    spread,
    told,
)

BOARD_ROWS = 15
"""So many choices at the most are drawn, the best ones."""
_MINE = "#C75B00"
_DOTS_ACROSS = 26
_DOT = 110
_LETTERS, _LINES, _LINE_PIXELS, _AROUND, _TEXT = 26, 3, 15, 12, 13
_WORDS_AT = 18
_STEPS, _CURVE_PIXELS, _VOICE_PIXELS = 81, 110, 11


# ---- bets ------------------------------------------------------------------------------------------


def bets(values: Sequence[float], answer: Estimate, mine: float | None, unit: str) -> Spec:
    """A dot for each bet, the nearest ones diamonds, `mine` ringed; the answer a line with its 95% interval as a band.

    Bets far beyond all others are triangles at the edge, so that the rest can be told apart.
    """
    frame = _frame(values, answer)
    axis = {"tickCount": 5, "labelExpr": _label(unit, frame), "grid": False}
    title = "Bet" if unit.startswith("share") else f"Bet, {unit}"
    x = measured(title, axis, scale={"domain": list(frame), "nice": False})
    rows = list(_dots(values, answer, mine, frame, unit))
    tallest = max((row["height"] for row in rows), default=1)
    y = {"field": "height", "type": "quantitative", "axis": None, "scale": {"domain": [0.2, max(tallest, 7) + 3]}}
    kinds, look = ["bet", "nearest", "far beyond"], {"field": "kind", "type": "nominal"}
    there = [kind for kind in kinds if kind in {row["kind"] for row in rows}]
    legend = {"title": None, "orient": "top", "symbolSize": _DOT, "labelFontSize": _TEXT, "values": there}
    dots = layer(
        {"type": "point", "filled": True, "opacity": 1, "size": _DOT},
        x=x | {"field": "at"},
        y=y,
        shape=look | {"scale": {"domain": kinds, "range": ["circle", "diamond", "triangle"]}, "legend": legend},
        color=look | {"scale": {"domain": kinds, "range": [NOW, WORLD, NOW]}, "legend": legend},
        tooltip=[{"field": "said", "title": "Bet"}],
    )
    return chart(260, rows, [*_answer(x, answer), dots, *_ring(x, y)])


def bets_alt(values: Sequence[float], answer: Estimate, mine: float | None, unit: str) -> str:
    """What the picture of the bets shows."""
    if answer.mean is None:
        return f"{len(values)} bets. There is no answer to compare them with."
    said = f"The answer is {with_unit(unit, answer.mean)}{_interval(answer, unit)}."
    if not values:
        return f"{said} Nobody bet."
    ends = with_unit(unit, *sorted({min(values), max(values)}))
    above = sum(value > answer.mean for value in values)
    bet = f"{len(values)} bets, {ends}" if len(values) > 1 else f"One bet: {ends}"
    near = with_unit(unit, *sorted(_nearest(values, answer))[:1])
    own = "" if mine is None else f" Yours is {with_unit(unit, mine)}."
    return f"{said} {bet}; {above} above it. The nearest is {near}.{own}"


def _interval(answer: Estimate, unit: str) -> str:
    if answer.low is None or answer.high is None:
        return " (one run: no interval)"
    return f" (95% interval {with_unit(unit, answer.low, answer.high)})"


def _nearest(values: Sequence[float], answer: Estimate) -> set[float]:
    """The values nearest to the answer; none without one."""
    if answer.mean is None or not values:
        return set()
    best = min(abs(value - answer.mean) for value in values)
    return {value for value in values if abs(value - answer.mean) == best}


def _frame(values: Sequence[float], answer: Estimate) -> tuple[float, float]:
    """The values to draw between: the answer's interval and all bets but those far out (Tukey 1977, outer fences)."""
    ends = [end for end in (answer.low, answer.mean, answer.high) if end is not None]
    if len(values):
        first, third = np.percentile(values, [25, 75]).tolist()
        reach = 3 * max(third - first, abs(third) / 4)
        ends += [value for value in values if first - reach <= value <= third + reach]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    margin = (high - low) * 0.08 or abs(high) * 0.2 or 1.0
    return low - margin, high + margin


def _dots(
    values: Sequence[float], answer: Estimate, mine: float | None, frame: tuple[float, float], unit: str
) -> Iterator[Spec]:
    """A row for each bet, in columns counted from the bottom; `mine` marks one of those at that value."""
    low, high = frame
    nearest, marked = _nearest(values, answer), False
    places = [_within(value, frame) for value in sorted(values)]
    for value, at, height in zip(sorted(values), places, _heights(places, frame), strict=True):
        kind = "nearest" if value in nearest else "bet" if low <= value <= high else "far beyond"
        is_mine = value == mine and not marked
        marked = marked or is_mine
        yield {"at": at, "height": height, "kind": kind, "said": with_unit(unit, value), "mine": is_mine}


def _within(value: float, frame: tuple[float, float]) -> float:
    """The value, or the end of the frame that it lies beyond, half a dot inside."""
    low, high = frame
    half = (high - low) / _DOTS_ACROSS / 2
    return min(max(value, low + half), high - half)


def _heights(places: Sequence[float], frame: tuple[float, float]) -> list[int]:
    """For each place, ascending, the lowest height at which a dot there touches none of those before it."""
    wide = (frame[1] - frame[0]) / _DOTS_ACROSS
    heights: list[int] = []
    for at, place in enumerate(places):
        taken = {heights[other] for other in range(at) if place - places[other] < wide}
        heights.append(next(height for height in range(1, at + 2) if height not in taken))
    return heights


def _answer(x: Spec, answer: Estimate) -> list[Spec]:
    if answer.mean is None:
        return []
    here = {"data": {"values": [spread(answer)]}}
    is_left = answer.mean < sum(x["scale"]["domain"]) / 2
    word: Spec = {"type": "text", "text": "the answer", "color": NOW, "fontSize": _TEXT, "baseline": "top"}
    word |= {"y": 2, "align": "left" if is_left else "right", "dx": 6 if is_left else -6}
    line = {"type": "rule", "color": WORLD, "strokeWidth": 2.5}
    layers = [here | layer(mark, x=x | {"field": "at"}) for mark in (line, word)]
    band = here | layer({"type": "rect", "color": WORLD, "opacity": 0.18}, **ends(x))
    return layers if answer.low is None else [band, *layers]


def _ring(x: Spec, y: Spec) -> list[Spec]:
    """A ring round one's own bet, and a thin line up to the word above all bets."""
    own, at = {"transform": [{"filter": "datum.mine"}]}, x | {"field": "at"}
    ring = {"type": "point", "size": 3 * _DOT, "strokeWidth": 2.5, "fillOpacity": 0, "opacity": 1, "color": _MINE}
    line = {"type": "rule", "strokeWidth": 1.5, "color": _MINE, "yOffset": -9}
    word: Spec = {"type": "text", "color": _MINE, "fontWeight": "bold", "fontSize": _TEXT, "text": "you"}
    word |= {"y": _WORDS_AT + 10, "baseline": "middle"}
    layers = [layer(line, x=at, y=y, y2={"value": _WORDS_AT + 18}), layer(ring, x=at, y=y), layer(word, x=at)]
    return [own | one for one in layers]


# ---- what the room believes ------------------------------------------------------------------------


def pool(
    voices: Sequence[Voice], found: OpinionPool, unit: str, before: Quantity | None = None, mine: Voice | None = None
) -> Spec:
    """What everybody together believes as a curve; below it P10 to P90 with the middle, and each voice a thin line.

    A voice goes from low to high with a tick at its most likely value, in order of that value, and nobody's name;
    `mine` is thicker and says so. The range `before` is dashed and grey.
    """
    rows, reach = list(_lines(voices, found, before, mine)), _ends(found, before)
    curve, last = _curve(found, reach), max(row["row"] for row in rows)
    top = max((point["y"] for point in curve), default=0.0)
    share = _CURVE_PIXELS / _VOICE_PIXELS  # of what a voice takes
    for point in curve:
        point["y"] = point["y"] / top * share if top else 0.0
    x = measured(
        unit if not unit.startswith("share") else None,
        {"tickCount": 5, "labelExpr": _label(unit, reach)},
        scale={"domain": reach, "nice": False},
    )
    y = measured(None, _names(rows, len(voices)), scale={"domain": [-last - 1, share + 0.5], "nice": False})
    return chart(
        int((share + last + 1.5) * _VOICE_PIXELS),
        rows,
        [_area(curve, x, y), *_voices(x, y, unit)],
        autosize={"type": "fit-x", "contains": "padding"},  # the axis below must not press the names together
    )


def pool_alt(found: OpinionPool, unit: str, before: Quantity | None = None, mine: Voice | None = None) -> str:
    """What the picture of the pool shows."""
    parts = [pool_said(found, unit)]
    if before is not None:
        ends = (before.low, before.high) if before.low is not None and before.high is not None else (before.value,)
        parts.append(f"Before it was {with_unit(unit, *ends)}.")
    if mine is not None:
        parts.append(f"You said {with_unit(unit, mine.low, mine.high)}, most likely {with_unit(unit, mine.mode)}.")
    return " ".join(parts)


def _ends(found: OpinionPool, before: Quantity | None) -> list[float]:
    """From the lowest to the highest that anybody said, the range before included, with room at both ends."""
    said = [] if before is None else [end for end in (before.low, before.value, before.high) if end is not None]
    low, high = min(found.quantile(0), *said, found.quantile(1)), max(found.quantile(1), *said, found.quantile(0))
    margin = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    return [low - margin, high + margin]


def _curve(found: OpinionPool, ends: list[float]) -> list[Spec]:
    """How the chance is spread: that of each of many equal steps, which also holds those who are certain."""
    edges = np.linspace(ends[0], ends[1], _STEPS + 1)
    below = [found.chance_below(float(edge)) for edge in edges]
    middles = (edges[1:] + edges[:-1]) / 2
    return [{"at": float(at), "y": chance} for at, chance in zip(middles, np.diff(below).tolist(), strict=True)]


def _lines(voices: Sequence[Voice], found: OpinionPool, before: Quantity | None, mine: Voice | None) -> Iterator[Spec]:
    """A row for each line below the curve, from 1 downwards; together they take the room of three voices each."""
    row = 1.5
    low, middle, high = (found.quantile(share) for share in (0.1, 0.5, 0.9))
    yield {"row": row, "low": low, "at": middle, "high": high, "kind": "together", "name": "Together"}
    if before is not None:
        row += 2.2
        low, high = (before.value if end is None else end for end in (before.low, before.high))
        yield {"row": row, "low": low, "at": before.value, "high": high, "kind": "before", "name": "Before"}
    row += 1.4
    marked = False
    for voice in sorted(voices, key=lambda one: (one.mode, one)):
        is_mine = voice == mine and not marked
        marked = marked or is_mine
        row += 1
        kind, name = ("mine", "You") if is_mine else ("voice", "")
        yield {"row": row, "low": voice.low, "at": voice.mode, "high": voice.high, "kind": kind, "name": name}


def _names(rows: Sequence[Spec], voices: int) -> Spec:
    """Words beside the lines, at their heights; one for all voices where nobody's own is marked."""
    said = {-row["row"]: row["name"] for row in rows if row["name"]}
    if "You" not in said.values():
        heights = [-row["row"] for row in rows if row["kind"] == "voice"]
        said[sum(heights) / len(heights)] = "1 voice" if voices == 1 else f"{voices} voices"
    words = [f"abs(datum.value - {height}) < 0.01 ? '{name}' : " for height, name in said.items()]
    axis: Spec = {"values": list(said), "labelExpr": f"{''.join(words)}''", "labelFontSize": _TEXT}
    axis["labelOverlap"] = False
    return axis | {"grid": False, "ticks": False, "domain": False}


def _area(curve: list[Spec], x: Spec, y: Spec) -> Spec:
    mark = {"type": "area", "color": WORLD, "opacity": 0.3, "interpolate": "monotone"}
    mark["line"] = {"color": WORLD, "strokeWidth": 2}
    return {"data": {"values": curve}} | layer(mark, x=x | {"field": "at"}, y=y | {"field": "y"}, y2={"datum": 0})


def _voices(x: Spec, y: Spec, unit: str) -> Iterator[Spec]:
    """The lines of each kind; they differ in width and dashes as well as in colour."""
    here = y | {"field": "height"}
    up = {"calculate": "-datum.row", "as": "height"}
    form = ".3~%" if unit.startswith("share") else ",.4~r"
    about = told(form, low="from", at="most likely or middle", high="to")
    for kind, (colour, width) in _KINDS.items():
        only = {"transform": [{"filter": f"datum.kind == '{kind}'"}, up]}
        line: Spec = {"type": "rule", "color": colour, "strokeWidth": width}
        if kind == "before":
            line["strokeDash"] = [5, 3]
        yield only | layer(line, **ends(x), y=here, tooltip=about)
        yield only | layer(dot(colour, 30 + 14 * width), x=x | {"field": "at"}, y=here, tooltip=about)


_KINDS = {"voice": ("#8A8F9C", 1.5), "before": (NOW, 2.0), "mine": (_MINE, 3.5), "together": (WORLD, 5.0)}


# ---- the board -------------------------------------------------------------------------------------


def board(rows: Sequence[Row], currency: str, labels: Mapping[str, str]) -> Spec:
    """Each choice's NPV with its 95% interval, the best first; a tie says so beside its rank and lies on one band."""
    shown = [_board_row(place, row, labels) for place, row in enumerate(rows[:BOARD_ROWS])]
    lines = max((row["name"].count("\n") + 1 for row in shown), default=1)
    step = max(lines, 2) * _LINE_PIXELS + _AROUND
    y, x = _choices([row["name"] for row in shown], step), of_money(f"Net present value, {currency}", ticks=4)
    money = told(",.0f", low="95% from", npv="Net present value", high="to", cost="Costs in year one")
    about = [{"field": "choice", "title": "Choice"}, {"field": "chosen", "title": "Chosen by"}, *money]
    layers = [
        _ties(y, step),
        level("x"),
        layer(interval(wide=4, opacity=0.6), y=y, **ends(x), tooltip=about),
        layer(dot(size=120), y=y, x=x | {"field": "npv"}, tooltip=about),
    ]
    return chart({"step": step}, shown, layers)


def _choices(names: Sequence[str], step: int) -> Spec:
    """A band for each choice; marks lie beside the first line of its name, which begins near the band's top."""
    first_line = (_AROUND + _LINE_PIXELS) / 2
    said = f"split({json.dumps(names)}[datum.value], '\\n')"  # two names may be cut to the same
    axis: Spec = {"labelExpr": said, "labelLimit": 0, "labelOverlap": False}
    axis |= {"labelFontSize": _TEXT, "ticks": False, "domain": False, "labelOffset": first_line - step / 2}
    y = {"field": "place", "type": "ordinal", "title": None, "axis": axis}
    return y | {"bandPosition": first_line / step}


def board_alt(rows: Sequence[Row], currency: str, labels: Mapping[str, str]) -> str:
    """What the picture of the board shows."""
    more = len(rows) - BOARD_ROWS
    return board_said(Board(tuple(rows), labels), currency) + (
        f" The picture leaves out the last {more}." if more > 0 else ""
    )


def _board_row(place: int, row: Row, labels: Mapping[str, str]) -> Spec:
    fixes = " + ".join(labels.get(fix, fix) for fix in row.fixes) or NOTHING.capitalize()
    return {
        "name": folded(f"{row.rank}{'=' if row.tied else ''} {fixes}", _LETTERS, _LINES),
        "choice": called(row.fixes, labels),
        "chosen": "one person" if len(row.people) == 1 else f"{len(row.people)} people",
        "cost": row.cost,
        "tied": row.tied,
        "rank": row.rank,
        "place": place,
        **spread(row.npv, "npv"),
    }


def _ties(y: Spec, step: int) -> Spec:
    """A band behind the choices that share a rank, darker behind every other group."""
    band = {"type": "bar", "color": NOW, "height": step}
    ranks = {"field": "rank", "type": "ordinal", "legend": None, "scale": {"range": [0.12, 0.26]}}
    across = {"x": {"value": 0}, "x2": {"value": "width"}, "opacity": ranks}
    return {"transform": [{"filter": "datum.tied"}]} | layer(band, y=y | {"bandPosition": 0.5}, **across)


def _label(unit: str, reach: Sequence[float]) -> str:
    """How a tick is written: shares in percent, large numbers as money, others as they are."""
    if unit.startswith("share"):
        return "format(datum.value, '~%')"
    return MONEY if max(map(abs, reach)) >= 1_000 else "datum.label"
