"""What is legal in a scenario and probably not meant: where, what was found, what it does now, and how to mend it.

Beside faults. Notices stop nothing: whoever means it that way may go on.
"""

from collections.abc import Callable, Iterator

from sim.scenario.notices.notice import Notice, Said, located
from sim.scenario.notices.rules import (
    lent_for_ever,
    measured_without_data,
    money_that_is_nothing,
    more_work_than_can_be_done,
    moves_nothing,
    patience_without_effect,
    range_for_spread,
)
from sim.scenario.notices.work import dies_out_or_explodes
from sim.scenario.scenario import Scenario

__all__ = ["Notice", "located", "notices_of", "notices_of_both"]

_MOST = 50
_OF_THE_BUSINESS: tuple[Callable[[Scenario], Iterator[Said]], ...] = (
    patience_without_effect,
    more_work_than_can_be_done,
    lent_for_ever,
    range_for_spread,
    measured_without_data,
    money_that_is_nothing,
    dies_out_or_explodes,
)


def notices_of(scenario: Scenario, as_it_stands: Scenario | None = None) -> tuple[Notice, ...]:
    """Every notice that a scenario deserves, each once; of very many the first ones, and how many more there are.

    Of a world, with `as_it_stands` the scenario that it comes from: what fixes and levers would move is told of that
    one, for in the world they have moved it already.
    """
    offers = scenario if as_it_stands is None else as_it_stands
    said = [*(one for kind in _OF_THE_BUSINESS for one in kind(scenario)), *moves_nothing(offers)]
    return _the_first(tuple(Notice(path, message) for path, message in dict.fromkeys(said)))


def _the_first(found: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """As many as anybody reads, and a count of the rest."""
    if len(found) <= _MOST:
        return found
    return (*found[:_MOST], Notice("", f"found {len(found) - _MOST} more like these; mend these first"))


def notices_of_both(as_it_stands: Scenario, world: Scenario) -> tuple[Notice, ...]:
    """The notices of a world that is compared with the scenario as it stands, and that one's where only it has them."""
    found = notices_of(world, as_it_stands)
    known = {notice.path for notice in found}
    before = notices_of(as_it_stands) if world is not as_it_stands else ()
    gone = (notice for notice in before if notice.path not in known)
    return (*found, *(Notice(notice.path, f"as it stands: {notice.message}") for notice in gone))
