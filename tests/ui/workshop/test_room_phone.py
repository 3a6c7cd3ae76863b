"""A phone in a room through Streamlit's own test harness: handing in, what is refused, and what comes too late."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sim.saved import documents
from sim.saved.database import Database, DatabaseError
from sim.scenario.files import with_quantities
from sim.scenario.quantity import Quantity
from sim.workshop.people import Bet, FixPlan, Guess, everything_of
from sim.workshop.room import RefusedError, Step, called
from sim.workshop.rooms import Opened, room_of
from sim.workshop.setting_up import set_up
from tests.ui.workshop.room_app import at, come_in, in_link, kept, named, text
from tests.workshop.rooms import BREAKS, FIX, MARGIN, ROOF, led, opened, seated, shop, small
from ui.session import workshop as state
from ui.workshop.view import View
from ui.workshop.view import hand_in as hand_in_by_page


@pytest.fixture(scope="module")
def database() -> Database:
    return kept()


@pytest.fixture(autouse=True)
def nobody_has_tried_codes() -> None:
    state.tries_of_all.clear()


@pytest.fixture
def room(database: Database) -> Opened:
    return opened(database)


def test_a_bet_is_handed_in_and_stands_when_one_comes_back(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.BETS)
    app.run()
    named(app.number_input, "Your bet").set_value(1_234.0)
    named(app.button, "Place my bet").click().run()
    assert "Your bet is in: £1,234" in text(app)
    again = at(room=room.code, me=in_link(app, "me"))
    assert named(again.number_input, "Your bet").value == 1_234
    assert [one.said for one in everything_of(database, room.code, room.host).submissions] == [Bet(value=1_234.0)]


def test_when_the_database_fails_it_is_said_and_what_was_typed_stays(
    database: Database, room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = come_in(room)
    led(database, room, Step.BETS)
    app.run()
    with monkeypatch.context() as patch:

        def gone(*_: object) -> None:
            raise DatabaseError("The database is full. Make room, then try again.")

        patch.setattr("sim.workshop.people.hand_in", gone)
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
    assert "This step is locked by now. What you gave was not handed in." in text(app)
    assert named(app.number_input, "Your bet").value == 5
    assert everything_of(database, room.code, room.host).submissions == ()


def fill_in(app: AppTest, step: Step) -> str:
    """Give what that step takes, as far as the press; the label of what is to be pressed."""
    if step is Step.BETS:
        named(app.number_input, "Your bet").set_value(5.0)
        return "Place my bet"
    if step is Step.PLANS:
        app.button_group[0].set_value([FIX]).run()
        return "Hand in"
    for label, value in (("Lowest", 1.0), ("Most likely", 2.0), ("Highest", 4.0)):
        named(app.number_input, label).set_value(value)
    return "Hand in"


@pytest.mark.parametrize(
    ("step", "later"),
    [
        (Step.BETS, Step.REVEAL),
        (Step.GUESSES, Step.POOL),
        (Step.GUESSES, Step.REVISE),  # where the same is asked again
        (Step.REVISE, Step.AGREED),
        (Step.PLANS, Step.OUTCOME),
    ],
)
def test_what_is_pressed_a_moment_after_the_room_moved_on_is_refused_with_a_sentence(
    database: Database, room: Opened, step: Step, later: Step
) -> None:
    app = come_in(room)
    led(database, room, step)
    press = fill_in(app.run(), step)
    led(database, room, later)
    named(app.button, press).click().run()
    assert not app.exception
    assert f"The room has moved on to “{called(later)}”. What you gave was not handed in." in text(app)
    assert everything_of(database, room.code, room.host).submissions == ()
    led(database, room, Step.LOBBY)
    assert "moved on" not in text(app.run())


def test_what_is_pressed_after_the_room_asks_for_something_else_is_not_taken_for_that(
    database: Database, room: Opened
) -> None:
    app = come_in(room)
    led(database, room, Step.PLANS)
    press = fill_in(app.run(), Step.PLANS)
    now = room_of(database, room.code)
    set_up(database, room.host, now, now.settings.model_copy(update={"budget": 850}), small())
    named(app.button, press).click().run()
    assert "asks for something else by now. What you gave was not handed in." in text(app)
    assert everything_of(database, room.code, room.host).submissions == ()
    named(app.button, press).click().run()
    assert "asks for something else" not in text(app)
    assert "In: Five more trolleys" in text(app)


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
    (one,) = everything_of(database, room.code, room.host).submissions
    assert (one.key, one.said) == (BREAKS, Guess(low=0.01, mode=0.02, high=0.04))


def test_other_numbers_are_asked_for_anew(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.GUESSES)
    for _ in range(2):
        named(app.run().button, fill_in(app, Step.GUESSES)).click().run()
    assert "All your numbers are in." in text(app)
    now = led(database, room, Step.LOBBY)
    set_up(database, room.host, now, now.settings.model_copy(update={"guesses": (MARGIN, BREAKS)}), small())
    led(database, room, Step.GUESSES)
    assert "1 of 2" in text(app.run())
    assert "All your numbers are in." not in text(app)
    assert not named(app.button, "Hand in").disabled


def test_of_who_came_late_and_gives_none_it_is_not_said_that_all_is_in(database: Database, room: Opened) -> None:
    app = come_in(room)
    led(database, room, Step.REVISE)
    app.run()
    for _ in range(2):
        named(app.button, "Give none").click().run()
    assert "Not all your numbers are in." in text(app)
    assert "All your numbers are in." not in text(app)
    assert text(app).count("nothing given") == 2


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
    assert [one.said for one in everything_of(database, room.code, room.host).submissions] == [FixPlan(fixes=(FIX,))]


COST = f"fixes.{FIX}.costs.once"


def test_a_plan_costs_what_the_room_agreed_that_it_costs(database: Database, room: Opened) -> None:
    dear = Quantity(mode=1_200, unit="GBP", evidence="D", source="the room")
    made = documents.keep(database, with_quantities(shop(), {COST: dear}))
    app = come_in(room)
    anna = seated(database, room, "Anna")
    now = led(database, room, Step.PLANS, made=made)
    assert any("£1,250" in one for one in app.run().button_group[0].options)
    app.button_group[0].set_value([FIX]).run()
    assert "£450 over the budget" in text(app)
    with pytest.raises(RefusedError, match="£450 over the budget"):
        hand_in_by_page(View(now, (), seat=replace(anna, room=now)), "", FixPlan(fixes=(FIX,)))
