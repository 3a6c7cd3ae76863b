"""What a room says, in sentences; knows no page."""

import math
import re
from collections.abc import Iterator, Sequence
from functools import partial
from statistics import median

from sim.experiments.estimate import Estimate
from sim.reports.narrative import interval
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import quantity_at, settables
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import MINUS, MISSING, PLUS, bare, counted, figure, joined, label_of, money, setting
from sim.workshop.leaderboard import Board, Row, called
from sim.workshop.opinion_pool import ENDS, OpinionPool
from sim.workshop.people import Bet, Guess, Submission
from sim.workshop.room import Person, Question, Room, Step, asked, unit

_COMING = {
    Step.BETS: "Next you will guess a number before anybody sees it.",
    Step.REVEAL: "Next you will see the answer, and who was nearest.",
    Step.GUESSES: "Next you will say what you believe of a number or two.",
    Step.POOL: "Next you will see what all of you believe, put together.",
    Step.REVISE: "Next you may change your mind once.",
    Step.AGREED: "Next you will see the numbers that the room goes on with.",
    Step.PLANS: "Next you will choose what to mend within a budget.",
    Step.OUTCOME: "Next you will see what came of it.",
}


_KNOWN = {
    Step.BETS: "The answer has been shown",
    Step.GUESSES: "What the room believes has been shown",
    Step.REVISE: "The room’s numbers have been shown",
    Step.PLANS: "What came of it has been shown",
}


def late(room: Room) -> str | None:
    """What a facilitator should know who went back: what is given now is given by people who may know the outcome."""
    if not room.is_late:
        return None
    if room.locked:
        return f"{_KNOWN[room.step]}, so this step is locked. Whoever hands in after it is unlocked may know it."
    return f"{_KNOWN[room.step]}: whoever hands in now may know it."


def not_put_in(why: str) -> str:
    """Why the room goes on without its own numbers."""
    return f"The room’s numbers could not be put in: {why.rstrip('.')}. So far it goes on with the scenario as it was."


def faults_said(scenario: Scenario, error: ScenarioError) -> str:
    """What is wrong with a scenario, each fault after the label of its number, or after where it is."""
    known = settables(scenario)
    places = [label_of(scenario, fault.path) if fault.path in known else fault.path for fault in error.faults]
    said = zip(places, error.faults, strict=True)
    return "; ".join(f"{place}: {fault.message}" if place else fault.message for place, fault in said)


def taken_out(submissions: Sequence[Submission]) -> str:
    """What setting a room up otherwise takes out, said before it is done."""
    bets = sum(isinstance(one.said, Bet) for one in submissions)
    plans = len(submissions) - bets
    said = [_number_of(bets, "bet", "on another question")] * bool(bets)
    said += [_number_of(plans, "plan", "over the budget")] * bool(plans)
    return f"{' and '.join(said)} will be taken out."


def gone_with(person: Person, submissions: Sequence[Submission]) -> str:
    """What goes with somebody who is taken out of the room, said before it is done."""
    mine = sum(one.person == person.id for one in submissions)
    if not mine:
        return f"{person.name} has handed in nothing."
    return f"What {person.name} handed in goes too: {_number_of(mine, 'slip', 'in all')}."


def _number_of(count: int, what: str, which: str) -> str:
    return f"{counted(count, what)} {which}"


def coming(step: Step | None) -> str:
    """What happens next, for those who wait."""
    return "This was the last step." if step is None else _COMING[step]


def count(done: int, people: int, what: str) -> str:
    """How many of the people have done it."""
    return f"{done} of {people} {what}"


def people_said(people: int) -> str:
    """How many are in the room."""
    return (
        "Nobody is here yet." if not people else "One person is here." if people == 1 else f"{people} people are here."
    )


def case_of(choice: str, alike: int) -> str:
    """Which choice a case is of; `alike` is how many cannot be told apart from it, itself among them."""
    tie = f", the first of {alike} that cannot be told apart" if alike > 1 else ""
    return f"The case of {choice}{tie}."


# ---- bets ------------------------------------------------------------------------------------------


def question(scenario: Scenario, bet_on: Question) -> str:
    """The question bet on, with the unit of its answer."""
    return f"{asked(scenario, bet_on)} In {unit(scenario, bet_on)}, for one site."


def bet(scenario: Scenario, bet_on: Question, value: float) -> str:
    """A bet as people read it: what fixes add to a share in points, all else as the measure itself."""
    of_unit = unit(scenario, bet_on)
    said = figure(value, of_unit, scenario.currency, signed=bool(bet_on.fixes) and of_unit.startswith("share"))
    return said.removeprefix(PLUS)


