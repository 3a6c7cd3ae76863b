"""A page elsewhere, or a name that somebody points at this machine, gets nothing out of the server."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.chromium import ROOT
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.attack

FOREIGN = ("evil.example", "evil.example:8501", "localhost.evil.example", "evil.example.localhost", "192.0.2.1", "")
UNREADABLE = ("localhost@evil.example", "localhost:99999", "localhost:x", "localhost/evil", "[::1", "local host")
ROUTES = (
    "/",
    "/explore",
    "/nowhere",
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/metrics",
    "/_stcore/host-config",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/a/b",
    "/_stcore/bidi-components/copy_link/a.js",
    "/_stcore/agent/openapi.json",
    "/_stcore/stream",
    "/media/0123456789abcdef.png",
    "/component/a/index.html",
    "/app/static/a.png",
    "/static/../index.html",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
CARRIED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def answer(address: str, route: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What the server says to headers as they are given; a `Host` among them takes the place of the right one."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
    try:
        connection.putrequest(method, route, skip_host=True)
        for name, value in ({"Host": where.netloc} | headers).items():
            connection.putheader(name, value)
        connection.endheaders()
        got = connection.getresponse()
        return got.status, {name.lower(): value for name, value in got.getheaders()}, got.read()
    finally:
        connection.close()


@pytest.mark.parametrize("host", [*FOREIGN, *UNREADABLE])
def test_no_route_answers_to_a_foreign_name_by_any_method(address: str, host: str) -> None:
    for route in ROUTES:
        assert answer(address, route, Host=host)[::2] == (400, b""), route
    for method in METHODS:
        assert answer(address, "/_stcore/metrics", method, Host=host)[::2] == (400, b""), method


def test_this_machines_own_names_are_answered_on_any_port(address: str) -> None:
    for host in ("localhost", "localhost:1", "LOCALHOST:8501", "localhost.", "127.0.0.1:8501", "[::1]:8501"):
        assert answer(address, "/_stcore/health", Host=host)[::2] == (200, b"ok"), host


def test_two_names_at_once_or_none_are_refused(address: str) -> None:
    where = urlsplit(address)
    for named in ("", "Host: localhost\r\nHost: evil.example\r\n", "Host: evil.example\r\nHost: localhost\r\n"):
        for version in ("1.0", "1.1"):
            with socket.create_connection((where.hostname, where.port), timeout=PATIENCE) as line:
                line.sendall(f"GET /_stcore/metrics HTTP/{version}\r\n{named}Connection: close\r\n\r\n".encode())
                assert line.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.0 400")), (named, version)


def test_every_answer_carries_the_policy_and_its_company(address: str) -> None:
    for route in ROUTES:
        for host in (urlsplit(address).netloc, "evil.example"):
            _, headers, _ = answer(address, route, Host=host)
            assert headers.items() >= CARRIED.items(), (route, host)
            policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
            assert policy["default-src"] == "'self'"
            assert policy["frame-ancestors"] == "'self'"
            assert "'unsafe-inline'" not in policy["script-src"]
            assert "'unsafe-eval'" not in policy["script-src"].replace("'wasm-unsafe-eval'", "")
            assert "http" not in headers["content-security-policy"]


def refused(address: str, **headers: str) -> int | None:
    """The status with which the WebSocket is refused; None where it opens."""

    async def opened() -> int | None:
        where = urlsplit(address)
        host = headers.pop("Host", where.netloc)
        try:
            async with connect(
                f"ws://{host or 'localhost'}/_stcore/stream",
                host=where.hostname,
                port=where.port,
                additional_headers=headers,
                subprotocols=["streamlit"],  # type: ignore[list-item]
                proxy=None,
            ):
                return None
        except InvalidStatus as error:
            return error.response.status_code

    with ThreadPoolExecutor(1) as beside:  # a browser may have a loop of its own here
        return beside.submit(asyncio.run, opened()).result()


def test_the_websocket_opens_to_no_foreign_name_whatever_page_asks(address: str) -> None:
    for host in ("evil.example", "evil.example:8501", "localhost.evil.example"):
        for origin in (f"http://{host}", address.rstrip("/"), "null"):
            assert refused(address, Host=host, Origin=origin) == 400, (host, origin)
        assert refused(address, Host=host) == 400


def test_the_websocket_opens_to_no_page_from_elsewhere(address: str) -> None:
    port = urlsplit(address).port
    for origin in (
        "http://evil.example",
        f"http://localhost.evil.example:{port}",
        "null",
        "file://",
        "http://192.0.2.1",
    ):
        assert refused(address, Origin=origin) == 403, origin
    assert refused(address, Origin="http://localhost:3000") == 403  # another program's page on this machine
    assert refused(address, Origin=address.rstrip("/")) is None
    assert refused(address) is None  # no browser: a browser says where its page is from


def test_nothing_is_uploaded_or_deleted_for_a_page_from_elsewhere_or_without_a_token(address: str) -> None:
    for method in ("PUT", "DELETE", "POST"):
        assert answer(address, "/_stcore/upload_file/a/b", method, Origin="http://evil.example")[0] == 403
    for method in ("PUT", "DELETE"):
        assert answer(address, "/_stcore/upload_file/a/b", method, Origin=address.rstrip("/"))[0] in (400, 403)


def _serves(address: str) -> bool:
    try:
        answer(address, "/_stcore/health")
    except OSError:
        return False
    return True


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """Another server, with settings of its own."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environment})
    try:
        wait_until(lambda: _serves(f"http://localhost:{port}/"))
        yield f"http://localhost:{port}/"
    finally:
        server.terminate()
        assert server.wait(PATIENCE) is not None


def test_further_names_open_the_routes_and_the_websocket_and_nothing_else() -> None:
    with serving(RIPPLE_HOSTS="ripple.example, 192.0.2.7") as address:
        for host in ("ripple.example", "ripple.example:443", "192.0.2.7", "localhost"):
            assert answer(address, "/_stcore/health", Host=host)[0] == 200
            assert refused(address, Host=host, Origin=f"https://{host}") is None
        for host in ("evil.example", "192.0.2.8", "sub.ripple.example"):
            assert answer(address, "/_stcore/health", Host=host)[0] == 400
            assert refused(address, Host=host) == 400
        here = urlsplit(address).netloc
        assert (
            refused(address, Host=here, Origin="https://ripple.example") is None
        )  # a proxy names this machine instead
        assert refused(address, Host=here, Origin="https://evil.example") == 403


def listening(port: int) -> set[str]:
    """Local addresses on which this machine takes connections at that port, as the system has them in hex."""
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {
        where
        for _, local, _, state, *_ in lines
        for where, at in [local.split(":")]
        if state == "0A" and int(at, 16) == port
    }


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="asks Linux who listens")
def test_only_this_machine_can_reach_it_unless_told_otherwise(address: str) -> None:
    port = urlsplit(address).port
    assert port is not None
    assert listening(port) <= {"0100007F", "00000000000000000000000001000000"}
    assert listening(port)
