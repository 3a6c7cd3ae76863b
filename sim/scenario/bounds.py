"""How large a scenario may be, so that whoever opens one from elsewhere waits for seconds at most.

Each bound stands here once: the schema and the reference take it from here, and a list that is longer is refused before
anything in it is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

TOO_MANY = "too_many"
"""The type of error that says so: nothing else is said of a file that is too large."""


@dataclass(frozen=True)
class AtMost:
    """As an annotation of a list: how many items it may have, or how many there may be `within` all of its items.

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
        if isinstance(items, list | tuple) and (count := self._count(items)) > self.most:
            said = {"found": f"{count:,}{' ' + self.what + ' in all' if self.within else ''}", "allowed": self.words}
            raise PydanticCustomError(TOO_MANY, "found {found}; allowed: {allowed}", said)
        return items

    def _count(self, items: Sequence[Any]) -> int:
        return len(items) if self.within is None else sum(_length(item, self.within) for item in items)


def _length(item: Any, name: str) -> int:
    """How long the list of that name is in an item, which may be a part already or anything that a file has there."""
    inner = item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
    return len(inner) if isinstance(inner, list | tuple) else 0


TOUCHPOINTS, ROUTES = AtMost(500), AtMost(2_000, "next", "ways on")
FAILURES, RESPONSES = AtMost(500), AtMost(2_000, "responses", "responses")
KINDS = AtMost(50)
"""Of segments, trips and channels: all combinations of them may go their own ways."""
NAMES = AtMost(100)
"""Of stages, departments and resources."""
ASSETS, ATTRIBUTES, REASONS = AtMost(50), AtMost(500), AtMost(100)
SKILLS, LIFTS = AtMost(50), AtMost(500, "lifts", "lifts")
FIXES, CHANGES, STORES = AtMost(100), AtMost(500, "changes", "changes"), AtMost(20)
POLICIES, MOVES, POINTS = AtMost(20), AtMost(200, "moves", "moves"), AtMost(50)
LEVERS, PRESETS = AtMost(100), AtMost(50)
WORLDS = 600
"""That are checked with a scenario: at the ends of levers and of what fixes do, at policies' points, and of presets."""
