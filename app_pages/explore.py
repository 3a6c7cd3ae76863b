"""Explore: move a lever, see what changes and why."""

import streamlit as st

from sim.engines.plan import joins_by
from sim.experiments.inquiry import Answer, Inquiry
from sim.experiments.price import TooLargeError
from sim.experiments.runs import Comparison
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import story
from sim.scenario.faults import ScenarioError
from sim.scenario.notices import notices_of
from sim.scenario.scenario import Scenario
from ui import controls, home
from ui.charts import comparison
from ui.controls import missing, notices, of_measure, status
from ui.explore.figures import answered, figures, journey
from ui.explore.on_request import attribution, curves
from ui.live import live_levers
from ui.session import simulators, visit
from ui.session.choice import Choice
from ui.session.simulators import live_desk
from ui.text import MISSING, escaped, figure, rest_of_unit, size

CARDS = ("revenue_lost_per_year", "basket_value", "churn_rate", "lifetime_revenue", "contribution")
_GIVES_WAY = "basket_value"  # where the scenario's headline is none of these
_AT_START = "Of the customers at the start, by week"
_JOINED = "Of those who became customers in the first quarter, by week since"


def page() -> None:
    choice = controls.choose()
    st.title(escaped(choice.baseline.title), anchor=False)
    st.markdown(f"**{escaped(choice.baseline.question)}** {escaped(choice.baseline.story)}")
    live_desk().supersede(choice)
    try:
        inquiry = simulators.inquiry(choice)
    except ScenarioError as error:
        for fault in error.faults:
            st.error(escaped(f"{fault.path}: {fault.message}"))
        return
    answer = inquiry.answer
    _answer(choice, inquiry)
    st.markdown("#### What if…")
    _sentence(choice, answer, inquiry)
    status(inquiry, answer, lambda: _progress(inquiry))
    notices(notices_of(choice.world, choice.baseline), choice.world)
    journey(choice, answer, simulators.journey_desk(choice.name))
    _cards(cards_of(choice.baseline), answer)
    _why(choice, answer)
    _pictures(answer)
    figures(choice.world, answer, simulators.split_desk())
    attribution(choice.world)
    curves(choice, simulators.curve_desk())


def _answer(choice: Choice, inquiry: Inquiry) -> None:
    """The scenario's own question answered, or why it cannot be here."""
    try:
        job = simulators.answer_job(choice.name, may_begin=inquiry.finished)
    except TooLargeError as error:
        st.info(escaped(f"The question is too large to answer here: {error}"), icon=":material/block:")
        return
    answered(job)


def _sentence(choice: Choice, answer: Answer, inquiry: Inquiry) -> None:
    text = story.headline(choice.baseline, choice.sets, choice.fixes, answer.comparison)
    if answer.comparison and answer.is_estimate:
        weeks = answer.comparison.world.world.weeks
        text += f" So far from the first {weeks} weeks alone, which may differ from all {choice.baseline.weeks}."
    with st.container(border=True, key="sentence"):
        with st.container(key="sentence-words", gap="xsmall"):  # so that what follows keeps its place when one goes
            if visit.is_newcomer(choice):
                st.html(home.mark(choice.baseline))
            st.markdown(f"### {escaped(text)}")
        live_levers(choice, inquiry)


def _progress(inquiry: Inquiry) -> None:
    """What is under way, and a way to stop it or to go on."""
    if inquiry.finished:
        if not inquiry.complete:
            st.button("Simulate all weeks", on_click=simulators.ask_again)
        return
    left = inquiry.full.seconds_left
    remains = f", about {left:.0f} s left" if left is not None else ""
    weeks = inquiry.baseline.weeks
    st.progress(inquiry.full.share_done, f"Simulating all {weeks} weeks{remains}", width="stretch")
    st.button("Stop", on_click=inquiry.stop, help="Keep the figures shown, and simulate no further.")


def cards_of(scenario: Scenario) -> tuple[str, ...]:
    """The measures on cards: the scenario's headline is always one of them."""
    if scenario.headline in CARDS:
        return CARDS
    return tuple(scenario.headline if name == _GIVES_WAY else name for name in CARDS)


