"""The list to take away: every customer, safe in a spreadsheet, streamed; or as chosen in the dialog."""

import csv
import io
import re
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
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


def dialog(visitor: Visitor, query: str) -> str:
    answer = visitor.client.get(f"/export/dialog?{query}")
    assert answer.status_code == 200 and answer.mimetype == "text/html"
    return " ".join(answer.text.split())


def ticked(html: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)" id="[^"]*" checked', html)


def followed(visitor: Visitor, **form: Any) -> TestResponse:
    """The last answer about a list that was ordered in the dialog."""
    ordered = visitor.client.post("/api/export", data=form, content_type="multipart/form-data")
    assert ordered.status_code == 200, ordered.text
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = visitor.client.get(f"/api/export/{ordered.get_json()['key']}")
        if "share" not in answer.get_json():
            return answer
        time.sleep(0.02)
    raise AssertionError("not there after a minute")


def test_the_dialog_offers_columns_and_ticks_number_and_segment(ready: Visitor) -> None:
    html = dialog(ready, "k=4&segment=2&label=infrequent")
    assert ticked(html, "column") == ["id", "segment"] and ticked(html, "who") == ["shown"]
    assert {"monetary", "segment_name", "infrequent"} <= set(re.findall(r'name="column" value="(\w+)"', html))
    assert "No consent column: you must check consent yourself." in html
    assert "This data set has no such columns." in html
    assert re.search(r"All [\d,]+ customers of “", html) and "as shown on the page" in html


def test_a_list_is_written_as_chosen_and_its_counts_are_told(ready: Visitor) -> None:
    everybody = rows_of(ready.client.get(f"{EXPORT}?k=4&segment=2"))
    gone = everybody[0]["id"]
    form = {"query": "k=4", "segment": "2", "column": ["id", "orders"], "form": "parquet", "held": "5"}
    made = followed(ready, **form, leave_out=(io.BytesIO(f"{gone}\nnobody".encode()), "list.txt")).get_json()
    found = ready.client.get(made["href"])
    table = pq.read_table(io.BytesIO(found.data))
    assert table.column_names == ["id", "orders"]
    counts = [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", made["said"])]
    assert counts[0] == table.num_rows and sum(counts) == len(everybody) and counts[2] == 1
    assert gone not in table["id"].to_pylist()
    assert made["notes"] == ["1 entry of your leave-out list: nobody here. “nobody”."]
    assert made["name"].startswith("segment-2-") and made["name"].endswith(f"-{table.num_rows}.parquet")
    assert f'filename="{made["name"]}"' in found.headers["Content-Disposition"]


@pytest.mark.parametrize("show", ["moved__1:eq:1", "within:in:map.x,map.y,-1,-1,1,-1,1,1,-1,1"])
def test_those_who_move_or_lie_in_an_area_of_the_map_are_written_alone(ready: Visitor, show: str) -> None:
    query = f"k=4&show={show}&against=k:3"
    ready.open(f"/customers?{query}")
    count = ready.client.get(f"/api/count?{query}").get_json()["count"]
    form = {"query": query, "segment": "", "who": "shown", "everybody": "1", "column": ["id"], "form": "csv"}
    rows = rows_of(ready.client.get(followed(ready, **form).get_json()["href"]))
    assert 0 < len(rows) == count < 4000


def test_the_list_of_all_who_are_included_has_those_without_a_place_in_the_segments(
    visitor: Visitor, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "gaps.csv"
    rows = [f"c{i:02d},{i % 7 + 1},{'' if i < 3 else 10 * i}" for i in range(60)]
    path.write_text("\n".join(["customer,orders,spend", *rows]))
    query = f"ds={store.add(path).id}&missing=drop&k=2"
    visitor.open(f"/customers?{query}")
    every = rows_of(visitor.client.get(f"{EXPORT}?{query}&everybody=1"))
    assert [row["segment"] for row in every[:4]] == ["", "", "", every[3]["segment"]] and every[3]["segment"]
    assert len(every) == 60 and len(rows_of(visitor.client.get(f"{EXPORT}?{query}"))) == 57
    made = followed(visitor, query=query, column=["id", "segment_name"], everybody="1").get_json()
    found = rows_of(visitor.client.get(made["href"]))
    assert [row["id"] for row in found] == [row["id"] for row in every]
    assert [row["segment_name"] for row in found] == [row["segment_name"] for row in every]


def test_a_segment_of_all_who_are_included_is_that_segment_alone(ready: Visitor) -> None:
    whole = rows_of(ready.client.get(f"{EXPORT}?k=4&segment=2"))
    made = followed(ready, query="k=4", segment="2", everybody="1", column=["id"]).get_json()
    assert [row["id"] for row in rows_of(ready.client.get(made["href"]))] == [row["id"] for row in whole]


def test_who_has_unusual_values_is_in_the_list_without_whole_results(
    visitor: Visitor, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "k=4&outliers=flag"
    visitor.open(f"/profiles?{query}")
    matrix = Services.of(home).results(Study.parse(query), "profile", patience=60).matrix
    assert matrix is not None and matrix.unusual is not None and matrix.unusual.any()
    monkeypatch.setattr(Services, "results", None)
    rows = rows_of(visitor.client.get(f"{EXPORT}?{query}"))
    assert [row["unusual"] == "yes" for row in rows] == matrix.unusual.tolist()
    assert 'value="unusual"' in dialog(visitor, query)


@pytest.mark.parametrize(
    ("form", "said"),
    [({"held": "5e3"}, "is not a share to keep back"), ({"leave_out": "c01"}, "is not sent as a file")],
)
def test_who_is_to_be_kept_out_is_never_overheard(ready: Visitor, form: dict[str, str], said: str) -> None:
    data = {"query": "k=4", "column": "id", **form}
    ordered = ready.client.post("/api/export", data=data, content_type="multipart/form-data")
    answer = ordered if ordered.status_code == 400 else followed(ready, **data)
    assert answer.status_code == 400 and said in answer.get_json()["message"]


def test_a_list_that_can_not_be_made_says_why(ready: Visitor) -> None:
    answer = followed(ready, query="k=4", column=["id", "__proto__"])
    assert answer.status_code == 400
    assert answer.get_json()["message"] == "“__proto__” is not a column of this list."


def test_a_list_is_not_ordered_from_another_site(visitor: Visitor) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert visitor.client.post("/api/export", data={"query": "k=4"}, headers=headers).status_code == 403


@pytest.mark.parametrize("key", ["0" * 32, "A" * 32, "x"])
def test_a_list_that_nobody_ordered_is_not_there(visitor: Visitor, key: str) -> None:
    for address in (f"/api/export/{key}", f"/export/file/{key}"):
        assert visitor.client.get(address).status_code in (400, 404)
    assert visitor.client.post(f"/api/export/{key}/cancel").status_code in (200, 404)


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
