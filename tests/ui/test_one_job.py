"""A visitor's one job at a time: superseded, and given up when the visitor has gone; and rest while nobody is here."""

import gc
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from ui import jobs
from ui.jobs import Slot, Visitor, Waiting
from ui.session.case import CaseDesk
from ui.session.replay import WatchDesk
from ui.session.simulators import AttributionDesk, CurveDesk, LiveDesk, SplitDesk

SLOTS = (Slot, AttributionDesk, CurveDesk, SplitDesk, LiveDesk, WatchDesk, CaseDesk)


class Job:
    """A job that only remembers that it was stopped, and while what it is wanted."""

    stopped = 0

    def stop(self) -> None:
        self.stopped += 1

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        self.is_wanted = is_wanted


def test_another_question_stops_the_one_before_and_the_same_does_not() -> None:
    slot = Slot[Job]()
    first = slot.ask("one", Job)
    assert slot.ask("one", Job) is first
    assert not first.stopped
    second = slot.ask("other", Job)
    assert (first.stopped, second.stopped, slot.job) == (1, 0, second)
    assert slot.job_for("one") is None
    assert (second.stopped, slot.job) == (1, None)


def test_begun_again_it_goes_on_and_what_is_refused_changes_nothing() -> None:
    slot = Slot[Job]()
    first = slot.ask("one", Job)

    def refused() -> Job:
        raise ValueError("too large")

    with pytest.raises(ValueError, match="too large"):
        slot.again("one", refused)
    assert (slot.job, first.stopped) == (first, 0)
    second = slot.again("one", Job)
    assert (first.stopped, slot.job_for("one")) == (1, second)
    with pytest.raises(ValueError, match="too large"):
        slot.ask("other", refused)
    assert (slot.job, second.stopped) == (None, 1)


@pytest.mark.parametrize("make", SLOTS, ids=lambda make: make.__name__)
def test_a_visitor_who_has_gone_leaves_nothing_running(make: Callable[[], Slot[Job]]) -> None:
    slot = make()
    job = slot.ask("one", Job)
    del slot
    gc.collect()
    assert job.stopped == 1


@pytest.fixture
def browsers(monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], SimpleNamespace]:
    """The sessions whose browsers are connected, and a clock; pages are drawn for the session "mine"."""
    connected, clock = {"mine"}, SimpleNamespace(now=0.0)
    server = SimpleNamespace(is_active_session=connected.__contains__)
    monkeypatch.setattr(jobs, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: server))
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(jobs, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="mine"))
    return connected, clock


def test_a_job_is_wanted_until_its_visitor_is_gone_for_some_seconds_and_again_once_back(
    browsers: tuple[set[str], SimpleNamespace],
) -> None:
    connected, clock = browsers
    slot = Slot[Job]()
    job = slot.ask("one", Job)
    assert job.is_wanted()
    connected.clear()
    clock.now = 2.0
    assert job.is_wanted()  # a connection may be lost for a moment
    clock.now = 4.0
    assert not job.is_wanted()
    connected.add("mine")
    assert job.is_wanted()
    assert not job.stopped


def test_what_is_shared_is_wanted_while_anybody_who_asked_is_here(
    browsers: tuple[set[str], SimpleNamespace], monkeypatch: pytest.MonkeyPatch
) -> None:
    connected, clock = browsers
    waiting = Waiting()
    assert not waiting.is_here()
    waiting.join()
    monkeypatch.setattr(jobs, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="another"))
    connected.add("another")
    waiting.join()
    connected.remove("mine")
    clock.now = 60.0
    assert waiting.is_here()
    connected.clear()
    clock.now = 120.0
    assert not waiting.is_here()


def test_without_a_server_whoever_asks_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "runtime", SimpleNamespace(exists=lambda: False))
    assert Visitor().is_here()
