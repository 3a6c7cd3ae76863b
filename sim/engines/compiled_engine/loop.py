"""The loop: the next event happens, and whoever it is about goes on."""

import numpy as np
from numpy.typing import NDArray

from sim.engines.clock import ARRIVES, DWELL_ENDS, RENEGES, REPAIR_ENDS, kind_of, ordinal_of, tie_in
from sim.engines.compiled_engine.agenda import drop_first
from sim.engines.compiled_engine.primitives import change
from sim.engines.compiled_engine.queues import gives_up, service_ends
from sim.engines.compiled_engine.shop import Shop
from sim.engines.compiled_engine.stock import stays_away
from sim.engines.compiled_engine.things import repair_ends
from sim.engines.compiled_engine.visits import begin, comes, go_on, will_arrive
from sim.engines.records import BUSY, QUEUE, WORKING
from sim.kernel import borrowed, inlined, kernel

_NEW_EVENTS = 8  # more than one event can add to the agenda, repairs apart
DONE, PAGE_FULL, AGENDA_FULL, PAUSED, ENDLESS = range(5)


@kernel
def open_doors(shop: Shop, first_minute: NDArray[np.float64]) -> int:
    """Put everybody's first arrival on the agenda."""
    shop = borrowed(shop)
    for person in range(first_minute.size):
        if first_minute[person] < shop.plan.ends:
            will_arrive(shop, person, first_minute[person])
    return PAUSED


@kernel
def close_books(shop: Shop) -> None:
    """Bring every level up to the end."""
    shop = borrowed(shop)
    shop.now[0].minute = max(shop.now[0].minute, shop.plan.ends)
    for thing in range(shop.levels.shape[0]):
        for counter in (QUEUE, BUSY, WORKING):
            change(shop, thing, counter, 0)


@kernel
def advance(shop: Shop, most_events: int) -> int:
    """Let about that many events happen, or fewer: until none is left, the page is full or the agenda is."""
    shop = borrowed(shop)
    now = shop.now[0]
    enough = now.counted + most_events
    # A visit through touchpoints that take no time may have every thing there is pulled and its repair begun.
    room_needed = _NEW_EVENTS + shop.guests.size - shop.people.size
    for _ in range(most_events):
        if now.events == 0:
            return DONE
        if now.rows == shop.page.rows.size:
            return PAGE_FULL
        if now.events + room_needed > shop.agenda.size:
            return AGENDA_FULL
        now.minute = shop.agenda[0].minute
        code = shop.agenda[0].priority
        drop_first(shop.agenda, now.events)
        now.events -= 1
        _happens(shop, kind_of(code), tie_in(code), ordinal_of(code))
        if now.endless >= 0:
            return ENDLESS
        if now.counted >= enough:
            return PAUSED
    return PAUSED


@inlined
def _happens(shop: Shop, kind: int, tie: int, ordinal: int) -> None:
    if kind == REPAIR_ENDS:
        repair_ends(shop, tie)
        return
    if kind == ARRIVES:
        if shop.now[0].minute >= shop.plan.ends or not comes(shop, ordinal):
            return
        if shop.plan.decides_before and stays_away(shop, ordinal):
            return
        begin(shop, ordinal, tie)
        resumes = False
    else:
        at = shop.people[ordinal].guest
        resumes = True
        if kind == RENEGES:
            if not gives_up(shop, at, tie):
                return
        elif kind != DWELL_ENDS:
            service_ends(shop, shop.plan.touchpoints[shop.guests[at].at].resource)
    go_on(shop, shop.people[ordinal].guest, resumes)
