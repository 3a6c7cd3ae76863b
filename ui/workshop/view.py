"""What a page of a room is drawn from, how it notices that something happened, and what stands meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeGuard, TypeVar

import streamlit as st

from sim.experiments.warmth import COMPILING, is_compiled
from sim.experiments.workers import Background
from sim.reports.narrative import workshop_story
from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.workshop import people
from sim.workshop.people import Bet, FixPlan, Guess, Said, Seat, Submission, kind_of
from sim.workshop.room import MovedOnError, OverError, Person, Question, Room, RoomError, Step, beside, way
from sim.workshop.rooms import Pulse
from ui.charts import Drawn
from ui.exports.context import album
from ui.exports.desk import to_room
from ui.session import scenarios
from ui.session import workshop as state
from ui.session.scenarios import database
from ui.session.workshop import Refusal
from ui.text import escaped

Form = TypeVar("Form", Bet, Guess, FixPlan)
Job = TypeVar("Job", bound=Background)
_PERCENT = 100.0


def number(label: str, unit: str, key: str, now: float | None, step: float = 1.0) -> float | None:
    """A field for a number in that unit, shares in percent; at first `now`. What it holds, in the unit itself.

    `step` is how far its buttons move what is shown.
    """
    scale = _PERCENT if unit.startswith("share") else 1.0
    given = st.number_input(
        escaped(f"{label}, {'%' if scale == _PERCENT else unit}"),
        key=state.seed(key, None if now is None else round(float(now) * scale, 10)),
        value=None,
        step=step,
        format="%.10g",
        placeholder="a number",
    )
    return None if given is None else round(given / scale, 12)


_ROOM_POLL_SECONDS = 2.0


@dataclass(frozen=True)
class View:
    """A room as one page sees it: on the projector with everybody's slips, on a phone with those that may be shown."""

    room: Room
    submissions: tuple[Submission, ...]
    people: tuple[Person, ...] = ()
    seat: Seat | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario that the room was opened on."""
        return scenarios.scenario(self.room.scenario)

    @property
    def believed(self) -> Scenario:
        """The scenario with the room's own numbers, once there are any."""
        return scenarios.scenario(self.room.believed)

    @property
    def linked(self) -> str:
        """The name by which links lead to it: the one it came with Ripple by, as long as that means the same file."""
        name = self.room.believed
        shipped = [known for known in scenarios.titles() if not documents.is_kept(known)]
        return next((known for known in shipped if not documents.is_edited(known, name)), name)

    @property
    def question(self) -> Question:
        """What everybody bets on."""
        return self.room.settings.question

    @property
    def asked(self) -> str:
        """That in words."""
        return workshop_story.question(self.scenario, self.question)

    def given(self, form: type[Form], key: str = "", round: int = 1) -> Form | None:
        """What the person whose page it is has handed in of that form; None where they have not yet."""
        submissions = self.seat.submissions if self.seat else ()
        mine = (one.said for one in submissions if (one.key, one.round) == (key, round))
        return next((said for said in mine if isinstance(said, form)), None)

    @property
    def way(self) -> tuple[Step, ...]:
        """The steps of this room."""
        return way(self.room.settings.guesses, bool(self.scenario.fixes))

    @property
    def me(self) -> int | None:
        """The number of the person whose page it is; None on the projector."""
        return self.seat.person.id if self.seat else None

    @property
    def age(self) -> int:
        """Grows with whatever happens in the room."""
        return self.room.version + sum(one.version for one in self.submissions)

    def next(self, by: int = 1) -> Step | None:
        """The step so many further on."""
        return beside(self.way, self.room.step, by)

    def handed_in(self, kind: str, key: str = "", rounds: Sequence[int] = (1,)) -> set[int]:
        """Who has handed in a slip of that kind on that question."""
        found = (one for one in self.submissions if kind_of(one.said) == kind and one.key == key)
        return {one.person for one in found if one.round in rounds}

    @property
    def pulse(self) -> Pulse:
        """What this page has seen."""
        return Pulse(self.room.version, len(self.people), sum(one.version for one in self.submissions))


