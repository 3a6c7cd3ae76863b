"""The page Workshop in Streamlit's own test harness: opened by a link, read, and pressed."""

from typing import Any

from streamlit.testing.v1 import AppTest

from sim.saved import documents
from sim.saved.database import Database
from sim.workshop.people import Said, Seat, hand_in
from sim.workshop.rooms import Opened
from tests.ui.pages import fine, linked
from tests.waiting import run_until
from tests.workshop.rooms import again, shop, small
from ui.session.scenarios import database as kept_in


def kept() -> Database:
    """The pages' own database, with the shop in it."""
    kept_in.clear()
    found = kept_in()
    documents.keep(found, shop())
    return found


def at(**link: str) -> AppTest:
    return fine(linked("workshop", **link).run())


def text(app: AppTest) -> str:
    """All that the page says; it says it without a fault."""
    assert not app.exception
    every = (*app.markdown, *app.caption, *app.info, *app.error, *app.warning, *app.success, *app.title)
    return " ".join(element.value for element in every).replace("\\", "")


def until(app: AppTest, said: str) -> None:
    run_until(app.run(), lambda: said in text(app), lambda: text(app))


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


def links(app: AppTest) -> list[str]:
    return [f"{one.proto.label} {one.proto.query_string}" for one in app.get("page_link")]


def all_say(database: Database, room: Opened, seats: list[Seat], key: str, *said: Said) -> None:
    for seat, one in zip(seats, said, strict=True):
        hand_in(database, again(database, room, seat), small(), key, one)