def _cards(names: tuple[str, ...], answer: Answer) -> None:
    with st.container(key="cards"):
        for column, name in zip(st.columns(len(names)), names, strict=True):
            with column, st.container(border=True, height="stretch"):
                _card(answer, name)


def _card(answer: Answer, name: str) -> None:
    found, measure = of_measure(answer, name), MEASURES[name]
    if found is None:
        st.metric(measure.label, MISSING, help=escaped(measure.definition))
        st.caption(missing(answer))
        return
    unit, currency = unit_of(measure, found.world.world), found.world.world.currency
    (now, moved), sure = _both(found, name), story.how_sure(found, name)
    is_moved, clear = found.world is not found.baseline, found.verdict(name) in ("higher", "lower")
    change = found.difference(name).mean if is_moved else None
    good = {"higher": "normal", "lower": "inverse", "neither": "off"}[measure.better]
    st.metric(
        measure.label,
        moved.replace("$", r"\$"),
        None if change is None else _delta(change, unit, currency),
        delta_color=good if clear else "off",  # type: ignore[arg-type]
        delta_arrow="auto" if clear else "off",
        help=escaped(measure.definition),
    )
    each = {"basket_value": "a completed visit"}.get(name, rest_of_unit(unit, currency))
    st.caption(escaped(f"{each}{f'; as it is {now}' if is_moved else ''}. {sure}"))
    if found.world.estimate(name).mean is not None:
        alt = f"{measure.label}: {moved}; as it is {now}. {sure}"
        st.vega_lite_chart(comparison.ghost(found, name), key=f"ghost {name}", alt=alt)


def _both(found: Comparison, name: str) -> tuple[str, str]:
    """The measure as it is, and with what was moved."""
    unit, currency = unit_of(MEASURES[name], found.world.world), found.world.world.currency
    now, moved = (figure(run.estimate(name).mean, unit, currency) for run in (found.baseline, found.world))
    return now, moved


def _delta(change: float, unit: str, currency: str) -> str:
    """A change in the form from which st.metric tells up from down: it knows a hyphen, not a minus sign."""
    said = size(change, unit, currency)
    return f"-{said}" if change < 0 else f"+{said}"


def _why(choice: Choice, answer: Answer) -> None:
    """The explanation, cause before effect, each link with its figures."""
    if not choice.baseline.why:
        return
    st.markdown("#### Why")
    for position, (column, reason) in enumerate(
        zip(st.columns(len(choice.baseline.why)), choice.baseline.why, strict=True), 1
    ):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{position}.** {escaped(reason.text)}")
            found = of_measure(answer, reason.measure)
            st.markdown(_reason_figures(found, reason.measure))
            st.caption(escaped(story.how_sure(found, reason.measure)) if found else missing(answer))


def _reason_figures(found: Comparison | None, name: str) -> str:
    label = MEASURES[name].label
    if found is None:
        return f"{escaped(label)}: {MISSING}"
    world = found.world.world
    now, moved = map(escaped, _both(found, name))
    kind = escaped(rest_of_unit(unit_of(MEASURES[name], world), world.currency))
    if found.world is found.baseline or found.verdict(name) == "no difference":
        return f"{escaped(label)}: **{now}** {kind}"
    return f"{escaped(label)}: {now} → **{moved}** {kind}"


def _pictures(answer: Answer) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### Who is still a customer")
        if answer.comparison is None or answer.is_estimate:
            st.caption("Needs all weeks: on its way.")
            st.skeleton(height=260)
        elif story.still_here(answer.comparison.baseline) is None:
            st.caption(story.NOBODY_TO_FOLLOW)
        else:
            followed = _JOINED if joins_by(answer.comparison.world.world) else _AT_START
            st.caption(f"{followed}. Dashed: as it is. Band: 95% interval.")
            said = story.who_stays(answer.comparison)
            st.vega_lite_chart(comparison.retention(answer.comparison), key="retention", alt=said)
    with right:
        st.markdown("#### What each failure takes out of baskets")
        if answer.comparison is None:
            st.caption("On its way.")
            st.skeleton(height=260)
            return
        st.caption("At the visit itself, a year. Dashed outline: as it is. Line: 95% interval.")
        st.vega_lite_chart(
            comparison.losses(answer.comparison), key="losses", alt=story.what_is_lost(answer.comparison)
        )


page()
