"""What an attribution says, in sentences. Takes what was found, returns plain text; knows no page."""

from collections.abc import Iterator
from itertools import combinations

from sim.experiments.attribution import Losses, WorseOff
from sim.experiments.estimate import Estimate
from sim.reports.narrative import in_money
from sim.scenario.wording import money

_THOUSAND = 1_000


def sentences(found: Losses) -> list[str]:
    """The takeaways, the largest first: who loses most, which department, what overlaps, who is worse off."""
    if not found.points:
        return ["No failure point is on, so there is nothing to share out."]
    return [largest(found, by_department=False), *_departments(found), *_overlap(found), spill_over(found)]


def largest(found: Losses, by_department: bool) -> str:
    """Which failure point, or which department, loses most, and through what."""
    losses = found.by_department if by_department else found.by_failure_point
    if not losses or found.whole.share.mean is None:
        return "Nothing has been lost that could be measured."
    currency = found.world.currency
    name = max(losses, key=lambda one: losses[one].share.mean or 0.0)
    share, parts = losses[name].share, losses[name].parts
    bucket = "belongs to" if by_department else "is"
    return (
        f"Of the {_mean(found.whole.share, currency)} a year that failure points cost, {_mean(share, currency)}"
        f"{in_money(share, currency)} {bucket} “{_label(found, name, by_department)}”: "
        f"{_mean(parts['basket_now'], currency)} out of baskets at the visit{_others(parts, currency)} and "
        f"{_mean(parts['leaving'], currency)} through customers who left or came less, before "
        f"{money(-(parts['recapture'].mean or 0.0), currency)} that was bought later instead."
        f"{'' if share.low is None or share.low > 0 else ' Not clear yet.'}"
    )


def _others(parts: dict[str, Estimate], currency: str) -> str:
    """The parts that not every world has."""
    called = {"decisions": "that customers decided not to buy", "word_of_mouth": "of people who never came"}
    return "".join(f", {_mean(parts[part], currency)} {words}" for part, words in called.items() if parts[part].mean)


def _departments(found: Losses) -> Iterator[str]:
    """Where several departments share the loss: what is whose."""
    if len(found.by_department) < 2:
        return
    currency = found.world.currency
    said = [
        f"“{_label(found, name, True)}” {_mean(loss.share, currency)}" for name, loss in found.by_department.items()
    ]
    yield f"By department, which is where it goes wrong and not who could mend it best: {', '.join(said)}."


def _overlap(found: Losses) -> Iterator[str]:
    """What mending each alone sums to, and the pair that makes most of the difference."""
    ratio, alone = found.alone_over_total.mean, found.sum_of_alone
    if ratio is None or len(found.points) < 2:
        return
    currency = found.world.currency
    beside = "as much as mending all at once" if round(ratio, 2) == 1 else f"{ratio:.2f} times what mending all brings"
    yield f"Mending each failure point alone would bring {_mean(alone, currency)} a year if added up, {beside}." + (
        _strongest_pair(found) or ""
    )


def _strongest_pair(found: Losses) -> str | None:
    pairs = {pair: found.joint(*pair) for pair in combinations([point.id for point in found.points], 2)}
    pair = max(pairs, key=lambda one: abs(pairs[one].mean or 0.0))
    effect, currency = pairs[pair], found.world.currency
    if effect.mean is None or effect.low is None or effect.high is None or effect.low <= 0 <= effect.high:
        return None
    one, other = (_label(found, name, False) for name in pair)
    if effect.mean < 0:
        amount = _amount(Estimate(-effect.mean, -effect.high, -effect.low), currency)
        return f" “{one}” and “{other}” overlap: mended together they bring {amount} less than each alone, added up."
    amount = _amount(effect, currency)
    return f" “{one}” and “{other}” go together: both mended bring {amount} more than each alone, added up."


def spill_over(found: Losses) -> str:
    """Who is worse off when all is mended, and when one failure point alone is."""
    said = _worse_off("Mending everything", found.worse_off(), found.world.currency)
    worse = {point.label: found.worse_off(point.id) for point in found.points}
    label = max(worse, key=lambda name: worse[name].share.mean or 0.0)
    if len(found.points) < 2 or not worse[label].customers.mean:
        return said
    return f"{said} {_worse_off(f'Mending “{label}” alone', worse[label], found.world.currency)}"


def _worse_off(mending: str, worse: WorseOff, currency: str) -> str:
    if not worse.customers.mean or worse.share.mean is None:
        return f"{mending} would leave no customer worse off."
    return (
        f"{mending} would leave {_in_a_thousand(worse.share.mean)} customers slightly worse off, by "
        f"{_amount(worse.less, currency)} together: whoever is no longer driven away stands in a queue, or takes the "
        "last thing there is to borrow, before somebody else."
    )


def _in_a_thousand(share: float) -> str:
    often = share * _THOUSAND
    if often < 0.95:
        return "fewer than 1 in 1,000"
    return f"{often:,.0f} in 1,000"


def _label(found: Losses, name: str, is_department: bool) -> str:
    named = found.world.departments if is_department else found.points
    return next(one.label for one in named if one.id == name)


def _mean(found: Estimate, currency: str) -> str:
    return money(found.mean or 0.0, currency)


def _amount(found: Estimate, currency: str) -> str:
    """An amount a year that is 0 or more, with its interval."""
    if found.low is not None and found.high is not None and found.low < 0:
        return f"{_mean(found, currency)} a year (95% interval up to {money(found.high, currency)})"
    return f"{_mean(found, currency)} a year{in_money(found, currency)}"
