"""The boardroom's parts, drawn alike on one page or presented one at a time, large, by button or key."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from sim.experiments.events import what_failed
from sim.experiments.inquiry import Answer, Inquiry
from sim.experiments.price import TooLargeError
from sim.experiments.runs import Comparison, WorldsJob
from sim.experiments.sensitivity import Doubts
from sim.outcomes.measures import MEASURES
from sim.reports.narrative import boardroom_story
from sim.scenario.offers import Agenda
from ui import controls
from ui.charts import comparison
from ui.controls import of_measure
from ui.live import WORTH, Followed, live_levers
from ui.session import simulators, visit
from ui.session.choice import Choice, dial_of
from ui.session.visit import Pressed
from ui.text import escaped, setting

_CSS = """
button {
  font: inherit; color: var(--st-text-color); background: none; padding: 0.4rem 0.75rem; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:focus-visible { outline: 3px solid var(--st-primary-color); }
"""
_KEYS = st.components.v2.component(
    "boardroom_keys",
    html='<button type="button">Fill the screen</button>',
    css=_CSS,
    js=(Path(__file__).parent / "boardroom_keys.js").read_text(encoding="utf-8"),
)


def pressed(key: str) -> Pressed:
    """Draw the button for full screen, and say which keys were pressed so far."""
    found = _KEYS(key=key, default={"pressed": None}, on_pressed_change=lambda: None).pressed
    return Pressed(found["since"], found["steps"], found["left"]) if found else Pressed()


_ON_ITS_WAY = "The first answer is on its way."
_NEEDS_ALL_WEEKS = "This number needs all weeks: on its way."


@dataclass(frozen=True)
class View:
    """What there is to show: what was chosen, what is asked, and what is known so far."""

    choice: Choice
    agenda: Agenda
    inquiry: Inquiry
    answer: Answer

    @property
    def found(self) -> Comparison | None:
        """What was found of the number; None while there is nothing that says anything of it."""
        return of_measure(self.answer, self.agenda.number)

    @property
    def number(self) -> boardroom_story.Number:
        """The one number."""
        return boardroom_story.number_of(self.choice.baseline, self.agenda.number)

    @property
    def done(self) -> list[str]:
        """What is proposed and moved, in words."""
        return boardroom_story.moves(self.choice.baseline, self.choice.sets, self.agenda.fixes)

    @property
    def doubts(self) -> Doubts:
        """The guesses that the answer may hang on, with these sliders as they stand today, as the file asks it."""
        sliders = {lever.path for lever in self.agenda.levers}
        sets = {path: value for path, value in self.choice.sets.items() if path not in sliders}
        return Doubts(self.choice.baseline, self.agenda.number, sets, self.choice.fixes)


def sentence(view: View, with_sliders: bool = True) -> None:
    """The one sentence; where there are sliders to drag, an estimate of the number follows the hand below it."""
    with st.container(border=True, key="boardroom-sentence"):
        st.markdown(f"### {escaped(_sentence(view))}")
        if with_sliders and view.agenda.levers:
            live_levers(view.choice, view.inquiry, _followed(view))


def _followed(view: View) -> Followed:
    """The one number in the page's own words, and nothing beside it."""
    name = view.number.name
    return Followed(view.agenda.number, name, name if view.agenda.number == WORTH else None)


def _sentence(view: View) -> str:
    found, answer = view.found, view.answer
    if found is None:
        return _NEEDS_ALL_WEEKS if answer.comparison else _ON_ITS_WAY
    said = boardroom_story.sentence(view.number, view.done, found, view.agenda.number)
    if answer.is_estimate:
        said += f" So far from the first {found.world.world.weeks} weeks of {view.choice.baseline.weeks}."
    return said


def number(view: View, as_it_is: bool = False) -> None:
    """The one number, large, with its interval; today's, or what is chosen beside today."""
    done = [] if as_it_is else view.done
    title = view.number.name[:1].upper() + view.number.name[1:]
    large, below = "—", _ON_ITS_WAY
    if view.found:
        large, below = boardroom_story.large(view.number, done, view.found, view.agenda.number)
    with st.container(key="boardroom-number"):
        st.markdown(f"**{escaped(title)}**{': today' if as_it_is else ': change from today' if done else ''}")
        st.html(f'<p class="ripple-large {_verdict(view, done)}">{html.escape(large)}</p>')
        st.markdown(escaped(below))


def _verdict(view: View, done: list[str]) -> str:
    """Whether the change is clearly for the better or the worse."""
    better = MEASURES[view.agenda.number].better
    if not done or view.found is None or better == "neither":
        return ""
    which = boardroom_story.kind(True, view.found.difference(view.agenda.number))
    if which not in ("higher", "lower"):
        return ""
    return "better" if which == better else "worse"


def picture(view: View, is_large: bool = False) -> None:
    """Before and after."""
    found = view.answer.comparison if view.choice.baseline.failures else view.found
    with st.container(key="boardroom-picture"):
        if found is None:
            st.skeleton(height=320)
            return
        st.markdown(f"**{escaped(comparison.picture_title(found, view.number))}**")
        solid = "Solid: with what is chosen. " if view.done else ""
        st.caption(f"Dashed: as it is today. {solid}Line: 95% interval.")
        st.vega_lite_chart(
            comparison.before_and_after(found, view.number, view.agenda.number, is_large),
            key=f"boardroom picture {is_large}",
            alt=comparison.picture_alt(found, view.number, view.agenda.number),
        )


def costs(view: View) -> None:
    """What the proposal costs."""
    said = boardroom_story.costs(view.choice.baseline, view.agenda.fixes)
    st.markdown("**What it costs**")
    for line in said:
        st.markdown(escaped(line))
    for line in boardroom_story.costs_apart(view.agenda, said):
        st.caption(escaped(line))


def least_sure(view: View) -> None:
    """The guess on which the answer hangs most, or how far the search for it is."""
    st.markdown("**What we are least sure of**")
    doubts = view.doubts
    if not doubts.worlds:
        st.markdown(escaped(boardroom_story.least_sure_of(view.choice.baseline, view.agenda, doubts, {})))
        return
    try:
        job = simulators.doubts_job(doubts, may_begin=view.inquiry.finished)
    except TooLargeError as error:
        st.markdown(escaped(f"That is too large to find out here: {error}"))
        return
    if job is not None and job.finished:
        _least_sure(view, doubts, job)
    else:
        under_way = job or view.inquiry  # before the search begins the figures of the page come first
        controls.follow(False, lambda: under_way.finished, lambda: _finding_out(job))


def _least_sure(view: View, doubts: Doubts, job: WorldsJob) -> None:
    if job.error or job.stopped:
        st.markdown(f"{what_failed(job.error)}, so this is not known yet.")
        st.button("Try again", on_click=simulators.doubt_again, key="doubt again")
        return
    said = boardroom_story.least_sure_of(view.choice.baseline, view.agenda, doubts, job.paired)
    st.markdown(escaped(said))


def _finding_out(job: WorldsJob | None) -> None:
    left = job.seconds_left if job else None
    remains = f": about {left:.0f} s left" if left is not None else ""
    st.caption(f"Still finding out{remains}.")


def sliders(choice: Choice, agenda: Agenda) -> None:
    """The levers to try it with; the same as on Explore, and moved there as well."""
    st.markdown("**What if…**")
    for lever in agenda.levers:
        dial = dial_of(choice.baseline, lever)
        controls.lever(choice.name, dial)
        st.caption(escaped(f"Today: {setting(dial.default, dial.unit)}."))


def status(view: View) -> None:
    """How sure this is and what is under way."""
    inquiry = view.inquiry

    def beside() -> None:
        if not inquiry.finished:
            st.progress(inquiry.full.share_done, "Confirming", width="stretch")

    controls.status(inquiry, view.answer, beside)


Step = Callable[[View], None]


def presented(view: View, at: int) -> None:
    """Draw one step, counted from 1, and what leads to the others."""
    st.html(Path("ui/presenting.css"))
    steps = steps_of(view)
    at = min(max(at, 1), len(steps))
    with st.container(key="presented"):
        steps[at - 1](view)
    _buttons(view.choice.name, at, len(steps))


def steps_of(view: View) -> list[Step]:
    """What is shown, in order: the same steps wherever the sliders stand, so that moving one stays at its step."""
    what_if = [_what_if] if view.agenda.levers else []
    return [_question, _today, _proposal, _picture, costs, least_sure, *what_if]


def _question(view: View) -> None:
    st.title(escaped(view.agenda.question), anchor=False)
    st.markdown(escaped(view.choice.baseline.story))


def _today(view: View) -> None:
    number(view, as_it_is=True)
    status(view)


def _proposal(view: View) -> None:
    if view.done:
        number(view)
    else:
        st.header("Nothing is proposed", anchor=False)
        if view.agenda.levers:
            st.markdown("What a slider of the last step changes is told here once it is moved.")
    sentence(view, with_sliders=False)
    status(view)


def _picture(view: View) -> None:
    picture(view, is_large=True)
    status(view)


def _what_if(view: View) -> None:
    sentence(view)
    sliders(view.choice, view.agenda)
    status(view)


def _buttons(name: str, at: int, steps: int) -> None:
    back, onward = max(at - 1, 1), min(at + 1, steps)
    with st.container(horizontal=True, vertical_alignment="center", key="presenter"):
        st.button("Back", on_click=visit.present, args=(name, back), disabled=at == 1, icon=":material/arrow_back:")
        st.caption(f"{at} of {steps}", width="content")
        st.button(
            "Next",
            on_click=visit.present,
            args=(name, onward),
            disabled=at == steps,
            icon=":material/arrow_forward:",
            type="primary",
        )
        st.button("Leave", on_click=visit.present, args=(name, None), icon=":material/close:")
        keys = pressed(f"keys of {name}")
    if visit.go_by_keys(name, keys, at, steps):
        st.rerun()
