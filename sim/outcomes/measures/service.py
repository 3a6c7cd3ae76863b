"""Measures of service: waiting, contacts, complaints, and the things that are lent out."""

import numpy as np

from sim.engines.records import BUSY, REFUSALS, REPAIRS, REPORTS, SHORTAGES, WORKING
from sim.outcomes.measures.registry import measure, ratio
from sim.outcomes.outcome import Outcome


@measure("Abandoned visits", "share of visits", "lower")
def abandoned_share(outcome: Outcome) -> float:
    """Share of visits that end without a purchase."""
    tally = outcome.tally
    return ratio(float(tally.visits.sum() - tally.completed.sum()), float(tally.visits.sum()))


@measure("Wait", "minutes", "lower")
def mean_wait(outcome: Outcome) -> float:
    """Mean minutes from joining a queue to being served or giving up, over every joining of one.

    Who is served at once has joined and waited 0; who comes back to a queue on the same visit joins it once more. Who
    finds it too long and goes has not joined.
    """
    return ratio(float(outcome.tally.waits.sum()), float(outcome.tally.waited.sum()))


@measure("First-contact resolution", "share of issues", "higher", about="contacts")
def first_contact_resolution(outcome: Outcome) -> float:
    """Issues settled at the first contact over issues; an issue is a visit with at least one contact."""
    return ratio(float(outcome.tally.solved_first.sum()), float(outcome.tally.issues.sum()))


@measure("Average handle time", "minutes a contact", "lower", about="contacts")
def average_handle_time(outcome: Outcome) -> float:
    """Talk and after-work minutes over contacts."""
    return ratio(float(outcome.tally.handled.sum()), float(outcome.tally.contacts.sum()))


@measure("Contacts", "contacts a year", about="contacts")
def contacts(outcome: Outcome) -> float:
    """Questions and complaints dealt with, repeated ones counted each time, a year."""
    there_are = any(touchpoint.contact for touchpoint in outcome.scenario.journey)
    return float(outcome.tally.contacts.sum()) * outcome.a_year if there_are else np.nan


@measure("Complaints", "share of visits", "lower")
def complaint_share(outcome: Outcome) -> float:
    """Visits on which the customer complained, over visits; missing where no failure point leads to complaints."""
    if not any(failure.reported for failure in outcome.scenario.failures):
        return np.nan
    return ratio(float(outcome.tally.complaints.sum()), float(outcome.tally.visits.sum()))


@measure("Bad trips", "share of borrowing trips", "lower")
def bad_trip_share(outcome: Outcome) -> float:
    """Trips on which the borrowed thing was faulty, over trips that borrowed one."""
    return ratio(float(outcome.tally.bad.sum()), float(outcome.tally.borrowed.sum()))


@measure("Reports", "reports a year", about="things")
def reports(outcome: Outcome) -> float:
    """Times a year that someone reports a faulty thing."""
    return _a_year(outcome, REPORTS)


@measure("Refusals", "refusals a year", "lower", about="things")
def refusals(outcome: Outcome) -> float:
    """Reports a year refused: not enough left to take one out of action."""
    return _a_year(outcome, REFUSALS)


@measure("Reports refused", "share of reports", "lower", about="things")
def refused_share(outcome: Outcome) -> float:
    """Reports refused over reports made."""
    return ratio(_total(outcome, REFUSALS), _total(outcome, REPORTS))


@measure("Repairs", "repairs a year", about="things")
def repairs(outcome: Outcome) -> float:
    """Things mended a year."""
    return _a_year(outcome, REPAIRS)


@measure("Empty bay", "times a year", "lower", about="things")
def shortages(outcome: Outcome) -> float:
    """Times a year that a customer finds nothing left to borrow."""
    return _a_year(outcome, SHORTAGES)


@measure("In working order", "share of the pool", "higher", about="things")
def working_share(outcome: Outcome) -> float:
    """Time-weighted share of the pool that is in working order, neither faulty nor under repair."""
    return ratio(_mean_level(outcome, WORKING), _pool(outcome))


@measure("Lent out", "share of the pool", about="things")
def lent_share(outcome: Outcome) -> float:
    """Time-weighted share of the pool that is out with a customer, closing hours included."""
    return ratio(_mean_level(outcome, BUSY), _pool(outcome))


def _pool(outcome: Outcome) -> float:
    return sum(asset.pool.value for asset in outcome.scenario.assets)


def _total(outcome: Outcome, counter: int) -> float:
    return float(outcome.records.pools[:, counter].sum())


def _a_year(outcome: Outcome, counter: int) -> float:
    return _total(outcome, counter) * outcome.a_year if outcome.scenario.assets else np.nan


def _mean_level(outcome: Outcome, counter: int) -> float:
    return _total(outcome, counter) / (outcome.scenario.weeks * 7 * 24 * 60)
