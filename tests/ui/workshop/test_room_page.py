"""The page Workshop through Streamlit's own test harness: coming in, leading, what is shown, what is over."""

from functools import partial
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments import library
from sim.experiments.price import TooLargeError
from sim.finance.case import CaseJob
from sim.reports.picture import picture
from sim.saved import documents
from sim.saved.database import Database, DatabaseError
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.paths import quantity_at
from sim.workshop import rooms
from sim.workshop.people import Bet, FixPlan, Guess, everything_of
from sim.workshop.room import Step
from sim.workshop.rooms import Opened, room_of
from tests.ui.workshop.room_app import all_say, at, come_in, in_link, kept, links, named, text, until
from tests.workshop.rooms import BREAKS, FIX, ROOF, led, opened, seated, shop
from ui.charts import Ready
from ui.session import workshop as state
from ui.workshop import plans


@pytest.fixture(scope="module")
def database() -> Database:
    return kept()


@pytest.fixture(autouse=True)
def nobody_has_tried_codes() -> None:
    state.tries_of_all.clear()


@pytest.fixture
def room(database: Database) -> Opened:
    return opened(database)


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
        state.tries_of_all().count(None)
    assert "Too many wrong codes" in text(at(room=room.code))
    assert "You are in, Anna" in text(at(room=room.code, me=in_link(anna, "me")))
    assert "Come in" in text(at(room=room.code, host=room.host))


def test_a_wrong_token_is_asked_for_a_name_like_anybody(room: Opened) -> None:
    for token in ({"host": "guess"}, {"me": "guess"}, {"host": "x" * 5_000}):
        assert "What shall the others call you?" in text(at(room=room.code, **token))


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
    assert len(everything_of(database, room.code, room.host).submissions) == 1
    named(host.button, "Take them out").click().run()
    assert "will be taken out" not in text(host)
    assert everything_of(database, room.code, room.host).submissions == ()
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
    [
        ScenarioError((Fault("the file", None, "levers[0].min", "found X; allowed: Y"),)),
        DatabaseError("The database is full."),
    ],
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
        patch.setattr("ui.workshop.estimates.setting_up.made", fails)
        host = at(room=room.code, host=room.host)
    for page in (host, phone.run()):
        assert "The room’s numbers could not be put in: " in text(page)
        assert "put in: levers[0].min: found X; allowed: Y" in text(page) or "The database is full" in text(page)
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

    monkeypatch.setattr("sim.workshop.rooms.pulse_of", gone)
    for _ in range(3):
        with pytest.raises(DatabaseError, match="It is gone"):
            state.pulse(room.code)
    assert len(asked) == 1


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


def test_of_a_room_that_is_over_a_phone_is_led_nowhere_while_results_are_hidden(
    database: Database, room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = come_in(room)
    led(database, room, Step.AGREED, made=documents.name_of(shop()))
    led(database, room, closed=True)
    assert any(link.startswith("Look at the room’s scenario") for link in links(phone.run()))
    host = at(room=room.code, host=room.host)
    named(host.button, "Hide names").click().run()
    assert not links(phone.run())
    later = room_of(database, room.code).expires + 1
    monkeypatch.setattr("sim.workshop.room.time.time", lambda: later)
    named(host.run().button, "Show names").click().run()
    assert "This room has expired" in text(host)
    assert not room_of(database, room.code).hidden
    assert any(link.startswith("Look at the room’s scenario") for link in links(phone.run()))


def test_a_room_stays_on_the_story_as_it_was_and_its_links_lead_to_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = at(scenario="tiny")
    named(host.button, "Open a room").click().run()
    code, token = in_link(host, "room"), in_link(host, "host")
    found = room_of(database, code)
    assert found.scenario == documents.keep_shipped(database, "tiny")
    led(database, Opened(code, token), Step.OUTCOME)
    assert {"Explore it scenario=tiny", "Take pictures away scenario=tiny"} <= set(links(host.run()))
    assert library.load("tiny").title in text(host)
    with monkeypatch.context() as patch:
        patch.setattr(documents, "shipped", lambda name: f"# edited\n{library.path_of(name).read_text('utf-8')}")
        assert f"Explore it scenario={quote(found.scenario, safe='')}" in links(host.run())


def test_an_expired_room_says_so_to_everybody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(rooms, "LIFETIME_SECONDS", -1)
        old = opened(database)
    assert "This room has expired" in text(at(room=old.code))
    host = at(room=old.code, host=old.host)
    assert "This room has expired" in text(host)
    assert named(host.button, "Next").disabled


def test_what_there_was_no_room_to_simulate_is_tried_again_when_asked(
    database: Database, room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise TooLargeError("so much is not free just now")

    state.desk.clear()
    led(database, room, Step.REVEAL)
    with monkeypatch.context() as patch:
        patch.setattr("ui.workshop.estimates.RevealJob", full)
        host = at(room=room.code, host=room.host)
        assert "This is too large to simulate here: so much is not free just now" in text(host)
    named(host.button, "Try again").click().run()
    assert not host.exception
    assert "too large" not in text(host)


def test_the_room_is_set_up_with_other_numbers_and_another_budget(database: Database, room: Opened) -> None:
    app = at(room=room.code, host=room.host)
    app.multiselect[0].set_value([BREAKS])
    named(app.number_input, "Budget").set_value(None)
    named(app.button, "Set it up so").click().run()
    assert not app.exception
    settings = room_of(database, room.code).settings
    assert (settings.guesses, settings.budget) == ((BREAKS,), None)


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
    monkeypatch.setattr(plans, "CaseJob", partial(CaseJob, draws=24))
    seats = [seated(database, room, name) for name in ("Anna", "Bo")]
    host, phone = at(room=room.code, host=room.host), come_in(room, "Cy")
    led(database, room, Step.PLANS)
    all_say(database, room, seats, "", FixPlan(fixes=(FIX,)), FixPlan(fixes=(ROOF,)))
    until(host, "2 of 3 have handed in")
    led(database, room, Step.OUTCOME)
    until(host, "futures pay back")
    assert "finding out" in text(host) or "Find out" in text(host)
    until(phone, "futures pay back")
    assert not host.run().exception
    names = [name for name, _ in to_take_away(host, room_of(database, room.code).believed)]
    assert names == ["What the room would mend", "What the room’s case hangs on", "What the room would measure first"]
