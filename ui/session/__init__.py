"""The only package that touches session state and the link: what the visitor chose, and the question under way."""

from ui.session.simulators import (
    SEED,
    AttributionDesk,
    answer_again,
    answer_job,
    ask_again,
    attribution_desk,
    case_store,
    curve_desk,
    inquiry,
    journey_desk,
    split_desk,
)

__all__ = [
    "SEED",
    "AttributionDesk",
    "answer_again",
    "answer_job",
    "ask_again",
    "attribution_desk",
    "case_store",
    "curve_desk",
    "inquiry",
    "journey_desk",
    "split_desk",
]