def answer(scenario: Scenario, bet_on: Question, found: Estimate) -> str:
    """The simulated answer with its interval."""
    mean = MISSING if found.mean is None else bet(scenario, bet_on, found.mean)
    return f"{mean} ({interval(found, partial(bet, scenario, bet_on))})"


def bets_of(submissions: Sequence[Submission]) -> dict[int, Bet]:
    """What each person bet, by person."""
    return {one.person: one.said for one in submissions if isinstance(one.said, Bet)}


def nearest(
    scenario: Scenario, bet_on: Question, bets: dict[int, Bet], people: Sequence[Person], found: Estimate
) -> str:
    """Who was nearest: by name only those who said that they may be named."""
    if found.mean is None or not bets:
        return "Nobody has bet." if not bets else "There is no answer to compare the bets with."
    away = {person: abs(one.value - found.mean) for person, one in bets.items()}
    best = [person for person, gap in away.items() if gap == min(away.values())]
    values = dict.fromkeys(bet(scenario, bet_on, value) for value in sorted(bets[person].value for person in best))
    names = [one.name for one in people if one.id in best and bets[one.id].named]
    who = joined(names + _unnamed(len(best) - len(names)))
    inside = sum(1 for one in bets.values() if _within(one.value, found))
    return f"Nearest with {joined(list(values))}: {who}. {inside} of {len(bets)} within the interval."


def _unnamed(people: int) -> list[str]:
    if not people:
        return []
    return ["somebody who keeps their name" if people == 1 else f"{people} people who keep their names"]


def bets_said(scenario: Scenario, bet_on: Question, bets: dict[int, Bet], found: Estimate | None) -> str:
    """How the bets lie to the answer: a room should hear by how much it was out, and which way."""
    if found is None or found.mean is None:
        return "There is no answer to compare the bets with."
    middle = median(one.value for one in bets.values())
    values = sorted(one.value for one in bets.values())
    said = answer(scenario, bet_on, found)
    low, high = bet(scenario, bet_on, values[0]), bet(scenario, bet_on, values[-1])
    if len(values) == 1:
        return f"One bet, {low}. The answer: {said}."
    spread = f"from {low} to {high}, with {bet(scenario, bet_on, middle)} in the middle"
    above = sum(value > found.mean for value in values)
    return f"{len(bets)} bets, {spread}. The answer: {said}; {above} of {len(bets)} bets lay above it."


def _within(value: float, found: Estimate) -> bool:
    return found.low is not None and found.high is not None and found.low <= value <= found.high


# ---- the room's own numbers ------------------------------------------------------------------------


def pool_called(label: str, rounds: int) -> str:
    """The name of the picture of what the room believes of a number, first or once it was revised."""
    return f"What the room believes of “{label}”{', revised' if rounds > 1 else ''}"


def voices_said(voices: int) -> str:
    """How much was simulated for that picture."""
    return f"{voices} {'voice' if voices == 1 else 'voices'}, nothing simulated"


def range_said(said: Quantity) -> str:
    """What a quantity is, with its range where it has one."""
    unit_of_it = said.unit or ""
    if said.low is None or said.high is None:
        return setting(said.value, unit_of_it)
    low, high = bare(float(said.low), unit_of_it), bare(float(said.high), unit_of_it)
    return f"{setting(said.value, unit_of_it)} (from {low} to {high})"


def guess_said(said: Guess, of_unit: str) -> str:
    """Three numbers as one reads them back."""
    low, high = bare(float(said.low), of_unit), bare(float(said.high), of_unit)
    return f"{low} to {high}, most likely {setting(float(said.mode), of_unit)}"


def changed(scenario: Scenario, believed: Scenario, path: str, voices: int) -> str:
    """What the room put in place of what, of what so many people said."""
    before, after = quantity_at(scenario, path), quantity_at(believed, path)
    label = label_of(scenario, path)
    if before == after:
        return f"{label}: left at {range_said(before)}{'' if voices else ', as nobody gave a number'}."
    return f"{label}: was {range_said(before)}, is now {range_said(after)}."


# ---- what a room believes of a number --------------------------------------------------------------

_CURRENCY = re.compile(r"[A-Z]{3}\b")
_MOST_DISAGREE, _MOST_AGREE = 0.5, 0.2
_COUNTED = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def pool_said(pool: OpinionPool, unit: str) -> str:
    """What a room believes of a number, in this unit."""
    return " ".join(_of_pool(pool, unit))


