"""Beyond the guideline: how a scenario is checked, and what is known to be missing."""

from sim.experiments.verification.known_answers import read_known_answers
from sim.reports.card import Item, Row, Section, Table
from sim.scenario.notices import notices_of
from sim.scenario.scenario import Scenario

_LIMITS = (
    "Most numbers of most scenarios are guesses; their ranges are guesses too. Twice as much certainty needs "
    "measuring, not more runs.",
    "Effects on satisfaction and leaving come from studies of correlation, of other businesses and of other years.",
    "One site is simulated; a chain is that times its stores, without customers who move between them.",
    "There are no rivals, no prices that answer, no seasons beyond the week, and no staff who tire or resign.",
    "Everybody of a segment answers to failures by the same law; what differs is their luck.",
    "Opening hours, closed dates and the profile of the week are the same every year.",
)


def checks(scenario: Scenario) -> Section:
    """What proves the simulator, and what proves this scenario."""
    known = read_known_answers()
    answers: list[Row] = [
        {"id": proof.id, "question": proof.label}
        | {"known answers": sum(answer.proves == proof.id for answer in known.every)}
        for proof in known.proofs
    ]
    theory = (
        f"{len(known.answers)} answers that theory knows are simulated with the same engine; one passes when theory "
        f"lies in the simulation's 99% interval and that interval is narrow. {len(known.fitted)} more are given by the "
        "same fits and formulas as here, and compared with what was published. This card does not run them: python -m "
        "sim verify does.",
    )
    levers = (
        f"Each of the {len(scenario.levers)} levers of item 1.3 is simulated by a test of Ripple, for the scenarios "
        "that come with it, which fails unless its measure moves the way declared. For a file of your own: python "
        "-m sim curve.",
    )
    engines = (
        "Two engines, written apart, must give the same ledger bit for bit: on the scenarios that come with Ripple, "
        "on corner cases and on generated journeys.",
    )
    items = (
        Item("7.1", "Known answers", theory, (), (Table("What they ask", tuple(answers)),)),
        Item("7.2", "Levers that prove themselves", levers),
        Item("7.3", "Two engines, one ledger", engines),
    )
    return Section("7", "Checks", items)


def limits(scenario: Scenario) -> Section:
    """What is known to be missing or weak."""
    return Section("8", "Known limits", (Item("8.1", "What to bear in mind", (), _LIMITS), _notices(scenario)))


def _notices(scenario: Scenario) -> Item:
    """What is legal in the scenario and probably not meant."""
    found: list[Row] = [{"path": notice.path, "notice": notice.message} for notice in notices_of(scenario)]
    says = "What the file may say and its author has probably not meant." if found else "Nothing was found."
    return Item("8.2", "Notices", (says,), tables=(Table("Where, and what it does", tuple(found)),))
