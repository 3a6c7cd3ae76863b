"""Evidence: questions whose answers are known, put to Ripple, and whether it gives them."""

import streamlit as st

from sim.experiments.verification import Check, Verification
from sim.experiments.verification.known_answers import KnownAnswer
from sim.experiments.warmth import COMPILING, is_compiled
from ui import evidence
from ui.charts.experiments import known_answer
from ui.controls import follow
from ui.text import escaped

_COLUMNS = (4, 1.8, 1.9, 2.7, 1.5)


def page() -> None:
    verification = evidence.verification()
    checks = verification.checks
    st.title("Does the simulator get known answers right?", anchor=False)
    st.markdown(
        "Some questions have answers that theory worked out long ago, or that fit on the back of an envelope. Ripple "
        "is given the same questions, as ordinary scenarios, with the engine that computes every other figure here. If "
        "it missed these, no figure of it would deserve trust. The fits and formulas that value customers and read "
        "surveys are given published data in the same way."
    )
    _status(verification, checks)
    st.caption(
        "Dashed line: the known answer. Dot and bar: what was simulated, and the range in which its true value lies "
        "with 99% confidence. Grey: the widest that the bar may be, because a bar that anything fits into proves "
        "nothing. An answer agrees when its bar touches the dashed line and stays within the grey. The luck is the "
        "same each time, so the figures are too."
    )
    st.caption(
        "What a fit or a formula works out has no luck in it, so it has no interval and no bar: it agrees when its dot "
        "is within the grey about the dashed line, mostly half a unit of the last digit published."
    )
    for proof in evidence.known().proofs:
        if answers := [answer for answer in evidence.known().every if answer.proves == proof.id]:
            _proof(proof.label, answers, checks)
    st.markdown("#### What is not checked, and why")
    for left_out in evidence.known().left_out:
        st.markdown(f"- **{escaped(left_out.title)}.** {escaped(left_out.why)}")


def _status(verification: Verification, checks: dict[str, Check]) -> None:
    """How far it is and a way to stop it, or to check again; polls while something is under way."""
    if verification.error:
        st.error("The program failed at one of the checks. What is filled in below was checked; the rest was not.")
    finished = verification.finished

    def now() -> tuple[object, ...]:
        latest = evidence.verification()  # another one, once somebody has it checked again
        return latest is verification, len(latest.checks), latest.finished

    follow((True, len(checks), finished), now, lambda: _progress(verification, checks), is_over=finished)


def _progress(verification: Verification, checks: dict[str, Check]) -> None:
    failed = any(not check.passed for check in checks.values())
    with st.container(horizontal=True, vertical_alignment="center", key="status"):
        said = evidence.count(list(checks.values()), len(verification.known.every))
        st.badge(said, color="red" if failed else "green" if checks else "gray")
        if verification.finished:
            st.button("Check again", on_click=evidence.check_again)
            return
        left = verification.seconds_left
        starting = "Starting the simulator" if is_compiled() else COMPILING
        remains = starting if left is None else f"Checking, about {left:.0f} s left"
        st.progress(verification.share_done, remains, width="stretch")
        st.button("Cancel", on_click=verification.stop, help="Keep what is checked, and check no further.")


def _proof(label: str, answers: list[KnownAnswer], checks: dict[str, Check]) -> None:
    done = [checks[answer.id] for answer in answers if answer.id in checks]
    st.markdown(f"#### {escaped(label)}")
    st.caption(f"{evidence.count(done, len(answers))}.")
    for answer in answers:
        with st.container(border=True, key=f"answer {answer.id}"):
            _row(answer, checks.get(answer.id))


def _row(answer: KnownAnswer, check: Check | None) -> None:
    what, known, ours, drawn, verdict = st.columns(_COLUMNS, vertical_alignment="center")
    with what, st.container(gap=None):
        st.markdown(f"**{escaped(answer.title)}**", help=f"Known from: {escaped(answer.source)}")
        st.caption(escaped(answer.words))
    with known:
        _figure(evidence.with_unit(answer.theory, answer), "known answer")
    if check is None:
        ours.caption(f"not {evidence.come_by(answer)} yet")
        return
    with ours:
        _figure(evidence.with_unit(check.found.mean, answer), f"{evidence.come_by(answer)}, {evidence.interval(check)}")
    with drawn:
        st.vega_lite_chart(known_answer(check), key=f"picture {answer.id}", alt=evidence.takeaway(check))
    with verdict:
        said = evidence.VERDICTS[check.verdict]
        if check.passed:
            st.badge(said, icon=":material/check:", color="green")
        else:
            st.badge(said, icon=":material/close:", color="red")


def _figure(figure: str, below: str) -> None:
    with st.container(gap=None):
        st.markdown(f"**{escaped(figure)}**")
        st.caption(escaped(below))


page()
