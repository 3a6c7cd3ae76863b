"""What a visitor does with saved scenarios: nothing of it is lost when the database or somebody else is in the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import streamlit as st

from sim.experiments.cache import REPLICATION
from sim.experiments.inquiry import FULL_RUNS
from sim.experiments.runs import Effort, Run, WorldsJob
from sim.experiments.task import Task
from sim.saved import documents, shelf
from sim.saved.database import DatabaseError
from sim.saved.shelf import ConflictError, Entry, EntryError, GoneError, Saved, SavedFigure
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.files import preset_of, saved_preset, with_preset
from sim.scenario.scenario import Scenario
from ui.jobs import Slot
from ui.session.choice import Choice, Start, put, seed_scenario_key, start_of
from ui.session.scenarios import database, open_kept, own, scenario
from ui.session.simulators import SEED, results, workers

AT_MOST = 4
"""How many worlds people can still tell apart, beside the scenario as it is."""
REFUSALS = (EntryError, GoneError, DatabaseError)
"""What can be in the way, each saying so in a sentence."""


@dataclass(frozen=True)
class Fitting:
    """What of an entry a scenario's file still has room for, and what is wrong with the rest."""

    sets: dict[str, float]
    fixes: tuple[str, ...]
    wrong: tuple[str, ...]

    def start(self, baseline: Scenario) -> Start:
        """Where the levers stand, and the fixes."""
        return Start(start_of(baseline, None).values | self.sets, self.fixes)


def fitting(baseline: Scenario, entry: Entry) -> Fitting:
    """What of an entry can be had of that scenario: its file may have been edited since."""
    levers = {lever.path: lever for lever in baseline.levers}
    sets, wrong = {}, []
    for path, value in entry.sets.items():
        lever = levers.get(path)
        if lever and lever.min <= value <= lever.max:
            sets[path] = value
        else:
            allowed = f"{lever.min:g} to {lever.max:g}" if lever else "one of its levers as they are now"
            wrong.append(f"{lever.label if lever else path} at {value:g} cannot be had any more; allowed: {allowed}.")
    known = [fix.id for fix in baseline.fixes]
    wrong += [
        f"There is no fix {fix} any more; allowed: {', '.join(known)}." for fix in entry.fixes if fix not in known
    ]
    return Fitting(sets, tuple(fix for fix in known if fix in entry.fixes), tuple(wrong))


def figures_of(run: Run) -> tuple[SavedFigure, ...]:
    """The headline results of a world, to be kept with it: of the scenario's headline and of contribution."""
    names = dict.fromkeys((run.world.headline, "contribution"))
    how = {"runs": len(run.replications), "weeks": run.world.weeks, "seed": run.seed}
    estimates = {name: run.estimate(name) for name in names}
    return tuple(SavedFigure(name, one.mean, one.low, one.high, **how) for name, one in estimates.items())


def by(entry: Entry) -> str:
    """Who saved it."""
    return f"by {entry.author}" if entry.author else "no name given"


@dataclass
class SavedDesk:
    """Where a visitor's saving is done: what is to be said next, what can be undone, and what is set side by side.

    `saving` names the scenario whose choice is about to be saved: its dialog is open.
    """

    author: str = ""
    saving: str | None = None
    notice: str | None = None
    trouble: str | None = None
    both: tuple[Saved, Saved] | None = None
    faults: tuple[Fault, ...] = ()
    deleted: list[Saved] = field(default_factory=list)
    goes_to: str | None = None
    beside: tuple[str, ...] = ()
    slot: Slot[WorldsJob] = field(default_factory=Slot)

    def take_notice(self) -> str | None:
        """What is to be said once."""
        said, self.notice = self.notice, None
        return said

    def set_beside(self, ids: tuple[str, ...]) -> None:
        """Look at these side by side, or with none at the list again."""
        self.beside, self.trouble = ids, None
        if not ids:
            self.slot.forget()

    def side_by_side(self, worlds: list[Scenario], runs: int) -> WorldsJob:
        """The job for these worlds, begun if there is none; another is stopped. Raises TooLargeError."""
        return self.slot.job_for(worlds) or self.go_on(worlds, runs)

    def go_on(self, worlds: list[Scenario], runs: int) -> WorldsJob:
        """Begin it, or go on that far. Raises TooLargeError: it would take too long; nothing changes then."""
        effort = Effort(SEED, runs)
        return self.slot.again(worlds, lambda: WorldsJob(dict(enumerate(worlds)), effort, results(), workers()))


def desk() -> SavedDesk:
    """The desk of this visitor."""
    return own("saved desk", SavedDesk)


def name_now() -> str:
    """The scenario that this visitor looks at."""
    name: str = st.session_state[seed_scenario_key()]
    return name


def tick_key(saved: Saved) -> str:
    """The key of the tick that sets it side by side with others."""
    return f"tick {saved.id}"


def is_ticked(saved: Saved) -> bool:
    """Whether it is ticked."""
    return bool(st.session_state.get(tick_key(saved)))


def ticked(every: list[Saved]) -> list[Saved]:
    """Those that are ticked, in the order of the list."""
    return [one for one in every if is_ticked(one)]


def untick(every: list[Saved]) -> None:
    """Take every tick away."""
    for one in every:
        st.session_state[tick_key(one)] = False


