"""The only package that touches session state and the link: what the visitor chose, and the question under way."""

from ui.session.case import case_desk
from ui.session.choice import (
    Choice,
    choice_now,
    reset,
    seed_fixes_key,
    seed_lever_key,
    seed_preset_key,
    seed_scenario_key,
    start_from_preset,
    wrong_in_link,
)
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
from ui.session.scenarios import scenario, titles
from ui.session.simulators import SEED, answer_again, answer_job, case_store, patient_workers

__all__ = [
    "SEED",
    "AttributionDesk",
    "Choice",
    "Desk",
    "answer_again",
    "answer_job",
    "ask_again",
    "attribution_desk",
    "case_desk",
    "case_store",
    "choice_now",
    "curve_desk",
    "inquiry",
    "journey_desk",
    "patient_workers",
    "reset",
    "scenario",
    "seed_fixes_key",
    "seed_lever_key",
    "seed_preset_key",
    "seed_scenario_key",
    "split_desk",
    "start_from_preset",
    "titles",
    "wrong_in_link",
]
