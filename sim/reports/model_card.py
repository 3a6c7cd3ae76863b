"""The model card of a scenario in the order of the STRESS-DES guideline, from its data and the code's registries.

Monks, Currie, Onggo, Robinson, Kunc and Taylor 2019, "Strengthening the reporting of empirical simulation studies:
Introducing the STRESS guidelines", Journal of Simulation 13(1), 55-67. Sections 7 and 8 are beyond the guideline.
"""

from pathlib import Path

from sim.reports.card import Card
from sim.reports.card_data import data
from sim.reports.card_logic import logic
from sim.reports.card_method import code_access, experimentation, implementation
from sim.reports.card_objectives import objectives
from sim.reports.card_trust import checks, limits
from sim.scenario.scenario import Scenario

GUIDELINE = (
    "Sections 1 to 6 follow STRESS-DES (Monks et al. 2019, Journal of Simulation 13(1), 55-67). Written from the "
    "scenario and the code by Ripple; nothing was simulated for it."
)


def model_card(name: str, scenario: Scenario) -> Card:
    """The card of that scenario. Of a path only the file's name is shown: where it lies is nobody else's concern."""
    name = Path(name).name
    sections = (
        objectives(scenario),
        logic(scenario),
        data(scenario),
        experimentation(scenario),
        implementation(),
        code_access(name),
        checks(scenario),
        limits(scenario),
    )
    return Card(name, scenario.title, GUIDELINE, sections)
