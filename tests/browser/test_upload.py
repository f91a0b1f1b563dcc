"""A file of one's own: chosen or dropped, read, its columns' meanings, and its questions answered."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.running import Watch

READ_MS = 60_000
DROP = """(zone, [name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, {type: 'text/csv'}));
  for (const kind of ['dragover', 'drop'])
    zone.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


def table(seed: int, rows: int = 90) -> str:
    """A customer table with three groups; another seed is another file."""
    draw = np.random.default_rng(seed)
    lines = ["customer,age,income,visits"]
    for i in range(rows):
        group = i % 3
        age, income, visits = draw.normal((30, 20_000, 4), (3, 900, 1)) + np.array([15, 20_000, 9]) * group
        lines.append(f"C{i},{age:.0f},{income:.0f},{max(0, visits):.0f}")
    return "\n".join(lines) + "\n"


def choose(watch: Watch, path: Path) -> None:
    """Give a file through the file dialog."""
    with watch.page.expect_file_chooser() as coming:
        watch.page.locator("[data-upload-choose]").first.click()
    coming.value.set_files(path)


def arrived(watch: Watch, before: str = "") -> str:
    """Wait for the page of a new data set; its id."""
    watch.page.wait_for_url(re.compile(rf"/\?.*ds=(?!{before or 'demo-1'})"), timeout=READ_MS)
    watch.settle()
    found = re.search(r"ds=([^&]+)", watch.query)
    assert found is not None
    return found[1]


def test_a_chosen_file_becomes_a_data_set_with_its_name(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "garden club.csv"
    file.write_text(table(1))
    watch = open_page("/")
    choose(watch, file)
    expect(watch.page.locator("#job-box")).to_be_visible()
    arrived(watch)
    assert re.search(
        r"\b90 (customers|of)|\b90\b", watch.page.locator(".atlas-figure-value").first.inner_text()
    )
    expect(watch.page.locator(".atlas-actions .atlas-chip").first).to_contain_text("garden club")
    meanings = watch.page.get_by_role("region", name="What the columns mean")
    for column in ("customer", "age", "income", "visits"):
        expect(meanings.get_by_role("rowheader", name=column, exact=True)).to_be_visible()
    expect(meanings.get_by_label("Meaning of age")).to_be_visible()


def test_a_dropped_file_leads_to_its_segments(open_page: OpenPage) -> None:
    watch = open_page("/")
    watch.page.locator("[data-upload]").first.evaluate(DROP, ["dropped.csv", table(2)])
    arrived(watch)
    expect(watch.page.locator(".atlas-head .btn-primary")).to_have_text("See your segments")
    watch.primary()
    watch.settle()
    assert watch.page.locator(".atlas-segment-card").count() >= 2
    watch.primary()
    watch.settle()
    with watch.page.expect_download() as coming:
        watch.exported()
    assert coming.value.path().stat().st_size > 0


def test_another_meaning_makes_a_new_version_and_the_old_link_keeps_the_old_one(
    open_page: OpenPage, tmp_path: Path
) -> None:
    file = tmp_path / "versions.csv"
    file.write_text(table(3))
    watch = open_page("/")
    choose(watch, file)
    first = arrived(watch)
    before = watch.view()
    watch.page.get_by_label("Meaning of visits").select_option("ignore")
    watch.page.locator("#meanings-use").click()
    second = arrived(watch, first)
    assert second != first
    expect(watch.page.get_by_label("Meaning of visits")).to_have_value("ignore")
    assert open_page(f"/?ds={first}").view()["finding"] == before["finding"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02" * 40),
        ("broken.parquet", b"PAR1 is not enough"),
        ("one.xlsx", b"PK\x03\x04 no"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    open_page: OpenPage, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    watch = open_page("/")
    choose(watch, file)
    told = watch.page.locator("#job-box [role=alert]")
    expect(told).to_be_visible(timeout=READ_MS)
    text = told.inner_text()
    assert 20 < len(text) < 300
    assert "Traceback" not in text and "/inbox" not in text
    assert watch.query == ""
    expect(watch.page.locator("h1")).to_contain_text("Demo shop")


def test_an_empty_file_is_refused_before_it_is_sent(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    watch = open_page("/")
    choose(watch, file)
    expect(watch.page.locator("[data-upload-message]").first).to_have_text(
        "empty.csv is empty. Choose another file."
    )


def test_a_table_without_numbers_says_what_to_do(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("name,colour\n" + "".join(f"N{i},{'red' if i % 2 else 'blue'}\n" for i in range(30)))
    watch = open_page("/")
    choose(watch, file)
    expect(watch.page.locator("#job-box [role=alert], .atlas-main [role=alert]").first).to_be_visible(
        timeout=READ_MS
    )


def test_marketing_campaign_asks_to_add_up_and_takes_the_answer(
    open_page: OpenPage, shared_data: Path
) -> None:
    watch = open_page("/")
    choose(watch, shared_data / "marketing_campaign.csv")
    first = arrived(watch)
    question = watch.page.locator("#questions .atlas-card", has_text=re.compile("[Aa]dd them up"))
    expect(question).to_be_visible()
    expect(watch.page.locator(".atlas-head .btn-primary")).to_have_text(re.compile("Answer 1 question"))
    question.locator("button").first.click()
    arrived(watch, first)
    expect(watch.page.locator(".atlas-head .btn-primary")).to_have_text("See your segments")
    watch.primary()
    watch.settle()
    assert watch.page.locator(".atlas-segment-card").count() >= 2


def test_online_retail_is_read_and_walked(open_page: OpenPage, shared_data: Path) -> None:
    file = shared_data / "online_retail.parquet"
    if not file.exists():
        pytest.skip("no developers' data here (TEST_DATA_DIR)")
    watch = open_page("/")
    choose(watch, file)
    arrived(watch)
    if watch.page.locator("#questions").count():
        watch.open(f"/profiles?{watch.query}")
    else:
        watch.primary()
        watch.settle()
    assert "4,327 customers" in watch.page.locator(".atlas-sentence").inner_text()
