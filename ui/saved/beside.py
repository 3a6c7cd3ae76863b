"""Saved scenarios of one story side by side: what differs, what each comes to, and what can be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from sim.experiments.events import what_failed
from sim.experiments.price import TooLargeError
from sim.experiments.runs import Comparison, Effort, Run
from sim.experiments.worlds_job import SideBySide
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.origin import runs_said
from sim.saved import documents
from sim.saved.shelf import Saved
from sim.scenario.faults import ScenarioError, shown
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from ui.charts import saved_charts
from ui.exports.chosen import album
from ui.exports.desk import to_saved
from ui.session import saved as state
from ui.session import saved_words
from ui.session.scenarios import scenario
from ui.session.simulators import SEED, patient_workers, simulators
from ui.text import escaped

RUNS = 6
_POLL_SECONDS = 0.5
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
        job = _job(baseline, worlds)
    except (ScenarioError, TooLargeError) as error:
        st.error(f"These cannot be simulated: {escaped(str(error))}", icon=":material/block:")
        return
    letters = dict(zip(state.desk().beside, _LETTERS, strict=False))  # they stay where somebody else deletes one
    sides = [
        Side(saved.id, f"{letters[saved.id]}: {saved.entry.name}", saved_words.differs(baseline, saved.entry))
        for saved in chosen
    ]
    st.caption(escaped(f"{baseline.title}. The same customers with the same luck in each."))
    _edited(chosen)
    if trouble := state.desk().trouble:
        st.error(escaped(trouble), icon=":material/block:")
    _status(job)
    if job.runs_done:
        _show([Side("", _AS_IT_IS, "Nothing moved."), *sides], job.results, chosen[0].entry.scenario)
        _keep_results(chosen, job)
    else:
        st.skeleton(height=240)


def _edited(chosen: Sequence[Saved]) -> None:
    older = [one.entry.name for one in chosen if documents.is_edited(one.entry.scenario, one.entry.kept)]
    if older:
        named = ", ".join(f"“{name}”" for name in older)
        st.caption(escaped(f"The story's file has changed since {named} was saved; all are simulated as it is now."))


def _world(baseline: Scenario, saved: Saved) -> Scenario:
    fits = saved_words.fitting(baseline, saved.entry)
    return world_of(baseline, fits.sets, fits.fixes)


def _job(baseline: Scenario, worlds: list[Scenario]) -> SideBySide:
    *_, memory = simulators()
    return state.desk().ask(baseline, worlds, Effort(SEED, RUNS), patient_workers(), memory)


def _status(job: SideBySide) -> None:
    """How far it is and a way to stop it, or to go on; draws the page again when there is more to show."""
    drawn = job.runs_done
    if job.finished or job.stopped:
        _ended(job)
        return

    def poll() -> None:
        if job.finished or job.runs_done != drawn:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center", key="beside-status"):
            st.badge(f"{drawn} of {job.runs} runs")
            left = job.seconds_left
            st.progress(job.share_done, "" if left is None else f"About {left:.0f} s left", width="stretch")
            if st.button("Stop", key="stop side by side", help="Keep what is shown, and simulate no further."):
                job.stop()
                st.rerun()

    st.fragment(poll, run_every=_POLL_SECONDS)()


def _ended(job: SideBySide) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="beside-status"):
        is_whole = job.runs_done == job.runs
        if is_whole:
            st.badge(f"{job.runs} runs")
        else:
            st.badge(f"{what_failed(job.error) if job.error else 'Stopped'} after {job.runs_done} of {job.runs} runs")
        runs = 2 * job.runs if is_whole else job.runs
        ask = f"Go on to {runs} runs" if is_whole else "Simulate the rest"
        st.button(ask, on_click=_again, args=(job, runs), icon=":material/add:")


def _again(job: SideBySide, runs: int) -> None:
    """Go on to that many runs; what is done stays where that is refused."""
    desk, (baseline, *worlds) = state.desk(), job.worlds
    *_, memory = simulators()
    desk.job, desk.trouble = None, None  # what is done is remembered, and not simulated again
    try:
        desk.ask(baseline, worlds, Effort(SEED, runs), patient_workers(), memory)
    except TooLargeError as error:
        desk.job, desk.trouble = job, str(error)


def _show(sides: Sequence[Side], results: Sequence[Run], story: str) -> None:
    first = _held_against(sides)
    with st.container(key="beside-heads"):
        for column, side in zip(st.columns(len(sides)), sides, strict=True):
            with column, st.container(border=True, height="stretch"):
                st.header(escaped(side.label), anchor=False)
                st.markdown(escaped(side.differs))
    for name in saved_words.measures_of(results[0].world):
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
        chart = saved_charts.differences(rows, "how it is" if first == 0 else sides[first].letter, unit)
        alt = f"{measure.label}, difference from {sides[first].label}. {told}."
        st.vega_lite_chart(chart, key=f"beside {name}", alt=alt)
        simulated = runs_said(len(results[0].replications), world.weeks)
        album().keep(to_saved(story), {story}, f"{measure.label}, side by side", simulated, (chart, alt))


def _cell(side: Side, name: str, run: Run, found: Comparison, is_first: bool) -> None:
    unit, estimate = unit_of(MEASURES[name], run.world), run.estimate(name)
    st.caption(escaped(side.short))
    st.markdown(f"**{escaped(saved_words.amount(estimate.mean, unit, run.world))}**")
    st.caption(escaped(saved_words.sure(estimate, unit, run.world)))
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
    st.caption(escaped(f"Of the difference: {saved_words.sure(found.difference(name), unit, run.world, signed=True)}"))


def _coloured(told: str, is_better: bool) -> str:
    return f":green[{told}], better" if is_better else f":red[{told}], worse"


def _told(found: Comparison, name: str) -> str:
    """What the paired differences say, in a few words."""
    verdict, world = found.verdict(name), found.world.world
    if verdict in ("higher", "lower"):
        return f"{verdict} by {saved_words.apart(found.difference(name).mean, unit_of(MEASURES[name], world), world)}"
    return "exactly no difference" if verdict == "no difference" else verdict


def _keep_results(chosen: Sequence[Saved], job: SideBySide) -> None:
    """Fill in what was not known when they were saved."""
    if not job.finished or job.stopped or job.error:
        return
    _, *runs = job.results
    state.fill_in(list(chosen), [saved_words.figures_of(run) for run in runs])
