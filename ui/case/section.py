"""The case itself: the sentence, how far it is, the figures, and the pictures; refined as futures come in."""

from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from sim.experiments.events import what_failed
from sim.experiments.warmth import COMPILING, is_compiled
from sim.finance import appraisal
from sim.finance.case import FEWEST_DRAWS, Case, CaseJob
from sim.finance.cash import before_tax
from sim.finance.uncertainty import percentiles
from sim.reports.narrative import case_story
from ui.charts import case as case_charts
from ui.controls import follow
from ui.session.case import CaseDesk
from ui.text import MISSING, escaped, money

Floats = NDArray[np.float64]
Told = tuple[str, str, str]
BESIDE_YEARS = 5


@dataclass(frozen=True)
class KeyFigure:
    """A figure as people read it: what it is, how large, where it lies in eight of ten futures, what it means."""

    label: str
    value: str
    range: str
    help: str


def key_figures(case: Case) -> Iterator[KeyFigure]:
    """A figure for each of `FIGURES`."""
    for label, told in FIGURES.items():
        yield KeyFigure(label, *told(case))


def _npv(case: Case, help_: str = "What all its cash is worth today, costs taken off: the mean over futures.") -> Told:
    p10, _, p90 = (money(end, case.study.currency) for end in case.percentiles)
    mean = case.npv.mean
    return "none" if mean is None else money(mean, case.study.currency), _span(p10, p90), help_


def _longer(case: Case) -> Told:
    longer = replace(case, terms=case.terms.model_copy(update={"horizon_years": BESIDE_YEARS}))
    beyond = BESIDE_YEARS - case.years_simulated
    repeats = f" Years after the {case.years_simulated} simulated repeat the last of them." if beyond > 0 else ""
    return _npv(longer, f"The net present value if {BESIDE_YEARS} years counted.{repeats}")


def _irr(case: Case) -> Told:
    rate, said = case.irr
    found = [appraisal.irr(flows, case.terms.mid_year)[0] for flows in case.cash.net]
    rates = np.array([one for one in found if one is not None])
    without = len(found) - len(rates)
    spread = (
        f"no range: {without} of {len(found)} futures have no single rate" if without else _between(rates, "{:,.0%}")
    )
    help_ = f"The discount rate at which it would be worth nothing: {said}."
    return "none" if rate is None else _signed("{:,.1%}", rate), spread, help_


def _spent(case: Case) -> Told:
    spent = before_tax(case.twins.now, case.twins.then, case.prices, case.terms)
    p10, _, p90 = (money(end, case.study.currency) for end in percentiles(spent.outlay + spent.running[:, 0]))
    help_ = "What has to be spent at the start and in the first year, before tax: the mean over futures."
    return money(case.year_one_cost, case.study.currency), _span(p10, p90), help_


def _payback(case: Case) -> Told:
    paid = [appraisal.payback_years(flows) for flows in case.cash.net]
    help_ = "When the mean cash has paid back what was spent at the start."
    return years(case.payback_years), _years_between(paid), help_


def _discounted_payback(case: Case) -> Told:
    every = zip(case.cash.rate, case.cash.net, strict=True)
    paid = [appraisal.discounted_payback_years(float(rate), flows, case.terms.mid_year) for rate, flows in every]
    help_ = f"The same with later cash worth less, by {case.rate:.1%} a year."
    return years(case.discounted_payback_years), _years_between(paid), help_


def _ratio(case: Case, of: Callable[[float, float], float | None], form: str, help_: str) -> Told:
    benefit, cost = case.cash.pv_benefit, case.cash.pv_cost
    value = of(float(benefit.mean()), float(cost.mean()))
    each = [of(float(b), float(c)) for b, c in zip(benefit, cost, strict=True)]
    known = np.array([one for one in each if one is not None])
    without = len(each) - len(known)
    spread = f"no range: {without} of {len(each)} futures cost nothing" if without else _between(known, form)
    return "none: no cost" if value is None else _signed(form, value), spread, help_


_ROI = "Benefit less cost, over cost, all in today's money."
_BENEFIT_COST = "Benefit over cost, both in today's money; above 1 it pays."
FIGURES: dict[str, Callable[[Case], Told]] = {
    "Net present value": _npv,
    f"The same over {BESIDE_YEARS} years": _longer,
    "Internal rate of return": _irr,
    "Cost in year one": _spent,
    "Payback": _payback,
    "Discounted payback": _discounted_payback,
    "Return on investment": lambda case: _ratio(case, appraisal.roi, "{:,.0%}", _ROI),
    "Benefit-cost ratio": lambda case: _ratio(case, appraisal.benefit_cost_ratio, "{:.2f}", _BENEFIT_COST),
}


def years(value: float | None) -> str:
    """A time to pay back, in years and months; never is said."""
    if value is None:
        return "never"
    months = round(12 * value)
    if months >= 24:
        return f"{value:.1f} years"
    return "1 month" if months == 1 else f"{months} months"


def _years_between(paid: list[float | None]) -> str:
    """From the fast to the slow; never is slower than any."""
    ends = np.sort([np.inf if one is None else one for one in paid])
    p10, p90 = (float(ends[round(share * (len(ends) - 1))]) for share in (0.1, 0.9))
    if np.isinf(p10):
        return "never in nine of ten futures"
    return _span(years(p10), years(None if np.isinf(p90) else p90))


def _span(p10: str, p90: str) -> str:
    return "the same in every future" if p10 == p90 else f"{p10} to {p90}"


def _between(values: Floats, form: str) -> str:
    p10, _, p90 = (_signed(form, end) for end in percentiles(values))
    return _span(p10, p90)


