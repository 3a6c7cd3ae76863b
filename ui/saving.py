"""Saving what is chosen, on any page: the button, the dialogs, files to take and to open, and what is said of it."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import streamlit as st

from sim.experiments.estimate import Estimate
from sim.finance.assumptions import Terms
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import story
from sim.reports.origin import runs_said
from sim.saved.database import DatabaseError
from sim.saved.shelf import LONGEST_AUTHOR, LONGEST_NAME, LONGEST_NOTE, Entry, Saved, SavedFigure
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.wording import counted
from ui.session import saved as state
from ui.session.case_choice import CaseChoice
from ui.session.choice import Choice
from ui.text import MISSING, escaped, figure, rest_of_unit, size

MAIN = ("contribution", "revenue_lost_per_year", "basket_value", "churn_rate")
"""The measures that are set side by side, after the scenario's own headline."""


def differs(baseline: Scenario, entry: Entry) -> str:
    """What differs from how it is, in a sentence."""
    fits = state.fitting(baseline, entry)
    moved = story.moved(baseline, fits.sets, fits.fixes)
    said = "; ".join(moved) if moved else "as it is, nothing moved"
    return f"{said[:1].upper()}{said[1:]}."


def leaves_out(choice: CaseChoice) -> str | None:
    """What of a business case is not in the choice that is saved from it, in a sentence; None where it has it all."""
    levers = {lever.path for lever in choice.as_is.levers}
    others = sum(edit.path not in levers for edit in choice.edits)
    ranges = any(edit.path in levers and edit.low is not None for edit in choice.edits)
    parts = {
        "the budget": choice.budget is not None,
        "the terms": choice.terms != Terms(),
        f"{counted(others, 'assumption')} without a slider on Explore": others > 0,
        "the ranges of your assumptions": ranges,
    }
    left = [part for part, is_left in parts.items() if is_left]
    return f"Not saved with it: {', '.join(left)}. Copy link keeps them all." if left else None


def measures_of(scenario: Scenario) -> tuple[str, ...]:
    """The measures that are shown of a scenario: its headline first."""
    return tuple(dict.fromkeys((scenario.headline, *MAIN)))


def result(baseline: Scenario, kept: SavedFigure) -> tuple[str, str, str] | None:
    """A kept figure as its label, its amount, and how sure it is; None for a measure that there is no longer."""
    measure = MEASURES.get(kept.measure)
    if measure is None:
        return None
    unit = unit_of(measure, baseline)
    estimate = Estimate(kept.mean, kept.low, kept.high)
    sure = story.known_to_within(baseline, kept.measure, estimate)
    runs = f"{runs_said(kept.runs, kept.weeks)}, seed {kept.seed}"
    return measure.label, amount(estimate.mean, unit, baseline), f"{sure} {runs}."


def amount(mean: float | None, unit: str, scenario: Scenario, signed: bool = False) -> str:
    """A figure with the rest of its unit."""
    if mean is None:
        return MISSING
    return f"{figure(mean, unit, scenario.currency, signed)} {rest_of_unit(unit, scenario.currency)}".strip()


def apart(difference: float | None, unit: str, scenario: Scenario) -> str:
    """How far two lie apart, with the rest of the unit; shares in points."""
    return f"{size(difference, unit, scenario.currency)} {rest_of_unit(unit, scenario.currency)}".strip()


def when(seconds: int, timezone: str | None) -> str:
    """A moment where the visitor is; in UTC, and saying so, where that is not known."""
    zone: tzinfo = UTC
    with suppress(OSError, ValueError, KeyError):  # a browser may name a zone that this machine has never heard of
        zone = ZoneInfo(timezone) if timezone else UTC
    told = datetime.fromtimestamp(seconds, zone)
    return f"{told.day} {told:%B %Y, %H:%M}{' UTC' if zone is UTC else ''}"


def several_stories(chosen: Sequence[Saved], titles: dict[str, str]) -> str | None:
    """Why these cannot be set side by side; None where they can."""
    stories = list(dict.fromkeys(one.entry.scenario for one in chosen))
    if len(stories) < 2:
        return None
    first, other = (next(one for one in chosen if one.entry.scenario == name) for name in stories[:2])
    return (
        f"“{first.entry.name}” belongs to “{titles.get(stories[0], first.entry.scenario)}” and “{other.entry.name}” to "
        f"“{titles.get(stories[1], other.entry.scenario)}”. They cannot be set side by side: other customers with "
        "other luck, so a difference would not come from what was chosen. Tick scenarios of one story."
    )


def matches(saved: Saved, title: str, asked: str) -> bool:
    """Whether what somebody looks for is in its name, note, author or story, whatever the case."""
    entry = saved.entry
    said = " ".join((entry.name, entry.note, entry.author, title)).casefold()
    return all(word in said for word in asked.casefold().split())


@st.dialog("Save this scenario", icon=":material/bookmark_add:", on_dismiss=state.end_saving)
def save(choice: Choice, leaves_out: str | None) -> None:
    """Ask for a name, a note and who saves it, and save with what is known of its results."""
    found = state.known(choice)
    entry = Entry("", choice.name, "", sets=choice.sets, fixes=choice.fixes)
    st.markdown(f"**{escaped(choice.baseline.title)}.** {escaped(differs(choice.baseline, entry))}")
    if leaves_out:
        st.caption(escaped(leaves_out))
    if found is None:
        st.caption("Its results are not known yet: they are found when it is set side by side with another.")

    def keep(name: str, note: str) -> None:
        saved = state.save(choice, name, note, found)
        state.end_saving()
        state.desk().notice = f"Saved “{saved.entry.name}”."

    form("save", "", "", keep, asks_who=True)


