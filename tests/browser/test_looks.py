"""What holds on every page: policy, light and dark, a small screen, alt texts, tables, few controls."""

import json
import re
from collections.abc import Callable, Iterator
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.running import DESKTOP, PHONE, STILL, App, Watch

COMPARE = "k=5&against=k:4"
PAGES = (
    "/",
    "/?ds=demo-1",
    "/eda",
    "/clustering?k=5",
    f"/compare?{COMPARE}",
    "/profiles",
    "/profiles/1",
    "/customers?label=lapsed",
)
CSP = (
    "default-src 'none'; script-src 'self' HASHES; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
TABS = tuple(f"/eda?tab={tab}" for tab in ("concentration", "together", "pair", "missing"))
MOST_CONTROLS = 5


DARK_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
Opened = Callable[..., Watch]


@pytest.fixture(scope="module")
def opened(app: App, browser: Browser) -> Iterator[Opened]:
    """Open an address once for all tests of this file: on a light desktop, or on a dark phone."""
    app.warm("", "k=5")
    with urlopen(f"{app.url}/export/moved.csv?{COMPARE}", timeout=60):
        pass  # the comparison is then kept
    kept: dict[tuple[str, bool], Watch] = {}
    contexts = {
        False: browser.new_context(viewport=DESKTOP, color_scheme="light", **STILL),
        True: browser.new_context(**DARK_PHONE, **STILL),
    }

    def open_once(address: str, phone: bool = False) -> Watch:
        if (address, phone) not in kept:
            watch = Watch(contexts[phone].new_page(), app)
            watch.open(address)
            kept[address, phone] = watch
        kept[address, phone].page.bring_to_front()
        return kept[address, phone]

    yield open_once
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("address", [*PAGES, *TABS])
def test_a_page_asks_no_other_host_and_reports_no_error(opened: Opened, address: str) -> None:
    watch = opened(address)
    assert (watch.errors, watch.strangers) == ([], [])


@pytest.mark.parametrize(
    ("address", "phone"), [*((page, False) for page in PAGES), *((page, True) for page in PAGES[-3:])]
)
def test_axe_finds_nothing_serious(opened: Opened, address: str, phone: bool) -> None:
    page = opened(address, phone).page
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    grave = {
        one["id"]: [node["html"][:160] for node in one["nodes"]]
        for one in found
        if one["impact"] in ("serious", "critical")
    }
    assert grave == {}


@pytest.mark.parametrize("address", PAGES)
def test_a_cold_link_costs_at_most_two_requests(opened: Opened, address: str) -> None:
    assert 1 <= len(opened(address).posts) <= 2


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_of_the_page_is_the_design_s(app: App, address: str) -> None:
    with urlopen(app.url + address, timeout=60) as answer:
        policy = answer.headers["content-security-policy"] or ""
    assert re.sub(r"('sha256-[A-Za-z0-9+/=]+' ?)+(?=;)", "HASHES", policy) == CSP


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_a_finding_figures_and_few_controls(opened: Opened, address: str) -> None:
    page = opened(address).page
    assert page.locator("h1").count() == 1
    assert re.search(r"\d", page.locator("h1").inner_text())
    assert 3 <= page.locator(".atlas-figure").count() <= 5
    assert page.locator(".atlas-head .btn-primary").count() == 1
    controls = page.locator(".atlas-controls > .atlas-control")
    assert controls.filter(visible=True).count() <= MOST_CONTROLS
    hidden = page.locator(".atlas-controls details .atlas-control")
    assert [one.is_visible() for one in hidden.all()] == [False] * hidden.count()


@pytest.mark.parametrize("address", [*PAGES, *TABS])
def test_every_chart_has_an_alt_text_and_a_table(opened: Opened, address: str) -> None:
    page = opened(address).page
    charts = page.locator(".atlas-chart")
    assert charts.count() >= 1
    for chart in charts.all():
        selecting = chart.get_attribute("data-axes") is not None
        expect(chart).to_have_attribute("role", "group" if selecting else "img")
        assert len(chart.get_attribute("aria-label") or "") > 20
        card = chart.locator("xpath=ancestor::section[1]")
        assert (card.locator("h2").text_content() or "").strip()  # the Evidence is folded
        folded = card.locator("details:has(> [data-table])")
        folded.evaluate("details => { details.open = true; }")  # the Evidence is folded as a whole
        expect(folded.locator("tbody tr").first).to_be_attached()
        said = json.loads(folded.locator("[data-table]").get_attribute("data-table") or "{}")
        assert folded.locator("th .atlas-info").count() == sum(bool(key) for *_, key in said["columns"])
        folded.evaluate("details => { details.open = false; }")
    for chart in charts.filter(visible=True).all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".main-svg").first).to_be_visible()  # a chart is drawn when it is near


def test_paper_has_every_chart(open_page: OpenPage) -> None:
    page = open_page("/profiles").page
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    heights = page.locator(".atlas-wide .atlas-chart, .atlas-grid > .atlas-card > .atlas-chart").evaluate_all(
        "charts => charts.map(chart => chart.offsetHeight)"
    )
    assert len(heights) > 5 and min(heights) > 100
    controls = page.locator("main :is(button, select, input, .btn, .atlas-option)")
    assert controls.filter(visible=True).count() == 0
    drawn = page.locator(".atlas-wide-card .js-plotly-plot").first
    assert drawn.evaluate("chart => chart._fullLayout.width") == 820
    page.emulate_media(media="screen")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert drawn.evaluate("chart => chart._fullLayout.width === chart.clientWidth")


