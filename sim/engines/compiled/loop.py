"""The loop: the next event happens, and whoever it is about goes on until the visit ends; and queues for servers."""

import numpy as np
from numpy.typing import NDArray

from sim.engines import visit_rules as rules
from sim.engines.clock import (
    ARRIVES,
    DESK_ENDS,
    DWELL_ENDS,
    RENEGES,
    REPAIR_ENDS,
    SERVICE_ENDS,
    kind_of,
    ordinal_of,
    priority,
    tie_in,
)
from sim.engines.compiled.state import State, drop_first, give_back_row, hold, take_row
from sim.engines.incidents import ask_for_repair, change, hand_back, mended, repair_minutes, suffer
from sim.engines.people import NOBODY
from sim.engines.records import BUSY, NO_RESPONSE, QUEUE, WORKING
from sim.engines.settlement import settle_visit
from sim.kernel import borrowed, in_compiled, inlined, kernel


@inlined
def begin(state: State, person: int, tie: int) -> None:
    """A visit begins now, in a row of its own."""
    slot = take_row(state)
    state.people[person].slot = slot
    state.visits[slot] = state.blank[0]
    visit = state.visits[slot]
    visit.person, visit.slot, visit.tie = person, slot, tie
    state.kept[slot, :] = 1.0
    state.response[slot, :] = NO_RESPONSE
    state.waits[slot, :] = np.nan
    state.passes[slot, :] = 0
    state.joins[slot, :] = 0
    rules.begin(state, visit)


@inlined
def go_on(state: State, slot: int, resumes: bool) -> None:
    """Go from touchpoint to touchpoint until something takes time, or until there is no way on."""
    visit = state.visits[slot]
    while True:
        if not resumes and _meet(state, slot):
            return
        resumes = False
        if not visit.over:
            rules.settle_up(state, visit)
        visit.at = rules.way_on(state, visit)
        if visit.at < 0:
            break
    hand_back(state, visit)
    _settle(state, slot)
    planned = rules.next_arrival(state, state.people[visit.person])
    if planned < state.plan.ends:
        will_arrive(state, visit.person, planned)
    state.people[visit.person].slot = NOBODY
    give_back_row(state, slot)


@inlined
def _meet(state: State, slot: int) -> bool:
    """Come to a touchpoint; whether it takes time, so that some later event goes on from here."""
    visit = state.visits[slot]
    rules.meet(state, visit)
    touchpoint = state.plan.touchpoints[visit.at]
    if visit.over:
        return False
    if touchpoint.resource >= 0:
        return join(state, slot)
    if touchpoint.timed:
        hold(state, rules.minutes(state, visit), priority(DWELL_ENDS, visit.tie, visit.person))
        return True
    return False


@inlined
def _settle(state: State, slot: int) -> None:
    """Settle the visit, into the next row of the page unless it was in the warm-up."""
    number, page = state.now[0].rows, state.page
    if settle_visit(state, state.visits[slot], page.rows[number], page.lost[number]):
        for k in range(state.waits.shape[1]):
            page.wait[number, k] = state.waits[slot, k]
            page.passes[number, k] = state.passes[slot, k]
            page.joins[number, k] = state.joins[slot, k]
        for k in range(state.response.shape[1]):
            page.response[number, k] = state.response[slot, k]
        state.now[0].rows += 1


@inlined
def will_arrive(state: State, person: int, planned: float) -> None:
    """Put an arrival on the event_list, with the tie of that visit."""
    tie = rules.tie_of_next(state, state.people[person])
    hold(state, planned - state.now[0].minute, priority(ARRIVES, tie, person))


_NEW_EVENTS = 8  # more than one event can add to the event_list, repairs apart
DONE, PAGE_FULL, LIST_FULL, PAUSED, ENDLESS = range(5)


@kernel
def open_doors(state: State, first_minute: NDArray[np.float64]) -> int:
    """Put everybody's first arrival on the event_list."""
    state = borrowed(state)
    for person in range(first_minute.size):
        if first_minute[person] < state.plan.ends:
            will_arrive(state, person, first_minute[person])
    return PAUSED


@kernel
def close_books(state: State) -> None:
    """Bring every level up to the end."""
    state = borrowed(state)
    state.now[0].minute = max(state.now[0].minute, state.plan.ends)
    for thing in range(state.levels.shape[0]):
        for counter in (QUEUE, BUSY, WORKING):
            change(state, thing, counter, 0)


@kernel
def advance(state: State, most_events: int) -> int:
    """Let about that many events happen, or fewer: until none is left, the page is full or the event_list is."""
    state = borrowed(state)
    now = state.now[0]
    enough = now.counted + most_events
    # A visit through touchpoints that take no time may have every thing there is pulled and its repair begun.
    room_needed = _NEW_EVENTS + state.visits.size - state.people.size
    for _ in range(most_events):
        if now.events == 0:
            return DONE
        if now.rows == state.page.rows.size:
            return PAGE_FULL
        if now.events + room_needed > state.event_list.size:
            return LIST_FULL
        now.minute = state.event_list[0].minute
        code = state.event_list[0].priority
        drop_first(state.event_list, now.events)
        now.events -= 1
        _happens(state, kind_of(code), tie_in(code), ordinal_of(code))
        if now.endless >= 0:
            return ENDLESS
        if now.counted >= enough:
            return PAUSED
    return PAUSED


