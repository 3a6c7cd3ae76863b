"""Requests and links that are too long, or not meant well, are answered without harm, and the server goes on."""

import http.client
import tomllib
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.attacks.test_hosts import answer
from tests.chromium import ROOT
from tests.ui.pages import linked

pytestmark = pytest.mark.attack

LONG = 1_000_000
SQL = "'; DROP TABLE saved_scenarios; --"
TRAVERSAL = (
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../../../../../../etc/passwd",
    "/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/static/..\\..\\etc\\passwd",
    "/component/x/../../../../etc/passwd",
    "/media/../../app.py",
    "/_stcore/bidi-components/copy_link/../../app.py",
    "/app/static/../../.streamlit/secrets.toml",
    "//evil.example/etc/passwd",
    "/etc/passwd%00.png",
    "/%00",
)
VALUES = (SQL, "%00", "\x00", "../../etc/passwd", "~" + "0" * 24, "A" * LONG, "=" * 9, "NaN", "1e999", "🦆" * 1_000)


@pytest.mark.parametrize("path", TRAVERSAL)
def test_no_path_leads_out_of_what_is_served(address: str, path: str) -> None:
    status, _, content = answer(address, path)
    assert status < 500
    assert b"root:" not in content
    assert b"def main" not in content


def test_a_query_of_a_megabyte_is_refused_or_answered_and_the_server_goes_on(address: str) -> None:
    for path in ("/", "/explore", "/_stcore/health"):
        with suppress(ConnectionError, http.client.HTTPException):  # it may hang up on whoever sends that
            assert answer(address, f"{path}?scenario={'x' * LONG}")[0] < 500
    assert answer(address, "/_stcore/health")[::2] == (200, b"ok")


@pytest.mark.parametrize("value", [SQL, "%00", "../../etc/passwd"])
def test_no_query_is_answered_with_more_than_the_page(address: str, value: str) -> None:
    for name in ("scenario", "fix", "room", "me", "case"):
        status, _, content = answer(address, f"/explore?{name}={quote(value)}")
        assert (status, content) == (200, answer(address, "/")[2])


@pytest.mark.long
@pytest.mark.parametrize("name", ["scenario", "fix", "room", "me", "assets.trolleys.pool", "saved", SQL[:20]])
def test_a_link_with_anything_in_it_ends_in_a_page_that_says_so(name: str) -> None:
    for value in VALUES:
        test = linked("workshop" if name in ("room", "me") else "watch", **{"scenario": "tiny", name: value}).run()
        assert not test.exception, value[:40]
        assert not [one for one in (*test.error, *test.markdown) if len(one.value) > 20_000], value[:40]


def test_nothing_is_told_to_others_and_no_error_shows_its_inside() -> None:
    settings = tomllib.loads(Path(ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["showErrorLinks"] is False
    assert settings["server"]["address"] == "localhost"
    assert "enableXsrfProtection" not in settings["server"]
    assert "enableCORS" not in settings["server"]


def test_what_the_server_says_of_itself_names_no_path_of_its_machine(address: str) -> None:
    for path in ("/_stcore/metrics", "/_stcore/host-config", "/_stcore/agent/openapi.json", "/nowhere"):
        assert str(ROOT).encode() not in answer(address, path)[2], path
    assert urlsplit(address).hostname == "localhost"
