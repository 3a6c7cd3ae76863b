"""What is wrong with a text that is not YAML, said so that whoever wrote it can mend it; YAML's own words seldom do."""

import re
from collections.abc import Callable, Sequence

from ruamel.yaml.error import MarkedYAMLError

from sim.scenario.spelling.names import short

_LONGEST = 60  # characters of a line, when it is written out again
_KEY = re.compile(r"\s*(?:- +)*(?P<key>[A-Za-z_][\w.]*):\s+(?P<text>\S.*?)\s*$")
_NO_SPACE = re.compile(r"\s*(?:- +)*(?P<key>[A-Za-z_]\w*):(?P<text>\S.*?)\s*$")
_NO_SPACE_AFTER_DASH = re.compile(r"\s*-(?P<text>[A-Za-z_]\w*:.*?)\s*$")
_FOUND_CHARACTER = re.compile(r"found character '(.+)' that cannot start any token")
_GOT = re.compile(r"but (?:got|found) '(.+)'")
_IN_QUOTES = "a text that begins with it stands in quotes"

Place = tuple[int, int]
"""Line and column, both from 0."""
Said = tuple[int, str]
"""The line that is at fault, from 0, and what is wrong with it."""


def explained(error: MarkedYAMLError, text: str) -> tuple[int, str]:
    """The line (from 1) that is at fault, and in one sentence what was read, what is allowed and what was meant."""
    mark = error.problem_mark or error.context_mark
    lines = text.split("\n")
    problem = error.problem or ""
    at = (mark.line, mark.column)
    opened = (error.context_mark.line, error.context_mark.column) if error.context_mark else at
    for words, explain in _EXPLAINED.items():
        if words in f"{error.context or ''} {problem}" and (said := explain(problem, at, opened, lines)):
            return said[0] + 1, said[1]
    return mark.line + 1, "not valid YAML: " + ", ".join(part for part in (error.context, problem) if part)


def _colon(problem: str, at: Place, opened: Place, lines: Sequence[str]) -> Said:
    line, column = at
    found = _KEY.match(lines[line])
    if found and ": " in lines[line][: max(0, column)]:
        return line, f"found a second colon in one line; allowed: a text with a colon in quotes{_in_quotes(found)}"
    before = max((i for i in range(line) if lines[i].strip()), default=line)
    if said := _no_space(lines[before]):
        return before, said
    return line, _indented(lines, line)


def _no_colon(problem: str, at: Place, opened: Place, lines: Sequence[str]) -> Said:
    line = opened[0]
    first = re.match(r"\s*(?P<key>[A-Za-z_]\w*)\s*[= ]\s*(?P<text>\S.*?)\s*$", lines[line])
    meant = f"; did you mean {_cut(first['key'] + ': ' + first['text'])}?" if first else ""
    return line, _no_space(lines[line]) or f"found a line without a colon; allowed: a key, a colon, a space{meant}"


def _character(problem: str, at: Place, opened: Place, lines: Sequence[str]) -> Said:
    line = at[0]
    found = _FOUND_CHARACTER.search(problem)
    sign = found[1] if found else "?"
    if sign == "\\t":
        return line, "found a tab; allowed: spaces, two for each step inwards"
    key = _KEY.match(lines[line])
    return line, f"found {sign} at the start; allowed: {_IN_QUOTES}{_in_quotes(key) if key else ''}"


def _block(problem: str, at: Place, opened: Place, lines: Sequence[str]) -> Said:
    line = at[0]
    got = _GOT.search(problem)
    if got and got[1] in "]}":
        return line, f"found {got[1]} without one that opens; allowed: each bracket closed once"
    if not got or got[1] != "<scalar>":
        return line, _indented(lines, line)
    key = _KEY.match(lines[line])
    begins = key["text"][0] if key else ""
    if key and begins in "[{*&!":
        return line, f"found {begins} at the start; allowed: {_IN_QUOTES}{_in_quotes(key)}"
    if key and begins in "\"'":
        inner = key["text"].strip(begins)
        meant = f"; did you mean {_cut(key['key'] + ': ' + _quoted(inner))}?" if begins in inner else ""
        return line, f"found quotes that end before the text does; allowed: one pair around the text{meant}"
    return line, _indented(lines, line)


