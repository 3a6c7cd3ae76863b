"""What pages with levers have in common: the chooser, the levers, undo and the link, notices, and what is answered."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from sim.experiments.events import what_failed
from sim.experiments.inquiry import Answer, Inquiry
from sim.experiments.runs import Comparison
from sim.experiments.warmth import COMPILING, is_compiled
from sim.experiments.workers import Background
from sim.outcomes.measures import MEASURES
from sim.reports.origin import runs_said
from sim.scenario.notices import Notice
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of
from ui.saving import save_button
from ui.session import choice, scenarios, simulators, visit
from ui.session.choice import Choice, Dial, dial_of
from ui.session.visit import History, redraw
from ui.text import bare, escaped, labelled, provenance, setting


def choose_scenario() -> str:
    """Draw it at the top of the sidebar; the name chosen."""
    with st.sidebar:
        st.html('<p class="ripple-brand">Ripple</p><p>What a broken customer experience costs</p>')
        titles = scenarios.titles()
        return st.selectbox(
            "Scenario",
            list(titles),
            format_func=lambda known: titles[known],
            key=choice.seed_scenario_key(),
            persist_state="session",
        )


def wrong_asked(name: str) -> None:
    """Say what the link asked of that scenario and cannot have, on every page that takes a choice from the link."""
    for wrong in choice.wrong_in_link(name):
        st.warning(escaped(wrong), icon=":material/link_off:")


_HERE = Path(__file__).parent
_BUTTON = st.components.v2.component(
    "copy_link",
    html='<button type="button"><span aria-hidden="true"></span> Copy link</button><p role="status"></p>',
    css=(_HERE / "copy_link.css").read_text(encoding="utf-8"),
    js=(_HERE / "copy_link.js").read_text(encoding="utf-8"),
)


def copy_link(key: str = "copy link") -> None:
    """Draw the button. Where a browser lets no page copy (plain http), it shows the address, marked to be copied.

    While it is there, Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z (or Cmd) press Undo and Redo beside it.
    """
    _BUTTON(key=key, width="content")


UNDO, REDO = "Undo", "Redo"


def history_bar(
    about: str,
    steps: History[Any],
    put: visit.Put,
    choice: Choice,
    leaves_out: str | None = None,
) -> None:
    """Draw it. `about` names the history, `steps` are its steps as they stand, and `put` goes to one of them.

    `choice` is what would be saved, and `leaves_out` says what of the page would not be.
    """
    with st.container(horizontal=True, key="history-bar", gap="small"):
        st.button(
            UNDO,
            key=f"undo {about}",  # copy_link.js presses it
            icon=":material/undo:",
            disabled=not steps.past,
            on_click=visit.undo,
            args=(about, put),
            help="Take the latest change back (Ctrl+Z).",
        )
        st.button(
            REDO,
            key=f"redo {about}",
            icon=":material/redo:",
            disabled=not steps.future,
            on_click=visit.redo,
            args=(about, put),
            help="Make the change again that was taken back (Ctrl+Y or Ctrl+Shift+Z).",
        )
        copy_link()
        save_button(choice, leaves_out)


def choose() -> Choice:
    """Draw the chooser, the levers and the fixes in the sidebar; the choice they make."""
    name = choose_scenario()
    with st.sidebar:
        scenario = scenarios.scenario(name)
        choice.seed_looks(name)
        notice(name)
        bar_and_presets(choice.as_it_stands(name))
        st.markdown("#### What if…")
        for one in scenario.levers:
            lever(name, dial_of(scenario, one))
        _fixes(name, scenario)
        wrong_asked(name)
        back_to_how_it_is(name)
    return choice.choice_now(name, choice.looks(name))


def notice(name: str) -> None:
    """Remember where the levers and fixes stand as a step that can be taken back."""
    visit.noticed(_about(name), choice.start_now(name))


def bar_and_presets(now: Choice) -> None:
    """Undo, redo, the link and saving what is chosen now, and the presets to start from; after `notice`."""
    name, about = now.name, _about(now.name)
    steps = visit.noticed(about, choice.start_now(name))
    history_bar(about, steps, partial(choice.put, name), now)
    _presets(name, now.baseline)


def _about(name: str) -> str:
    return f"levers of {name}"


def back_to_how_it_is(name: str) -> None:
    """The button that puts every lever and fix back, also those that this page does not draw."""
    st.button("Back to how it is", on_click=choice.reset, args=(name,), width="stretch")


def _presets(name: str, scenario: Scenario) -> None:
    if not scenario.presets:
        return
    labels = {preset.id: preset.label for preset in scenario.presets}
    st.pills(
        "Start from",
        list(labels),
        format_func=lambda known: escaped(labels[known]),
        key=choice.seed_preset_key(name),
        on_change=choice.start_from_preset,
        args=(name,),
        help=escaped(" ".join(f"{preset.label}: {preset.help}" for preset in scenario.presets)),
    )


def lever(name: str, dial: Dial) -> None:
    """Draw one lever, the same on every page: a switch, or a slider and, where it was moved, a button to put it back.

    The style sheet has kept a place for that button.
    """
    said = escaped(labelled(dial.lever.label, dial.unit))
    label = said.replace(r"\(", "(").replace(r"\)", ")")  # screen readers read backslashes out; here none is needed
    now, key = setting(dial.default, dial.unit), choice.seed_lever_key(name, dial.lever)
    if dial.is_switch:
        st.toggle(label, key=key, persist_state="session", help=_help(name, dial, f"Now {now}."))
        return
    with st.container(key=f"lever {dial.lever.path}"):
        if _slider(name, dial, label, key) != dial.shown(dial.default):
            st.button(
                escaped(f"Back to {bare(dial.default, dial.unit)}"),
                key=f"lever-back {name} {dial.lever.path}",
                type="tertiary",
                on_click=choice.reset_lever,
                args=(name, dial.lever.path),
                help=escaped(f"Put “{dial.lever.label}” back to {now}, as the scenario has it."),
            )


def _slider(name: str, dial: Dial, label: str, key: str) -> float:
    least, most, now = (setting(value, dial.unit) for value in (dial.lever.min, dial.lever.max, dial.default))
    shown: float = st.slider(
        label,
        dial.shown(dial.lever.min),
        dial.shown(dial.lever.max),
        step=dial.step,
        key=key,
        persist_state="session",
        format=dial.format,
        help=_help(name, dial, f"From {least} to {most}; now {now}."),
    )
    return shown


def _help(name: str, dial: Dial, where_it_is: str) -> str:
    quantity = quantity_at(scenarios.scenario(name), dial.lever.path)
    return escaped(f"{dial.lever.help} {where_it_is} {provenance(quantity)}")


def _fixes(name: str, scenario: Scenario) -> None:
    if not scenario.fixes:
        return
    labels = {fix.id: fix.label for fix in scenario.fixes}
    st.pills(
        "Try a fix",
        list(labels),
        selection_mode="multi",
        format_func=lambda known: escaped(labels[known]),
        key=choice.seed_fixes_key(name),
        persist_state="session",
        help="A fix changes one or more numbers at once, after the sliders.",
    )


_POLL_SECONDS = 0.5
_WHAT_IT_IS = "Nothing is wrong with the file, and all is simulated as it says. Whoever means it so may go on."


def notices(found: Sequence[Notice], world: Scenario) -> None:
    """Draw the notices of a world; nothing, in the same place, where there is none."""
    with st.container(key="notices"):
        if not found:
            return
        with st.expander(title(found), icon=":material/info:", key="notices-open"):
            st.caption(_WHAT_IT_IS)
            for notice in found:
                st.markdown(_said(world, notice))


def _said(world: Scenario, notice: Notice) -> str:
    if not notice.path:
        return f"{escaped(notice.message)}."
    return f"**{escaped(_place(world, notice.path))}** ({escaped(notice.path)}): {escaped(notice.message)}."


def title(found: Sequence[Notice]) -> str:
    """How many there are, in a sentence."""
    return (
        "One thing here is probably not meant"
        if len(found) == 1
        else f"{len(found)} things here are probably not meant"
    )


def _place(world: Scenario, path: str) -> str:
    """Where it is, in words."""
    try:
        return label_of(world, path) or path.capitalize()
    except KeyError:
        return path


def how_far(answer: Answer) -> str:
    """How much was simulated for it, and whether it is an estimate yet."""
    if answer.comparison is None:
        return "Starting the simulator" if is_compiled() else COMPILING
    weeks = answer.comparison.world.world.weeks
    runs = runs_said(answer.runs_done, weeks)
    return f"Estimate from {runs}" if answer.is_estimate else f"Simulated: {runs}"


def status(inquiry: Inquiry, answer: Answer, beside: Callable[[], object]) -> None:
    """How sure this answer is, with what is drawn `beside` it; again and again while more is coming."""
    if inquiry.error:
        st.error(f"{what_failed(inquiry.error)}. The figures shown are from the runs that were done.")
        st.button("Try again", on_click=simulators.ask_again)
        return

    def moment(now: Answer) -> tuple[object, ...]:
        return now.is_estimate, now.runs_done, inquiry.finished

    def draw() -> None:
        with st.container(horizontal=True, vertical_alignment="center", key="status"):
            st.badge(how_far(inquiry.answer))
            beside()

    follow(moment(answer), lambda: moment(inquiry.answer), draw, is_over=inquiry.finished)


def follow(drawn: object, moment: Callable[[], object], draw: Callable[[], object], is_over: bool = False) -> None:
    """Draw this, twice a second while it is not over; the whole page once `moment` is not what was drawn."""

    def poll() -> None:
        if moment() != drawn:
            redraw()
        draw()

    st.fragment(poll, run_every=None if is_over else _POLL_SECONDS)()


def progress(job: Background, key: str, badge: str, stop: str, stop_key: str | None, kept: str) -> None:
    """A row with how far a job is and a way to stop it, for `follow` to draw; `kept` says what stays then."""
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        st.badge(badge)
        remains = "" if job.seconds_left is None else f"About {job.seconds_left:.0f} s left"
        st.progress(job.share_done, remains, width="stretch")
        if st.button(stop, key=stop_key, help=kept):
            job.stop()
            st.rerun()


def ended(error: BaseException | None, done: int, runs: int) -> str:
    """How far a job came that does nothing more."""
    why = what_failed(error) if error else "Stopped"
    return f"{runs} runs" if done == runs else f"{why} after {done} of {runs} runs"


def of_measure(answer: Answer, name: str) -> Comparison | None:
    """What is known of a measure; None while nothing is, or too few weeks to say anything of customers."""
    is_early = answer.is_estimate and MEASURES[name].about == "customers"
    return None if is_early else answer.comparison


def missing(answer: Answer) -> str:
    """Why a measure is not known yet."""
    return "On its way." if answer.comparison is None else "Needs all weeks: on its way."