@inlined
def _happens(state: State, kind: int, tie: int, ordinal: int) -> None:
    if kind == REPAIR_ENDS:
        repair_ends(state, tie)
        return
    if kind == ARRIVES:
        if not rules.comes(state, state.people[ordinal]):
            return
        begin(state, ordinal, tie)
        resumes = False
    else:
        at = state.people[ordinal].slot
        resumes = True
        if kind == RENEGES:
            if not gives_up(state, at, tie):
                return
        elif kind != DWELL_ENDS:
            service_ends(state, state.plan.touchpoints[state.visits[at].at].resource)
    go_on(state, state.people[ordinal].slot, resumes)


@inlined
def join(state: State, slot: int) -> bool:
    """Be served at once, or queue and perhaps lose patience; False where the queue is so long that they go."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    number, balks = touchpoint.resource, False
    visit.asked = state.now[0].minute
    if state.services[number].free == 0:
        balks = rules.balks(state, visit, state.levels[number, QUEUE].level)
    if visit.over:
        return False
    if _seize(state, number, slot):
        _serve(state, slot)
    elif touchpoint.on_wait >= 0 and not balks:
        patience = rules.patience(state, visit)
        visit.gives_up = state.now[0].minute + patience
        visit.waiting = True
        hold(state, patience, priority(RENEGES, visit.tie, visit.person))
    return True


@inlined
def _seize(state: State, number: int, slot: int) -> bool:
    """Take a free server, or stand last in the queue; whether there was one."""
    service = state.services[number]
    if service.free > 0:
        service.free -= 1
        return True
    last = service.last
    state.visits[slot].previous, state.visits[slot].next = last, NOBODY
    if last == NOBODY:
        service.first = slot
    else:
        state.visits[last].next = slot
    service.last = slot
    change(state, number, QUEUE, 1)
    return False


@inlined
def _step_out(state: State, number: int, slot: int) -> None:
    """Leave the queue, from wherever in it."""
    service, previous, following = state.services[number], state.visits[slot].previous, state.visits[slot].next
    if previous == NOBODY:
        service.first = following
    else:
        state.visits[previous].next = following
    if following == NOBODY:
        service.last = previous
    else:
        state.visits[following].previous = previous
    change(state, number, QUEUE, -1)


@inlined
def _serve(state: State, slot: int) -> None:
    """Begin to be served."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    rules.ends_wait(state, visit)
    change(state, touchpoint.resource, BUSY, 1)
    kind = DESK_ENDS if touchpoint.hears >= 0 else SERVICE_ENDS
    hold(state, rules.minutes(state, visit), priority(kind, visit.tie, visit.person))


@inlined
def service_ends(state: State, number: int) -> None:
    """A server is free again, and whoever stands first in the queue has it."""
    change(state, number, BUSY, -1)
    service = state.services[number]
    first = service.first
    if first == NOBODY:
        service.free += 1
        return
    _step_out(state, number, first)
    if state.visits[first].person == NOBODY:
        _repair(state, state.visits[first].pool, state.visits[first].job)
        give_back_row(state, first)
    else:
        state.visits[first].waiting = False
        _serve(state, first)


@inlined
def gives_up(state: State, slot: int, tie: int) -> bool:
    """Patience ends, unless the turn came first; whether the customer walks out of the queue.

    The event may be of an earlier queue, or of an earlier visit (another tie): then it is nothing any more.
    """
    if slot == NOBODY:
        return False
    visit = state.visits[slot]
    if not visit.waiting or visit.tie != tie or visit.gives_up != state.now[0].minute:
        return False
    visit.waiting = False
    touchpoint = state.plan.touchpoints[visit.at]
    suffer(state, visit, touchpoint.on_wait)
    if visit.over:
        _step_out(state, touchpoint.resource, slot)
        rules.ends_wait(state, visit)
    return bool(visit.over)


@kernel
def _ask_for_repair(state: State, number: int, job: int) -> None:
    """A pulled thing gets the repairer at once, or stands in the queue."""
    state = borrowed(state)
    waiter = take_row(state)
    state.visits[waiter].person, state.visits[waiter].pool, state.visits[waiter].job = NOBODY, number, job
    if _seize(state, state.plan.pools[number].repairer, waiter):
        give_back_row(state, waiter)
        _repair(state, number, job)


@in_compiled(ask_for_repair)
def _asks_for_repair(state: State, number: int, job: int) -> None:
    _ask_for_repair(state, number, job)


@kernel
def _repair(state: State, number: int, job: int) -> None:
    """The repairer begins."""
    state = borrowed(state)
    change(state, state.plan.pools[number].repairer, BUSY, 1)
    hold(state, repair_minutes(state, number, job), priority(REPAIR_ENDS, number, job))


@kernel
def repair_ends(state: State, number: int) -> None:
    """A mended thing comes back, and its repairer is free again."""
    state = borrowed(state)
    service_ends(state, state.plan.pools[number].repairer)
    mended(state, number)
