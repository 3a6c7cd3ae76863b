"""Reads a scenario file as plain data that knows the line of every key and item.

The file is untrusted, so the data is built here from the parser's events: limits, anchors and tags are
refused before anything comes of them.
"""

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError

from sim.scenario.faults import Document, Fault, Loc, ScenarioError, faults_at, found
from sim.scenario.spelling.names import shown
from sim.scenario.spelling.syntax import explained
from sim.scenario.spelling.values import Asked, numbers
from sim.scenario.wording import clean

MAX_BYTES = 256 * 1024  # some hostile texts cost the parser the square of their length
MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_DIGITS = 20
_LONGEST_SAID = 300

# What no text holds: half surrogates and what Unicode has for no character. What nobody sees was taken out before.
_ODD = re.compile("[\ud800-\udfff\ufffe\uffff]")
# The scalars of YAML 1.2's core schema: everything else is text.
_WORDS = dict.fromkeys(("", "~", "null", "Null", "NULL")) | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_WHOLE = {10: re.compile(r"[-+]?[0-9]+"), 8: re.compile(r"0o[0-7]+"), 16: re.compile(r"0x[0-9a-fA-F]+")}
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read(path: Path) -> Document:
    """The scenario file at `path`.

    Raises:
        ScenarioError: it cannot be read, or `parse` refuses it.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise ValueError("it is not a file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _refusal(str(path), None, f"cannot be read: {reason}") from None
    return parse(raw, str(path))


def parse(text: str | bytes, file: str) -> Document:
    """The YAML 1.2 text of the scenario file called `file`; characters that nobody sees are taken out, see `clean`.

    Raises:
        ScenarioError: every fault found in the text: not UTF-8, not YAML, beyond a limit, or using what a
            scenario has no need of (anchors, aliases, merge keys, tags, keys that are not text, keys given
            twice, numbers that are not finite).
    """
    builder = _Builder(_decoded(text, file))
    data = builder.build()
    if builder.faults:
        raise ScenarioError(faults_at(file, builder.faults, data))
    return Document(file, data, builder.lines)


def _refusal(file: str, line: int | None, message: str) -> ScenarioError:
    return ScenarioError([Fault(file, line, "", message)])


def _decoded(text: str | bytes, file: str) -> str:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise _refusal(file, None, f"larger than the limit of {MAX_BYTES} bytes")
    try:
        decoded = raw.decode("utf-8-sig", "surrogatepass" if isinstance(text, str) else "strict")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refusal(file, line, "not UTF-8 text; save the file as UTF-8") from None
    text = clean(decoded)
    if odd := _ODD.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise _refusal(file, line, f"character U+{ord(odd[0]):04X} is not accepted")
    return text


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    for base, form in _WHOLE.items():
        if form.fullmatch(text):
            return _whole(text, base)
    number = float(text) if _FLOAT.fullmatch(text) else None
    if _NOT_FINITE.fullmatch(text) or (number is not None and math.isinf(number)):
        raise ValueError(f"found {shown(text)}; allowed: a finite number")
    return text if number is None else number


def _whole(text: str, base: int) -> int:
    if len(text.lstrip("+-")) > MAX_DIGITS:
        raise ValueError(f"found {shown(text)}; allowed: a whole number of at most {MAX_DIGITS} digits")
    return int(text, base)


def _quoted(text: str) -> str:
    try:  # JSON escapes a character beyond U+FFFF as two halves
        return clean(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
    except UnicodeDecodeError:
        raise ValueError("found half of a surrogate pair; allowed: whole characters") from None


class _StoppedError(Exception):
    """The rest cannot be read; why is among the faults."""


@dataclass(frozen=True)
class _Number:
    """A number in a mapping, as it is written."""

    loc: Loc
    line: int
    text: str


def _is_plain(event: Any) -> bool:
    """Whether the parser read a value without quotes."""
    return isinstance(event, events.ScalarEvent) and event.implicit[0] and event.anchor is None and event.tag is None


class _Builder:
    """Turns the parser's events into plain data. Recursion is as deep as MAX_DEPTH at most."""

    def __init__(self, text: str) -> None:
        self.faults: list[tuple[int, Loc, str]] = []
        self.lines: dict[Loc, int] = {}
        self._text = text
        self._events = YAML(typ="safe", pure=True).parse(text)
        self._line = 1
        self._nodes = 0

    def build(self) -> Any:
        """The data of the whole file, or None when reading had to stop; faults are noted."""
        try:
            return self._document()
        except _StoppedError:
            return None

    def _fault(self, loc: Loc, message: str, line: int = 0) -> None:
        self.faults.append((line or self._line, loc, message))

    def _stop(self, loc: Loc, message: str) -> NoReturn:
        self._fault(loc, message)
        raise _StoppedError

    def _next(self) -> Any:
        try:
            event = next(self._events)
        except MarkedYAMLError as error:
            self._line, said = explained(error, self._text)
            self._stop((), shown(said, longest=_LONGEST_SAID))
        except Exception:  # ruamel.yaml lets others slip: OverflowError, ValueError, AssertionError
            self._stop((), "not valid YAML: an escape or a line starting with % cannot be understood")
        self._line = event.start_mark.line + 1
        return event

    def _document(self) -> Any:
        self._next()
        start = self._next()
        if isinstance(start, events.StreamEndEvent):
            self._stop((), "the file is empty; allowed: a mapping")
        if start.version or start.tags:
            self._fault((), "directives (%) before the --- are not accepted")
        root = self._next()
        self.lines[()] = self._line
        data = self._value(root, ())
        if not isinstance(data, dict):
            self._fault((), f"found {found(data)}; allowed: a mapping", self.lines[()])
        self._next()
        if isinstance(self._next(), events.DocumentStartEvent):
            self._fault((), "a second document starts here; allowed: one in a file")
        return data

    def _value(self, event: Any, loc: Loc) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(loc, f"more than the limit of {MAX_NODES} values and keys")
        if event.anchor is not None:
            self._fault(
                loc,
                "anchors (&) and aliases (*) are not accepted; write the value out, a text that begins so in quotes",
            )
        if isinstance(event, events.AliasEvent):
            return f"*{event.anchor}"
        if event.tag is not None:
            self._fault(loc, "tags (!) are not accepted; write a text that begins so in quotes")
        if isinstance(event, events.ScalarEvent):
            return self._scalar(event, loc)
        if len(loc) >= MAX_DEPTH:
            self._stop(loc, f"nested deeper than the limit of {MAX_DEPTH}")
        return self._mapping(loc) if isinstance(event, events.MappingStartEvent) else self._list(loc)

    def _scalar(self, event: Any, loc: Loc) -> Any:
        try:
            return _plain(event.value) if event.implicit[0] else _quoted(event.value)
        except ValueError as error:
            self._fault(loc, str(error))
            return event.value

    def _list(self, loc: Loc) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), events.SequenceEndEvent):
            inner = (*loc, len(items))
            self.lines[inner] = self._line
            items.append(self._value(event, inner))
        return items

    def _mapping(self, loc: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        number: _Number | None = None  # the last value, which a decimal comma may have cut in two
        while not isinstance(event := self._next(), events.MappingEndEvent):
            line = self._line
            value = self._next() if number and _is_plain(event) and event.value.isdecimal() else None
            if number and value is not None and _is_plain(value) and not value.value:
                number = replace(number, text=f"{number.text},{event.value}")
                continue
            self._note_comma(number)
            key = self._key(event, loc)
            inner = (*loc, key)
            if key in values:
                self._fault(inner, f"given twice; the first is on line {self.lines[inner]}", line)
            else:
                self.lines[inner] = line
            value = self._next() if value is None else value
            number = _Number(inner, line, value.value) if _is_plain(value) and _FLOAT.fullmatch(value.value) else None
            values[key] = self._value(value, inner)
        self._note_comma(number)
        return values

    def _note_comma(self, number: "_Number | None") -> None:
        """A comma within braces begins the next key, so that `{mode: 0,06}` has the keys `mode` and `06`."""
        if number and "," in number.text:
            ways = numbers(number.text, Asked())
            meant = f"; did you mean {' or '.join(ways)}?" if ways else ""
            found_there = f'found "{shown(number.text)}" between braces, where a comma begins the next key'
            self._fault(number.loc, f"{found_there}; allowed: a number with a point{meant}", number.line)

    def _key(self, event: Any, loc: Loc) -> str:
        line = self._line
        scalar = isinstance(event, events.ScalarEvent)
        name = event.value if scalar else f"?{self._nodes}"  # a name that no other key has
        key = self._value(event, (*loc, name))
        if scalar and name == "<<" and event.implicit[0]:
            self._fault(loc, "merge keys (<<) are not accepted; write the values out", line)
        if isinstance(key, str):
            return key
        self._fault(loc, f"found {found(key)} as a key; allowed: text (in quotes)", line)
        return str(name)
