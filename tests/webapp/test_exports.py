"""The list to take away: every customer, safe in a spreadsheet, streamed."""

import csv
import io
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from core.io.store import Store
from core.spec import Study
from tests.webapp.visitor import Visitor
from webapp.results import Services
from webapp.settings import Settings

EXPORT = "/export/customers.csv"
FORMULAS = ("=1+1", "+49 30", "-5", "@name", '=HYPERLINK("http://x")')


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text[:300]
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.fixture
def ready(visitor: Visitor) -> Visitor:
    visitor.open("/profiles?k=4")
    return visitor


def test_the_export_has_every_customer_with_the_segment(ready: Visitor, home: Settings) -> None:
    rows = rows_of(ready.client.get(f"{EXPORT}?k=4"))
    profile = Services.of(home).results(Study.parse("k=4"), "profile", patience=60).profile
    assert profile is not None
    sizes = {s.number: sum(row["segment"] == str(s.number) for row in rows) for s in profile.segments}
    assert sizes == {s.number: s.size for s in profile.segments}
    assert len({row["id"] for row in rows}) == len(rows) == profile.customers


def test_a_segment_is_exported_alone_under_a_name_of_its_own(ready: Visitor) -> None:
    answer = ready.client.get(f"{EXPORT}?k=4&segment=2")
    rows = rows_of(answer)
    assert {row["segment"] for row in rows} == {"2"}
    said = answer.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="segment-2-') and said.endswith(f'-{len(rows)}.csv"')
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "text/csv"


def test_the_button_of_a_segment_leads_to_its_rows(visitor: Visitor) -> None:
    page = visitor.open("/profiles/2?k=4&label=infrequent")
    (href,) = {p["href"] for p in page.of_type("A", "Link") if p.get("href", "").startswith(EXPORT)}
    whole = rows_of(visitor.client.get(f"{EXPORT}?k=4&segment=2"))
    rows = rows_of(visitor.client.get(href))
    assert 0 < len(rows) <= len(whole)
    assert {row["id"] for row in rows} <= {row["id"] for row in whole}
    assert {row["infrequent"] for row in rows} == {"yes"}


def test_the_export_is_streamed(ready: Visitor, home: Settings) -> None:
    answer = ready.client.get(f"{EXPORT}?k=4", buffered=False)
    assert answer.is_streamed and "Content-Length" not in answer.headers
    assert len(list(answer.iter_encoded())) > 1
    answer.close()


@pytest.mark.parametrize("segment", ["99", "banana", "-1", "1%00", "../1", "1" * 500])
def test_an_unknown_segment_is_refused_in_a_sentence(ready: Visitor, segment: str) -> None:
    answer = ready.client.get(f"{EXPORT}?k=4&segment={segment}")
    assert answer.status_code == 400
    assert answer.get_json()["message"].endswith(".") and answer.get_json()["hint"]


def test_an_unknown_data_set_is_refused_in_a_sentence(visitor: Visitor) -> None:
    answer = visitor.client.get(f"{EXPORT}?ds=nothing")
    assert answer.status_code == 400 and "nothing" in answer.get_json()["message"]


def test_no_cell_begins_a_formula(visitor: Visitor, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "formulas.csv"
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["customer", "age", "income", "nickname"])
        for i in range(60):
            lines.writerow([f"={i}+1", 20 + i % 40, 1000 * i, FORMULAS[i % len(FORMULAS)]])
    ds = store.add(path, roles={"customer": "id", "nickname": "category"}).id
    visitor.open(f"/profiles?ds={ds}")
    answer = visitor.client.get(f"{EXPORT}?ds={ds}")
    rows = rows_of(answer)
    assert len(rows) == 60
    assert {row["id"][0] for row in rows} == {"'"}
    texts = [cell for row in rows for cell in row.values() if cell and not is_number(cell)]
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
