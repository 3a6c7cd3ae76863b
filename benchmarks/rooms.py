"""Thirty people at once in a room: how long each action takes, and whether any of them is lost."""

import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.common import out, show, table, yes_or_no
from benchmarks.visitor import Visitor, visiting
from sim.experiments import library
from sim.reports.narrative import workshop_story
from sim.saved.database import TABLES, URL_VARIABLE, Database
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.workshop import people, rooms
from sim.workshop.people import Bet, FixPlan, Guess, kind_of
from sim.workshop.room import MovedOnError, Question, Step, allowed, by_default, called, cost_of
from ui.text import escaped

PEOPLE, THINKING_SECONDS, GOAL_SECONDS = 30, 3.0, 1.0
_SCENARIO, _YARDSTICK = "tiny", "dodgy_trolley"
_ROOT = Path(__file__).parents[1]
_START_SECONDS, _ALL_SECONDS = 60.0, 600.0
_LOWEST, _APART = 10_000, 137
_ERROR = re.compile(r"^[\w.]+(?:Error|Exception)\b.*", re.MULTILINE)

Said = dict[str, Bet | Guess | FixPlan]
"""What somebody was told is in, by question."""


@dataclass
class Seen:
    """What was measured: seconds by action, what each person was told is in, and how often was polled."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    told: dict[str, Said] = field(default_factory=dict)
    polled: int = 0

    def add(self, action: str, seconds: float) -> None:
        """One more action and how long it took."""
        self.seconds.setdefault(action, []).append(seconds)


@dataclass(frozen=True)
class Workshop:
    """A room to be in, and what its facilitator needs to lead it."""

    database: Database
    scenario: Scenario
    opened: rooms.Opened
    address: str
    seen: Seen

    @property
    def code(self) -> str:
        """The room's code."""
        return self.opened.code

    @property
    def question(self) -> Question:
        """What is bet on."""
        return by_default(self.scenario).question

    def lead(self, step: Step) -> None:
        """Go to that step, as the facilitator's button does."""
        for _ in range(5):
            now = rooms.room_of(self.database, self.opened.code)
            try:
                rooms.change(self.database, self.opened.host, now, now.at(step))
                return
            except MovedOnError:  # the projector changed something at the same moment
                continue
        raise MovedOnError("the room moves on faster than it can be led")


def report(full: bool) -> None:
    """Print how long actions took, how many were acknowledged and kept, and whether the goal is reached."""
    _measured(_SCENARIO, polls=True)
    if full:
        _measured(_SCENARIO, polls=False)
        _measured(_YARDSTICK, polls=True)