def known(choice: Choice) -> Run | None:
    """What this server has simulated of a choice, as Explore simulates it; None where that is not all there."""
    try:
        tasks = [Task(choice.world, SEED, number) for number in range(FULL_RUNS)]
        found = [REPLICATION.remembered(results(), task) for task in tasks]
    except ScenarioError:  # a choice that contradicts itself has no results
        return None
    there = tuple(one for one in found if one is not None)
    return Run(choice.world, there, SEED) if len(there) == FULL_RUNS else None


def begin_saving(name: str) -> None:
    """Open the dialog that saves a choice of that scenario; for a button's `on_click`."""
    desk().saving = name


def end_saving() -> None:
    """That dialog was closed, or the visitor went elsewhere."""
    desk().saving = None


def save(choice: Choice, name: str, note: str, found: Run | None) -> Saved:
    """Save a choice under a name, by the visitor's own.

    Raises:
        EntryError, DatabaseError: it was not saved.
        ScenarioError: its story's file cannot be kept.
    """
    kept = documents.keep_shipped(database(), choice.name)
    figures = figures_of(found) if found else ()
    entry = Entry(name, choice.name, kept, note, desk().author, choice.sets, choice.fixes, figures)
    return shelf.save(database(), entry)


def rename(seen: Saved, name: str, note: str) -> None:
    """Give it another name and note. Where somebody else was first, both are kept, and both are shown.

    Whoever renames is not asked for a name: a version kept beside another has the one they gave when saving, if any.

    Raises:
        EntryError, GoneError, DatabaseError: nothing was changed.
    """
    entry = replace(seen.entry, name=name, note=note)
    try:
        shelf.changed(database(), seen, entry)
    except ConflictError as conflict:
        ours = replace(entry, author=desk().author)
        both = shelf.keep_both(database(), ConflictError(conflict.theirs, ours))
        desk().both = (conflict.theirs, both)


def seen_both() -> None:
    """What two changed at once was looked at."""
    desk().both = None


def delete(seen: Saved) -> None:
    """Take it off the list; for a button's `on_click`."""
    with _acting("It was not deleted; the list shows it as it is now."):
        desk().deleted.append(shelf.delete(database(), seen))


def put_back(seen: Saved) -> None:
    """Put a deleted one back on the list; for a button's `on_click`."""
    with _acting("It is not put back; look for it in the list."):
        shelf.restore(database(), seen)
        desk().deleted = [one for one in desk().deleted if one.id != seen.id]


def duplicate(seen: Saved) -> None:
    """Save a copy of it; for a button's `on_click`."""
    with _acting(""):
        copy = shelf.duplicate(database(), seen.id, desk().author or seen.entry.author)
        desk().notice = f"Saved “{copy.entry.name}”."


@contextmanager
def _acting(in_conflict: str) -> Iterator[None]:
    desk().trouble = None
    try:
        yield
    except ConflictError as conflict:
        desk().trouble = f"{conflict} {in_conflict}"
    except REFUSALS as error:
        desk().trouble = str(error)


def open_saved(saved: Saved, as_kept: bool) -> None:
    """Put chooser, levers and fixes where it has them; for a button's `on_click`. What cannot be had is said."""
    name = saved.entry.kept if as_kept else saved.entry.scenario
    desk().trouble = None
    try:
        baseline = open_kept(name) if documents.is_kept(name) else scenario(name)
    except (ScenarioError, DatabaseError) as error:
        desk().trouble = f"“{saved.entry.name}” cannot be opened. {_said(error)}"
        return
    fits = fitting(baseline, saved.entry)
    _show(name, fits.start(baseline))
    if fits.wrong:
        desk().goes_to = None
        desk().trouble = " ".join([*fits.wrong, "The rest is set: see Explore."])


def open_file(key: str) -> None:
    """Keep a file that was sent, and open it where its saved preset has it; for an uploader's `on_change`."""
    sent = st.session_state[key]
    desk().trouble, desk().faults = None, ()
    if sent is None:
        return
    try:
        name = documents.keep_file(database(), sent.getvalue(), sent.name)
        opened = open_kept(name)
    except ScenarioError as error:
        desk().faults = error.faults
    except DatabaseError as error:
        desk().trouble = f"The file was not kept. {error}"
    else:
        _show(name, start_of(opened, saved_preset(opened)))


def _show(name: str, start: Start) -> None:
    st.session_state["scenario"] = name
    put(name, start)
    desk().goes_to = name


def _said(error: ScenarioError | DatabaseError) -> str:
    return str(error) if isinstance(error, DatabaseError) else "; ".join(fault.message for fault in error.faults) + "."


def file_of(entry: Entry) -> str:
    """The scenario file in which a choice is a preset of that name.

    Raises:
        ScenarioError: a lever stands where the file cannot have it, or the story's file is not here.
        DatabaseError: its story's file cannot be read.
    """
    text = documents.text_now(database(), entry.scenario)
    about = " ".join(entry.note.split()) or f"Saved with Ripple, {by(entry)}."
    preset = preset_of(scenario(entry.scenario), entry.name, about, entry.sets, entry.fixes)
    return with_preset(text, preset) if preset else text


def fill_in(chosen: list[Saved], figures: list[tuple[SavedFigure, ...]]) -> None:
    """Keep results that were not known when these were saved; where that fails they are found again next time.

    Results of a file that was edited since are not those of what was saved.
    """
    try:
        for one, found in zip(chosen, figures, strict=True):
            if not one.entry.figures and not documents.is_edited(one.entry.scenario, one.entry.kept):
                shelf.note_figures(database(), one.id, found)
    except (GoneError, DatabaseError):
        return