def _bracket(problem: str, at: Place, opened: Place, lines: Sequence[str]) -> Said:
    opening = lines[opened[0]][opened[1] : opened[1] + 1] or "{"
    closing = {"{": "}", "[": "]"}.get(opening, "}")
    if at[0] > opened[0]:
        return opened[0], f"found {opening} that is not closed; allowed: {closing} at its end"
    got = _GOT.search(problem)
    if got and got[1] in "]}":
        return at[0], f"found {got[1]} where {opening} was opened; allowed: {closing}"
    return (
        at[0],
        f"found one colon too many in {opening}{closing}; allowed: commas between keys, a text with a colon in quotes",
    )


def _scalar(problem: str, at: Place, opened: Place, lines: Sequence[str]) -> Said:
    sign = lines[opened[0]][opened[1] : opened[1] + 1]
    key = _KEY.match(lines[opened[0]])
    return opened[0], f"found {sign} at the start; allowed: {_IN_QUOTES}{_in_quotes(key) if key else ''}"


def _entry(problem: str, at: Place, opened: Place, lines: Sequence[str]) -> Said:
    if "?" in lines[at[0]] and "keys" in problem:
        return _scalar(problem, at, at, lines)
    return at[0], "found a list that begins on the line of its key; allowed: each item on a line below, or all in [ ]"


_EXPLAINED: dict[str, Callable[[str, Place, Place, Sequence[str]], Said]] = {
    "mapping values are not allowed": _colon,
    "could not find expected ':'": _no_colon,
    "cannot start any token": _character,
    "expected <block end>": _block,
    "while parsing a flow": _bracket,
    "unexpected end of stream": lambda problem, at, opened, lines: (
        opened[0],
        "found quotes that are never closed; allowed: the same quotes at the end of the text",
    ),
    "unknown escape": lambda problem, at, opened, lines: (
        at[0],
        "found a backslash in double quotes; allowed: single quotes around a text with backslashes",
    ),
    "while scanning a block scalar": _scalar,
    "while scanning an anchor": _scalar,
    "while scanning an alias": _scalar,
    "are not allowed here": _entry,
    "expected the node content": lambda problem, at, opened, lines: _scalar(problem, at, at, lines),
    "while scanning a directive": lambda problem, at, opened, lines: (
        opened[0],
        "found % at the start of a line; allowed: a key, or # before a remark",
    ),
}


def _indented(lines: Sequence[str], line: int) -> str:
    """What is wrong with a line that is indented otherwise than those around it."""
    before = max((i for i in range(line) if lines[i].strip()), default=line)
    here, above = (len(lines[i]) - len(lines[i].lstrip(" -")) for i in (line, before))
    found = f"found a line {here} spaces in, under one {above} spaces in"
    return f"{found}; allowed: the keys of one part straight below each other, two spaces in from its own key"


def _no_space(line: str) -> str | None:
    """What is wrong with a line that lacks the space after its colon or dash, or has one of another kind."""
    if "\xa0" in line:
        return "found a no-break space; allowed: plain spaces; type the spaces of this line anew"
    if found := _NO_SPACE.match(line):
        meant = _cut(f"{found['key']}: {found['text']}")
        return f"found no space after a colon; allowed: a key, a colon, a space; did you mean {meant}?"
    if found := _NO_SPACE_AFTER_DASH.match(line):
        return f"found no space after a dash; allowed: a dash, a space; did you mean {_cut('- ' + found['text'])}?"
    return None


def _in_quotes(found: re.Match[str]) -> str:
    return f"; did you mean {_cut(found['key'] + ': ' + _quoted(found['text']))}?"


def _quoted(text: str) -> str:
    said = short(text, _LONGEST)
    return '"' + said + '"' if '"' not in said and "\\" not in said else "'" + said.replace("'", "''") + "'"


def _cut(text: str) -> str:
    return short(text, 2 * _LONGEST)
