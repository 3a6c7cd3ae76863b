"""Time against the size of the question: customers, weeks, touchpoints and failure points, as a table and a picture."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import common
from benchmarks.common import COMPILED, out, show, table
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

PICTURE = Path(__file__).parents[1] / "docs" / "growth.svg"
CUSTOMERS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
WEEKS = (13, 26, 52, 104, 208, 416, 1_040)
POINTS = (4, 8, 16, 32, 64)
SECONDS_ENOUGH = 1.0
"""Runs shorter than this are timed again, because noise weighs more in them."""


@dataclass(frozen=True)
class Point:
    """One measurement: how large, how many visits, how long."""

    size: int
    visits: float
    seconds: float


def with_customers(customers: int) -> Scenario:
    """Four weeks of a shop with that many customers, and tills, desks, repairers and trolleys in proportion."""
    scenario = common.lasting(common.shop(), 4, warm_up_days=7)
    times = customers / scenario.customers.base.value
    servers = {f"resources.{r.id}.servers": max(round(r.servers.value * times), 1) for r in scenario.resources}
    trolleys = scenario.assets[0]
    return world_of(
        scenario,
        servers
        | {
            "customers.base": customers,
            "customers.newcomers_per_week": scenario.customers.newcomers_per_week.value * times,
            "assets.trolleys.pool": round(trolleys.pool.value * times),
            "assets.trolleys.reserve": round(trolleys.reserve.value * times),
        },
    )


def with_touchpoints(count: int) -> Scenario:
    """26 weeks of the shop, its aisles cut into parts so that a visit has that many touchpoints and lasts as long."""
    data = common.shop(weeks=26).model_dump()
    bay, aisles, checkout, desk = data["journey"]
    names = [f"aisle_{number}" for number in range(count - 3)]
    minutes = {**aisles["minutes"], "mean": aisles["minutes"]["mean"]["mode"] / len(names)}
    parts = [
        {**aisles, "id": name, "minutes": minutes, "next": [{"to": onward}]}
        for name, onward in zip(names, [*names[1:], checkout["id"]], strict=True)
    ]
    data["journey"] = [{**bay, "next": [{"to": names[0]}]}, *parts, checkout, desk]
    return Scenario.model_validate(data)


def with_failures(count: int) -> Scenario:
    """26 weeks of the shop with that many failure points, the new ones together as likely whatever their number."""
    data = common.shop(weeks=26).model_dump()
    more = count - len(data["failures"])
    response = {"id": "sigh", "label": "Sighs", "loss": 0.01, "feels": -0.1}
    data["failures"] = [
        *data["failures"],
        *(
            {"id": f"trifle_{number}", "label": "A trifle", "at": "aisles", "cause": "chance"}
            | {"chance": 0.2 / more, "responses": [response]}
            for number in range(more)
        ),
    ]
    return Scenario.model_validate(data)


PANELS: dict[str, tuple[Sequence[int], Callable[[int], Scenario]]] = {
    "Customers": (CUSTOMERS, with_customers),
    "Weeks": (WEEKS, common.shop),
    "Touchpoints": (POINTS, with_touchpoints),
    "Failure points": (POINTS, with_failures),
}


def measure(size: int, build: Callable[[int], Scenario]) -> Point:
    """Time one size; several times where it is quick."""
    scenario = build(size)
    timed = common.run(COMPILED, scenario)
    if timed.seconds < SECONDS_ENOUGH:
        timed = common.best(2, lambda: common.run(COMPILED, scenario))
    return Point(size, timed.visits, timed.seconds)


def exponent(points: Sequence[Point]) -> float:
    """The b of seconds ~ size^b, by least squares of logarithms: 1 means that twice the size takes twice the time."""
    sizes, seconds = [point.size for point in points], [point.seconds for point in points]
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def report(full: bool) -> None:
    """Measure every panel, print the figures, and draw the picture."""
    common.warm_up(common.shop())
    measured = {name: [measure(size, build) for size in sizes] for name, (sizes, build) in PANELS.items()}
    found = table("", "size", "visits", "seconds", "microseconds a visit", "grows as size to the power")
    for name, points in measured.items():
        for point in points:
            figures = (f"{point.size:,}", f"{point.visits:,.0f}", f"{point.seconds:.3f}")
            power = f"{exponent(points):.2f}" if point is points[-1] else ""
            found.add_row(name, *figures, f"{1e6 * point.seconds / point.visits:.2f}", power)
    picture(measured).save(PICTURE)
    show(
        found,
        "A power of 1 means that twice the size takes twice the time. Tills, trolleys and newcomers grow with the "
        f"customers, who are timed for 4 weeks; touchpoints and failure points for 26. Drawn in docs/{PICTURE.name}.",
    )


def picture(measured: dict[str, list[Point]]) -> Any:
    """Four panels of seconds against size, all logarithmic, each with a dashed line for growth in proportion."""
    import altair as alt

    seconds = [point.seconds for points in measured.values() for point in points]
    decades = list(range(math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds))) + 1))
    panels = [_panel(name, points, [10.0**decade for decade in decades]) for name, points in measured.items()]
    said = ", ".join(f"{name.lower()} to the power {exponent(points):.2f}" for name, points in measured.items())
    return (
        alt.concat(*panels, columns=2, spacing={"row": 34, "column": 34})
        .properties(
            title=alt.TitleParams(
                "How run time grows",
                subtitle=[
                    "One replication of the trolley shop, compiled: 5,000 customers for 26 weeks, unless another",
                    "number is below the panel (customers: for 4 weeks). Dashed: growth in proportion.",
                ],
                anchor="start",
                offset=16,
            ),
            description=f"Run time against size in four panels. Time grows as {said}.",
        )
        .configure(font="sans-serif", background="white", padding=16)
        .configure_title(fontSize=17, subtitleFontSize=13, subtitleColor="#555B66")
        .configure_axis(labelFontSize=12, titleFontSize=13, titleFontWeight="normal", gridColor="#E6E8EC")
        .configure_view(stroke=None)
    )


def _panel(name: str, points: Sequence[Point], seconds: list[float]) -> Any:
    import altair as alt
    import pandas as pd

    first = points[0]
    rows = [
        {"size": point.size, "seconds": point.seconds, "proportion": first.seconds * point.size / first.size}
        for point in points
    ]
    sizes = [point.size for point in points]
    ticks = [size for size in sizes if name != "Customers" or np.log10(size).is_integer()]
    across = alt.X("size:Q", title=name).scale(type="log", domain=[sizes[0], sizes[-1]])
    across = across.axis(values=ticks, format="~s" if name == "Customers" else "d", grid=False, labelFlush=False)
    up = alt.Y("seconds:Q", title="Seconds").scale(type="log", domain=[seconds[0], seconds[-1]], clamp=True)
    up = up.axis(values=seconds, format="~g")
    base = alt.Chart(pd.DataFrame(rows)).encode(x=across)
    guide = base.mark_line(color="#7A7F8C", strokeDash=[6, 4]).encode(y="proportion:Q")
    line = base.mark_line(color="#0B7A75", strokeWidth=2.5).encode(y=up)
    dots = base.mark_point(color="#0B7A75", filled=True, size=55, opacity=1).encode(y=up)
    return alt.layer(guide, line, dots).properties(width=300, height=180)


if __name__ == "__main__":
    out.rule("Growth")
    report(full=False)
