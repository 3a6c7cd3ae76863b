"""Terms: how a case is reckoned, beyond what the scenario itself says it costs and brings."""

from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictInt, ValidationError

from sim.scenario.document import Document
from sim.scenario.faults import ScenarioError
from sim.scenario.quantity import Number, Part
from sim.scenario.validation import faults_of


class Terms(Part):
    """How cash flows become a present value. The discount rate is the scenario's own, `economics.discount_rate`.

    Optimism bias is corrected by raising costs (HM Treasury, The Green Book, supplementary guidance on optimism bias);
    benefits are cut and costs raised for risk (Forrester, Total Economic Impact). By default neither is done: what is
    uncertain is drawn instead, and correcting twice would count it twice.
    """

    horizon_years: Annotated[StrictInt, Field(ge=1, le=10)] = Field(default=3, description="years that count")
    real: StrictBool = Field(default=False, description="whether the discount rate has inflation taken out")
    mid_year: StrictBool = Field(
        default=False, description="whether a year's cash counts in the middle of the year; else it does at the end"
    )
    inflation: Annotated[Number, Field(ge=-0.05, le=0.25)] = Field(
        default=0, description="a year, by which flows grow under a nominal rate; a real rate needs none"
    )
    tax_rate: Annotated[Number, Field(ge=0, le=0.9)] = Field(
        default=0, description="on contribution less costs, the outlay taken off in year 1; 0: before tax"
    )
    cost_uplift: Annotated[Number, Field(ge=0, le=3)] = Field(default=0, description="share added to every cost")
    benefit_cut: Annotated[Number, Field(ge=0, le=1)] = Field(default=0, description="share taken off every benefit")


def terms_of(given: dict[str, Any]) -> Terms:
    """Terms as given, the others by default.

    Raises:
        ScenarioError: a term that is unknown or out of range, by its name.
    """
    try:
        return Terms.model_validate(given)
    except ValidationError as error:
        raise ScenarioError(faults_of(error, Document("terms", given))) from None