def _signed(form: str, value: float) -> str:
    return form.format(value).replace("-", "−")


_MOMENTS = (FEWEST_DRAWS, 24, 32, 48, 64, 96, 128, 192, 256)
"""How many futures there are when the page is drawn anew: often while few, seldom while many."""
_ON_ITS_WAY = "On its way: it comes once every future is simulated."
_FIGURES_A_ROW = 4
_NOT_YET = ("On its way.", "It comes with the first futures.")
_PICTURE = 340


def sentence(case: Case | None, budget: float | None) -> None:
    """The case in one sentence; room is kept for it until it is there."""
    with st.container(border=True, key="case-sentence"):
        if case is None:
            st.markdown("### What will it return?")
            st.caption(f"The first answer comes with {FEWEST_DRAWS} futures, and gets surer with each one after that.")
            return
        st.markdown(f"### {escaped(case_story.headline(case))}")
        if said := case_story.budget(case, budget):
            st.markdown(escaped(said))


def status(job: CaseJob, desk: CaseDesk) -> None:
    """How far it is and a way to stop it, or to go on; draws the page again when there is more to show."""
    if job.error:
        st.error(f"{what_failed(job.error)}. The figures shown are from the futures simulated before.")
    finished = job.finished

    def now() -> tuple[object, ...]:
        return desk.job is job, moment(job), job.finished

    follow((True, moment(job), finished), now, lambda: _progress(job, desk), is_over=finished)


def moment(job: CaseJob) -> int:
    """How many times the page has had reason to be drawn anew."""
    return bisect(_MOMENTS, job.futures_done)


def _progress(job: CaseJob, desk: CaseDesk) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="status"):
        st.badge(case_story.badge(job))
        if job.finished:
            if job.stopped or job.error:
                st.button("Go on", on_click=desk.forget, help="What is simulated already is kept.")
            return
        waiting = COMPILING if job.share_done == 0 and not is_compiled() else case_story.progress(job)
        st.progress(job.share_done, waiting, width="stretch")
        st.button("Cancel", key="cancel the case", on_click=job.stop, help="Keep the figures shown, simulate no more.")


def figures(case: Case | None) -> None:
    """Every key figure with its range, or dashes in their places."""
    found = {} if case is None else {one.label: one for one in key_figures(case)}
    with st.container(key="case-figures"):
        for start in range(0, len(FIGURES), _FIGURES_A_ROW):
            row = list(FIGURES)[start : start + _FIGURES_A_ROW]
            for column, label in zip(st.columns(_FIGURES_A_ROW), row, strict=True):
                with column, st.container(border=True, height="stretch"):
                    one = found.get(label) or KeyFigure(label, MISSING, *_NOT_YET)
                    st.metric(escaped(label), escaped(one.value), help=escaped(one.help))
                    st.caption(escaped(one.range))
    st.caption("Below each figure: from the 10th to the 90th percentile, where eight of ten futures lie.")
    with st.container(key="case-spread"):
        st.markdown(escaped(next(iter(case_story.notes(case)))) if case else "")


def futures(case: Case | None) -> None:
    """The futures as dots, and their cash as a fan."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### Fifty equally likely futures")
        st.caption("Each mark is one of them: a dot pays back, a triangle does not. Dashed: where it just pays.")
        _picture(case, "dots", _PICTURE)
    with right:
        st.markdown("#### Cash, added up")
        st.caption("Line: the median. Dark band: half of all futures. Light band: eight of ten. Before discounting.")
        _picture(case, "fan", _PICTURE)


def _picture(case: Case | None, what: str, height: int) -> None:
    with st.container(key=f"case-{what}"):
        if case is None:
            st.skeleton(height=height)
            return
        drawing, said = _PICTURES[what]
        st.vega_lite_chart(drawing(case), key=f"case {what}", alt=said(case))
        if what != "worth":  # its bars say all of it
            st.caption(escaped(said(case)))


_PICTURES = {
    "dots": (case_charts.dots, case_story.dots),
    "fan": (case_charts.fan, case_story.fan),
    "tornado": (case_charts.tornado, case_story.tornado),
    "worth": (case_charts.worth, case_story.worth),
}


def what_it_hangs_on(case: Case | None, job: CaseJob) -> None:
    """The tornado, and what to measure first; as much room is kept for them as they will take."""
    room = case_charts.room(job.study.scenario, job.fixes)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### What it hangs on")
        st.caption("One assumption at a time moved through its range, the others at their likeliest.")
        _tornado(case, room, job.finished)
    with right:
        st.markdown("#### What to measure first")
        st.caption("What it would be worth, at the most, to know an assumption exactly before deciding.")
        _worth(case, room)


def _tornado(case: Case | None, room: int, is_done: bool) -> None:
    if case is not None and case.tornado:
        _picture(case, "tornado", room)
    elif case is not None and is_done:
        st.caption(escaped(case_story.tornado(case) if case.sides else "Not simulated: it was stopped before."))
    else:
        st.skeleton(height=room)
        st.caption(_ON_ITS_WAY)


def _worth(case: Case | None, room: int) -> None:
    if case is None:
        st.skeleton(height=room)
        return
    st.markdown(f"**{escaped(case_story.advice(case))}**")
    if case_story.worth_knowing(case):
        _picture(case, "worth", room)


def how_to_read(case: Case) -> None:
    """What else has to be known to read the figures rightly."""
    st.markdown("#### How to read these figures")
    _, *others = case_story.notes(case)
    st.markdown("\n".join(f"- {escaped(note)}" for note in others))
