"""One server and one Chromium for all browser tests of a process; every test has a context of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def warm(chromium: Browser) -> Iterator[BrowserContext]:
    """Where pages open that want nothing but a size: the scripts that all have in common are compiled there already."""
    context = chromium.new_context()
    yield context
    context.close()


@pytest.fixture
def browser(chromium: Browser, warm: BrowserContext) -> Iterator[Browser]:
    """The browser; the pages that a test opens are patient, and closed when it ends.

    None of them may have wanted what the policy of every answer forbids, or anything that is not from this machine.
    """
    yield from _overheard_until_closed(chromium, warm)


@pytest.fixture(scope="module")
def open_browser(chromium: Browser, warm: BrowserContext) -> Iterator[Browser]:
    """The same for pages that several tests of a module look at: they are closed when all of these have ended."""
    yield from _overheard_until_closed(chromium, warm)


def _overheard_until_closed(chromium: Browser, warm: BrowserContext) -> Iterator[Browser]:
    opened: list[BrowserContext | Page] = []
    forbidden: list[str] = []
    new_context, new_page = chromium.new_context, chromium.new_page

    def overheard(new: BrowserContext | Page) -> Any:
        new.set_default_timeout(ANSWER_MS)
        new.on("console", lambda message: forbidden.extend(_against_the_policy(message)))
        new.on("request", lambda request: forbidden.extend(_from_elsewhere(request)))
        opened.append(new)
        return new

    def page(**options: Any) -> Any:
        if options.keys() - {"viewport"}:
            return overheard(new_page(**options))
        new = overheard(warm.new_page())
        if "viewport" in options:
            new.set_viewport_size(options["viewport"])
        return new

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chromium, "new_context", lambda **options: overheard(new_context(**options)))
        patch.setattr(chromium, "new_page", page)
        yield chromium
    for one in opened:
        _closed(one)
    warm.clear_cookies()
    assert forbidden == []


def _closed(one: BrowserContext | Page) -> None:
    """Close it, and let nothing be found by the next that it has stored."""
    if isinstance(one, Page) and not one.is_closed():
        one.evaluate("() => { try { localStorage.clear(); } catch { /* a page without any */ } }")
    one.close()


def _against_the_policy(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def _from_elsewhere(request: Request) -> list[str]:
    here = r"(blob|data|file):|(https?|wss?)://(localhost|127\.0\.0\.1)[:/]"
    return [] if re.match(here, request.url) else [request.url]
