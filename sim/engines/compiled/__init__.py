"""The compiled engine: the SimPy engine's events in the same order, as one loop over arrays.

Each function here is the one of the same name in `sim.engines.simpy`, for whoever stands in a row of `guests`.
A process that waits there is a row here, which some later event finds again. Whoever is handed a server or gives up is
served or gone within the same event, because nothing else can happen in between.
"""

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.loop import AGENDA_FULL, DONE, ENDLESS, PAGE_FULL, advance, close_books, open_doors
from sim.engines.compiled.state import Shop, records_of, shop_of, with_room
from sim.engines.plan import Plan
from sim.engines.population import Cast
from sim.engines.randomness import Luck
from sim.engines.records import (
    CHUNK_ROWS,
    EVENTS_BETWEEN_REPORTS,
    EndlessVisitError,
    Meter,
    Progress,
    Records,
    Sink,
    unheard,
    visit_dtype,
)


def run(
    plan: Plan, cast: Cast, luck: Luck, sink: Sink, progress: Progress = unheard, meter: Meter = unheard
) -> Records:
    """Simulate one replication; visits go to `sink` in chunks as they end. Holds no lock while it works.

    A chunk is the sink's only until it returns. Whatever `progress` or `meter` raises ends the run and
    reaches the caller.

    Raises:
        ValueError: more customers and things than ordinals.
        EndlessVisitError: a visit goes round for ever, or as good as that.
    """
    visits = np.empty(CHUNK_ROWS, visit_dtype(plan))
    shop = shop_of(plan, cast, luck, visits)
    state = open_doors(shop, cast.first_minute)
    while state != DONE:
        state = advance(shop, EVENTS_BETWEEN_REPORTS)
        if state == ENDLESS:
            raise EndlessVisitError(int(shop.now["endless"][0]))
        if state == AGENDA_FULL:
            shop = with_room(shop)
        if state in (PAGE_FULL, DONE):
            _hand_over(shop, visits, sink)
        meter(int(shop.now["counted"][0]))
        progress(_share_done(shop))
    close_books(shop)
    return records_of(shop)


def _hand_over(shop: Shop, visits: NDArray[np.void], sink: Sink) -> None:
    rows = int(shop.now["rows"][0])
    if rows:
        sink(visits[:rows])
        shop.now["rows"] = 0


def _share_done(shop: Shop) -> float:
    if not shop.now["events"][0]:
        return 1.0
    plan = shop.plan
    return float(min((shop.now["minute"][0] - plan.starts) / (plan.ends - plan.starts), 1.0))
