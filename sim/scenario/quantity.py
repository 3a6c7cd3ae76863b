"""A number that knows where it came from, and what all parts of a scenario have in common: ids, texts, bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.scenario.faults import Loc, found
from sim.scenario.spelling import Form, ids
from sim.scenario.spelling.values import Asked

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


class Between(Asked):
    """What a field allows: every end of the quantity within [least, most], whole numbers only if `whole`.

    As an annotation it checks those bounds and fills in the field's unit where the file gives none.
    """

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
            if end is not None and not self.allows(end):
                kind = "a whole number" if self.whole else "a number"
                raise ValueError(f"found {end:.15g}; allowed: {kind} from {self.least:.15g} to {self.most:.15g}")
        return quantity if quantity.unit else quantity.model_copy(update={"unit": self.unit})


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
GUESSED: tuple[Evidence, str] = ("D", "a guess")
MODELLED: tuple[Evidence, str] = ("D", "the model's default")


def by_default(value: float, unit: str, evidence: Evidence = "B", source: str | None = None) -> Quantity:
    """What a field holds where a file says nothing: by definition without effect, unless a source is named."""
    return Quantity(mode=value, unit=unit, evidence=evidence, source=source or "left out: no effect, by definition")


def optional(value: float, unit: str, description: str, evidence: Evidence = "B", source: str | None = None) -> Any:
    """The field of a quantity that a file may leave out: what it then holds, as `by_default` has it, and what it is."""
    return Field(default=by_default(value, unit, evidence, source), description=description)


TOO_MANY = "too_many"
"""The type of error that says so: nothing else is said of a file that is too large."""


@dataclass(frozen=True)
class AtMost:
    """As an annotation of a list: how many items it may have, or how many there may be `within` all of its items.

    So that whoever opens a scenario from elsewhere waits for seconds at most: a list that is longer is refused before
    anything in it is looked at, and the schema and the reference take the bound from here.

    `within` is the field of an item that lists them, and `what` is how people call them.
    """

    most: int
    within: str | None = None
    what: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Count before any item is read."""
        return core_schema.no_info_before_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The list's own bound is the schema's; the other one is said in words."""
        found = handler(schema)
        return found | ({"maxItems": self.most} if self.within is None else {"x-in-all": self.words})

    @property
    def words(self) -> str:
        """The bound in words."""
        return f"at most {self.most:,}" + (f" {self.what} in all" if self.within else "")

    def _checked(self, items: Any) -> Any:
        if not isinstance(items, list | tuple):
            return items
        count = len(items) if self.within is None else sum(_length(item, self.within) for item in items)
        if count > self.most:
            said = {"found": f"{count:,}{' ' + self.what + ' in all' if self.within else ''}", "allowed": self.words}
            raise PydanticCustomError(TOO_MANY, "found {found}; allowed: {allowed}", said)
        return items


def _length(item: Any, name: str) -> int:
    """How long the list of that name is in an item, which may be a part already or anything that a file has there."""
    inner = item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
    return len(inner) if isinstance(inner, list | tuple) else 0


WEEKS_A_YEAR = 365.0 / 7.0
"""How long a year is, for visits, for leaving, for money: 52 weeks and a day."""

_MINOR_UNITS = {"JPY": 1, "KRW": 1, "ISK": 1, "VND": 1, "BHD": 1000, "KWD": 1000, "OMR": 1000, "TND": 1000}


def minor_units(currency: str) -> int:
    """How many minor units (pence) make one unit of that ISO 4217 currency."""
    return _MINOR_UNITS.get(currency, 100)
