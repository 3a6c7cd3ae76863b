"""The model card of a scenario in the order of the STRESS-DES guideline, from its data and the code.

`model_card.yaml` has its text; here is what that speaks of, and how it becomes plain data and Markdown.
"""

import platform
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import metadata, requires, version
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from ruamel.yaml import YAML

from sim.experiments.plain import source_rows
from sim.experiments.verification.known_answers import read_known_answers
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.laws import chapters
from sim.reports.markdown import escaped, number, plain_table
from sim.scenario.fixes import Change
from sim.scenario.journey import Route, Touchpoint
from sim.scenario.notices import notices_of
from sim.scenario.paths import quantity_at, settable
from sim.scenario.quantity import EVIDENCE_MEANING, Named, Quantity
from sim.scenario.scenario import Scenario

GUIDELINE = (
    "Sections 1 to 6 follow STRESS-DES (Monks et al. 2019, Journal of Simulation 13(1), 55-67). Written from the "
    "scenario and the code by Ripple; nothing was simulated for it."
)
NAMES = ("path", "id", "measure", "lever", "law", "command")
"""Columns that hold names, shown as code."""
_NOT_SAID = "not said"
_JINJA = Environment(undefined=StrictUndefined)
_JINJA.filters["number"] = number
Card = dict[str, Any]
Row = dict[str, Any]
Tables = dict[str, list[Row]]


def model_card(name: str, scenario: Scenario) -> Card:
    """The card of that scenario as plain data: sections of items that say something, list steps and show tables.

    Of a path only the file's name is shown: where it lies is nobody else's concern.
    """
    name = Path(name).name
    known = _known_to_the_text(name, scenario)
    sections = [
        _headed(". ", title, {"items": [_item(heading, parts, known) for heading, parts in items.items()]})
        for title, items in _text().items()
    ]
    return {"scenario": name, "title": scenario.title, "guideline": GUIDELINE, "sections": sections}


@cache
def _text() -> Card:
    with Path(__file__).with_suffix(".yaml").open(encoding="utf-8") as file:
        text: Card = YAML(typ="safe").load(file)
    return text


def _headed(mark: str, heading: str, parts: Card) -> Card:
    place, _, title = heading.partition(mark)
    return {"number": place, "title": title, **parts}


def _item(heading: str, parts: Card, known: Card) -> Card:
    says, steps = (list(_said(parts.get(part, []), known)) for part in ("says", "steps"))
    tables = [{"title": title, "rows": known[rows]} for title, rows in parts.get("tables", {}).items()]
    return _headed(" ", heading, {"says": says, "steps": steps, "tables": tables})


def _said(texts: list[str], known: Card) -> Iterator[str]:
    """Texts filled in, without those that come to nothing; a name gives all that is known by it."""
    for text in texts:
        if text in known:
            yield from known[text]
        elif said := _JINJA.from_string(text).render(known):
            yield said


def markdown(card: Card) -> str:
    """The card as Markdown; whatever the scenario's author wrote stays text."""
    return "\n\n".join(_blocks(card)) + "\n"


def _blocks(card: Card) -> Iterator[str]:
    yield f"# Model card: {escaped(card['title'])}"
    yield escaped(card["guideline"])
    for section in card["sections"]:
        yield f"## {section['number']}. {section['title']}"
        for item in section["items"]:
            yield f"### {item['number']} {item['title']}"
            yield from map(escaped, item["says"])
            if item["steps"]:
                yield "\n".join(f"{place}. {escaped(step)}" for place, step in enumerate(item["steps"], 1))
            for table in item["tables"]:
                if table["rows"]:
                    yield f"**{escaped(table['title'])}**"
                    yield plain_table(table["rows"], NAMES)


# ---- what the text speaks of ---------------------------------------------------------------------


def _known_to_the_text(name: str, scenario: Scenario) -> Card:
    quantities = [found for _, found in settable(scenario) if isinstance(found, Quantity)]
    answer = scenario.answer
    tried = f"fixes {', '.join(answer.fixes)}" if answer.fixes else f"the lever {answer.lever}" if answer.lever else ""
    return {
        "scenario": scenario,
        "people": scenario.customers,
        "tried": tried,
        "quantities": quantities,
        "guesses": sum(found.evidence == "D" for found in quantities),
        "journey": [f"{place.label}: {'; '.join(_step(scenario, place))}." for place in scenario.journey],
        "policies": [
            f"“{one.label}” stands at {number(one.value.value)} {one.value.unit}; what it moves follows."
            for one in scenario.policies
        ],
        "known": read_known_answers(),
        "version": version("ripple"),
        "licence": metadata("ripple")["License-Expression"],
        **_objectives(scenario),
        **_other_worlds(scenario),
        **_components(scenario),
        **_data(scenario, quantities),
        **_code(name),
        "notices": [{"path": notice.path, "notice": notice.message} for notice in notices_of(scenario)],
    }


