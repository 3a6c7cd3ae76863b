"""Text that a file can hold: what people wrote, without what XML forbids."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything that no XML document may hold, not even escaped (XML 1.0, production 2)."""


def printable(text: str) -> str:
    """The text without those characters."""
    return _FORBIDDEN.sub("", text)
