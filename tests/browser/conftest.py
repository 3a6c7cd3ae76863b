"""One server and one Chromium for all browser tests of a process; every test has a context of its own."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.waiting import ANSWER_MS
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=ANSWER_MS)  # the cores are shared, and no test here is a stopwatch


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the pages are served; ends with a slash. What is saved goes where tests/conftest.py says."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RIPPLE_NO_CACHE": "1"}  # every answer is simulated
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}/"
    finally:
        server.terminate()
        assert server.wait(PATIENCE) is not None


def _wait_for(url: str) -> None:
    def answers() -> bool:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE)
        except OSError:
            return False
        return True

    wait_until(answers, said=lambda: f"for an answer at {url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NO BROWSER: chromium is not installed, the page was not looked at")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def browser(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The browser; the pages that a test opens are patient, and closed when it ends."""
    for name in ("new_page", "new_context"):
        monkeypatch.setattr(Browser, name, _patient(getattr(Browser, name)))
    yield chromium
    for context in chromium.contexts:
        context.close()


def _patient(opens: Callable[..., Any]) -> Callable[..., Any]:
    def opened(*args: Any, **options: Any) -> Any:
        page_or_context = opens(*args, **options)
        page_or_context.set_default_timeout(ANSWER_MS)
        return page_or_context

    return opened
