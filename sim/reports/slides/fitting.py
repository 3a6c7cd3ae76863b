"""Making text fit: smaller until it does, and cut with an ellipsis where it would be too small to read.

Widths are those of Arial, and so of every font made to stand in for it.
"""

import unicodedata
from collections.abc import Iterator

_CLASSES = {
    222: "ijl'|",
    278: " !,./:;fIt[]\\",
    333: "()-r`",
    500: "ckJsvxyz",
    556: '"#$?0123456789abdeghnopquL_£–',
    611: "FTZ+<=>~−×",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1015: "@—…",
}
_WIDTHS = {letter: width for width, letters in _CLASSES.items() for letter in letters}
_OTHER, _WIDE_LETTER = 640, 1_000
_BOLD = 1.07
_CARE = 1.05  # what stands in for Arial may be a little wider
LINE_HEIGHT = 1.2
"""Height of a line, in sizes of its letters."""
_POINTS = 72


def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text is, in inches, at a size in points."""
    units = sum(_width(letter) for letter in text)
    return units / 1_000 * size / _POINTS * _CARE * (_BOLD if bold else 1)


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return _WIDTHS.get(letter, _WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else _OTHER)


def lines_of(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The lines that text breaks into in that width, in inches; a word that is too long breaks where it must."""
    lines, line = [], ""
    for word in _words(text, width, size, bold):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size, bold) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def _words(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    for word in text.split():
        rest = word
        while len(rest) > 1 and width_of(rest, size, bold) > width:
            at = next(at for at in range(len(rest) - 1, 0, -1) if at == 1 or width_of(rest[:at], size, bold) <= width)
            yield rest[:at]
            rest = rest[at:]
        yield rest


def height_of(texts: list[str], width: float, size: float, bold: bool = False) -> float:
    """How high these paragraphs are, in inches."""
    return sum(len(lines_of(text, width, size, bold)) or 1 for text in texts) * size * LINE_HEIGHT / _POINTS


def fitted(
    texts: list[str], width: float, height: float, sizes: tuple[float, float], bold: bool = False
) -> tuple[list[str], float]:
    """The paragraphs, and the size in points between `sizes` (largest, smallest) at which they fit the inches given.

    Where they do not even at the smallest, the longest of them are cut.
    """
    size, smallest = sizes
    while size > smallest and height_of(texts, width, size, bold) > height:
        size -= 1
    if height_of(texts, width, size, bold) <= height:
        return texts, size
    most = max(int(height * _POINTS / (size * LINE_HEIGHT)), 1)
    for lines in range(most, 0, -1):
        found = [cut(text, width, size, lines, bold) for text in texts]
        if height_of(found, width, size, bold) <= height:
            return found, size
    return [cut(text, width, size, 1, bold) for text in texts[:most]], size


def cut(text: str, width: float, size: float, most_lines: int, bold: bool = False) -> str:
    """The text in no more than so many lines, ending in an ellipsis where it was longer."""
    if len(lines_of(text, width, size, bold)) <= most_lines:
        return " ".join(text.split())
    kept = " ".join(lines_of(text, width, size, bold)[:most_lines])
    while kept and len(lines_of(f"{kept} …", width, size, bold)) > most_lines:
        kept = kept[:-1].rstrip()
    return f"{kept} …"
