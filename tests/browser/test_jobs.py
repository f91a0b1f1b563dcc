"""What a person sees of a long fit: its stage, the old view dimmed, Cancel, and the result by itself."""

import random
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.running import Watch

FIT_MS = 60_000


@pytest.fixture
def slow() -> str:
    """The query of a fit that nobody has asked for yet and that takes seconds."""
    return f"k=12&n_init=30&seed={random.SystemRandom().randrange(10**9)}"


def begun(watch: Watch, address: str) -> None:
    """Open an address whose view is not there yet."""
    watch.page.goto(watch.app.url + address)
    expect(watch.page.locator("#job-box")).to_be_visible()


def test_a_long_fit_tells_its_stage_polls_once_a_second_and_its_result_comes_by_itself(
    open_page: OpenPage, slow: str
) -> None:
    watch = open_page(None)
    start = time.monotonic()
    begun(watch, f"/clustering?{slow}")
    expect(watch.page.locator(".atlas-progress-text")).to_have_text(re.compile(r"\w{4,}"))
    expect(watch.page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(watch.page.locator(".atlas-skeleton").first).to_be_attached()
    expect(watch.page.locator("h1")).to_contain_text("12 segments", timeout=FIT_MS)
    expect(watch.page.locator("#job-box")).to_be_hidden()
    watch.settle()
    assert watch.query == slow
    assert 1 <= len(watch.polls) <= time.monotonic() - start + 1  # the first also tells the new Cancel button
    assert len(watch.posts) == 2  # the page and, when the fit is over, its view


def test_the_old_view_stays_dimmed_until_the_new_one_is_there(open_page: OpenPage) -> None:
    seed = random.SystemRandom().randrange(10**9)
    watch = open_page("/clustering?k=5&n_init=30")
    first = watch.heading()
    field = watch.page.locator("#clustering-seed")
    field.fill(str(seed))
    field.press("Enter")
    expect(watch.page.locator("#clustering-view")).to_have_class(re.compile("atlas-busy"))
    assert watch.heading() == first
    expect(watch.page.locator("#clustering-view")).not_to_have_class(re.compile("atlas-busy"), timeout=FIT_MS)
    watch.settle()
    assert f"seed={seed}" in watch.query
    expect(watch.page.locator("#job-box")).to_be_hidden()


def test_cancel_ends_a_fit_with_a_sentence(open_page: OpenPage, slow: str) -> None:
    watch = open_page(None)
    begun(watch, f"/clustering?{slow}")
    watch.page.get_by_role("button", name="Cancel").click()
    expect(watch.page.locator("h1")).to_contain_text("cancelled", timeout=FIT_MS)
    expect(watch.page.locator("#job-box")).to_be_hidden()
    watch.settle()
    expect(watch.page.locator(".atlas-main")).to_contain_text("Reload")


def test_a_cancelled_fit_is_computed_after_all_on_a_reload(open_page: OpenPage, slow: str) -> None:
    watch = open_page(None)
    begun(watch, f"/clustering?{slow}")
    watch.page.get_by_role("button", name="Cancel").click()
    expect(watch.page.locator("h1")).to_contain_text("cancelled", timeout=FIT_MS)
    watch.page.reload()
    expect(watch.page.locator("h1")).to_contain_text("12 segments", timeout=FIT_MS)
    watch.settle()
