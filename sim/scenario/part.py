"""What every part of a scenario has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from sim.scenario.spelling import Form, ids

_AN_ID = Form("small letters, digits and _, a letter first, at most 40 in all", ids)
_A_TEXT = Form("text on one line", lambda value: [str(value)] if isinstance(value, int | float) else [])

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), _AN_ID]
"""How things are named in paths: a lower-case letter, then lower-case letters, digits and underscores."""

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
    _A_TEXT,
]
"""One line of text, without the control characters that a terminal would obey."""


Loc = tuple[str | int, ...]
"""Where something stands in a scenario: keys and positions from the outside in."""

Finding = tuple[Loc, str]
"""Something wrong: where, and what is found and allowed."""


class Part(BaseModel):
    """Immutable once read; a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Named(Part):
    """Something with an id for paths and a label for people."""

    id: Id
    label: Text