def _measured(name: str, polls: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/room.db"
        database, scenario = Database(TABLES, url), library.load(name)
        opened = rooms.open_room(database, name, by_default(scenario))
        with _server(url, Path(folder) / "server.log") as port:
            here = Workshop(database, scenario, opened, f"ws://localhost:{port}", Seen())
            asyncio.run(_held(here, polls))
        _print(here, polls, (Path(folder) / "server.log").read_text("utf-8"))


@contextmanager
def _server(url: str, log: Path) -> Iterator[int]:
    """Ripple's own server on a free port of this machine, with that database; ended at the end."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    settings = {**os.environ, "PYTHONPATH": str(_ROOT), URL_VARIABLE: url}
    with log.open("w") as written:
        server = subprocess.Popen(command, cwd=_ROOT, env=settings, stdout=written, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health")
        yield port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:  # too busy to end by itself
            server.kill()
            server.wait()


def _wait_for(url: str) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"the server did not answer within {_START_SECONDS:.0f} s")


# ---- the workshop ----------------------------------------------------------------------------------


@dataclass
class Phone:
    """One person in the room: their page, and what the page told them is in."""

    page: Visitor
    number: int
    luck: random.Random
    told: Said = field(default_factory=dict)

    async def think(self) -> None:
        """Take some time, three seconds on average."""
        await asyncio.sleep(self.luck.uniform(0, 2 * THINKING_SECONDS))

    async def sees(self, here: Workshop, step: Step) -> None:
        """Wait until the page is at that step; a page that does not poll is loaded again."""
        began = time.perf_counter()
        if not self.page.polls:
            await self.page.load()
        arrived = await self.page.until(lambda page: page.shows(called(step)))
        here.seen.add(f"{_FOLLOWED}{called(step)}”", max(arrived - began, 0.0))

    async def does(self, here: Workshop, action: str, button: str, there: Callable[[Visitor], bool]) -> None:
        """Press a button; timed until a finished page shows what it led to."""
        here.seen.add(action, await self.page.timed(partial(self.page.press, button), there))


async def _held(here: Workshop, polls: bool) -> None:
    """Thirty phones and the projector, step after step, all at once at each."""
    async with asyncio.timeout(_ALL_SECONDS), AsyncExitStack() as stack:
        enter = stack.enter_async_context
        projector = await enter(visiting(here.address, "workshop", f"room={here.code}&host={here.opened.host}"))
        await projector.until(lambda page: page.shows("Come in"))  # also warms the server up
        pages = [await enter(visiting(here.address, "workshop", f"room={here.code}", polls)) for _ in range(PEOPLE)]
        phones = [Phone(page, number, random.Random(number)) for number, page in enumerate(pages)]
        await asyncio.gather(*(_joins(here, phone) for phone in phones))
        for step, acts in _STEPS.items():
            here.lead(step)
            await asyncio.gather(*(acts(here, phone) for phone in phones))
        here.seen.told = {phone.page.link("me"): phone.told for phone in phones}
        here.seen.polled = sum(page.polled for page in (projector, *pages))


async def _joins(here: Workshop, phone: Phone) -> None:
    await phone.page.until(lambda page: page.shows("First name"))
    await phone.think()
    phone.page.fill("First name", f"Person {phone.number}")
    await phone.does(here, "come in", "Come in", lambda page: page.shows("You are in"))


async def _bets(here: Workshop, phone: Phone) -> None:
    """A bet, and then another in its place."""
    await phone.sees(here, Step.BETS)
    for button, value in (("Place my bet", _LOWEST), ("Place another bet", _LOWEST + 1)):
        await phone.think()
        bet = value + _APART * phone.number
        phone.page.fill("Your bet", float(bet))
        said = workshop_story.bet(here.scenario, here.question, bet)
        await phone.does(here, "bet", button, lambda page, said=said: page.shows(f"Your bet is in: {said}"))  # type: ignore[misc]
        phone.told["bet"] = Bet(value=float(bet))


async def _guesses(step: Step, here: Workshop, phone: Phone) -> None:
    """Three numbers for each quantity that the room asks for."""
    await phone.sees(here, step)
    paths = rooms.room_of(here.database, here.code).settings.guesses
    for place, path in enumerate(paths):
        await phone.think()
        guess, scale = _guess(here.scenario, path, phone.luck)
        for label, end in (("Lowest", guess.low), ("Most likely", guess.mode), ("Highest", guess.high)):
            phone.page.fill(label, round(end * scale, 10))
        after = f"{place + 2} of {len(paths)}" if place + 1 < len(paths) else "All your numbers are in"
        await phone.does(here, "three numbers", "Hand in", lambda page, after=after: page.shows(after))  # type: ignore[misc]
        phone.told[path] = guess


def _guess(scenario: Scenario, path: str, luck: random.Random) -> tuple[Guess, float]:
    """Three numbers round the scenario's own, within bounds, and what the page multiplies them by."""
    bounds, value = allowed(scenario, path), quantity_at(scenario, path).value
    ends = sorted(min(max(value * luck.uniform(0.5, 1.5), bounds.least), bounds.most) for _ in range(3))
    low, mode, high = (float(round(end)) if bounds.whole else round(end, 6) for end in ends)
    return Guess(low=low, mode=mode, high=high), 100.0 if bounds.unit.startswith("share") else 1.0


async def _plans(here: Workshop, phone: Phone) -> None:
    """One fix that the budget allows."""
    await phone.sees(here, Step.PLANS)
    await phone.think()
    budget = rooms.room_of(here.database, here.code).settings.budget
    within = [fix for fix in here.scenario.fixes if budget is None or cost_of(here.scenario, [fix.id]) <= budget]
    fix = phone.luck.choice(within)
    phone.page.fill("Fixes", [one for one in phone.page.options("Fixes") if one.startswith(escaped(fix.label))])
    ready = phone.page.timed(phone.page.load, lambda page: page.can_press("Hand in"))
    here.seen.add("choose a fix", await ready)
    await phone.think()
    await phone.does(here, "a plan", "Hand in", lambda page: page.shows(f"In: {fix.label}"))
    phone.told["plan"] = FixPlan(fixes=(fix.id,))


async def _looks(step: Step, here: Workshop, phone: Phone) -> None:
    """Nothing to do but to see what the room found."""
    await phone.sees(here, step)


async def _agrees(here: Workshop, phone: Phone) -> None:
    """Wait until the projector has put the room's numbers into its scenario."""
    await phone.sees(here, Step.AGREED)
    await _comes(here, phone, "the scenario made", lambda page: not page.shows("The room’s numbers are being put"))


async def _outcome(here: Workshop, phone: Phone) -> None:
    """Wait until the business case of the best plan is there."""
    await phone.sees(here, Step.OUTCOME)
    await _comes(here, phone, "the business case", _is_valued)


def _is_valued(page: Visitor) -> bool:
    return any("eight of ten futures lie between" in word for word in page.words)


async def _comes(here: Workshop, phone: Phone, what: str, there: Callable[[Visitor], bool]) -> None:
    """Wait until something that is simulated is there; a page that does not poll is loaded again and again."""
    began = time.perf_counter()
    while not phone.page.polls and not there(phone.page):
        await asyncio.sleep(THINKING_SECONDS)
        await phone.page.timed(phone.page.load, lambda page: page.shows(f"Person {phone.number}"))
    arrived = await phone.page.until(there, _ALL_SECONDS)
    here.seen.add(f"{_FOLLOWED}{what}”", max(arrived - began, 0.0))


_FOLLOWED = "to the phones: “"
_HANDED_IN = ("come in", "bet", "three numbers", "a plan")
_STEPS: dict[Step, Callable[[Workshop, Phone], Awaitable[None]]] = {
    Step.BETS: _bets,
    Step.REVEAL: partial(_looks, Step.REVEAL),
    Step.GUESSES: partial(_guesses, Step.GUESSES),
    Step.POOL: partial(_looks, Step.POOL),
    Step.REVISE: partial(_guesses, Step.REVISE),
    Step.AGREED: _agrees,
    Step.PLANS: _plans,
    Step.OUTCOME: _outcome,
}


# ---- what came of it -------------------------------------------------------------------------------


def _written(here: Workshop) -> tuple[int, int]:
    """How often people were told that they or something of theirs is in, and how often something was written."""
    told = sum(len(here.seen.seconds[action]) for action in _HANDED_IN)
    pulse = rooms.pulse_of(here.database, here.code)
    return told, pulse.people + pulse.handed_in


def _as_told(here: Workshop) -> tuple[int, int]:
    """How many last answers people were told are in, and how many of these the database holds just so."""
    told = kept = 0
    for token, said in here.seen.told.items():
        submissions = people.seat_of(here.database, here.code, token).submissions
        stored = {one.key or kind_of(one.said): one.said for one in submissions}
        told += len(said)
        kept += sum(stored.get(question) == answer for question, answer in said.items())
    return told, kept


def _print(here: Workshop, polls: bool, log: str) -> None:
    filled = table("action", "how many", "p50, ms", "p95, ms", "worst, ms")
    followed = {action: found for action, found in here.seen.seconds.items() if action.startswith(_FOLLOWED)}
    actions = {action: found for action, found in here.seen.seconds.items() if action not in followed}
    every = [seconds for found in actions.values() for seconds in found]
    for action, found in {**actions, "all of these": every, **followed}.items():
        times = np.percentile(found, [50, 95, 100]).tolist()
        filled.add_row(action, str(len(found)), *(f"{1000 * seconds:,.0f}" for seconds in times))
    out.print(
        f"{here.opened.code}: {here.scenario.title}. {PEOPLE} people and a projector, "
        f"{f'everybody polling ({here.seen.polled:,} times)' if polls else 'only the projector polling'}; "
        f"about {THINKING_SECONDS:.0f} s of thought before each action; client and server share this machine."
    )
    show(
        filled,
        "From the press of a button, sent, to a finished page that shows what it led to; and from the facilitator's "
        "step to each phone that shows it (phones ask every two seconds).",
    )
    (told, written), (last, kept) = _written(here), _as_told(here)
    verdict = "nothing lost" if (told, last) == (written, kept) else "LOST OR WRITTEN TWICE"
    out.print(
        f"Acknowledged: {told}; written in the database: {written}. Last answers: {last}, {kept} just so: {verdict}."
    )
    out.print(f"Tracebacks in the server's log: {log.count('Traceback')}.")
    for error, times in Counter(_ERROR.findall(log)).most_common():
        out.print(f"{times} times {error}")
    p95 = float(np.percentile(every, 95))
    out.print(f"p95 of all actions under {GOAL_SECONDS:.0f} s: {yes_or_no(p95 < GOAL_SECONDS)} ({1000 * p95:,.0f} ms).")
