"""A visitor's one job at a time: superseded, and given up when the visitor has gone."""

import gc
from collections.abc import Callable

import pytest

from ui.jobs import OneJob
from ui.session import Desk
from ui.session.case import CaseDesk
from ui.session.desks import AttributionDesk, CurveDesk, LiveDesk, SplitDesk
from ui.session.replay import WatchDesk
from ui.session.saved import SavedDesk

DESKS = (Desk, AttributionDesk, CurveDesk, SplitDesk, LiveDesk, WatchDesk, SavedDesk, CaseDesk)


class Job:
    """A job that only remembers that it was stopped."""

    stopped = 0

    def stop(self) -> None:
        self.stopped += 1


def test_another_job_stops_the_one_before_and_the_same_does_not() -> None:
    desk, first, second = OneJob[Job](), Job(), Job()
    desk.put(first)
    desk.put(first)
    assert not first.stopped
    desk.put(second)
    assert (first.stopped, second.stopped, desk.job) == (1, 0, second)
    desk.put(None)
    assert (second.stopped, desk.job) == (1, None)


@pytest.mark.parametrize("make", DESKS, ids=lambda make: make.__name__)
def test_a_visitor_who_has_gone_leaves_nothing_running(make: Callable[[], OneJob[Job]]) -> None:
    desk, job = make(), Job()
    desk.put(job)
    del desk
    gc.collect()
    assert job.stopped == 1
