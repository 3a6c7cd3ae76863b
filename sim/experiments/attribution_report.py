"""What an attribution says, as plain data for JSON and as rows of tables for people."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sim.experiments.estimate import Estimate
from sim.experiments.losses import Loss, Losses, WorseOff
from sim.experiments.plain import Report, estimate_report
from sim.experiments.sharing import PARTS

Row = dict[str, Any]
"""A cell is text, or the report of one figure."""


def attribution_report(found: Losses) -> Report:
    """Every figure with its interval and unit; losses are positive, a part that takes from them is negative."""
    money = f"{found.world.currency} a year"
    labels = {department.id: department.label for department in found.world.departments}
    return {
        "revenue_lost_per_year": estimate_report(found.revenue_lost, money),
        "by_part": {part: estimate_report(figure, money) for part, figure in found.whole.parts.items()},
        "by_failure_point": {
            point.id: {"label": point.label, "department": found.owners[point.id]}
            | _loss(found.by_failure_point[point.id], money)
            | {"worse_off": _worse_off(found.worse_off(point.id), money)}
            for point in found.points
        },
        "by_department": {
            name: {"label": labels[name]} | _loss(loss, money) for name, loss in found.by_department.items()
        },
        "joint": [
            {"between": list(pair), "effect": estimate_report(found.joint(*pair), money)}
            for pair in combinations([point.id for point in found.points], 2)
        ],
        "sum_of_alone": estimate_report(found.sum_of_alone, money),
        "alone_over_lost": estimate_report(found.alone_over_total, "share of revenue_lost_per_year"),
        "spill_over": _worse_off(found.worse_off(), money),
    }


def _loss(loss: Loss, money: str) -> Report:
    figures: dict[str, Estimate] = {"share": loss.share, **loss.parts, "alone": loss.alone, "only": loss.only}
    return {name: estimate_report(figure, money) for name, figure in figures.items()}


def _worse_off(found: WorseOff, money: str) -> Report:
    return {
        "customers": estimate_report(found.customers, "customers"),
        "share_of_customers": estimate_report(found.share, "share of customers who came"),
        "less": estimate_report(found.less, money),
    }


def tables(report: Report) -> Iterator[tuple[str, list[Row]]]:
    """The report as titled tables, where there is anything to share out."""
    if not report["by_failure_point"]:
        return
    lost = report["revenue_lost_per_year"]
    said = f"{lost['unit']} (95% interval)"
    for kind, title in (("by_failure_point", "Who loses what"), ("by_department", "By department")):
        total = {"lost to": "revenue_lost_per_year", "share": lost} | report["by_part"]
        yield f"{title}, {said}", [*_losers(report[kind]), total]
        yield f"What mending it brings, {said}", [_solo(name, loss) for name, loss in report[kind].items()]
    if report["joint"]:
        yield f"Mended in pairs, {said}", [_pair(pair) for pair in report["joint"]]
    yield f"Customers who would bring less, {said}", list(_worse(report))


def _losers(losses: Report) -> Iterator[Row]:
    for name, loss in losses.items():
        owner = {"department": loss["department"]} if "department" in loss else {}
        yield {"lost to": name, **owner, "share": loss["share"]} | {part: loss[part] for part in PARTS}


def _solo(name: str, loss: Report) -> Row:
    return {"mended": name, "brings": loss["alone"], "costs if it is the only one": loss["only"]}


def _pair(pair: Report) -> Row:
    return {"mended": " and ".join(pair["between"]), "brings beside the two alone": pair["effect"]}


def _worse(report: Report) -> Iterator[Row]:
    found = {name: loss["worse_off"] for name, loss in report["by_failure_point"].items()}
    for name, worse in ({"everything": report["spill_over"]} | found).items():
        yield {"mended": name} | {column: worse[column] for column in ("customers", "share_of_customers", "less")}


def check_sentence(report: Report) -> str:
    """That the shares sum to the measure, and what mending each alone sums to instead."""
    lost, shares = report["revenue_lost_per_year"]["mean"], report["by_failure_point"].values()
    unit = report["revenue_lost_per_year"]["unit"]
    if lost is None or not shares:
        return "No failure point is on: nothing is lost, and there is nothing to share out."
    total = sum(loss["share"]["mean"] for loss in shares)
    ratio = report["alone_over_lost"]["mean"]
    times = "" if ratio is None else f", {ratio:.2f} times as much"
    return (
        f"The shares sum to {total:,.2f} {unit}; revenue_lost_per_year is {lost:,.2f}. What mending each alone would "
        f"bring sums to {report['sum_of_alone']['mean']:,.2f}{times}."
    )
