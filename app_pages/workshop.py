"""Workshop: a room that bets, pools what it believes, and finds what is worth mending."""

import streamlit as st

from sim.saved.database import DatabaseError
from sim.workshop.room import RoomError
from ui.session import workshop as state
from ui.text import escaped
from ui.workshop.host import projector
from ui.workshop.phone import coming_in, opening, phone


def page() -> None:
    place = state.place()
    try:
        if not place.code:
            opening()
        elif place.host and state.leads(place):
            projector(place)
        elif place.me and (seat := state.seat(place)):
            phone(seat)
        else:
            coming_in(place.code)
    except (DatabaseError, RoomError) as error:
        st.error(escaped(str(error)), icon=":material/block:")
        st.button("Try again")


page()
