"""The desk of rooms: each thing simulated once for everybody, and never undone by a page that is behind."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sim.experiments.price import TooLargeError
from sim.experiments.workers import Background
from sim.scenario.faults import Fault, ScenarioError
from ui.session import workshop
from ui.session.workshop import Refusal, RoomDesk


class Fake(Background):
    """A job that only knows whether it was stopped."""

    def stop(self) -> None:
        self.stopped = True

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        pass


SLOT = ("board", "CDF346")


def test_everybody_who_asks_the_same_gets_the_same_job() -> None:
    desk, begun, together = RoomDesk(), [], threading.Barrier(8)

    def begin() -> Fake:
        begun.append(Fake())
        return begun[-1]

    def ask(_: int) -> object:
        together.wait()
        return desk.ask(SLOT, "key", 1, begin)

    with ThreadPoolExecutor(8) as pool:
        jobs = set(pool.map(ask, range(8)))
    assert jobs == set(begun)
    assert len(begun) == 1


def test_a_later_question_supersedes_an_earlier_and_not_the_other_way_round() -> None:
    desk = RoomDesk()
    first, later = desk.ask(SLOT, "a", 1, Fake), desk.ask(SLOT, "b", 2, Fake)
    assert isinstance(first, Fake)
    assert first.stopped
    assert desk.ask(SLOT, "a", 1, Fake) is later
    assert isinstance(later, Fake)
    assert not later.stopped


def test_what_cannot_be_simulated_is_a_sentence() -> None:
    def too_large() -> Fake:
        raise TooLargeError("it would take a year")

    def impossible() -> Fake:
        raise ScenarioError((Fault("board", None, "fixes", "they exclude each other"),))

    desk = RoomDesk()
    refused = Refusal("This is too large to simulate here: it would take a year", passing=True)
    assert desk.ask(("a",), 0, 0, too_large) == refused
    assert desk.ask(("b",), 0, 0, impossible) == Refusal("This makes no scenario: they exclude each other.")


def test_what_there_was_no_room_for_is_tried_again_and_what_cannot_be_is_not() -> None:
    desk, tried = RoomDesk(), []

    def begin() -> Fake:
        tried.append(0)
        if len(tried) == 1:
            raise TooLargeError("so much is not free just now")
        if len(tried) == 3:
            raise ScenarioError((Fault("board", None, "fixes", "they exclude each other"),))
        return Fake()

    assert isinstance(desk.ask(("a",), None, 0, begin), Refusal)
    assert isinstance(desk.ask(("a",), None, 0, begin), Fake)
    assert [desk.ask(("b",), None, 0, begin) for _ in range(2)] == [
        Refusal("This makes no scenario: they exclude each other.")
    ] * 2
    assert len(tried) == 3


def test_asked_again_after_being_forgotten_it_begins_anew() -> None:
    desk = RoomDesk()
    first = desk.ask(SLOT, "a", 1, Fake)
    desk.forget(SLOT)
    desk.forget(SLOT)
    assert isinstance(first, Fake)
    assert first.stopped
    assert desk.ask(SLOT, "a", 1, Fake) is not first


def test_a_server_keeps_so_many_and_stops_the_oldest() -> None:
    desk = RoomDesk()
    jobs = [desk.ask((str(number),), 0, 0, Fake) for number in range(workshop._MOST + 1)]
    assert [isinstance(job, Fake) and job.stopped for job in jobs] == [True] + [False] * workshop._MOST


def test_what_was_found_is_made_ready_once_a_job() -> None:
    desk, made = RoomDesk(), []

    def make() -> int:
        made.append(0)
        return len(made)

    assert [desk.found(SLOT, "one", make), desk.found(SLOT, "one", make), desk.found(SLOT, "two", make)] == [1, 1, 2]