def _objectives(scenario: Scenario) -> Tables:
    owners = {department.id: department.label for department in scenario.departments}
    return {
        "measures": [
            {"measure": name, "unit": unit_of(measure, scenario), "definition": measure.definition}
            for name, measure in MEASURES.items()
        ],
        "fixes": [
            {"id": fix.id, "fix": fix.label, "what it is": fix.help, "owner": owners[fix.department]}
            | {"grade": fix.evidence, "source": fix.source}
            for fix in scenario.fixes
        ],
        "presets": [
            {"id": preset.id, "preset": preset.label, "what it is": preset.help}
            | {"sets": "; ".join(f"{setting.path} = {setting.value:g}" for setting in preset.sets)}
            | {"fixes": ", ".join(preset.fixes)}
            for preset in scenario.presets
        ],
        "levers": [
            {"path": lever.path, "label": lever.label, "from": lever.min, "to": lever.max}
            | {"now": quantity_at(scenario, lever.path).value, "unit": quantity_at(scenario, lever.path).unit}
            | {"measure": lever.outcome, "direction": lever.direction}
            for lever in scenario.levers
        ],
        "reasons": [{"measure": reason.measure, "because": reason.text} for reason in scenario.why],
    }


def _other_worlds(scenario: Scenario) -> Tables:
    return {
        "changes": [
            {"id": fix.id, "path": change.path, "change": _change(change)}
            for fix in scenario.fixes
            for change in fix.changes
        ],
        "moves": [
            {"id": policy.id, "path": move.path}
            | {"through": "; ".join(f"{at:g} gives {then:g}" for at, then in move.through)}
            | {"grade": move.evidence, "source": move.source}
            for policy in scenario.policies
            for move in policy.moves
        ],
        "stores": list(_stores(scenario)),
        "laws": [
            {"law": f"{chapter.name}.{law.name}", "what it says": law.says[0], "rests on": "; ".join(law.rests_on)}
            for chapter in chapters()
            for law in chapter.laws
        ],
    }


def _stores(scenario: Scenario) -> Iterator[Row]:
    for kind in scenario.chain.stores if scenario.chain else ():
        hours = [f"{day} {hours}" for day, hours in kind.opening or () if hours]
        differs = [("calendar.opening", ", ".join(hours))] * bool(hours)
        differs += [(change.path, _change(change)) for change in kind.changes]
        for path, said in differs or [("", "as described")]:
            yield {"id": kind.id, "stores": kind.count.value, "path": path, "change": said}


def _change(change: Change) -> str:
    if change.set is not None:
        return f"is set to {str(change.set).lower()}"
    said = {"times": "times", "add": "plus"}
    return ", then ".join(f"{said[way]} {_with_range(by)}" for way, by in change.moves())


def _with_range(by: Quantity) -> str:
    ranged = by.low is not None and by.high is not None
    return f"{by.value:g} ({by.low:g} to {by.high:g})" if ranged else f"{by.value:g}"


def _components(scenario: Scenario) -> Tables:
    return {
        "segments": [{"id": one.id, "segment": one.label, "share": one.share.value} for one in scenario.segments],
        "trips": [
            {"id": trip.id, "visit": trip.label, "share": trip.share.value, "mean spend": trip.spend.value}
            for trip in scenario.trips
        ],
        "touchpoints": [
            {"id": place.id, "touchpoint": place.label}
            | {"what happens": "; ".join(_activities(scenario, place)) or "passed through"}
            for place in scenario.journey
        ],
        "failures": list(_failures(scenario)),
        "servers": [
            {"id": one.id, "resource": one.label, "at once": one.servers.value}
            | {"used by": ", ".join(_users(scenario, one.id))}
            for one in scenario.resources
        ],
        "pools": [
            {"id": asset.id, "things lent out": asset.label, "how many": asset.pool.value}
            | {"kept back": asset.reserve.value, "mended by": asset.repair.resource}
            for asset in scenario.assets
        ],
    }


def _failures(scenario: Scenario) -> Iterator[Row]:
    for failure in scenario.failures:
        said = []
        for one in failure.responses:
            share = "the rest" if one.share is None else f"share {number(one.share.value)}"
            said.append(f"{one.label} ({share}; loses {number(one.loss.value)} of the basket; {one.then})")
        row = {"id": failure.id, "failure point": failure.label, "at": failure.at, "cause": failure.cause}
        yield row | {"on": failure.on, "what customers do": "; ".join(said)}


def _users(scenario: Scenario, resource: str) -> Iterator[str]:
    yield from (place.label for place in scenario.journey if place.resource == resource)
    yield from (f"repair of {asset.label}" for asset in scenario.assets if asset.repair.resource == resource)


