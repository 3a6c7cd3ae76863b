"""A number that knows where it came from, and what every part of a scenario has in common."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from sim.scenario.faults import found
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


Evidence = Literal["A", "B", "C", "D"]
EVIDENCE_MEANING: dict[str, str] = {
    "A": "measured on your own data",
    "B": "published and peer-reviewed",
    "C": "a vendor's figure or a single study",
    "D": "a guess nobody has measured",
}
Number = StrictInt | StrictFloat


class Quantity(Part):
    """A number, plain or with provenance; low, mode and high state our ignorance of that one number.

    With all three, the ignorance is triangular with hard ends; without a mode it is uniform and a plain run uses
    the middle. Differences *between* customers are not said here but in a distribution's own spread.
    """

    low: Number | None = None
    mode: Number | None = None
    high: Number | None = None
    unit: Text | None = None
    evidence: Evidence | None = None
    source: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain_number(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"mode": value}
        if isinstance(value, dict | Quantity):
            return value
        allowed = "a number, or a mapping of low, mode, high, unit, evidence, source"
        raise ValueError(f"found {found(value)}; allowed: {allowed}")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        given = [bound for bound in (self.low, self.mode, self.high) if bound is not None]
        if self.mode is None and len(given) < 2:
            raise ValueError("has no value; allowed: a mode, or both low and high")
        if (self.low is None) != (self.high is None):
            raise ValueError("found one end of a range; allowed: both low and high, or neither")
        if given != sorted(given):
            raise ValueError(f"found {given}; allowed: low <= mode <= high")
        return self

    @property
    def value(self) -> float:
        """What a plain run uses: the mode, or the middle of a range without one."""
        if self.mode is not None:
            return float(self.mode)
        assert self.low is not None and self.high is not None
        return (self.low + self.high) / 2

    def changed(self, times: float = 1.0, add: float = 0.0) -> "Quantity":
        """The same quantity, range and provenance kept, multiplied and then added to."""
        ends = {name: getattr(self, name) for name in ("low", "mode", "high")}
        moved = {name: None if end is None else end * times + add for name, end in ends.items()}
        return self.model_copy(update=moved)


@dataclass(frozen=True)
class Between:
    """What a field allows: every end of the quantity within [least, most], whole numbers only if `whole`.

    As an annotation it checks those bounds and fills in the field's unit where the file gives none.
    """

    least: float
    most: float
    unit: str
    whole: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check after the quantity itself has been read."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A plain number within bounds, or a mapping with provenance."""
        number: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        number |= {"minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, handler(schema)], "x-unit": self.unit}

    def _checked(self, quantity: Quantity) -> Quantity:
        for end in (quantity.low, quantity.mode, quantity.high):
            if end is not None:
                self._check(end)
        return quantity if quantity.unit else quantity.model_copy(update={"unit": self.unit})

    def _check(self, number: float) -> None:
        if not self.least <= number <= self.most or (self.whole and number != int(number)):
            kind = "a whole number" if self.whole else "a number"
            raise ValueError(f"found {number:.15g}; allowed: {kind} from {self.least:.15g} to {self.most:.15g}")


Share = Annotated[Quantity, Between(0, 1, "share")]
Unit = Annotated[Quantity, Between(0, 1, "0 to 1")]
Level = Annotated[Quantity, Between(-1, 1, "from -1 (dreadful) to 1 (delightful)")]
Multiple = Annotated[Quantity, Between(0, 100, "times")]
Days = Annotated[Quantity, Between(0, 365, "days")]
Weeks = Annotated[Quantity, Between(0, 10_000, "weeks")]
Minutes = Annotated[Quantity, Between(0, 100_000, "minutes")]
LogSd = Annotated[Quantity, Between(0, 3, "log standard deviation")]
Money = Annotated[Quantity, Between(0, 1e9, "currency")]
Servers = Annotated[Quantity, Between(1, 1_000, "at once", whole=True)]
Things = Annotated[Quantity, Between(0, 100_000, "things", whole=True)]
People = Annotated[Quantity, Between(0, 10_000_000, "customers", whole=True)]
PerWeek = Annotated[Quantity, Between(0, 100_000, "a week")]
Variation = Annotated[Quantity, Between(0, 10, "coefficient of variation")]
Shape = Annotated[Quantity, Between(0.05, 1_000_000, "shape")]
LogOdds = Annotated[Quantity, Between(-20, 1_000, "log-odds")]
Shift = Annotated[Quantity, Between(-20, 20, "log-odds")]
Strength = Annotated[Quantity, Between(0, 10, "strength")]


def by_default(value: float, unit: str, evidence: Evidence = "B", source: str | None = None) -> Quantity:
    """What a field holds where a file says nothing: by definition without effect, unless a source is named."""
    return Quantity(mode=value, unit=unit, evidence=evidence, source=source or "left out: no effect, by definition")
