"""Compare through the real app: models beside each other, added, removed, taken, and the lists behind."""

import csv
import io
from urllib.parse import urlsplit

import pytest

from core.spec import Study
from tests.webapp.visitor import Tree, Visitor, text

LINK = "/compare?cols=recency,orders&k=4&against=k:3"


@pytest.fixture
def page(visitor: Visitor) -> Tree:
    """Two models of the demo."""
    return visitor.open(LINK)


def links(page: Tree, word: str) -> list[str]:
    """Where the links with this text, or this beginning of a title, lead."""
    found = [p for p in page.of_type("Link", "A") if not p["href"].startswith(("/export", "/customers"))]
    return [p["href"] for p in found if text(p) == word or str(p.get("title", "")).startswith(word)]


def against(href: str) -> tuple[str, ...]:
    """What a link compares with."""
    return Study.parse(urlsplit(href).query).lens.against


def test_two_models_stand_beside_each_other(page: Tree) -> None:
    assert page.finding.endswith("customers keep their segment.")
    assert [text(p).split(" × ")[0][:10] for p in page.of_class("atlas-model")] == [
        "4 segments",
        "3 segments",
    ]
    assert [len(page.of_class(name)) for name in ("atlas-parts", "atlas-flow")] == [2, 1]
    assert 3 <= len(page.figures) <= 5


def test_without_a_wish_three_models_are_compared(visitor: Visitor) -> None:
    page = visitor.open("/compare?cols=recency,orders&k=4")
    assert "in all 3 models" in page.finding
    assert [against(href) for href in links(page, "Remove")] == [("k:5",), ("k:3",)]


def test_a_model_is_added_by_a_link(page: Tree) -> None:
    assert [against(href) for href in links(page, "7")] == [("k:3", "k:7")]
    assert [against(href) for href in links(page, "Family tree")] == [("k:3", "algorithm:hierarchical~k:4")]
    assert not links(page, "4") and not links(page, "3")


def test_another_model_takes_one_segment_fewer_or_more(page: Tree) -> None:
    assert [against(href) for href in links(page, "With 2")] == [("k:2",)]
    assert not links(page, "With 4")  # this view has them


def test_the_last_other_model_stays(page: Tree) -> None:
    assert links(page, "Remove") == []


def test_four_models_are_the_most(visitor: Visitor) -> None:
    page = visitor.open(f"{LINK}&against=algorithm:hierarchical~k:3&against=k:2")
    assert len(page.of_class("atlas-model")) == 4
    assert not page.of_class("atlas-adding")
    assert len(links(page, "Remove")) == 3


def test_a_model_is_taken_to_clustering(page: Tree) -> None:
    own, other = links(page, "Take this one")
    assert own == "/clustering?cols=recency,orders&k=4"
    assert other == "/clustering?cols=recency,orders&k=3"


def test_clustering_leads_to_compare_with_the_whole_link(visitor: Visitor) -> None:
    page = visitor.open("/clustering?cols=recency,orders&k=4")
    assert set(links(page, "Compare with another number")) == {"/compare?cols=recency,orders&k=4"}


def rows_of(visitor: Visitor, href: str) -> list[dict[str, str]]:
    answer = visitor.client.get(href)
    assert answer.status_code == 200, answer.text[:300]
    return list(csv.DictReader(io.StringIO(answer.text)))


def counted(visitor: Visitor, href: str) -> int:
    """How many customers the list at an address says and has."""
    page = visitor.open(href)
    told = int(page.finding.split()[0].replace(",", ""))
    wanted = {"startRow": 0, "endRow": 1, "sortModel": [], "filterModel": {}}
    values = {
        "customers-grid.getRowsRequest": wanted,
        "customers-of.data": page.known["customers-of"]["data"],
    }
    body = visitor.body("customers-grid.getRowsResponse", values, "customers-grid.getRowsRequest")
    answer = visitor.send(body).get_json()["response"]["customers-grid"]["getRowsResponse"]
    query = href.partition("?")[2]
    rows = rows_of(visitor, f"/export/customers.csv?{query}")
    assert answer["rowCount"] == len(rows) == visitor.client.get(f"/api/count?{query}").get_json()["count"]
    assert told == len(rows)
    return told


