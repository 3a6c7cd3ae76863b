"""What a visitor takes away: of which scenario, made of what, and the charts seen in rooms and side by side."""

from collections.abc import Iterator

import streamlit as st

from sim.finance.assumptions import Terms
from sim.finance.case import Case
from sim.saved import documents
from ui.exports.context import Album, Larder, Ready, asides_ready, ready
from ui.exports.desk import TakeAwayDesk
from ui.session.case import CaseKeys, case_desk, first_fixes, meant
from ui.session.case_choice import CaseChoice
from ui.session.choice import Choice, choice_now
from ui.session.desks import attribution_desk, curve_desk
from ui.session.scenarios import database, own
from ui.session.simulators import SEED, answer_job, case_store, patient_workers, simulators

_ALBUM = "album"


def album() -> Album:
    """Where they are kept until the visitor goes."""
    return own(_ALBUM, Album)


_DESK = "take-away desk"


def take_away_desk() -> TakeAwayDesk:
    """Where this visitor's files are made."""
    return own(_DESK, TakeAwayDesk)


def larder(name: str) -> Larder:
    """What this visitor's files are made of: the choice of Explore and the case of Business case, as they stand."""
    choice = choice_now(name)
    case_choice = _case_choice(choice)
    return Larder(
        choice=choice,
        case_choice=case_choice,
        address=_address(),
        seed=SEED,
        workers=patient_workers(),
        memory=simulators()[2],
        store=case_store(),
        made=_made(case_choice),
        text=lambda: documents.text_now(database(), choice.name),
        ready=tuple(_ready(choice, case_choice)),
    )


def _ready(choice: Choice, case_choice: CaseChoice) -> Iterator[Ready]:
    yield from ready(choice, answer_job(choice.name, may_begin=False), attribution_desk().job, curve_desk().job)
    yield from asides_ready(case_choice, case_desk().asides.jobs)
    yield from album().of(choice.name)


def _address() -> str:
    """Where the pages are: this page's address without its own name."""
    return (st.context.url or "").rstrip("/").rpartition("/")[0] + "/"


def _case_choice(choice: Choice) -> CaseChoice:
    """The case as the visitor left it; as Business case would begin with it, where that was not visited."""
    keys, session = CaseKeys(st.session_state, choice.name), st.session_state
    if keys.fixes not in session:
        fixes = first_fixes(choice.baseline, None, choice.fixes)
        return CaseChoice(choice.name, choice.baseline, (), fixes, Terms())
    fixes = tuple(fix.id for fix in choice.baseline.fixes if fix.id in session[keys.fixes])
    terms = Terms(**{term: meant(term, session[keys.term(term)]) for term in Terms.model_fields})
    return CaseChoice(choice.name, choice.baseline, case_desk().edits(choice.name), fixes, terms, session[keys.budget])


def _made(choice: CaseChoice) -> Case | None:
    """The case of the page Business case, if it is the same one and whole."""
    desk = case_desk()
    job = desk.job if desk.asked == choice.asked else None
    is_whole = job is not None and job.finished and not job.stopped and job.error is None
    return job.case if job is not None and is_whole else None
