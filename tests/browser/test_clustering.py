"""Clustering in the browser: clicks on charts, controls of a method, ready choices, and a job in two tabs."""

import random
import sqlite3
from contextlib import closing

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.running import PHONE, App

FIT_MS = 60_000
CHART = """name => [...document.querySelectorAll('.js-plotly-plot')]
    .find(graph => JSON.parse(graph.parentElement.id).chart === name)"""
PAINTED = '[id*=\'"chart":"{}"\'] .main-svg'
"""A chart that is drawn; `wait_for_function` would need `eval`, which the policy of the pages forbids."""
NEAR = """name => [...document.querySelectorAll('.dash-graph')]
    .find(graph => JSON.parse(graph.id).chart === name)
    .scrollIntoView({block: 'center', behavior: 'instant'})"""
PLACE = f"""([name, x, y]) => {{
    const graph = ({CHART})(name);
    graph.scrollIntoView({{block: 'center', behavior: 'instant'}});
    const box = graph.getBoundingClientRect(), {{xaxis, yaxis}} = graph._fullLayout;
    return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
}}"""
DRAWN = f"""([name, what]) => ({CHART})(name)._fullData
    .map(trace => [...(trace[what] ?? [])].flat().map(Number))"""


def click(page: Page, chart: str, x: float, y: float) -> None:
    """Click at a place of a chart, in the units of its axes."""
    page.mouse.move(0, 0)
    left, top = page.evaluate(PLACE, [chart, x, y])
    page.mouse.move(left - 3, top)
    page.mouse.move(left, top)
    page.wait_for_timeout(120)  # plotly looks at where the pointer is once in 50 ms
    page.mouse.click(left, top)


def drawn(page: Page, chart: str, what: str) -> list[list[float]]:
    """An attribute of a chart's traces; the chart is drawn when it is near."""
    page.evaluate(NEAR, chart)
    expect(page.locator(PAINTED.format(chart)).first).to_be_attached()
    found: list[list[float]] = page.evaluate(DRAWN, [chart, what])
    return found


def test_a_click_on_a_number_takes_it_and_tells_who_moved(open_page: OpenPage, app: App) -> None:
    app.warm("k=5", "k=6")
    watch = open_page("/clustering?k=5")
    first = watch.view()
    points = [
        (x, y)
        for xs, ys in zip(*(drawn(watch.page, "k", a) for a in "xy"), strict=True)
        for x, y in zip(xs, ys, strict=True)
        if x == 6
    ]
    assert watch.asked(lambda: click(watch.page, "k", *points[0])) == 1
    assert watch.query == "k=6" and watch.heading().startswith("6 segments")
    expect(watch.page.locator("#clustering-k")).to_have_value("6")
    expect(watch.page.locator(".atlas-moved")).to_contain_text("changed segment")
    assert watch.asked(lambda: watch.page.get_by_role("link", name="Undo").click()) == 1
    assert (watch.query, watch.view()) == ("k=5", first)


def test_a_click_on_a_height_of_the_tree_cuts_it_there(open_page: OpenPage, app: App) -> None:
    app.warm("algorithm=hierarchical&k=4", "algorithm=hierarchical&k=3")
    watch = open_page("/clustering?algorithm=hierarchical&k=4")
    cuts, heights = drawn(watch.page, "tree", "customdata"), drawn(watch.page, "tree", "y")
    band = heights[cuts.index([3])]
    assert watch.asked(lambda: click(watch.page, "tree", -0.4, sum(band) / 2)) == 1
    assert watch.query == "algorithm=hierarchical&k=3"
    cut = watch.page.locator(".atlas-cuts")
    expect(cut.locator("[aria-current]")).to_have_text("3")
    link = cut.get_by_role("link", name="4", exact=True)
    assert watch.asked(lambda: (link.focus(), watch.page.keyboard.press("Enter"))) == 1
    assert watch.query == "algorithm=hierarchical&k=4"


def test_a_method_s_own_controls_come_and_go_with_it(open_page: OpenPage, app: App) -> None:
    app.warm("k=5", "algorithm=dbscan&k=5")
    watch = open_page("/clustering?k=5")
    number, reach = watch.page.locator("#clustering-k"), watch.page.locator("#clustering-eps")
    expect(number).to_be_visible()
    expect(reach).to_be_hidden()
    expect(watch.page.locator(".atlas-hint:visible", has_text="typical customers")).to_have_count(1)
    method = watch.page.locator("#clustering-algorithm")
    assert watch.asked(lambda: method.select_option("dbscan")) == 1
    expect(number).to_be_hidden()
    expect(reach).to_be_visible()
    expect(watch.page.locator(".atlas-hint:visible", has_text="unusual customers")).to_have_count(1)


def test_a_ready_choice_keeps_what_was_changed_since_the_page_was_opened(
    open_page: OpenPage, app: App
) -> None:
    app.warm("k=5", "k=6", "k=6&cols=recency,orders,monetary")
    watch = open_page("/clustering?k=5")
    field = watch.page.locator("#clustering-k")
    field.fill("6")
    field.press("Enter")
    watch.settle()
    choice = watch.page.get_by_role("link", name="How recently, how often, how much")
    assert watch.asked(choice.click) == 1
    assert watch.query == "k=6&cols=recency,orders,monetary"
    expect(watch.page.locator("#clustering-cols input:checked")).to_have_count(3)


def test_on_a_phone_the_map_comes_last_behind_a_switch(open_page: OpenPage, app: App) -> None:
    app.warm("k=5")
    watch = open_page("/clustering?k=5", viewport=PHONE)
    card = watch.page.locator("section", has=watch.page.locator("h2", has_text="How do they lie"))
    expect(card).to_be_hidden()
    watch.page.get_by_label("Show map").check()
    watch.settle()
    expect(card).to_be_visible()
    others = watch.page.locator(".atlas-view > .atlas-grid .atlas-chart:visible")
    assert others.last.get_attribute("aria-label") == card.locator(".atlas-chart").get_attribute("aria-label")
    assert watch.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_link_opened_while_its_job_runs_shows_the_same_job_and_its_result_stays(
    open_page: OpenPage, app: App
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    address = f"/clustering?k=12&n_init=30&seed={seed}"
    first, second = open_page(None), open_page(None)
    for watch in (first, second):
        watch.page.goto(app.url + address)
        expect(watch.page.locator("#job-box")).to_be_visible()
        expect(watch.page.locator("#job-stage")).not_to_be_empty()
    first.page.close()
    expect(second.page.locator("h1")).to_contain_text("12 segments", timeout=FIT_MS)
    second.settle()
    with closing(sqlite3.connect(app.data_dir / "jobs" / "jobs.db")) as database:
        asked = "select attempts, state from jobs where kind = 'study' and payload like ?"
        jobs = database.execute(asked, (f"%seed={seed}%",)).fetchall()
    assert jobs == [(1, "done")]
    again = open_page(address)
    assert len(again.polls) == 0 and again.heading() == second.heading()
