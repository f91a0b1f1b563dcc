"""Marks in the browser: a click offers, nothing happens before a choice, and Back undoes it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.running import App
from tests.browser.test_clustering import PAINTED, click

BAR = ".atlas-selection"
BOX = """() => {
    const graph = [...document.querySelectorAll('.js-plotly-plot')]
        .find(one => JSON.parse(one.parentElement.id).chart === 'pair');
    graph.scrollIntoView({block: 'center', behavior: 'instant'});
    const box = graph.getBoundingClientRect(), {xaxis, yaxis} = graph._fullLayout;
    return Plotly.relayout(graph, {dragmode: 'select'})
        .then(() => [box.x + xaxis._offset, box.y + yaxis._offset, xaxis._length, yaxis._length]);
}"""


NO_MARK = """() => [...document.querySelectorAll('.js-plotly-plot')]
    .find(one => JSON.parse(one.parentElement.id).chart === 'rfm')
    .emit('plotly_click', {points: [{customdata: 'nobody', data: {}, x: '3.3'}]})"""
"""A click on a point whose own key is no mark's, beside a place on the axis that is one."""

POINT = """() => {
    const graph = [...document.querySelectorAll('.js-plotly-plot')]
        .find(one => JSON.parse(one.parentElement.id).chart === 'pair');
    const {x, y} = graph._fullData[0];
    graph.emit('plotly_click', {points: [{x: x[0], y: y[0], data: graph.data[0]}]});
}"""
"""A click on the first point, whatever lies beside it."""


def drawn_over(page: Page) -> None:
    """Draw a box over the two columns."""
    page.locator(".dash-graph").last.scroll_into_view_if_needed()
    expect(page.locator(PAINTED.format("pair")).first).to_be_attached()
    left, top, wide, high = page.evaluate(BOX)
    page.mouse.move(left + 0.1 * wide, top + 0.1 * high)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(left + (0.1 + 0.08 * step) * wide, top + (0.1 + 0.08 * step) * high)
    page.mouse.up()


def test_a_click_and_a_box_offer_their_customers_and_back_undoes_the_choice(
    open_page: OpenPage, app: App
) -> None:
    app.warm("")
    watch = open_page("/eda?tab=pair")
    page, bar = watch.page, watch.page.locator(BAR)
    assert watch.asked(lambda: click(page, "rfm", 2, 2)) == 0
    expect(bar.get_by_role("link").first).to_be_focused()
    said = re.match(r"([\d,]+) customers? with last order", bar.inner_text())
    assert said is not None and watch.query == "tab=pair"
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.evaluate(NO_MARK)
    expect(bar).to_be_hidden()
    click(page, "rfm", 2, 2)
    bar.get_by_role("link", name=f"Open these {said[1]}").click()
    expect(page.locator("h1")).to_contain_text(f"{said[1]} customers with")
    assert (watch.path, watch.query) == ("/customers", "tab=pair&show=r:eq:3&show=fm:eq:3")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("The top 20 %")
    assert (watch.path, watch.query) == ("/eda", "tab=pair")
    drawn_over(page)
    expect(bar).to_contain_text(re.compile(r"[\d,]+ customers with .* orders and who spent"))
    only = bar.get_by_role("link", name="Show only these")
    count = re.match(r"[\d,]+", bar.inner_text())
    assert count is not None
    assert watch.asked(only.click) == 1
    assert watch.path == "/eda" and "show=orders:between:" in watch.query
    expect(page.locator(".atlas-figure").first).to_contain_text(count[0])
    painted = page.locator(PAINTED.format("pair")).first
    painted.scroll_into_view_if_needed()
    painted.hover(force=True)
    page.evaluate(POINT)
    expect(bar).to_contain_text(re.compile(r"1 customer with .* orders? and who spent"))
    bar.get_by_role("link", name="Open this customer").click()
    expect(page.locator("h1")).to_contain_text("Customer ")
