"""From a slider move to an answer: on the server alone, and as somebody in front of a browser sees it."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.common import out, show, table
from sim.experiments.cache import Store
from sim.experiments.inquiry import Inquiry
from sim.experiments.library import load
from sim.experiments.warmth import warm
from sim.experiments.workers import Workers
from sim.scenario.world import world_of

_ROOT = Path(__file__).parents[1]
_SCENARIO, _LEVER, _LABEL, _FROM = "dodgy_trolley", "assets.trolleys.pool", "Trolleys in the pool", 24
_MOVES = 8
_PATIENCE_MS = 120_000
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

Times = dict[str, list[float]]


def report(full: bool) -> None:
    """Print medians and worst cases of several moves of one slider."""
    rows = [("on the server", _on_the_server())]
    chromium = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    if chromium:
        rows.append(("in the browser", _in_the_browser(chromium)))
    else:
        out.print("No Chromium here: only the server was measured.")
    filled = table("where", "from the move to", "median, ms", "worst, ms")
    for where, found in rows:
        for what, times in found.items():
            filled.add_row(where, what, f"{1000 * statistics.median(times):,.0f}", f"{1000 * max(times):,.0f}")
    show(
        filled,
        f"{_MOVES} moves of one slider of {_SCENARIO}, each to a place it has not been. Goals: a first answer within "
        "300 ms on the server, the confirmed one with its interval within 3,000.",
    )


def _on_the_server() -> Times:
    """As the page asks, without the page."""
    warm()
    baseline, store, quick = load(_SCENARIO), Store(on_disk=False), Workers()
    thorough = Workers(first=quick)
    times: Times = {"first answer": [], "confirmed, with interval": [], "all four runs": []}
    for pool in range(_FROM, _FROM + _MOVES + 1):
        began = time.perf_counter()
        asked = Inquiry(baseline, world_of(baseline, {_LEVER: pool}), 1, quick, thorough, store)
        ready: tuple[Callable[[], bool], ...] = (
            lambda asked=asked: asked.answer.comparison is not None,  # type: ignore[misc]
            lambda asked=asked: not asked.answer.is_estimate,  # type: ignore[misc]
            lambda asked=asked: asked.finished,  # type: ignore[misc]
        )
        for found, is_there in zip(times.values(), ready, strict=True):
            while not is_there():
                time.sleep(0.002)
            found.append(time.perf_counter() - began)
    return {what: found[1:] for what, found in times.items()}  # the first move was the baseline's


@contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command,
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://localhost:{port}/?scenario={_SCENARIO}"
    finally:
        server.terminate()
        server.wait(20)


def _in_the_browser(chromium: str) -> Times:
    """From the key press to the sentence, and to the badge that says that all weeks were simulated."""
    from playwright.sync_api import expect, sync_playwright

    times: Times = {"first answer": [], "confirmed, with interval": []}
    with _server() as url, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium, args=_FLAGS).new_page()
        page.goto(url)
        expect(page.get_by_text("Simulated: 4 runs")).to_be_visible(timeout=_PATIENCE_MS)
        lever = page.get_by_role("slider", name=_LABEL)
        lever.focus()
        for pool in range(_FROM + 1, _FROM + 1 + _MOVES):
            began = time.perf_counter()
            lever.press("ArrowRight")
            said = page.get_by_role("heading", name=f"in the pool at {pool} instead of")
            said.wait_for(timeout=_PATIENCE_MS)
            times["first answer"].append(time.perf_counter() - began)
            page.get_by_text("Simulated:").first.wait_for(timeout=_PATIENCE_MS)
            times["confirmed, with interval"].append(time.perf_counter() - began)
            expect(page.get_by_text("Simulated: 4 runs")).to_be_visible(timeout=_PATIENCE_MS)
        page.context.browser.close()  # type: ignore[union-attr]
    return times
