"""The URL is the only state: what a view costs, and that Back, links and restarts bring it back."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.running import App, Watch


def number(watch: Watch, text: str) -> None:
    """Type over the number of segments, as a person does, and press Enter."""
    field = watch.page.locator("#clustering-k")
    field.click()
    watch.page.keyboard.press("Control+a")
    watch.page.keyboard.type(text)
    watch.page.keyboard.press("Enter")


def history(watch: Watch) -> int:
    length: int = watch.page.evaluate("history.length")
    return length


@pytest.mark.parametrize(
    ("address", "control", "value"),
    [
        ("/eda", "#eda-column", "recency"),
        ("/profiles", "#profiles-label", "lapsed"),
        ("/profiles/1", "#segment-label", "lapsed"),
    ],
)
def test_a_select_costs_one_request_each_way_and_keeps_the_focus(
    open_page: OpenPage, app: App, address: str, control: str, value: str
) -> None:
    name = control.split("-", 1)[1]
    app.warm("", need="profiles")
    watch = open_page(address)
    select, first = watch.page.locator(control), watch.view()
    was = select.input_value()

    def choose() -> None:
        select.focus()
        select.select_option(value)

    rows = 1 if address == "/profiles/1" else 0  # the list of customers is asked for by the grid itself
    assert watch.asked(choose) <= 1 + rows
    expect(select).to_be_focused()
    assert watch.query == f"{name}={value}"
    second = watch.view()
    assert watch.asked(watch.page.go_back) <= 1 + rows
    assert (watch.view(), select.input_value(), watch.query) == (first, was, "")
    assert watch.asked(watch.page.go_forward) <= 1 + rows
    assert (watch.view(), select.input_value()) == (second, value)


def test_a_radio_costs_one_request_keeps_the_focus_and_comes_back(open_page: OpenPage, app: App) -> None:
    app.warm("", need="profiles")
    watch = open_page("/profiles")
    first, orders = watch.view(), watch.page.locator("#profiles-measure input[value=orders]")
    assert watch.asked(lambda: orders.check()) == 1
    expect(orders).to_be_focused()
    assert watch.query == "measure=orders"
    assert watch.asked(watch.page.go_back) == 1
    assert watch.view() == first
    expect(watch.page.locator("#profiles-measure input[value=monetary]")).to_be_checked()


def test_a_changed_number_comes_back_with_the_first_view(open_page: OpenPage, app: App) -> None:
    app.warm("k=6", "k=5")
    watch = open_page("/clustering?k=5")
    first = watch.view()
    assert watch.asked(lambda: number(watch, "6")) == 1
    assert watch.heading().startswith("6 segments")
    assert watch.asked(watch.page.go_back) == 1
    assert watch.view() == first
    expect(watch.page.locator("#clustering-k")).to_have_value("5")
    assert watch.asked(watch.page.go_forward) == 1
    expect(watch.page.locator("#clustering-k")).to_have_value("6")


def test_a_number_typed_over_another_is_one_request_and_one_entry(open_page: OpenPage, app: App) -> None:
    app.warm("k=5", "k=6", "k=12")
    watch = open_page("/clustering?k=5")
    start = history(watch)
    assert watch.asked(lambda: number(watch, "6")) == 1
    assert (watch.query, history(watch)) == ("k=6", start + 1)
    assert watch.asked(lambda: number(watch, "12")) == 1
    assert (watch.query, history(watch)) == ("k=12", start + 2)
    expect(watch.page.locator("#clustering-k")).to_be_focused()
    watch.asked(watch.page.go_back)
    assert watch.query == "k=6"
    expect(watch.page.locator("#clustering-k")).to_have_value("6")


def test_leaving_the_field_after_enter_asks_nothing_more(open_page: OpenPage, app: App) -> None:
    app.warm("k=6", "k=5")
    watch = open_page("/clustering?k=5")
    assert watch.asked(lambda: number(watch, "6")) == 1
    assert watch.asked(lambda: watch.page.keyboard.press("Tab")) == 0


def test_a_number_out_of_bounds_becomes_the_nearest_with_a_note(open_page: OpenPage, app: App) -> None:
    app.warm("k=12", "k=5")
    watch = open_page("/clustering?k=5")
    assert watch.asked(lambda: number(watch, "99")) == 1
    expect(watch.page.locator("#clustering-k")).to_have_value("12")
    expect(watch.page.locator(".atlas-notes")).to_contain_text("99")
    assert watch.query == "k=12"


def test_reset_brings_back_the_defaults_and_keeps_the_rest(open_page: OpenPage, app: App) -> None:
    app.warm("", "k=5&scaling=robust")
    watch = open_page("/clustering?k=5&scaling=robust&average=mean")
    expect(watch.page.locator("details.atlas-more").first).to_have_attribute("open", "")
    assert watch.asked(lambda: watch.page.locator("#clustering-reset").click()) == 1
    assert watch.query == "average=mean"
    expect(watch.page.locator("#clustering-k")).to_have_value("")
    expect(watch.page.locator("#clustering-scaling")).to_have_value("standard")


def test_changing_the_theme_asks_nothing(open_page: OpenPage) -> None:
    watch = open_page("/profiles", color_scheme="light")
    theme = watch.page.locator("html").get_attribute("data-bs-theme")
    assert watch.asked(lambda: watch.page.locator("[data-theme-switch]").first.click()) == 0
    assert {theme, watch.page.locator("html").get_attribute("data-bs-theme")} == {"light", "dark"}


def test_a_link_within_the_app_costs_one_request_and_back_at_most_two(open_page: OpenPage, app: App) -> None:
    app.warm("", need="profiles")
    watch = open_page("/clustering")
    first = watch.view()
    assert watch.asked(lambda: watch.page.locator(".atlas-nav a", has_text="Profiles").click()) == 1
    assert watch.path == "/profiles"
    assert watch.asked(watch.page.go_back) <= 2
    assert (watch.path, watch.view()) == ("/clustering", first)


def test_back_across_a_page_keeps_the_changed_control(open_page: OpenPage, app: App) -> None:
    app.warm("k=5", "k=6", need="profiles")
    watch = open_page("/clustering?k=5")
    watch.asked(lambda: number(watch, "6"))
    changed = watch.view()
    watch.asked(watch.primary)
    assert (watch.path, watch.query) == ("/profiles", "k=6")
    watch.asked(watch.page.go_back)
    assert watch.view() == changed
    expect(watch.page.locator("#clustering-k")).to_have_value("6")
    watch.asked(watch.page.go_back)
    expect(watch.page.locator("#clustering-k")).to_have_value("5")
    assert watch.heading().startswith("5 segments")


def test_a_condition_is_added_and_its_chip_removes_it(open_page: OpenPage, app: App) -> None:
    app.warm("", "where=age:ge:40")
    watch = open_page("/eda?tab=missing")  # months of some customers take a job of their own
    first = watch.view()
    watch.page.locator("#eda-attribute").select_option("age")
    watch.page.locator("#eda-op").select_option("ge")
    watch.page.locator("#eda-value").fill("40")
    expect(watch.page.locator("[data-counted]")).to_contain_text("customers would be included")
    assert watch.asked(lambda: watch.page.locator("#eda-add").click()) == 1
    assert watch.query == "where=age:ge:40&tab=missing"
    assert watch.view()["figures"] != first["figures"]
    assert watch.asked(lambda: watch.page.locator(".atlas-chip-remove").first.click()) == 1
    assert (watch.query, watch.view()) == ("tab=missing", first)


def test_a_copied_link_opens_the_same_figures_elsewhere_and_after_a_restart_without_cache(
    open_page: OpenPage, app: App
) -> None:
    watch = open_page("/clustering", permissions=["clipboard-read", "clipboard-write"])
    number(watch, "4")
    watch.settle()
    watch.asked(lambda: watch.page.locator(".atlas-nav a", has_text="Profiles").click())
    first = watch.view()
    assert first["segments"] and first["figures"]
    watch.page.locator("[data-copy-link]").first.click()
    expect(watch.page.locator(".atlas-toast")).to_contain_text("Link copied. It opens exactly this view.")
    expect(watch.page.locator(".atlas-toast")).to_contain_text("This address works on this computer only.")
    link: str = watch.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(app.url)
    address = link.removeprefix(app.url)
    assert open_page(address).view() == first
    app.stop()
    shutil.rmtree(app.data_dir / "cache")
    shutil.rmtree(app.data_dir / "jobs", ignore_errors=True)
    app.start()
    assert open_page(address).view() == first
