"""The answer to a scenario's question, in sentences. Takes what was found, returns plain text; knows no page."""

from collections.abc import Iterator

from sim.experiments.answer import YEARS, Found, cost_a_year, kind_of
from sim.experiments.curve_findings import best
from sim.experiments.estimate import Estimate
from sim.experiments.runs import Run
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import interval
from sim.reports.narrative.curve_story import no_best_inside
from sim.scenario.fixes import Fix
from sim.scenario.paths import quantity_at
from sim.scenario.wording import figure, lowered, money, setting

_FEW = 2


def sentences(found: Found) -> Iterator[str]:
    """The answer first; then the failure point that costs most."""
    answered = {"fix": _one_fix, "fixes": _best_fix, "lever": _best_place, "failures": _nothing_to_try}
    yield from answered[kind_of(found.scenario)](found)
    yield biggest(found)


def _nothing_to_try(found: Found) -> Iterator[str]:
    return iter(())


def _one_fix(found: Found) -> Iterator[str]:
    (fix,) = found.fixes
    if found.is_nothing(found.tried[fix.id]):
        yield f"“{fix.label}” makes exactly no difference to {_label(found)}, and costs {_price(found, fix)}."
        return
    net = found.net(fix)
    verdict = "Not clear yet" if not _clear(net) else "Yes" if (net.mean or 0.0) > 0 else "No"
    yield f"{verdict}: “{fix.label}” brings {_gained(found, found.tried[fix.id])}, and costs {_price(found, fix)}."
    yield f"Over {YEARS:g} years that leaves {_amount(found, net)} a year after its cost, {_between(found, net)}."


def _best_fix(found: Found) -> Iterator[str]:
    first, *others = found.fixes
    net = found.net(first)
    worth = "is the best of these" if (net.mean or 0.0) > 0 else "is the least bad of these, and does not pay"
    yield f"“{first.label}” {worth}: {_amount(found, net)} a year after its cost ({_between(found, net)})."
    yield (
        f"It brings {_gained(found, found.tried[first.id])} and costs {_price(found, first)}; "
        f"what it costs once is spread over {YEARS:g} years."
    )
    lead = found.lead_after_costs(first, others[0])
    ahead = "clearly ahead of" if lead.low is not None and lead.low > 0 else "not yet distinguishable from"
    yield f"It is {ahead} the next, “{others[0].label}”. Clearly paying: {_listed(found, [first, *others])}."


def _listed(found: Found, fixes: list[Fix]) -> str:
    paying = [f"“{fix.label}”" for fix in fixes if (low := found.net(fix).low) is not None and low > 0]
    return ", ".join(paying) or "none of them"


def _best_place(found: Found) -> Iterator[str]:
    curve, better = found.curve, MEASURES[found.measure].better
    assert curve is not None and better != "neither"  # a scenario that is judged by a lever says so
    place = best(curve, better)
    if place.place != "inside" or place.at is None:
        yield no_best_inside(curve, place, f"“{curve.lever.label}”")
    if place.at is None:
        return
    at = place.at if place.enough is None else place.enough
    gained = _gained(found, curve.runs[at])
    where = setting(curve.values[at], quantity_at(found.scenario, curve.lever.path).unit or "")
    if place.place == "inside":
        yield f"Best of the places tried: “{curve.lever.label}” at {where}. Compared with today it brings {gained}."
    else:
        yield f"At {where} it brings {gained}, compared with today."


def biggest(found: Found) -> str:
    """Which failure point costs most, by what mending it alone would bring, and whether it clearly leads."""
    ranked = found.ranked(found.mended)
    labels = {point.id: point.label for point in found.scenario.failures}
    if not ranked:
        return "No failure point is on, so nothing is lost to any."
    first = found.mended[ranked[0]]
    said = f"The biggest failure point is “{labels[ranked[0]]}”: mending it alone would bring {_gained(found, first)}"
    if found.is_nothing(first):
        return f"Mending any failure point alone makes exactly no difference to {_label(found)}."
    if len(ranked) < _FEW:
        return f"{said}."
    lead, second = found.lead(first, found.mended[ranked[1]]), labels[ranked[1]]
    ahead = "clearly ahead of" if lead.low is not None and lead.low > 0 else "not yet distinguishable from"
    return f"{said}, {ahead} “{second}”."


def _gained(found: Found, run: Run) -> str:
    """What a world has more: "£10,976 more contribution a year (95% interval £7,532 to £14,420)"."""
    gain = found.gain(run)
    if gain.mean is None:
        return f"nothing to measure {_label(found)} on"
    more = "more" if gain.mean >= 0 else "less"
    each = " a year" if _unit(found).endswith("a year") else ""
    return f"{_figure(found, abs(gain.mean))} {more} {_label(found)}{each} ({_between(found, gain)})"


def _between(found: Found, known: Estimate) -> str:
    return interval(known, lambda end: _figure(found, end, signed=(known.low or 0.0) < 0))


def _amount(found: Found, known: Estimate) -> str:
    return _figure(found, known.mean, signed=known.mean is not None and known.mean < 0)


def _clear(known: Estimate) -> bool:
    return known.low is not None and known.high is not None and (known.low > 0 or known.high < 0)


def _price(found: Found, fix: Fix) -> str:
    """What a fix costs: "£3,000 once and £400 a year"."""
    currency, costs = found.scenario.currency, fix.costs
    yearly = cost_a_year(fix, found.tried[fix.id]) - costs.once.value / YEARS
    parts = [f"{money(costs.once.value, currency)} once"] if costs.once.value else []
    parts += [f"{money(yearly, currency)} a year"] if yearly else []
    return " and ".join(parts) or "nothing"


def _label(found: Found) -> str:
    return lowered(MEASURES[found.measure].label)


def _unit(found: Found) -> str:
    return unit_of(MEASURES[found.measure], found.scenario)


def _figure(found: Found, value: float | None, signed: bool = False) -> str:
    return figure(value, _unit(found), found.scenario.currency, signed)
