"""Steps taken back and taken again."""

from hypothesis import given
from hypothesis import strategies as st

from ui.session.visit import MOST, History

CHANGES = st.lists(st.integers(0, 3), max_size=12)


@given(CHANGES)
def test_undone_to_the_start_and_redone_it_is_where_it_was(changes: list[int]) -> None:
    history = History(0)
    seen = [0]
    for change in changes:
        history = history.now(change)
        if change != seen[-1]:
            seen.append(change)
    back = [history.present]
    while history.past:
        history = history.undone()
        back.append(history.present)
    assert back == seen[::-1]
    again = [history.present]
    while history.future:
        history = history.redone()
        again.append(history.present)
    assert again == seen


def test_a_change_after_a_step_back_cuts_off_what_was_taken_back() -> None:
    history = History("a").now("b").now("c").undone().now("d")
    assert (history.past, history.present, history.future) == (("a", "b"), "d", ())


def test_the_same_again_is_no_step_and_keeps_what_was_taken_back() -> None:
    history = History("a").now("b").undone()
    assert history.now("a") is history
    assert history.future == ("b",)


def test_with_nothing_to_take_it_stays() -> None:
    assert History("a").undone() == History("a").redone() == History("a")


def test_only_the_latest_steps_are_remembered() -> None:
    history = History(-1)
    for change in range(MOST + 5):
        history = history.now(change)
    assert len(history.past) == MOST
    assert history.past[0] == 4
