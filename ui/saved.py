"""Saved scenarios: each on the list, and those of one story side by side: what differs, and what can be told apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from sim.experiments.price import TooLargeError
from sim.experiments.runs import Comparison, Run, WorldsJob
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative.story import known_to_within
from sim.reports.origin import runs_said
from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.saved.shelf import Saved
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import shown
from sim.scenario.world import world_of
from ui import saving
from ui.charts.comparison import differences
from ui.controls import ended, follow, progress
from ui.exports.context import album
from ui.exports.desk import to_saved
from ui.session import saved as state
from ui.session.scenarios import scenario
from ui.text import escaped


def card(saved: Saved, may_tick: bool) -> None:
    """Draw it; `may_tick`: whether one more may be set side by side."""
    entry = saved.entry
    with st.container(border=True, key=f"saved-{saved.id}", gap="small"):
        baseline, why_not = _story(saved)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(escaped(entry.name), anchor=False, width="stretch")
            may_tick = (may_tick and baseline is not None) or state.is_ticked(saved)
            st.checkbox("Side by side", key=state.tick_key(saved), persist_state="session", disabled=not may_tick)
        title = baseline.title if baseline else entry.scenario
        at = saving.when(saved.changed, st.context.timezone)
        st.caption(escaped(f"{title} · {state.by(entry)} · {at}"))
        if baseline:
            _what_it_is(saved, baseline)
        if why_not:
            st.warning(escaped(why_not), icon=":material/history:")
        _what_can_be_done(saved, baseline is not None, why_not is not None)


def _what_it_is(saved: Saved, baseline: Scenario) -> None:
    """What differs and what was noted, beside what it came to."""
    choice, results = st.columns([3, 2], gap="small")
    with choice:
        st.markdown(escaped(saving.differs(baseline, saved.entry)))
        if saved.entry.note:
            st.text(saved.entry.note)
    with results:
        _results(saved, baseline)


def _story(saved: Saved) -> tuple[Scenario | None, str | None]:
    """Its scenario as it is now, if it can be had; and what is to be said of it."""
    entry = saved.entry
    try:
        baseline = scenario(entry.scenario)
    except (ScenarioError, DatabaseError):
        return None, "This story's file has gone or has faults since. What was kept of it can still be opened."
    if documents.is_edited(entry.scenario, entry.kept):
        return baseline, "This story's file has changed since this was saved; figures may differ."
    return baseline, None


def _results(saved: Saved, baseline: Scenario) -> None:
    told = [result for kept in saved.entry.figures if (result := saving.result(baseline, kept))]
    if not told:
        st.caption("Its results are not known yet. Set it side by side with another to find them.")
    for label, amount, sure in told:
        st.markdown(f"{escaped(label)}: **{escaped(amount)}**  \n:small[{escaped(sure)}]")


def _what_can_be_done(saved: Saved, can_open: bool, is_edited: bool) -> None:
    name = saved.entry.name
    with st.container(horizontal=True, key=f"saved-do-{saved.id}"):
        if can_open:
            _do("Open", saved, "tune", f"Explore “{name}”.", state.open_saved, False)
        if is_edited:
            as_kept = "The story's file as it was when this was saved."
            _do("Open as it was kept", saved, "history", as_kept, state.open_saved, True)
        if _do("Rename", saved, "edit", f"Name and note of “{name}”."):
            saving.rename(saved)
        _do("Duplicate", saved, "content_copy", f"A copy of “{name}”.", state.duplicate)
        if can_open and _do("File", saved, "download", f"Save “{name}” to a file."):
            saving.take(saved.entry)
        _do("Delete", saved, "delete", f"Take “{name}” off the list; can be undone.", state.delete)


def _do(label: str, saved: Saved, icon: str, told: str, done: Callable[..., None] | None = None, *more: bool) -> bool:
    return st.button(
        label,
        key=f"{label.lower()} {saved.id}",
        on_click=done,
        args=(saved, *more),
        icon=f":material/{icon}:",
        help=escaped(told),
    )


RUNS = 6
_AS_IT_IS = "As it is"
_LETTERS = "ABCD"


@dataclass(frozen=True)
class Side:
    """One of those side by side: its id, none for the story as it is, what it is called here, and what differs."""

    id: str
    label: str
    differs: str

    @property
    def short(self) -> str:
        """The label where there is little room; its letter tells it apart."""
        return shown(self.label, 26)

    @property
    def letter(self) -> str:
        """What tells it apart where there is next to no room."""
        return self.label[0]


def beside(chosen: Sequence[Saved]) -> None:
    """Draw them; one story, as the page has made sure."""
    st.button("Back to the list", on_click=state.desk().set_beside, args=((),), icon=":material/arrow_back:")
    try:
        baseline = scenario(chosen[0].entry.scenario)
        worlds = [_world(baseline, saved) for saved in chosen]
        job = state.desk().side_by_side([baseline, *worlds], RUNS)
    except (ScenarioError, TooLargeError) as error:
        st.error(f"These cannot be simulated: {escaped(str(error))}", icon=":material/block:")
        return
    letters = dict(zip(state.desk().beside, _LETTERS, strict=False))  # they stay where somebody else deletes one
    sides = [
        Side(saved.id, f"{letters[saved.id]}: {saved.entry.name}", saving.differs(baseline, saved.entry))
        for saved in chosen
    ]
    st.caption(escaped(f"{baseline.title}. The same customers with the same luck in each."))
    _edited(chosen)
    if trouble := state.desk().trouble:
        st.error(escaped(trouble), icon=":material/block:")
    _status(job)
    if job.runs_done:
        _show([Side("", _AS_IT_IS, "Nothing moved."), *sides], tuple(job.paired.values()), chosen[0].entry.scenario)
        _keep_results(chosen, job)
    else:
        st.skeleton(height=240)


def _edited(chosen: Sequence[Saved]) -> None:
    older = [one.entry.name for one in chosen if documents.is_edited(one.entry.scenario, one.entry.kept)]
    if older:
        named = ", ".join(f"“{name}”" for name in older)
        st.caption(escaped(f"The story's file has changed since {named} was saved; all are simulated as it is now."))


def _world(baseline: Scenario, saved: Saved) -> Scenario:
    fits = state.fitting(baseline, saved.entry)
    return world_of(baseline, fits.sets, fits.fixes)


def _status(job: WorldsJob) -> None:
    """How far it is and a way to stop it, or to go on; draws the page again when there is more to show."""
    if job.finished or job.stopped:
        _ended(job)
        return
    drawn, kept = job.runs_done, "Keep what is shown, and simulate no further."
    badge = f"{drawn} of {job.runs} runs"
    row = partial(progress, job, "beside-status", badge, "Stop", "stop side by side", kept)
    follow((drawn, False), lambda: (job.runs_done, job.finished), row)


def _ended(job: WorldsJob) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="beside-status"):
        is_whole = job.runs_done == job.runs
        st.badge(ended(job.error, job.runs_done, job.runs))
        runs = 2 * job.runs if is_whole else job.runs
        ask = f"Go on to {runs} runs" if is_whole else "Simulate the rest"
        st.button(ask, on_click=_again, args=(job, runs), icon=":material/add:")


def _again(job: WorldsJob, runs: int) -> None:
    """Go on to that many runs; what is done stays where that is refused."""
    desk = state.desk()
    desk.trouble = None
    try:
        desk.go_on(list(job.worlds.values()), runs)
    except TooLargeError as error:
        desk.trouble = str(error)


def _show(sides: Sequence[Side], results: Sequence[Run], story: str) -> None:
    first = _held_against(sides)
    with st.container(key="beside-heads"):
        for column, side in zip(st.columns(len(sides)), sides, strict=True):
            with column, st.container(border=True, height="stretch"):
                st.header(escaped(side.label), anchor=False)
                st.markdown(escaped(side.differs))
    for name in saving.measures_of(results[0].world):
        _measure(name, sides, results, first, story)
    link = {"scenario": story}
    st.page_link("app_pages/take_away.py", label="Take pictures away", query_params=link, icon=":material/image:")


def _held_against(sides: Sequence[Side]) -> int:
    """The place of the one that the others are held against, kept by its id: somebody else may delete one of them."""
    places = {side.id: place for place, side in enumerate(sides)}
    asked = st.radio(
        "Held against",
        list(places),
        1,
        horizontal=True,
        format_func=lambda id: escaped(sides[places[id]].label),
        key="held against",
        help="The one that the others are held against.",
    )
    return places[asked]


def _measure(name: str, sides: Sequence[Side], results: Sequence[Run], first: int, story: str) -> None:
    """One measure: what each comes to, how far that is from the first, and a picture of how far."""
    measure, world = MEASURES[name], results[0].world
    unit = unit_of(measure, world)
    with st.container(border=True, key=f"beside-of-{name}"):
        st.header(escaped(measure.label), anchor=False, help=escaped(measure.definition))
        for place, column in enumerate(st.columns(len(sides))):
            with column, st.container(gap=None):
                _cell(sides[place], name, results[place], Comparison(results[first], results[place]), place == first)
        others = [place for place in range(len(sides)) if place != first]
        found = {place: Comparison(results[first], results[place]) for place in others}
        rows = [(sides[place].short, found[place].difference(name)) for place in others]
        told = "; ".join(f"{sides[place].label} {_told(found[place], name)}" for place in others)
        chart = differences(rows, "how it is" if first == 0 else sides[first].letter, unit)
        alt = f"{measure.label}, difference from {sides[first].label}. {told}."
        st.vega_lite_chart(chart, key=f"beside {name}", alt=alt)
        simulated = runs_said(len(results[0].replications), world.weeks)
        album().keep(to_saved(story), {story}, f"{measure.label}, side by side", simulated, (chart, alt))


def _cell(side: Side, name: str, run: Run, found: Comparison, is_first: bool) -> None:
    unit, estimate = unit_of(MEASURES[name], run.world), run.estimate(name)
    st.caption(escaped(side.short))
    st.markdown(f"**{escaped(saving.amount(estimate.mean, unit, run.world))}**")
    st.caption(escaped(known_to_within(run.world, name, estimate)))
    if is_first:
        st.markdown("The others are held against this.")
        return
    verdict, told = found.verdict(name), escaped(_told(found, name))
    if verdict not in ("higher", "lower"):
        st.markdown(told)
        return
    icon = ":material/arrow_upward:" if verdict == "higher" else ":material/arrow_downward:"
    better = MEASURES[name].better
    st.markdown(f"{icon} **{told}**" if better == "neither" else _coloured(f"{icon} **{told}**", verdict == better))
    st.caption(escaped(known_to_within(run.world, name, found.difference(name), signed=True)))


def _coloured(told: str, is_better: bool) -> str:
    return f":green[{told}], better" if is_better else f":red[{told}], worse"


def _told(found: Comparison, name: str) -> str:
    """What the paired differences say, in a few words."""
    verdict, world = found.verdict(name), found.world.world
    if verdict in ("higher", "lower"):
        return f"{verdict} by {saving.apart(found.difference(name).mean, unit_of(MEASURES[name], world), world)}"
    return "exactly no difference" if verdict == "no difference" else verdict


def _keep_results(chosen: Sequence[Saved], job: WorldsJob) -> None:
    """Fill in what was not known when they were saved."""
    if not job.finished or job.stopped or job.error:
        return
    _, *runs = job.paired.values()
    state.fill_in(list(chosen), [state.figures_of(run) for run in runs])
