"""One server and one Chromium for all browser tests of a process; every test has a context of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser.waiting import ANSWER_MS
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[1]
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
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=1_000 * PATIENCE)
        yield started
        started.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser; the pages that a test opens are patient, and closed when it ends.

    None of them may have wanted what the policy of every answer forbids, or anything that is not from this machine.
    """
    yield from _overheard_until_closed(chromium)


@pytest.fixture(scope="module")
def open_browser(chromium: Browser) -> Iterator[Browser]:
    """The same for pages that several tests of a module look at: they are closed when all of these have ended."""
    yield from _overheard_until_closed(chromium)


def _overheard_until_closed(chromium: Browser) -> Iterator[Browser]:
    forbidden: list[str] = []
    opened: list[BrowserContext] = []
    with pytest.MonkeyPatch.context() as patch:
        for opens in ("new_context", "new_page"):
            patch.setattr(chromium, opens, _overheard(getattr(chromium, opens), forbidden, opened))
        yield chromium
    for context in [one for one in chromium.contexts if one in opened]:
        context.close()
    assert forbidden == []


def _overheard(
    opens: Callable[..., Any], forbidden: list[str], opened_here: list[BrowserContext]
) -> Callable[..., Any]:
    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            forbidden.append(message.text)

    def asked(request: Request) -> None:
        if not re.match(r"(blob|data|file):|(https?|wss?)://(localhost|127\.0\.0\.1)[:/]", request.url):
            forbidden.append(request.url)

    @wraps(opens)
    def opened(*args: Any, **options: Any) -> BrowserContext | Page:
        new: BrowserContext | Page = opens(*args, **options)
        context = new if isinstance(new, BrowserContext) else new.context
        new.set_default_timeout(ANSWER_MS)
        context.on("console", said)
        context.on("request", asked)
        opened_here.append(context)
        return new

    return opened
