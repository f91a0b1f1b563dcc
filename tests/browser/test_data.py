"""The Data page by hand: a step of the recipe switched, a data set renamed, replaced and deleted."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.io.dataset import Dataset
from core.io.store import Store
from tests.browser.conftest import OpenPage
from tests.browser.running import App
from tests.browser.test_upload import arrived, table

FAST = "n_init=1&k=3&cols=income,visits"


@pytest.fixture
def added(app: App, tmp_path: Path, request: pytest.FixtureRequest) -> Dataset:
    """A customer table of the test's own, in the app's store."""
    file = tmp_path / "club.csv"
    file.write_text(table(len(request.node.name), 80 + len(request.node.name)))
    return Store(app.data_dir).add(file)


def test_a_switched_step_tells_its_effect_and_back_takes_it_away(open_page: OpenPage, added: Dataset) -> None:
    watch = open_page(f"/?ds={added.id}&{FAST}")
    step = watch.page.locator("#step-transform")
    expect(step.locator(".atlas-effect")).to_have_count(0)
    step.locator(".atlas-option", has_text="Logarithm").click()
    expect(watch.page.locator("#step-transform .atlas-effect")).to_contain_text("Without this step")
    watch.settle()
    assert "transform=log1p" in watch.query
    watch.asked(watch.page.go_back)
    expect(watch.page.locator("#step-transform .atlas-effect")).to_have_count(0)


def test_a_data_set_is_renamed_replaced_and_deleted(
    open_page: OpenPage, added: Dataset, tmp_path: Path
) -> None:
    watch = open_page(f"/?ds={added.id}")
    item = watch.page.locator(".atlas-datasets li", has=watch.page.locator("[aria-current]"))
    item.locator("summary").click()
    item.get_by_label(f"Name of {added.name}").fill("Members")
    item.get_by_role("button", name="Rename").click()
    expect(watch.page.locator(".atlas-actions .atlas-chip").first).to_contain_text("Members")
    newer = tmp_path / "newer.csv"
    newer.write_text(table(99, 140))
    item.locator("summary").click()
    with watch.page.expect_file_chooser() as coming:
        item.locator(".atlas-dropzone", has_text="Replace").get_by_role("button").first.click()
    coming.value.set_files(newer)
    second = arrived(watch, added.id)
    expect(watch.page.locator(".atlas-actions .atlas-chip").first).to_contain_text("Members")
    expect(watch.page.locator(".atlas-figure-value").first).to_have_text("140")
    watch.page.locator(f'.atlas-datasets a[href="/?ds={second}"] ~ details summary').click()
    watch.page.get_by_role("button", name="Delete …").first.click()
    watch.page.get_by_role("button", name="Delete it").click()
    watch.page.wait_for_url(lambda url: second not in url)
    watch.settle()
    assert watch.page.locator(f'a[href="/?ds={second}"]').count() == 0
