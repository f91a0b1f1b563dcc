"""Bytes that a browser loads over the wire for the first page of somebody new."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from bench.row import Row
from bench.start import answer_of, serving
from tests.browser.running import launched

PATHS: Final = ("/", "/eda", "/profiles", "/profiles/1")
QUIET_MS: Final = 3_000


def rows() -> Iterator[Row]:
    """The table's lines on the first load."""
    with (
        TemporaryDirectory() as home,
        serving(Path(home)) as (base, process),
        sync_playwright() as web,
    ):
        answer_of(base, "/", process)
        browser = launched(web)
        _loaded(browser, f"{base}/profiles")  # what the worker computes is not loaded
        for path in PATHS:
            size = _loaded(browser, base + path) / 1e6
            yield Row(name=f"first load of {path}, compressed", ours=size, unit="MB", runs=1, digits=2)
        browser.close()


def _loaded(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    sizes: list[float] = []

    def finished(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    wire.send("Network.enable")
    page.goto(address)
    page.wait_for_selector(".atlas-figure", timeout=120_000)
    page.wait_for_timeout(QUIET_MS)
    context.close()
    return sum(sizes)
