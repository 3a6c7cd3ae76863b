"""The charts that this visitor has seen in rooms and side by side."""

from ui.state.own import own
from ui.take_away_album import Album

_ALBUM = "album"


def album() -> Album:
    """Where they are kept until the visitor goes."""
    return own(_ALBUM, Album)
