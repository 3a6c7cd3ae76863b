"""The only package that touches session state and the link: what the visitor chose, and the question under way."""

from ui.session.desks import (
    AttributionDesk,
    Desk,
    ask_again,
    attribution_desk,
    curve_desk,
    inquiry,
    journey_desk,
    split_desk,
)
from ui.session.simulators import SEED, answer_again, answer_job, case_store, patient_workers

__all__ = [
    "SEED",
    "AttributionDesk",
    "Desk",
    "answer_again",
    "answer_job",
    "ask_again",
    "attribution_desk",
    "case_store",
    "curve_desk",
    "inquiry",
    "journey_desk",
    "patient_workers",
    "split_desk",
]
