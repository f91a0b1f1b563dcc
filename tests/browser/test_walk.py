"""From the start to a list of customers by the primary buttons; the keyboard; links that are wrong."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.running import Watch

PATHS = ("/", "/eda", "/clustering", "/profiles")
FOCUSED = "() => { const e = document.activeElement; return e.id || e.name || e.innerText; }"
BAD_LINKS = (
    ("/profiles?ds=nope", "nope"),
    ("/clustering?k=banana", "banana"),
    ("/profiles/99", "no segment 99"),
)
"""One that is refused, one that is settled, one of a segment; the others are asked for without a browser."""


def test_the_primary_buttons_lead_from_the_start_to_the_list(open_page: OpenPage, tmp_path: Path) -> None:
    watch = open_page("/")
    expect(watch.page.locator(".atlas-head .btn-primary")).to_have_text("See the demo's segments")
    watch.primary()
    watch.settle()
    assert watch.path == "/profiles"
    best = watch.page.locator(".atlas-segment-card h2").first.inner_text()
    expect(watch.page.locator(".atlas-head .btn-primary")).to_have_text(f"Open “{best}”")
    watch.primary()
    watch.settle()
    assert re.fullmatch(r"/profiles/\d+", watch.path)
    assert best in watch.heading()
    expect(watch.page.locator(".atlas-head .btn-primary")).to_have_text("Export this list")
    with watch.page.expect_download() as coming:
        watch.exported()
    file = tmp_path / "list.csv"
    coming.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    count = watch.page.locator(".atlas-figure-value").first.inner_text().replace(",", "")
    listed = watch.page.get_by_text(re.compile(r"^[\d,]+ customers\. Click a heading")).inner_text()
    assert len(rows) - 1 == int(count) == int(re.match(r"[\d,]+", listed)[0].replace(",", ""))  # type: ignore[index]
    assert len({tuple(row) for row in rows[1:]}) == int(count)
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_list_on_the_page_is_sorted_by_a_click(open_page: OpenPage) -> None:
    watch = open_page("/profiles/1")
    cells = watch.page.locator(".ag-center-cols-container [col-id='monetary']")
    expect(cells.first).not_to_be_empty()
    heading = watch.page.locator(".ag-header-cell[col-id='monetary']")

    def shown() -> list[float]:
        watch.settle()
        ordered = watch.page.locator(".ag-center-cols-container .ag-row")
        texts = {
            int(row.get_attribute("row-index") or 0): row.locator("[col-id='monetary']").inner_text()
            for row in ordered.all()
        }
        return [float(re.sub(r"[^\d.]", "", texts[at])) for at in sorted(texts)]

    watch.asked(heading.click)
    rising = shown()
    watch.asked(heading.click)
    falling = shown()
    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)
    assert falling[0] > rising[-1]


def test_the_pages_in_order_keep_the_query(open_page: OpenPage) -> None:
    watch = open_page("/?k=5")
    for label, path in zip(("EDA", "Clustering", "Profiles", "Data"), (*PATHS[1:], "/"), strict=True):
        watch.page.locator(".atlas-nav a", has_text=label).click()
        watch.settle()
        assert (watch.path, watch.query) == (path, "k=5")
        expect(watch.page.locator(".atlas-nav a.active")).to_contain_text(label)


def test_the_primary_buttons_lead_from_own_data_over_every_page(open_page: OpenPage) -> None:
    watch = open_page("/?ds=demo-1&k=5")
    watch.page.locator(".atlas-head a", has_text="Look at the data first").click()
    watch.settle()
    assert watch.path == "/eda"
    for path in ("/clustering", "/profiles"):
        watch.primary()
        watch.settle()
        assert (watch.path, watch.query) == (path, "k=5")


@pytest.mark.parametrize(("address", "said"), BAD_LINKS)
def test_a_wrong_link_is_answered_with_a_sentence(open_page: OpenPage, address: str, said: str) -> None:
    watch = open_page(address)
    expect(watch.page.locator(".atlas-main")).to_contain_text(said)
    assert watch.page.locator("h1").count() == 1
    assert "Traceback" not in watch.page.locator("body").inner_text()


def test_a_path_that_is_not_there_is_told(open_page: OpenPage) -> None:
    watch = open_page(None)
    watch.page.goto(f"{watch.app.url}/nowhere")
    expect(watch.page.locator("body")).to_contain_text("404")


def test_the_skip_link_leads_to_the_content(open_page: OpenPage) -> None:
    watch = open_page("/profiles")
    watch.page.keyboard.press("Tab")
    expect(watch.page.locator(".atlas-skip")).to_be_focused()
    assert watch.asked(lambda: watch.page.keyboard.press("Enter")) == 0
    expect(watch.page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("address", ["/?ds=demo-1", "/clustering?k=5"])
def test_tab_reaches_every_control_and_the_primary_button(open_page: OpenPage, address: str) -> None:
    watch = open_page(address)
    controls = watch.page.locator(".atlas-controls > .atlas-control").all()
    wanted = [_first_field(c) for c in controls if c.is_visible()]
    assert len(wanted) >= 4
    reached = _tabbed(watch, 70)
    assert [w for w in wanted if w not in reached] == []
    assert watch.page.locator(".atlas-head .btn-primary").inner_text() in reached


def _first_field(control: Locator) -> str:
    """The name of the field that Tab stops at: of radios the one that is chosen."""
    fields = control.locator("input:checked[type=radio], select, input:not([type=radio])")
    return str(fields.first.evaluate("e => e.id || e.name"))


def _tabbed(watch: Watch, most: int) -> list[str]:
    """What Tab stops at, by id, name or text."""
    found = []
    for _ in range(most):
        watch.page.keyboard.press("Tab")
        found.append(str(watch.page.evaluate(FOCUSED)))
    return found


def test_a_segment_is_renamed_by_the_keyboard(open_page: OpenPage) -> None:
    watch = open_page("/profiles")
    page, name = watch.page, watch.page.locator("dialog input[name=name]")
    pencil = page.locator(".atlas-segment-card .atlas-pencil").first
    pencil.press("Enter")
    expect(name).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(pencil).to_be_focused()
    for typed in ("<b>Gold</b>", ""):
        pencil.press("Enter")
        name.fill(typed)
        page.locator("dialog input[name=author]").fill("Ann")
        page.keyboard.press("Enter")
        heading = expect(page.locator(".atlas-segment-card h2").first)
        shown = heading.to_have_text if typed else heading.not_to_have_text
        shown("<b>Gold</b>", timeout=30_000)
        expect(pencil).to_be_focused(timeout=30_000)