def _of_pool(pool: OpinionPool, unit: str) -> Iterator[str]:
    low, middle, high = (pool.quantile(at) for at in (ENDS[0], 0.5, ENDS[1]))
    people = len(pool.voices)
    who = "One person" if people == 1 else f"{_counted(people)} people together"
    if low == high:
        yield f"{who}: {with_unit(unit, low)}."
    else:
        yield f"{who}: {with_unit(unit, low, high)} (P10 to P90), with {with_unit(unit, middle)} in the middle."
    if people > 1:
        yield _agreement(pool.disagreement)
    if pool.apart:
        one = len(pool.apart) == 1
        yield f"{_counted(len(pool.apart))} {'voice stands' if one else 'voices stand'} apart from the rest."


def _agreement(disagreement: float | None) -> str:
    if disagreement is None:
        return "Everybody says the same."
    share = f"{disagreement:.0%} of the spread is between them"
    if disagreement >= _MOST_DISAGREE:
        return f"They disagree with each other more than each doubts: {share}."
    if disagreement > _MOST_AGREE:
        return f"They differ, but each doubts more than that: {share}."
    return f"They largely agree: {share}, the rest is what each doubts."


def _counted(people: int) -> str:
    return _COUNTED[people] if people < len(_COUNTED) else f"{people:,}"


def with_unit(unit: str, *values: float) -> str:
    """A value, or two as a range, and the unit once: shares in percent, money with its sign, others to three digits."""
    currency = _CURRENCY.match(unit)
    if currency or unit.startswith("share"):
        return " to ".join(figure(value, unit, currency.group() if currency else "") for value in values)
    return f"{' to '.join(_rounded(value) for value in values)} {unit}".rstrip()


def _rounded(value: float) -> str:
    digits = 0 if value == 0 else 2 - math.floor(math.log10(abs(value)))
    size = f"{abs(round(value, digits)):,.{max(digits, 0)}f}"
    return (MINUS if value < 0 else "") + (size.rstrip("0").rstrip(".") if digits > 0 else size)


# ---- what came of it -------------------------------------------------------------------------------

_NAMED = 3


def with_interval(npv: Estimate, currency: str) -> str:
    """An NPV with its 95% interval; where there is none, why."""
    if npv.mean is None:
        return MISSING
    said = money(npv.mean, currency)
    if npv.low is None or npv.high is None:
        return f"{said} (one run: no interval)"
    return said if npv.low == npv.high else f"{said} ({money(npv.low, currency)} to {money(npv.high, currency)})"


def board_said(board: Board, currency: str) -> str:
    """Who leads by how much, which of the others share a rank, and whether any beats doing nothing."""
    return " ".join(_of_board(board, currency))


def _of_board(board: Board, currency: str) -> Iterator[str]:
    leaders, *others = board.groups
    yield _lead(board, leaders, currency)
    for group in others:
        if len(group) > 1:
            yield f"{_capital(_named(board, group))} cannot be told apart: they share rank {group[0].rank}."
    yield from _against_nothing(board, leaders[0])


def _lead(board: Board, leaders: Sequence[Row], currency: str) -> str:
    if len(leaders) == 1:
        leader = leaders[0]
        by = "one person's choice" if len(leader.people) == 1 else f"the choice of {len(leader.people)} people"
        worth = with_interval(leader.npv, currency)
        name = _capital(called(leader.fixes, board.labels))
        return f"{name}, {by}, {'leads' if len(board.rows) > 1 else 'is all there is'}: worth {worth}."
    worths = [f"{called(row.fixes, board.labels)} with {with_interval(row.npv, currency)}" for row in leaders]
    return f"{_capital(_shortened(worths))} share the lead: on the same luck they cannot be told apart."


def _against_nothing(board: Board, leader: Row) -> Iterator[str]:
    if leader.fixes and not any(row.npv.low is not None and row.npv.low > 0 for row in board.rows):
        yield "None is clearly better than doing nothing, which is worth 0."
    losing = sum(row.npv.high is not None and row.npv.high < 0 for row in board.rows)
    if losing:
        yield f"{losing} of {len(board.rows)} choices {'loses' if losing == 1 else 'lose'} money."


def _named(board: Board, rows: Sequence[Row]) -> str:
    return _shortened([called(row.fixes, board.labels) for row in rows])


def _shortened(names: Sequence[str]) -> str:
    """Names, each maybe of several fixes; of many only the first few."""
    left = len(names) - _NAMED
    if left > 1:
        return f"{'; '.join(names[:_NAMED])}; and {left} other choices"
    return "; ".join([*names[:-1], f"and {names[-1]}"])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
