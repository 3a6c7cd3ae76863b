"""Ways through a journey: that every touchpoint can be reached, and that every visit which comes there can end."""

from collections.abc import Iterator

from sim.scenario.part import Finding
from sim.scenario.scenario import Scenario
from sim.scenario.searching import searched
from sim.scenario.walking import Routes, routes_of


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Touchpoints that nobody reaches, those from which some visitor could never leave, and a closed front door."""
    routes = routes_of(scenario)
    drawn, endless = _drawn(routes), searched(scenario, routes).endless
    for i in range(len(scenario.journey)):
        if i not in drawn:
            yield ("journey", i), "no route leads here; allowed: touchpoints reached from the first"
        elif i in endless:
            allowed = "allowed: a way on that ends, whatever goes wrong"
            yield ("journey", i, "next"), f"not every visit that comes here ends; {allowed}"
    begins = scenario.journey[0].channel or scenario.channels[0].id
    for i, segment in enumerate(scenario.segments):
        if begins in segment.cannot_use:
            yield ("segments", i, "cannot_use"), f'found "{begins}", where every visit begins; allowed: other channels'


def _drawn(routes: Routes) -> set[int]:
    """Touchpoints to which ways are drawn from the first, taken or not.

    Nobody need take a way: a share may be 0, and a way of those whom something failed stays empty when nothing does.
    """
    onward: dict[int, list[int]] = {}
    for at, to in zip(routes.at.tolist(), routes.to.tolist(), strict=True):
        onward.setdefault(at, []).append(to)
    drawn, ahead = {0}, [0]
    while ahead:
        new = set(onward.get(ahead.pop(), ())) - drawn
        drawn |= new
        ahead += new
    return drawn
