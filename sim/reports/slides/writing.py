"""Writing the deck: every slide in order."""

from sim.reports.slides import answer_slides, case_slides, source_slides
from sim.reports.slides.deck import Deck
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
        case_slides.worth(deck, told.case, origin)
        case_slides.least_sure(deck, told.case, origin)
    source_slides.rests_on(deck, told)
    source_slides.simulated(deck, told)
    return deck.packed()
