"""What an attribution says, from losses made by hand."""

from dataclasses import replace

import pytest

from sim.experiments.sharing import WorseOff
from sim.reports.narrative import attribution_story as story
from tests.ui.explore.losses_by_hand import losses, shop

WHEEL, EMPTY_BAY, QUEUE, REFUSED = (1 << i for i in range(4))


def additive(wheel: int, queue: int = 300, refused: int = 100) -> object:
    return lambda on: wheel * (on & WHEEL > 0) + queue * (on & QUEUE > 0) + refused * (on & REFUSED > 0)


TWO_RUNS = [additive(590), additive(610)]


def test_the_largest_is_named_with_its_share_interval_and_parts() -> None:
    found = losses(
        shop(), TWO_RUNS, part=lambda cost: (cost + 50 * (cost > 0), cost // 10, -50 * (cost > 0) - cost // 10)
    )
    said = story.largest(found, by_department=False)
    assert said.startswith(
        "Of the £1,000 a year that failure points cost, £600 (95% interval £473 to £727) is “A bad wheel”: "
    )
    assert "out of baskets at the visit and £60 through customers who left or came less, before £" in said
    assert said.endswith("bought later instead.")


def test_a_share_that_may_be_nothing_is_said_to_be_unclear() -> None:
    found = losses(shop(), [additive(50, 0, 0), additive(1_000, 0, 0)])
    assert story.largest(found, by_department=False).endswith(" Not clear yet.")


def test_departments_are_named_with_what_they_own_where_there_are_several() -> None:
    found = losses(shop(), TWO_RUNS)
    assert "£900 (95% interval £773 to £1,027) belongs to “Operations”" in story.largest(found, by_department=True)
    assert any("“Operations” £900, “Customer service” £100." in one for one in story.sentences(found))
    alone = losses(shop("refused"), [additive(590, 300, 0)] * 2)
    assert not any("By department" in one for one in story.sentences(alone))


def test_effects_that_add_up_are_said_to() -> None:
    (said,) = [one for one in story.sentences(losses(shop(), TWO_RUNS)) if one.startswith("Mending each")]
    assert said == (
        "Mending each failure point alone would bring £1,000 a year if added up, as much as mending all at once."
    )


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (lambda on: 500 * (on & (WHEEL | REFUSED) > 0), "go together: both mended bring £500 a year"),
        (lambda on: 500 * (on & WHEEL > 0 and on & REFUSED > 0), "overlap: mended together they bring £500 a year"),
    ],
    ids=["either is enough to lose it", "it takes both to lose it"],
)
def test_the_pair_that_counts_most_is_said_to_overlap_or_to_go_together(extra, words: str) -> None:  # type: ignore[no-untyped-def]
    runs = [lambda on, each=each: each(on) + extra(on) for each in TWO_RUNS]
    (said,) = [one for one in story.sentences(losses(shop(), runs)) if one.startswith("Mending each")]
    assert f"“A bad wheel” and “A report refused” {words} (95% interval £500 to £500)" in said
    assert "as much as" not in said


def test_an_effect_that_is_not_clear_is_not_claimed() -> None:
    runs = [lambda on, size=size: additive(600)(on) + size * (on & 9 == 9) for size in (-200, 300)]  # type: ignore[operator]
    assert not any("overlap" in one or "together:" in one for one in story.sentences(losses(shop(), runs)))


def test_who_is_worse_off_is_said_in_customers_and_money_and_why() -> None:
    def worse_off(on: int) -> WorseOff:
        return WorseOff(12, 7 * 4_000) if on == 0b1111 & ~QUEUE else WorseOff(0, 0)

    said = story.spill_over(losses(shop(), TWO_RUNS, worse_off=worse_off))
    assert said.startswith(
        "Mending everything would leave no customer worse off. Mending “A long queue” alone would leave"
    )
    assert "12 in 1,000 customers slightly worse off, by £40 a year (95% interval £40 to £40) together: whoever" in said


def test_few_are_not_rounded_to_none_and_a_loss_is_never_below_nothing() -> None:
    found = losses(shop(), TWO_RUNS)
    one, many = (
        losses(shop(), TWO_RUNS, worse_off=lambda on, less=less: WorseOff(1, less)).replications[i]
        for i, less in enumerate((0, 7 * 10_000))
    )
    rare = replace(found, replications=(replace(one, came=5_000), replace(many, came=5_000)))
    said = story.spill_over(rare)
    assert said.startswith(
        "Mending everything would leave fewer than 1 in 1,000 customers slightly worse off, by £50 a "
    )
    assert "(95% interval up to £685)" in said


def test_nothing_is_claimed_where_there_is_nothing() -> None:
    nothing = losses(shop("wheel", "empty_bay", "queue", "refused"), [lambda on: 0] * 2)
    assert story.sentences(nothing) == ["No failure point is on, so there is nothing to share out."]
    assert story.largest(nothing, by_department=True) == "Nothing has been lost that could be measured."
