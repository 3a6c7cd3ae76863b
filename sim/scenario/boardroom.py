"""What an author prepares for a reader with one minute: a question, a number, a proposal, sliders to try it with."""

from typing import Annotated

from pydantic import Field

from sim.scenario.part import Id, Part, Text

MOST_LEVERS = 3
Levers = Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST_LEVERS)]


class Boardroom(Part):
    """The boardroom's page and file. Each part has a default, so that every scenario has them."""

    question: Text | None = Field(default=None, description="left out: the scenario's own")
    number: Text | None = Field(default=None, description="the one measure shown; left out: the headline")
    fixes: tuple[Id, ...] | None = Field(
        default=None, description="what is proposed, all of it together; left out: what `answer` tries"
    )
    levers: Levers | None = Field(
        default=None,
        description="one to three levers to move, none that a proposed fix sets; left out: the first three",
    )