def _data(scenario: Scenario, quantities: Sequence[Quantity]) -> Tables:
    grades = Counter(found.evidence or _NOT_SAID for found in quantities)
    sources = Counter((found.source or _NOT_SAID, found.evidence or _NOT_SAID) for found in quantities)
    meaning = EVIDENCE_MEANING | {_NOT_SAID: "the file gives no grade"}
    return {
        "grades": [{"grade": one, "what it means": meaning[one], "numbers": grades[one]} for one in sorted(grades)],
        "sources": [{"source": source, "grade": grade, "numbers": count} for (source, grade), count in sources.items()],
        "inputs": [
            {name: row[name] for name in ("path", "value", "low", "high", "unit")}
            | {"grade": row["evidence"], "source": row["source"]}
            for row in source_rows(scenario)
        ],
        "switches": [{"path": path, "on": found} for path, found in settable(scenario) if isinstance(found, bool)],
    }


def _code(name: str) -> Tables:
    needed = [re.split(r"[^\w.-]", requirement)[0] for requirement in requires("ripple") or ()]
    versions = {"Ripple": version("ripple"), "Python": platform.python_version()} | {
        one: version(one) for one in needed
    }
    commands = {
        f"run {name}": "simulates the scenario as it stands",
        f"describe {name} --card": "writes this card",
        "verify": "simulates what theory knows the answer to",
    }
    known = read_known_answers()
    proved = Counter(answer.proves for answer in known.every)
    return {
        "software": [{"software": software, "version": number} for software, number in versions.items()],
        "commands": [
            {"command": f"python -m sim {command}", "what it does": what} for command, what in commands.items()
        ],
        "proofs": [{"id": one.id, "question": one.label, "known answers": proved[one.id]} for one in known.proofs],
    }


# ---- the journey in words ------------------------------------------------------------------------


def _step(scenario: Scenario, place: Touchpoint) -> Iterator[str]:
    """A touchpoint: whose it is, what happens there, and the ways on."""
    yield f"stage {_label(scenario.stages, place.stage)}, owned by {_label(scenario.departments, place.department)}"
    yield from _activities(scenario, place)
    goes_wrong = [failure.label for failure in scenario.failures if failure.at == place.id]
    if goes_wrong:
        yield f"may go wrong: {', '.join(goes_wrong)}"
    ways = [_way(scenario, route) for route in place.next]
    yield f"then {', or '.join(ways)}; whom no way takes, ends the visit" if ways else "the visit ends"


def _activities(scenario: Scenario, place: Touchpoint) -> Iterator[str]:
    """What is done at a touchpoint."""
    if place.minutes:
        grows = " times the visit's length" if place.grows_with_trip else ""
        yield f"takes {_figure(place.minutes.mean)} ({place.minutes.law}){grows}"
    if place.resource:
        yield f"served by {_label(scenario.resources, place.resource)}"
    if place.patience:
        yield f"patience of {_figure(place.patience)} on average"
    if place.balks_at:
        yield f"who finds {number(place.balks_at.value)} waiting loses patience at once"
    for asset, what in ((place.borrows, "borrowed"), (place.hears_reports, "reported when faulty")):
        if asset:
            yield f"{_label(scenario.assets, asset)} are {what} here"
    yield from _dealings(place)


def _dealings(place: Touchpoint) -> Iterator[str]:
    """What passes between customer and business: promises, answers, sales."""
    if place.claim:
        yield f"a promise is made, of {_figure(place.claim.level)}"
    if place.delivers:
        yield f"the promise is tested: {_figure(place.delivers.level)} is delivered"
    if place.contact:
        yield f"questions and complaints are dealt with, settled with a chance of {_figure(place.contact.resolves)}"
    if place.converts:
        yield f"the customer decides, yes with a chance of {_figure(place.converts.chance)}"
    if place.cross_sells:
        yield f"more is offered, taken with a chance of {_figure(place.cross_sells.chance)}"
    if place.pays:
        yield "the basket is paid"


def _way(scenario: Scenario, route: Route) -> str:
    when = "" if route.when == "always" else f" when {route.when}"
    who = [_label(scenario.segments, name) for name in route.segments]
    who += [_label(scenario.trips, name) for name in route.trips]
    only = f" for {', '.join(who)}" if who else ""
    return f"{_label(scenario.journey, route.to)}{when}{only} (share {number(route.share.value)})"


def _figure(quantity: Quantity) -> str:
    return f"{number(quantity.value)} {quantity.unit}".rstrip()


def _label(items: Sequence[Named], name: str) -> str:
    """The label of the thing with that id."""
    return next(item.label for item in items if item.id == name)
