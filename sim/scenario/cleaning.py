"""What people type, without the characters that nobody sees and a terminal or a page would obey."""

import re

# C0 but newline and tab, DEL and C1; Unicode's own line ends; what turns the direction of text; what has no width.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_LINE_ENDS = re.compile("\r\n?")


def clean(text: str) -> str:
    """The text without control characters, direction marks and characters without width; every line ends in newline.

    What is taken out leaves no trace, so that two texts that look alike are alike.
    """
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
