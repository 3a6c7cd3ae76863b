"""The page Workshop through Streamlit's own test harness: coming in, handing in, what is refused, what is over."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.finance.case_job import CaseJob
from sim.reports.picture import picture
from sim.rooms import rooms
from sim.rooms.people import Seat, everything_of, hand_in
from sim.rooms.rooms import Opened, room_of
from sim.rooms.slips import Bet, Guess, Plan, Said
from sim.rooms.steps import Step
from sim.saved import documents
from sim.saved.database import Database, DatabaseError
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.paths import quantity_at
from tests.rooms.rooms import BREAKS, FIX, ROOF, again, led, opened, seated, shop, small
from ui import room_outcome
from ui.state import room as state
from ui.state.shelf import database as kept_in
from ui.take_away_ready import Ready

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    kept_in.clear()
    found = kept_in()
    documents.keep(found, shop())
    yield found


@pytest.fixture(autouse=True)
def nobody_has_tried_codes() -> None:
    state._tries_of_all.clear()


@pytest.fixture
def room(database: Database) -> Opened:
    return opened(database)


def at(**link: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.switch_page("app_pages/workshop.py")
    for name, said in link.items():
        app.query_params[name] = said
    app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    every = (*app.markdown, *app.caption, *app.info, *app.error, *app.warning, *app.success, *app.title)
    return " ".join(element.value for element in every).replace("\\", "")


def until(app: AppTest, said: str) -> None:
    gives_up = time.monotonic() + 120
    while said not in text(app.run()):
        assert not app.exception
        assert time.monotonic() < gives_up, text(app)
        time.sleep(0.2)


def in_link(app: AppTest, name: str) -> str:
    """What the link says: the page writes it plain, and a browser as a list."""
    said = app.query_params[name]
    return said if isinstance(said, str) else said[0]


def named(elements: Any, label: str) -> Any:
    return next(one for one in elements if one.label.startswith(label))


def come_in(room: Opened, name: str = "Anna") -> AppTest:
    app = at(room=room.code)
    named(app.text_input, "First name").set_value(name)
    named(app.button, "Come in").click().run()
    assert not app.exception
    return app


def test_a_room_is_opened_from_a_link_to_a_scenario_and_leads_to_its_own_link(database: Database) -> None:
    app = at(scenario=documents.name_of(shop()))
    named(app.button, "Open a room").click().run()
    assert not app.exception
    code, host = in_link(app, "room"), in_link(app, "host")
    found = everything_of(database, code, host).room
    assert found.scenario == documents.name_of(shop())
    assert "Nobody is here yet" in text(app)


def test_somebody_comes_in_and_comes_back_by_their_own_link(database: Database, room: Opened) -> None:
    app = come_in(room, "<b>Anna</b> *x*")
    assert in_link(app, "room") == room.code
    assert "You are in, <b>Anna</b> *x*" in text(app)
    assert any("\\<b\\>Anna\\</b\\>" in one.value for one in app.markdown)  # as text, not as markup
    again = at(room=room.code, me=in_link(app, "me"))
    assert "You are in, <b>Anna</b>" in text(again)
    host = at(room=room.code, host=room.host)
    (names,) = [one.proto.body for one in host.get("html") if one.proto.body.startswith("<ul")]
    assert "<li>&lt;b&gt;Anna&lt;/b&gt; *x*</li>" in names


def test_a_wrong_code_says_nothing_of_other_rooms_and_after_some_there_is_a_wait(room: Opened) -> None:
    app = at()
    for number in range(5):
        named(app.text_input, "Code").set_value(f"CDF34{'CDFGH'[number]}")
        named(app.button, "Go in").click().run()
        assert "No room answers to that code" in text(app)
    named(app.text_input, "Code").set_value(room.code)
    named(app.button, "Go in").click().run()
    assert "Too many wrong codes were tried just now. Wait" in text(app)
    assert "room" not in app.query_params


def test_wrong_codes_from_everywhere_make_those_wait_who_try_and_not_those_who_are_in(room: Opened) -> None:
    anna = come_in(room)
    for _ in range(60):
        state._tries_of_all().count(None)
    assert "Too many wrong codes" in text(at(room=room.code))
    assert "You are in, Anna" in text(at(room=room.code, me=in_link(anna, "me")))
    assert "Come in" in text(at(room=room.code, host=room.host))


def test_a_wrong_token_is_asked_for_a_name_like_anybody(room: Opened) -> None:
    for token in ({"host": "guess"}, {"me": "guess"}, {"host": "x" * 5_000}):
        assert "What shall the others call you?" in text(at(room=room.code, **token))


def test_a_bet_is_handed_in_and_stands_when_one_comes_back(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.BETS)
    app.run()
    named(app.number_input, "Your bet").set_value(1_234.0)
    named(app.button, "Place my bet").click().run()
    assert "Your bet is in: £1,234" in text(app)
    again = at(room=room.code, me=in_link(app, "me"))
    assert named(again.number_input, "Your bet").value == 1_234
    assert [slip.said for slip in everything_of(database, room.code, room.host).slips] == [Bet(value=1_234.0)]


def test_when_the_database_fails_it_is_said_and_what_was_typed_stays(
    database: Database, room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = come_in(room)
    led(database, room, Step.BETS)
    app.run()
    with monkeypatch.context() as patch:

        def gone(*_: object) -> None:
            raise DatabaseError("The database is full. Make room, then try again.")

        patch.setattr("sim.rooms.people.hand_in", gone)
        named(app.number_input, "Your bet").set_value(77.0)
        named(app.button, "Place my bet").click().run()
    assert "The database is full" in text(app)
    assert named(app.number_input, "Your bet").value == 77
    named(app.button, "Place my bet").click().run()
    assert "Your bet is in: £77" in text(app)


def test_what_comes_after_a_lock_is_refused_with_a_sentence_and_stays_typed(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.BETS)
    app.run()
    named(app.number_input, "Your bet").set_value(5.0)
    led(database, room, locked=True)
    named(app.button, "Place my bet").click().run()
    assert "Locked: nothing can be changed" in text(app)
    assert named(app.number_input, "Your bet").value == 5
    assert everything_of(database, room.code, room.host).slips == ()


def test_numbers_are_given_one_quantity_at_a_time_in_percent(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.GUESSES)
    app.run()
    assert "1 of 2" in text(app)
    for label, value in (("Lowest", 3.0), ("Most likely", 2.0), ("Highest", 4.0)):
        named(app.number_input, label).set_value(value)
    named(app.button, "Hand in").click().run()
    assert "The lowest must not be above the most likely" in text(app)
    named(app.number_input, "Lowest").set_value(1.0)
    named(app.button, "Hand in").click().run()
    assert "2 of 2" in text(app)
    (slip,) = everything_of(database, room.code, room.host).slips
    assert (slip.key, slip.said) == (BREAKS, Guess(low=0.01, mode=0.02, high=0.04))


def test_back_from_the_answer_a_bet_is_locked_and_both_sides_are_told(database: Database, room: Opened) -> None:
    app, host = come_in(room), at(room=room.code, host=room.host)
    led(database, room, Step.BETS)
    led(database, room, Step.REVEAL)
    named(host.run().button, "Back").click().run()
    assert "The answer has been shown, so this step is locked" in text(host)
    assert "Nobody sees" not in text(host)
    assert "Locked: nothing can be changed" in text(app.run())
    assert named(app.button, "Place my bet").disabled
    named(host.button, "Unlock").click().run()
    assert "The answer has been shown: whoever hands in now may know it" in text(host)
    assert not named(app.run().button, "Place my bet").disabled


def test_another_question_takes_the_bets_out_once_that_was_said(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.BETS)
    named(app.run().number_input, "Your bet").set_value(1_234.0)
    named(app.button, "Place my bet").click().run()
    led(database, room, Step.LOBBY)
    host = at(room=room.code, host=room.host)
    host.selectbox[0].set_value(1)
    named(host.button, "Set it up so").click().run()
    assert "1 bet on another question will be taken out" in text(host)
    assert len(everything_of(database, room.code, room.host).slips) == 1
    named(host.button, "Take them out").click().run()
    assert "will be taken out" not in text(host)
    assert everything_of(database, room.code, room.host).slips == ()
    led(database, room, Step.BETS)
    assert named(app.run().number_input, "Your bet").value is None  # what was typed was for the other question
    assert "Your bet is in" not in text(app)


def test_somebody_who_is_in_twice_is_taken_out(database: Database, room: Opened) -> None:
    first = come_in(room)
    come_in(room)
    host = at(room=room.code, host=room.host)
    next(one for one in host.selectbox if one.label == "Who is taken out").set_value(1).run()
    assert "Anna has handed in nothing" in text(host)
    named(host.button, "Take out Anna").click().run()
    assert not host.exception
    assert [person.id for person in everything_of(database, room.code, room.host).people] == [2]
    assert "What shall the others call you?" in text(first.run())


@pytest.mark.parametrize(
    "why",
    [ScenarioError((Fault("the file", None, "", "found X; allowed: Y"),)), DatabaseError("The database is full.")],
)
def test_where_the_numbers_make_no_scenario_everybody_is_told_why(
    database: Database, room: Opened, monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    def fails(*_: object) -> None:
        raise why

    phone = come_in(room)
    led(database, room, Step.GUESSES)
    all_say(database, room, [seated(database, room, "Bo")], BREAKS, Guess(low=0.01, mode=0.02, high=0.03))
    led(database, room, Step.AGREED)
    assert "are being put into its scenario" in text(phone.run())
    with monkeypatch.context() as patch:
        patch.setattr("ui.room_guesses.pools.made", fails)
        host = at(room=room.code, host=room.host)
    for page in (host, phone.run()):
        assert "The room’s numbers could not be put in: " in text(page)
        assert "found X; allowed: Y" in text(page) or "The database is full" in text(page)
        assert "Nobody gave a number, so" not in text(page)
        assert "Breakages per trip: left at 1.0% (from 0.20% to 3.0%)." in text(page)
    assert "are being put into its scenario" not in text(phone)
    named(host.button, "Put the numbers in again").click().run()
    for page in (host, phone.run()):
        assert "could not be put in" not in text(page)
        assert "is now 2.0%" in text(page)


def test_a_database_that_fails_is_asked_once_by_all_who_watch(room: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def gone(_: Database, code: str) -> None:
        asked.append(code)
        raise DatabaseError("It is gone.")

    monkeypatch.setattr("sim.rooms.rooms.pulse_of", gone)
    pulses = state._Pulses()
    for _ in range(3):
        with pytest.raises(DatabaseError, match="It is gone"):
            pulses.of(room.code)
    assert len(asked) == 1


def test_a_plan_over_the_budget_cannot_be_handed_in(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.PLANS)
    app.run()
    app.button_group[0].set_value([FIX, ROOF]).run()
    assert "£300 over the budget" in text(app)
    assert named(app.button, "Hand in").disabled
    app.button_group[0].set_value([FIX]).run()
    named(app.button, "Hand in").click().run()
    assert "In: Five more trolleys" in text(app)
    assert [slip.said for slip in everything_of(database, room.code, room.host).slips] == [Plan(fixes=(FIX,))]


def test_two_facilitators_do_not_undo_each_other(database: Database, room: Opened) -> None:
    one, other = at(room=room.code, host=room.host), at(room=room.code, host=room.host)
    named(one.button, "Next: Place your bets").click().run()
    named(other.button, "Hide names").click().run()
    assert "changed elsewhere in the meantime" in text(other)
    assert "Place your bets" in text(other)
    assert not room_of(database, room.code).hidden


def test_hidden_results_are_held_back_and_a_closed_room_says_so(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.REVEAL, hidden=True)
    assert "holds the results back" in text(app.run())
    led(database, room, closed=True)
    assert "This room is closed" in text(app.run())
    assert "This room is closed" in text(at(room=room.code))


def test_an_expired_room_says_so_to_everybody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(rooms, "LIFETIME_SECONDS", -1)
        old = opened(database)
    assert "This room has expired" in text(at(room=old.code))
    host = at(room=old.code, host=old.host)
    assert "This room has expired" in text(host)
    assert named(host.button, "Next").disabled


def test_the_room_is_set_up_with_other_numbers_and_another_budget(database: Database, room: Opened) -> None:
    app = at(room=room.code, host=room.host)
    app.multiselect[0].set_value([BREAKS])
    named(app.number_input, "Budget").set_value(None)
    named(app.button, "Set it up so").click().run()
    assert not app.exception
    settings = room_of(database, room.code).settings
    assert (settings.guesses, settings.budget) == ((BREAKS,), None)


def all_say(database: Database, room: Opened, seats: list[Seat], key: str, *said: Said) -> None:
    for seat, one in zip(seats, said, strict=True):
        hand_in(database, again(database, room, seat), small(), key, one)


def test_bets_are_revealed_and_the_pool_becomes_the_room_s_range(database: Database, room: Opened) -> None:
    seats = [seated(database, room, name) for name in ("Anna", "Bo")]
    host, phone = at(room=room.code, host=room.host), come_in(room, "Cy")
    led(database, room, Step.BETS)
    all_say(database, room, seats, "", Bet(value=9_000, named=True), Bet(value=100))
    led(database, room, Step.REVEAL)
    until(host, "Nearest with £9,000: Anna")
    until(phone, "Nearest with £9,000: Anna")
    sure, unsure = Guess(low=0.01, mode=0.02, high=0.03), Guess(low=0.01, mode=0.02, high=0.05)
    led(database, room, Step.GUESSES)
    all_say(database, room, seats, BREAKS, sure, unsure)
    led(database, room, Step.POOL)
    assert "Two people together" in text(host.run())
    assert "Two people together" in text(phone.run())
    led(database, room, Step.REVISE)
    all_say(database, room, seats, BREAKS, sure, sure)
    led(database, room, Step.AGREED)
    assert "are being put into its scenario" in text(phone.run())
    assert "Breakages per trip: was 1.0% (from 0.20% to 3.0%), is now 2.0% (from 1.0% to 3.0%)." in text(host.run())
    assert "is now 2.0%" in text(phone.run())
    made = room_of(database, room.code).made
    assert made is not None
    assert "revised once" in (quantity_at(documents.load(database, made), BREAKS).source or "")
    assert (
        to_take_away(host, made)
        == to_take_away(phone, made)
        == [
            ("The bets and the answer", "8 runs of 12 weeks"),
            ("What the room believes of “Breakages per trip”", "2 voices, nothing simulated"),
            ("What the room believes of “Breakages per trip”, revised", "2 voices, nothing simulated"),
        ]
    )


def to_take_away(app: AppTest, scenario: str) -> list[tuple[str, str]]:
    """The charts of the room that this visitor may take away, each drawn once as a picture."""
    found: list[Ready] = app.session_state["album"].of(scenario)
    for one in found:
        assert len(picture(one.draw()[0], "svg")) > 1_000
        assert one.draw()[1]
        assert one.link.startswith("workshop?room=")
        assert "host" not in one.link
    return [(one.name, one.simulated) for one in found]


@pytest.mark.long
def test_what_is_handed_in_is_ranked_and_the_best_of_it_has_a_case(
    database: Database, room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_outcome, "CaseJob", partial(CaseJob, draws=24))
    seats = [seated(database, room, name) for name in ("Anna", "Bo")]
    host, phone = at(room=room.code, host=room.host), come_in(room, "Cy")
    led(database, room, Step.PLANS)
    all_say(database, room, seats, "", Plan(fixes=(FIX,)), Plan(fixes=(ROOF,)))
    until(host, "2 of 3 have handed in")
    led(database, room, Step.OUTCOME)
    until(host, "futures pay back")
    assert "finding out" in text(host) or "Find out" in text(host)
    until(phone, "futures pay back")
    assert not host.run().exception
    names = [name for name, _ in to_take_away(host, room_of(database, room.code).believed)]
    assert names == ["What the room would mend", "What the room’s case hangs on", "What the room would measure first"]
