"""Markdown in which nothing anybody wrote is ever taken for markup: text, names, numbers, tables."""

import re
from collections.abc import Iterable, Mapping, Sequence

Cell = str | float | bool | None
_SIGNS = r"[\\`*_\[\]<>|~$&#{}]|(?<=www)\."
_NAME = r"[a-z][\w+-]*|[+-]1|100|1234|8ball"  # short names of emoji
_MARKUP = re.compile(rf"{_SIGNS}|:(?=//|(?:{_NAME}):)", re.IGNORECASE)
_LOOKED_AT_AGAIN = re.compile(rf"(?<=[\w.+-])(?=@)|(?<=:)(?=(?:{_NAME}):)", re.IGNORECASE)
_STREAMLIT_MARKUP = re.compile(rf"{_SIGNS}|:(?=[^\s\d]|{_NAME})", re.IGNORECASE)
_STREAMLIT_LOOKS_AGAIN = re.compile(
    rf"(?<=[\w.+-])(?=@)|(?<=www)(?=\.)"  # links
    rf"|(?<=:)(?=/|{_NAME})"  # links, emoji, and icons: `:material/home:`
    rf"|(?<=[<>=~-])(?=[<>=~-])",  # arrows and dashes
    re.IGNORECASE,
)
_MEANT = re.compile(r"(`[^`]+`|\*\w+\*)")
_AT_START = re.compile(r"^([-+=])|^(\d+)([.)])")


def escaped(text: str) -> str:
    """Text as it stands, on one line, for a document that is read as Markdown."""
    return _kept_at_start(_inline(" ".join(text.split())))


def escaped_on_a_page(text: str) -> str:
    """Text as it stands, on one line, for what Streamlit reads as Markdown.

    What shows nothing there is a directive that colours nothing in no colour. Measured with Streamlit 1.67, whose
    labels, help and messages all read the same Markdown.
    """
    plain = " ".join(text.split())
    return _kept_at_start(_marked(plain, _STREAMLIT_MARKUP, _STREAMLIT_LOOKS_AGAIN, ":color[]"))


def _inline(text: str) -> str:
    return _marked(text, _MARKUP, _LOOKED_AT_AGAIN, "<!-- -->")


def _marked(text: str, markup: re.Pattern[str], looked_at_again: re.Pattern[str], nothing: str) -> str:
    """A backslash before what is markup, and `nothing` where the text has to be cut."""
    signs = {found.start() for found in markup.finditer(text)}
    cuts = {found.start() for found in looked_at_again.finditer(text)}
    before = ((nothing if place in cuts else "") + ("\\" if place in signs else "") for place in range(len(text)))
    return "".join(added + sign for added, sign in zip(before, text, strict=True))


def _kept_at_start(text: str) -> str:
    """What would begin a list, a heading or a rule does not."""
    return _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def prose(text: str) -> str:
    """A docstring of our own: `code` and *stress* are meant, all else is text as it stands."""
    return "".join(part if _MEANT.fullmatch(part) else _inline(part) for part in _MEANT.split(text))


def code(text: str) -> str:
    """A name as code; text that cannot be shown so is escaped instead. Safe in a table's cell."""
    plain = " ".join(text.split())
    return escaped(plain) if not plain or "`" in plain or "|" in plain else f"`{plain}`"


def number(value: float) -> str:
    """A number as people write it, without digits that are only rounding's."""
    return f"{value:.10g}"


def cell(value: Cell, as_code: bool = False) -> str:
    """What stands in a table's cell; what is missing is blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return code(value) if as_code else _inline(" ".join(value.split()))
    return number(value)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain_table(rows: Sequence[Mapping[str, Cell]], names: Sequence[str] = ()) -> str:
    """A table of plain rows; the first row names the columns, and columns among `names` are shown as code."""
    columns = list(rows[0])
    return table(columns, ([cell(row[column], column in names) for column in columns] for row in rows))
