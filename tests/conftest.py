"""What several test files need: a real browser, and laws that do not depend on how fast the machine is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

collect_ignore = ["scripts"]  # material of the tests, not tests

# No deadline: a slow machine is no failure. On CI the same examples every time; elsewhere new ones at every run.
settings.register_profile("glideslope", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("glideslope")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium. Without one the test is skipped, or fails where GLIDESLOPE_REQUIRE_BROWSER=1."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found, reason = None, "playwright is not installed"
    else:
        reason = "no chromium on this machine"
    if found is None:
        if os.environ.get("GLIDESLOPE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"GLIDESLOPE_REQUIRE_BROWSER=1, but {reason}")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open HTML files. At the end nothing may have been asked of a network, and no error logged."""
    trouble: list[str] = []
    pages = []

    def request(event: Any) -> None:
        if not event.url.startswith(("file:", "data:", "blob:")):
            trouble.append(f"request: {event.url}")

    def console(message: Any) -> None:
        if message.type in ("error", "warning"):
            trouble.append(f"console: {message.text}")

    def opened(path: Path, width: int = 1200) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", request)
        page.on("console", console)
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert trouble == []