@st.dialog("Rename, or change the note", icon=":material/edit:")
def rename(seen: Saved) -> None:
    """Ask for another name and note of one, as it was when the dialog opened."""
    form(f"rename {seen.id}", seen.entry.name, seen.entry.note, lambda name, note: state.rename(seen, name, note))


def form(key: str, name: str, note: str, keep: Callable[[str, str], None], asks_who: bool = False) -> None:
    """Two or three fields and a button; closes once it is kept, and otherwise says what is in the way.

    The fields have keys of their own, so that what is typed stays while the page behind is drawn again.
    """
    with st.form(key, border=False):
        given = st.text_input("Name", name, key=f"{key}: name", help=f"1 to {LONGEST_NAME} characters.")
        about = f"What it is for, as you like; up to {LONGEST_NOTE:,} characters."
        noted = st.text_area("Note", note, key=f"{key}: note", help=about)
        author = _who(key) if asks_who else state.desk().author
        pressed = st.form_submit_button("Save", type="primary", icon=":material/check:")
    if not pressed:
        return
    state.desk().author = author.strip()
    try:
        keep(given, noted)
    except (*state.REFUSALS, ScenarioError) as error:
        st.error(escaped(str(error)), icon=":material/block:")
    else:
        st.rerun()


def _who(key: str) -> str:
    seen = f"Others see it beside the name; up to {LONGEST_AUTHOR} characters."
    return st.text_input("Your name", state.desk().author, key=f"{key}: who", help=seen)


@st.dialog("Both are kept", width="medium", icon=":material/call_split:", on_dismiss=state.seen_both)
def both(theirs: Saved, ours: Saved) -> None:
    """Show what somebody else made of it, and what this visitor did, kept beside it."""
    st.markdown("Somebody else changed it while you had it open. Nothing is lost: here are both.")
    for column, head, saved in zip(st.columns(2), ("Theirs", "Yours"), (theirs, ours), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{head}: {escaped(saved.entry.name)}**")
            at = when(saved.changed, st.context.timezone)
            gone = " · deleted" if saved.deleted is not None else ""
            st.caption(escaped(f"{state.by(saved.entry)} · {at}{gone}"))
            st.text(saved.entry.note or "No note.")
    if st.button("All right", type="primary"):
        state.seen_both()
        st.rerun()


@st.dialog("Save to a file", icon=":material/download:")
def take(entry: Entry) -> None:
    """Offer the scenario's file with this choice as its first preset; or why there can be none."""
    st.markdown(
        "The story's whole file, its comments included, with your choice in it under a name. "
        "Open it here again, on another machine, or with `python -m sim run`."
    )
    name = st.text_input("Name of the choice in the file", entry.name or "My choice").strip()
    try:
        text = state.file_of(replace(entry, name=name))
    except (ScenarioError, DatabaseError) as error:
        st.error("It cannot be written into a file:", icon=":material/block:")
        st.markdown(escaped(str(error)))
        return
    file = file_name(name)
    st.download_button(
        f"Download {escaped(file)}",
        text,
        file,
        "application/yaml",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
    )


def file_name(name: str) -> str:
    """A name that every machine takes for a file."""
    plain = re.sub(r"[^\w-]+", "_", name).strip("_")[:60]
    return f"{plain or 'scenario'}.yaml"


def save_button(choice: Choice, leaves_out: str | None = None) -> None:
    """Draw it, and its dialog in every run until that is done with: it would close when the page is drawn again.

    `leaves_out` says what of the page is not in the choice.
    """
    st.button(
        "Save",
        key="save this choice",
        icon=":material/bookmark_add:",
        on_click=state.begin_saving,
        args=(choice.name,),
        help="Keep this choice under a name.",
    )
    if state.desk().saving == choice.name:
        save(choice, leaves_out)
    else:
        state.end_saving()
    if said := state.desk().take_notice():
        st.toast(escaped(said), icon=":material/check:")


_KEY = "scenario file"


def now(choice: Choice) -> None:
    """Draw what is on Explore now, with ways to keep it."""
    entry = Entry("", choice.name, "", sets=choice.sets, fixes=choice.fixes)
    with st.container(border=True, key="saved-now"):
        st.markdown(f"**On Explore now: {escaped(choice.baseline.title)}.**")
        st.markdown(escaped(differs(choice.baseline, entry)))
        with st.container(horizontal=True):
            save_button(choice)
            if st.button("Save to a file", key="file of this choice", icon=":material/download:"):
                take(entry)


def opener() -> None:
    """Draw where a scenario file is opened, and what is wrong with the one that was sent."""
    with st.expander("Open a scenario file", icon=":material/upload_file:", expanded=bool(state.desk().faults)):
        st.file_uploader(
            "A scenario file (.yaml)",
            type=["yaml", "yml"],
            key=_KEY,
            on_change=state.open_file,
            args=(_KEY,),
            max_upload_size=1,
            help="It is checked, kept here, and opened with its sliders where its saved choice has them.",
        )
        if faults := state.desk().faults:
            st.error("This file cannot be used yet, and nothing of it was kept. What is wrong with it:")
            st.markdown("\n".join(f"- {escaped(str(fault))}" for fault in faults))
