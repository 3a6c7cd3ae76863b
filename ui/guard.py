"""Who may ask the server, and what its answers forbid the browser to do.

A page elsewhere can have its own name resolve to this machine ("DNS rebinding"), and then asks with that name in
`Host`: so only names that this server is known by are answered, on every route and on the WebSocket.
"""

import logging
import os
import re
import socket
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

HOSTS_VARIABLE = "RIPPLE_HOSTS"
"""The environment variable with further names by which this server may be asked, with commas: `ripple.example`."""

OWN_HOSTS = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("", "0.0.0.0", "::")  # a server's address that means all addresses of its machine
_HARMLESS = ("GET", "HEAD", "OPTIONS")
_LOG = logging.getLogger(__name__)
_NAMES_LOGGED = 20  # whoever asks by ever new names does not fill the log
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def hosts(address: str | None, further: str | None) -> tuple[str, ...]:
    """Names that may stand in `Host`: this machine, what `address` serves, and what `further` lists with commas.

    A number cannot be rebound: where all addresses are served, this machine's own are names too.
    """
    served = _own_numbers() if address in _EVERYWHERE else [address] if address else []
    listed = (further or "").split(",")
    return tuple(dict.fromkeys(name for one in (*OWN_HOSTS, *served, *listed) if (name := _plain(one))))


def _own_numbers() -> list[str]:
    found = [one.address for addresses in psutil.net_if_addrs().values() for one in addresses]
    return [socket.gethostname(), *(number for number in found if "." in number or "::" in number)]


def _plain(name: str) -> str:
    """A name without brackets, the zone of an address, and what makes no difference."""
    return name.strip().lower().strip("[]").partition("%")[0].rstrip(".")


def host_of(header: str | None) -> str | None:
    """The name in a `Host` header without its port; None where it is not there or is none."""
    try:
        parts = urlsplit(f"//{header}") if header else None
        named = parts is not None and header == parts.netloc and (parts.port or 1) and "@" not in parts.netloc
        return _plain(parts.hostname) if parts and named and parts.hostname else None
    except ValueError:
        return None


def _where(origin: str) -> str:
    """Name and port of a page's `Origin`."""
    return origin.partition("://")[2].lower()


def policy(index: str) -> str:
    """What the pages may load and run, for Streamlit's `index` page: nothing that is not from this server.

    Each exception but `'self'` has its reason beside it.
    """
    inline = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in _INLINE.findall(index)]
    allowed = {
        "default-src": ["'self'"],
        "script-src": [
            "'self'",
            "'wasm-unsafe-eval'",  # Streamlit's messages: long whole numbers
            "blob:",  # our components: Streamlit loads their scripts so
            *inline,  # one line in Streamlit's own page
        ],
        "style-src": ["'self'", "'unsafe-inline'"],  # Streamlit, Vega and our components write style elements
        "img-src": ["'self'", "data:", "blob:"],  # our pictures and QR codes; a chart saved as a picture
        "font-src": ["'self'", "data:"],  # symbols in Streamlit's tables
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],  # Streamlit's tables
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'self'"],
    }
    return "; ".join(" ".join((what, *sources)) for what, sources in allowed.items())


def _index() -> str:
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def headers() -> dict[str, str]:
    """What every answer carries."""
    return {
        "content-security-policy": policy(_index()),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",  # for what is older than frame-ancestors
        "referrer-policy": "same-origin",  # an address holds a whole scenario, or the way into a room
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


class Headed:
    """Puts the headers on every answer, also on refusals, files and the WebSocket's."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the headers."""

        async def headed(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start", "websocket.accept"):
                message.setdefault("headers", [])
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, headed)


class Asked:
    """Answers only who asks by a name of this server, and changes things only for its own pages."""

    def __init__(self, app: ASGIApp, names: Collection[str], further: Collection[str]) -> None:
        self._app, self._names, self._further = app, names, further
        self._logged: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse without content."""
        if scope["type"] in ("http", "websocket"):
            if status := self._refused(scope):
                await Response(status_code=status)(scope, receive, send)
                return
            scope = self._as_its_page_has_it(scope)
        await self._app(scope, receive, send)

    def _refused(self, scope: Scope) -> int | None:
        """The status with which it is refused; None where it is not."""
        asked = Headers(scope=scope)
        name = host_of(asked.get("host")) if len(asked.getlist("host")) == 1 else None
        if name not in self._names:
            self._log(name or "")
            return 400
        changes = scope["type"] == "websocket" or scope["method"] not in _HARMLESS
        origin = asked.get("origin")  # a browser always says which page asks
        return 403 if changes and origin is not None and not self._is_own(origin, asked["host"]) else None

    def _is_own(self, origin: str, host: str) -> bool:
        """Whether that page is this server's. A proxy may put another name into `Host`."""
        return _where(origin) == host.lower() or host_of(_where(origin)) in self._further

    def _as_its_page_has_it(self, scope: Scope) -> Scope:
        """The same with the page's name in `Host`: Streamlit takes no other, and asks outside for its own address."""
        asked = Headers(scope=scope)
        origin = asked.get("origin", "")
        if scope["type"] != "websocket" or not origin or _where(origin) == asked["host"].lower():
            return scope
        kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
        return {**scope, "headers": [*kept, (b"host", _where(origin).encode("latin-1"))]}

    def _log(self, name: str) -> None:
        if name not in self._logged and len(self._logged) < _NAMES_LOGGED:
            self._logged.add(name)
            _LOG.warning("Refused: asked by the name %.100r, which is none in %s.", name, HOSTS_VARIABLE)


async def broken(_request: Request, _error: Exception) -> Response:
    """The answer where the server itself is at fault: nothing of what happened, but the headers."""
    return Response(status_code=500, headers=headers())


def guards() -> list[Middleware]:
    """What stands before every route; Streamlit's own check of the WebSocket gets the same names."""
    further = os.environ.get(HOSTS_VARIABLE)
    names = hosts(config.get_option("server.address"), further)
    config.set_option("server.allowedHosts", list(names))
    extra = [name for one in (further or "").split(",") if (name := _plain(one))]
    return [Middleware(Headed, headers=headers()), Middleware(Asked, names=names, further=extra)]