def test_a_count_opens_exactly_its_customers(visitor: Visitor) -> None:
    page = visitor.open(f"{LINK}&show=orders:ge:3")
    cells = [p for p in page.of_type("Link") if str(p.get("title", "")).startswith("Open ")]
    counts = [int(text(p).replace(",", "")) for p in cells]
    kept, every = (int(n.replace(",", "")) for n in page.finding.split()[:3:2])
    assert sum(counts) == every
    smallest, href = min(zip(counts, (p["href"] for p in cells), strict=True))
    ways = {text(p): p["href"] for p in page.of_type("Link")}
    (moving,) = [href for name, href in ways.items() if name.startswith("Open the")]
    (staying,) = [href for name, href in ways.items() if name.startswith(f"{kept:,} (")]
    sizes = [p for p in page.of_type("Link") if text(p)[:1].isdigit() and text(p).endswith(" customers")]
    assert counted(visitor, href) == smallest
    assert (counted(visitor, moving), counted(visitor, staying)) == (every - kept, kept)
    for size in (sizes[1], sizes[-1]):  # one of this view, one of the other model
        assert f"{counted(visitor, size['href']):,} customers" == text(size)


def test_the_page_of_those_who_move_says_where_and_opens_one_of_them(visitor: Visitor, page: Tree) -> None:
    (href,) = [p["href"] for p in page.of_type("Link") if text(p).startswith("Open the")]
    found = visitor.open(href)
    there = "who are in another segment in “3 segments, balanced groups”"
    assert found.finding.endswith(f"customers {there}.")
    query = href.partition("?")[2]
    narrower = visitor.client.get(f"/api/count?{query}&show=orders:ge:30").get_json()
    assert narrower["said"] == f"{there} and with 30 or more orders"
    eda = visitor.open(f"/eda?{query}")
    assert found.finding.split()[0] in eda.figures[0]


def test_all_who_move_are_listed_with_both_segments(visitor: Visitor, page: Tree) -> None:
    downloads = [p["href"] for p in page.of_type("A") if text(p).startswith("Download the")]
    (href,) = [href for href in downloads if href.startswith("/export/moved")]
    kept, every = (int(n.replace(",", "")) for n in page.finding.split()[:3:2])
    rows = rows_of(visitor, href)
    assert len(rows) == every - kept
    assert {row["segment"] for row in rows} <= {"1", "2", "3", "4"}
    assert {row["other_segment"] for row in rows} <= {"1", "2", "3"}


@pytest.mark.parametrize("more", ["model=9", "model=0", "model=banana", "model=-1"])
def test_a_list_of_a_model_that_is_not_there_is_refused_in_a_sentence(visitor: Visitor, more: str) -> None:
    visitor.open(LINK)
    answer = visitor.client.get(f"/export/moved.csv{LINK.removeprefix('/compare')}&{more}")
    assert answer.status_code == 400
    assert answer.get_json()["message"].endswith(".") and answer.get_json()["hint"]


def test_a_pair_of_segments_that_is_not_there_is_an_empty_list(visitor: Visitor) -> None:
    visitor.open(LINK)
    query = LINK.removeprefix("/compare")
    assert rows_of(visitor, f"/export/moved.csv{query}&model=1&from=99&to=banana") == []


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ("against=where:age:ge:30", "who is included (where) must be the same for all"),
        ("against=ds:demo-1", "data set (ds) must be the same for all"),
        ("against=k:banana", "'banana' is not a number"),
        ("against=bananas", "is not a choice such as k:5"),
        ("against=k:4", "is how this view groups customers already"),
        ("against=k:2&against=k:5&against=k:6", "At most 4 ways"),
    ],
)
def test_what_can_not_be_compared_is_noted(visitor: Visitor, more: str, note: str) -> None:
    page = visitor.open(f"{LINK}&{more}")
    assert note in " ".join(text(p) for p in page.of_class("atlas-notes"))
    assert page.finding and not page.refusal


def test_a_model_that_can_not_be_made_is_a_column_with_its_sentence(visitor: Visitor) -> None:
    page = visitor.open(f"{LINK}&against=cols:gender~k:9")
    told = [text(p) for p in page.of_class("atlas-model")]
    assert ["Take this one" in one for one in told] == [True, True, False]
    assert "Choose fewer segments" in told[2]
    assert len(page.of_class("atlas-flow")) == 1


def test_the_link_that_is_copied_says_every_model(visitor: Visitor) -> None:
    page = visitor.open("/compare?cols=recency,orders&k=4")
    (frozen,) = {p["data-resolved-query"] for _, p in page.components() if "data-resolved-query" in p}
    assert against(f"/compare{frozen}") == ("k:3", "k:5")
