"""Writing the deck: every slide in order."""

from sim.reports.slides import answer_slides
from sim.reports.slides.case_slides import least_sure, worth
from sim.reports.slides.deck import Deck
from sim.reports.slides.source_slides import rests_on, simulated
from sim.reports.slides.told import Told


def slides(told: Told) -> bytes:
    """The deck as a file's bytes (PowerPoint); the same for the same choice, case and moment."""
    deck = Deck(told.scenario.question, told.origin.line, told.origin.when)
    answer_slides.question(deck, told)
    answer_slides.sentence(deck, told)
    answer_slides.before_and_after(deck, told)
    answer_slides.losses(deck, told)
    if told.case:
        origin = told.case_origin or told.origin
        worth(deck, told.case, origin)
        least_sure(deck, told.case, origin)
    rests_on(deck, told)
    simulated(deck, told)
    return deck.packed()
