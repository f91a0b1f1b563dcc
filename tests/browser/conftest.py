"""One app a session and one Chromium; every page that a test opens is watched to its end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.running import DESKTOP, STILL, App, Watch, chromium_path, launched, running

OpenPage = Callable[..., Watch]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The running app; what a test adds to it stays."""
    if chromium_path() is None:
        pytest.skip("no Chromium here: install chromium or google-chrome")
    with running(tmp_path_factory.mktemp("app")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a module's own, so that its event loop ends before other tests run."""
    if chromium_path() is None:
        pytest.skip("no Chromium here: install chromium or google-chrome")
    with sync_playwright() as playwright:
        started = launched(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile that a module's tests share: what it has loaded of the app once, it keeps."""
    context = browser.new_context(viewport=DESKTOP, color_scheme="light", **STILL)
    yield context
    context.close()


@pytest.fixture(scope="module")
def tab(profile: BrowserContext) -> Page:
    """The tab in which each test of a module opens its first page."""
    return profile.new_page()


@pytest.fixture
def open_page(app: App, browser: Browser, profile: BrowserContext, tab: Page) -> Iterator[OpenPage]:
    """Open a watched page, with options in a profile of its own; at the end none may have met an error."""
    watches: list[Watch] = []
    free = [] if tab.is_closed() else [tab]
    own: list[BrowserContext] = []

    def opened(address: str | None = "/", **options: Any) -> Watch:
        if options:
            own.append(browser.new_context(**{"viewport": DESKTOP, **STILL, **options}))
        page = free.pop() if free and not options else (own[-1] if options else profile).new_page()
        watch = Watch(page, app)
        watches.append(watch)
        if address is not None:
            watch.open(address)
        return watch

    yield opened
    for watch in watches:
        if watch.page is tab and not tab.is_closed():
            watch.leave()
        else:
            watch.page.close()
    for context in own:
        context.close()
    assert [w.errors for w in watches if w.errors] == []
    assert [w.strangers for w in watches if w.strangers] == []