LONG_NAMES = """names => {
  const texts = [...document.querySelectorAll(names)].flatMap(one => [...one.childNodes])
    .filter(one => one.nodeType === Node.TEXT_NODE);
  const before = texts.map(one => one.data);
  texts.forEach(one => { one.data = 'W'.repeat(80); });
  const wide = document.documentElement.scrollWidth, heading = document.querySelector('h1').clientWidth;
  texts.forEach((one, at) => { one.data = before[at]; });
  return [texts.length, wide, heading];
}"""


@pytest.mark.parametrize("phone", [False, True])
def test_a_long_name_neither_widens_the_page_nor_squeezes_the_heading(opened: Opened, phone: bool) -> None:
    page = opened("/profiles", phone).page
    names = ".atlas-next .btn, .atlas-plain-link bdi, .atlas-option bdi, .atlas-chart-answer"
    changed, wide, heading = page.evaluate(LONG_NAMES, names)
    assert changed > 10
    assert wide <= page.evaluate("() => innerWidth")
    assert heading > 300


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_light_and_dark_are_the_system_s_and_readable(opened: Opened, address: str, scheme: str) -> None:
    page = opened(address, phone=scheme == "dark").page
    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
    paper = _light(page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
    ink = _light(page.locator("h1").evaluate("e => getComputedStyle(e).color"))
    page.locator(".atlas-chart").filter(visible=True).first.scroll_into_view_if_needed()
    axis = page.locator(".js-plotly-plot :is(.xtick, .ytick) text").first  # a cell has its own ground
    told = _light(axis.evaluate("e => getComputedStyle(e).fill"))
    high, low = (paper, ink) if scheme == "light" else (ink, paper)
    assert (high + 0.05) / (low + 0.05) >= 7
    assert (max(told, paper) + 0.05) / (min(told, paper) + 0.05) >= 4.5


def test_the_chosen_theme_stays_after_a_reload(open_page: OpenPage) -> None:
    watch = open_page("/profiles", color_scheme="light")
    watch.page.locator("[data-theme-switch]").first.click()
    watch.page.reload()
    expect(watch.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    watch.settle()


@pytest.mark.parametrize("address", [*PAGES, "/?ds=nope", "/profiles/99", "/eda?where=age:ge:200"])
def test_a_small_screen_never_scrolls_sideways(opened: Opened, address: str) -> None:
    page = opened(address, phone=True).page
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= PHONE["width"] and wide[1] <= PHONE["width"]
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".atlas-tabbar")).to_be_visible()


def test_a_small_screen_shows_one_chart_of_a_strip_whose_cells_can_be_tapped(opened: Opened) -> None:
    page = opened("/eda", phone=True).page
    cards = page.locator(".atlas-strip > .atlas-grid > .atlas-card").filter(visible=True)
    expect(cards).to_have_count(1)
    page.get_by_role("button", name="Last order").click()
    expect(cards).to_have_count(1)
    cells = cards.locator(".nsewdrag")
    expect(cells).to_be_visible()
    box = cells.bounding_box()
    assert box is not None and min(box["width"], box["height"]) / 5 >= 44
    page.get_by_role("button", name="Spend").click()


def test_the_controls_of_a_small_screen_open_work_and_close(open_page: OpenPage) -> None:
    watch = open_page("/profiles", viewport=PHONE, has_touch=True, is_mobile=True)
    page = watch.page
    expect(page.locator("#profiles-label")).not_to_be_in_viewport()
    page.locator(".atlas-filters-button").tap()
    expect(page.locator("#profiles-label")).to_be_in_viewport()
    assert watch.asked(lambda: page.locator("#profiles-label").select_option("lapsed")) == 1
    page.get_by_role("button", name="Show results").tap()
    expect(page.locator("#profiles-label")).not_to_be_in_viewport()
    expect(page.locator(".atlas-filters-button")).to_be_focused()
    assert watch.query == "label=lapsed"


def test_a_list_is_taken_by_keyboard_from_its_dialog(open_page: OpenPage) -> None:
    page = open_page("/profiles/1").page
    link = page.get_by_role("link", name="Export this list").first
    link.press("Enter")
    dialog = page.get_by_role("dialog", name="Export this list")
    expect(dialog.get_by_role("radio", name="A list")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    link.press("Enter")
    dialog.get_by_label("Parquet").check()
    with page.expect_download() as kept:
        dialog.get_by_role("button", name="customers").press("Enter")
    assert kept.value.suggested_filename.endswith(".parquet")
    expect(dialog.get_by_role("status")).to_contain_text(" exported")
    assert Axe().run(page, context="dialog").response["violations"] == []


def test_no_address_of_an_asset_is_missing(open_page: OpenPage) -> None:
    watch = open_page(None)
    missing: list[str] = []
    watch.page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
    watch.open("/profiles/1")
    assert missing == []


def _light(colour: str) -> float:
    """Relative luminance of a CSS colour (WCAG)."""
    parts = [float(n) / 255 for n in re.findall(r"[\d.]+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_column_that_is_left_out_is_gone_from_the_table_and_its_file(open_page: OpenPage) -> None:
    page = open_page("/profiles").page
    card = page.locator(".atlas-measures")
    head = card.locator("thead th", has_text="Times its share")
    card.get_by_text("Columns", exact=True).press("Enter")
    card.get_by_role("button", name="Times its share", exact=True).press("Space")
    expect(head).to_be_hidden()
    with page.expect_download() as download:
        card.get_by_role("button", name="CSV").click()
    first = download.value.path().read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("Segment,Customers,Share,Share of net sales,Net sales,")
    card.get_by_text("Columns", exact=True).press("Enter")  # a click beside it has closed it
    card.get_by_role("button", name="All columns").click()
    expect(head).to_be_visible()
