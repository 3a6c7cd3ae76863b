"""What every test begins with."""

import os
import tempfile

import pytest
from hypothesis import settings

from tests.attacks import table
from tests.chromium import address, browser, chromium, open_browser, warm  # noqa: F401 - fixtures for all folders
from tests.postgresql import database, postgresql, postgresql_to_stop, url  # noqa: F401 - fixtures for all folders

# Seeded by the test itself, so that a run today and a run tomorrow try the same examples on every machine.
settings.register_profile("ripple", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ripple")

# What tests save never lands among what somebody on this machine has saved.
os.environ["RIPPLE_DATABASE"] = f"sqlite:///{tempfile.mkdtemp(prefix='ripple-tests-')}/saved.db"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest goes first, so that no core is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Where attacks were asked for, say of each what happened."""
    if "attack" not in (config.option.markexpr or "").replace("not attack", ""):
        return
    reports = [
        report for kind in ("passed", "failed", "skipped", "error") for report in terminalreporter.getreports(kind)
    ]
    terminalreporter.section("What was tried, and what happened")
    for line in table.lines(table.attacks(reports)):
        terminalreporter.write_line(line)
