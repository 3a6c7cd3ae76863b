"""By which names the server is asked, and what its pages may load."""

import socket
from pathlib import Path

import pytest
import streamlit

from ui.guard import OWN_HOSTS, host_of, hosts, policy


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST.:8501", "localhost"),
        ("127.0.0.1:8501", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[::1]:8501", "::1"),
        ("ripple.example:443", "ripple.example"),
        (None, None),
        ("", None),
        (":8501", None),
        ("a@localhost", None),
        ("localhost/", None),
        ("localhost?x", None),
        ("localhost#x", None),
        ("localhost:x", None),
        ("localhost:99999", None),
        ("localhost:0", "localhost"),
        ("[::1", None),
    ],
)
def test_a_host_header_names_one_host_or_none(header: str | None, name: str | None) -> None:
    assert host_of(header) == name


def test_by_default_only_this_machine_is_a_name() -> None:
    assert hosts("localhost", None) == OWN_HOSTS == ("localhost", "127.0.0.1", "::1")


def test_further_names_are_listed_with_commas_however_they_are_written() -> None:
    assert hosts("localhost", " Ripple.Example., [2001:db8::7] ,,localhost")[3:] == ("ripple.example", "2001:db8::7")


def test_where_all_addresses_are_served_this_machines_own_are_names_and_no_other() -> None:
    for everywhere in ("0.0.0.0", "::", ""):
        found = hosts(everywhere, None)
        assert found[:3] == OWN_HOSTS
        assert socket.gethostname().lower() in found
        assert not {"0.0.0.0", "evil.example"} & set(found)
    assert hosts("192.0.2.20", None) == (*OWN_HOSTS, "192.0.2.20")


def test_the_policy_names_no_other_server_and_runs_no_script_written_into_a_page() -> None:
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    said = policy(index)
    parts = dict(part.split(" ", 1) for part in said.split("; "))
    assert parts["default-src"] == "'self'"
    assert "//" not in said
    assert "*" not in said
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & set(parts["script-src"].split())
    assert parts["script-src"].count("'sha256-") == index.count("<script>")
    assert policy("<script>a</script>") != policy("<script>b</script>")
