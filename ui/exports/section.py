"""One row for each export: what it is and for whom, a button to make it, how far it is, then its files."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from sim.experiments.price import spoken
from sim.experiments.warmth import COMPILING, is_compiled
from sim.scenario.faults import ScenarioError
from ui.controls import follow
from ui.exports.context import Context
from ui.exports.desk import File, Making, TakeAwayDesk, slug
from ui.exports.exports import EXPORTS, PICTURE, SLIDES, Export, Order, names, said_of
from ui.text import escaped

_LONG_SECONDS = 3.0


def rows(context: Context, desk: TakeAwayDesk) -> None:
    """Draw every row."""
    for export in EXPORTS:
        with st.container(border=True, key=f"take-away-{slug(export.title)}"):
            _row(export, context, desk)


def _row(export: Export, context: Context, desk: TakeAwayDesk) -> None:
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        st.markdown(f"**{export.icon} {export.title}**  \n{escaped(export.what_for)}")
        order = export.order(context, _OPTIONS.get(export.title, _nothing)(context))
    job = desk.jobs.get(order.name)
    with right:
        if order.lacks:
            st.info(escaped(order.lacks), icon=":material/block:")
        elif job is None:
            _offer(order, desk, "Make it")
        elif not job.finished:
            _wait(job, desk)
        elif job.files:
            _files(job.files)
        else:
            _failed(job)
            _offer(order, desk, "Make it again")
    if job and job.files and export.title == PICTURE:
        _preview(job.files)


# ---- what there is to choose ------------------------------------------------------------------------------------


def _nothing(context: Context) -> None:
    return None


def _with_case(context: Context) -> bool:
    chosen = st.checkbox(
        "With the business case",
        value=context.made is not None,
        key=f"take-away case of {context.choice.name}",
        disabled=context.no_case is not None,
        help=escaped(context.no_case or "Its cash, what it hangs on, and what to measure first."),
    )
    return chosen and context.no_case is None


def _chart(context: Context) -> str:
    return st.selectbox(
        "Chart",
        names(context),
        key=f"take-away chart of {context.choice.name}",
    )


_OPTIONS: dict[str, Callable[[Context], Any]] = {SLIDES: _with_case, PICTURE: _chart}


# ---- making it --------------------------------------------------------------------------------------------------


def _offer(order: Order, desk: TakeAwayDesk, label: str) -> None:
    st.button(
        label,
        key=f"make {order.name}",
        on_click=desk.make,
        args=(order.name, order.make),
        disabled=desk.busy is not None,
        help="One at a time: another file is being made." if desk.busy else None,
        width="stretch",
    )
    try:
        seconds = 0.0 if desk.busy else order.seconds()
    except ScenarioError:  # making it says why it cannot be
        seconds = 0.0
    if seconds >= _LONG_SECONDS:
        st.caption(escaped(f"Takes about {spoken(seconds)} at the most: what was simulated before is kept."))


def _wait(job: Making, desk: TakeAwayDesk) -> None:
    """How far it is and a way to stop it; draws the page again once it is there."""

    def draw() -> None:
        st.progress(job.share_done, _doing(job))
        stop = "Make this file no further."
        st.button("Stop", key="stop taking away", on_click=desk.stop, width="stretch", help=stop)

    follow(False, lambda: job.finished, draw)


def _doing(job: Making) -> str:
    if job.share_done == 0 and not is_compiled():
        return COMPILING
    left = job.seconds_left
    return "Being made" if left is None else f"Being made, about {spoken(left)} left"


def _failed(job: Making) -> None:
    if job.error:
        st.error(escaped(said_of(job.error)), icon=":material/block:")
    else:
        st.caption("Stopped before it was there.")


def _files(files: tuple[File, ...]) -> None:
    with st.container(horizontal=True):
        for file in files:
            st.download_button(
                file.label,
                file.content,
                file.name,
                file.mime,
                key=f"download {file.name}",
                on_click="ignore",
                type="primary",
                icon=":material/download:",
            )


def _preview(files: tuple[File, ...]) -> None:
    st.image(files[0].content)
