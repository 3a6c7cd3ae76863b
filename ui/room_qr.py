"""The way into a room, to be scanned from a projector."""

from html import escape

import segno

_EDGE = 4  # modules of white around it, as the standard asks


def picture(link: str) -> str:
    """The link as a QR picture that fills its place; black on white on a dark page too."""
    code = segno.make(link, error="m", micro=False)
    source = code.svg_data_uri(border=_EDGE, light="#fff", dark="#000", omitsize=True)
    said = escape(f"QR picture of the link {link}", quote=True)
    return f'<img class="room-qr" src="{escape(source, quote=True)}" alt="{said}">'


def join_link(page: str, code: str) -> str:
    """The link by which people join, from the address of the page."""
    return f"{page.rstrip('/')}?room={code}"


def only_here(page: str) -> bool:
    """Whether that address means the machine itself, so that no phone can follow it."""
    return any(page.partition("//")[2].startswith(name) for name in ("localhost", "127.", "[::1]"))
