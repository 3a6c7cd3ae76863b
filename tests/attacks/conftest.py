"""Attacks on a server as anybody would start it."""

from tests.browser.conftest import address, browser, chromium  # noqa: F401 - fixtures