def watch(view: View, moment: Callable[[], object] = lambda: None) -> None:
    """Draw the page again when the room has moved on, or when `moment` gives something else than now.

    On the projector also when somebody came or handed something in. What somebody types meanwhile is not disturbed.
    """

    def other() -> object:
        return moment(), state.why_not_put_in(view.room)

    seen, drawn = view.pulse, other()

    def poll() -> None:
        try:
            now = state.pulse(view.room.code)
        except (DatabaseError, RoomError) as error:
            st.caption(escaped(f"Not in touch with the room just now. {error}"))
            return
        newer = now.version > seen.version
        if view.seat is None:
            newer = newer or now.people > seen.people or now.handed_in > seen.handed_in
        if newer or other() != drawn:
            st.rerun()

    st.fragment(poll, run_every=_ROOM_POLL_SECONDS)()


@contextmanager
def speaking() -> Iterator[None]:
    """Draw the page anew once that is done. What goes wrong is said where it stands, and what was typed stays.

    Where the room has moved on, that is said on top of the page.
    """
    try:
        yield
    except (MovedOnError, OverError) as error:
        state.tell(str(error))
    except (RoomError, DatabaseError, ScenarioError) as error:
        st.error(escaped(str(error)), icon=":material/block:")
        return
    st.rerun()


def hand_in(view: View, key: str, said: Said) -> None:
    """Hand in a slip for the person whose page it is. Raises what `people.hand_in` does."""
    assert view.seat is not None
    people.hand_in(database(), view.seat, view.believed, key, said)
    state.hush()


def sent(view: View, label: str) -> bool:
    """Draw the button under a form of the room, and say whether it was pressed."""
    locked = view.room.locked
    args = (view.room,)
    return st.form_submit_button(
        label, type="primary", width="stretch", disabled=locked, on_click=state.press, args=args
    )


_JOB_POLL_SECONDS = 1.0


def held() -> None:
    """Say that results are hidden just now."""
    st.info("The facilitator holds the results back for now.", icon=":material/visibility_off:")


def is_done(job: Job | Refusal, what: str, slot: tuple[str, ...]) -> TypeGuard[Job]:
    """Whether there is all of it; else how far it is, or why there is none, is said."""
    if isinstance(job, Refusal):
        refused(job, what)
        return False
    if job.finished and (job.error or job.stopped):
        st.error(f"Simulating the {what} failed." if job.error else f"Simulating the {what} was stopped.")
        st.button("Try again", on_click=state.desk().forget, args=(slot,), key=f"again {what}")
        return False
    if not job.finished:
        progress(job, f"Simulating the {what}")
    return job.finished


def refused(job: Refusal, what: str) -> None:
    """Say why it is not simulated."""
    st.error(escaped(job.said), icon=":material/block:")
    if job.passing:
        st.button("Try again", key=f"again {what}")  # whatever draws the page asks anew


def progress(job: Background, said: str) -> None:
    """How far a job is; polls while it is under way."""

    def poll() -> None:
        left = "" if job.seconds_left is None else f", about {job.seconds_left:.0f} s left"
        waiting = COMPILING if job.share_done == 0 and not is_compiled() else f"{said}{left}"
        st.progress(job.share_done, waiting)
        if job.finished:
            st.rerun()

    st.fragment(poll, run_every=_JOB_POLL_SECONDS)()


def waiting(said: str, what: str = "step") -> None:
    """What happens next, for somebody with nothing to do just now; by `what` is waited for."""
    with st.container(key=f"room-waiting-{what}"):
        st.markdown(f":material/hourglass_top: {escaped(said)}")


def picture(view: View, name: str, simulated: str, drawn: Drawn, key: str) -> None:
    """Draw a chart of a room, and keep it to be taken away by its name, with how much was simulated for it.

    Its marks are silent: what it shows is said once.
    """
    room, (spec, alt) = view.room, drawn
    album().keep(to_room(room.code), {room.scenario, room.believed, view.linked}, name, simulated, drawn)
    st.vega_lite_chart(spec | {"config": {**spec.get("config", {}), "mark": {"aria": False}}}, key=key, alt=alt)
