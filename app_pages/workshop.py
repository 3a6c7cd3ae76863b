"""Workshop: a room that bets, pools what it believes, and finds what is worth mending."""

import streamlit as st

from sim.saved.database import DatabaseError
from sim.workshop.room import RoomError
from ui import room_opening
from ui.room_host import projector
from ui.room_phone import phone
from ui.state import room as state
from ui.text import escaped


def page() -> None:
    place = state.place()
    try:
        if not place.code:
            room_opening.opening()
        elif place.host and state.leads(place):
            projector(place)
        elif place.me and (seat := state.seat(place)):
            phone(seat)
        else:
            room_opening.coming_in(place.code)
    except (DatabaseError, RoomError) as error:
        st.error(escaped(str(error)), icon=":material/block:")
        st.button("Try again")


page()
