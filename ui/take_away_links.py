"""Links that lead back to what a file shows, without the address of the pages."""

from urllib.parse import urlencode

from ui import case_link, lever_link
from ui.case_choice import CaseChoice
from ui.state.choice import Choice


def to_choice(choice: Choice) -> str:
    """To the same choice of levers and fixes."""
    return _to("take_away", lever_link.link_of(choice.name, choice.sets, choice.fixes, {}))


def to_case(choice: CaseChoice) -> str:
    """To the same business case."""
    return _to("business_case", case_link.link_of(choice))


def to_room(code: str) -> str:
    """To a workshop, for whoever may come in; never the facilitator's own link."""
    return _to("workshop", {"room": code})


def to_saved(scenario: str) -> str:
    """To what is saved, with that scenario chosen."""
    return _to("saved", {"scenario": scenario})


def _to(page: str, said: dict[str, str]) -> str:
    return f"{page}?{urlencode(said)}"
