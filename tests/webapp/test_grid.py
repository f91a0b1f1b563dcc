"""The grid of a segment's customers: pages, both orders, nothing to show."""

from typing import Any

import pytest

from core.features.customers import Measure
from core.spec import Study
from tests.webapp.visitor import Visitor
from webapp.results import Services
from webapp.settings import Settings

ADDRESS = "/profiles/1?k=4"


@pytest.fixture
def at_segment(visitor: Visitor) -> Visitor:
    visitor.open(ADDRESS)
    return visitor


@pytest.fixture
def measures(home: Settings) -> dict[str, Measure]:
    """The demo's measures by their slug."""
    customers = Services.of(home).results(Study.parse("k=4"), "profile", patience=60).customers
    return {m.slug: m for m in customers.measures}


def asked(visitor: Visitor, start: int, end: int, sort: tuple[str, str] | None = None) -> dict[str, Any]:
    """What the grid gets for its rows from `start` to `end`."""
    model = [{"colId": sort[0], "sort": sort[1]}] if sort else []
    wanted = {"startRow": start, "endRow": end, "sortModel": model, "filterModel": {}}
    body = visitor.body(
        "customers-grid.getRowsResponse",
        {"customers-grid.getRowsRequest": wanted},
        "customers-grid.getRowsRequest",
    )
    found: dict[str, Any] = visitor.send(body).get_json()["response"]["customers-grid"]["getRowsResponse"]
    return found


def everything(visitor: Visitor, sort: tuple[str, str] | None = None) -> list[dict[str, Any]]:
    """All rows, page by page."""
    rows: list[dict[str, Any]] = []
    while len(rows) < (page := asked(visitor, len(rows), len(rows) + 100, sort))["rowCount"]:
        rows += page["rowData"]
    return rows


def test_pages_follow_each_other_without_gap_or_repetition(at_segment: Visitor) -> None:
    rows = everything(at_segment)
    assert len(rows) > 100
    assert len({row["id"] for row in rows}) == len(rows)
    assert asked(at_segment, 90, 110)["rowData"] == rows[90:110]


def test_beyond_the_end_there_is_nothing(at_segment: Visitor) -> None:
    found = asked(at_segment, 10**6, 10**6 + 100)
    assert found["rowData"] == [] and found["rowCount"] > 0


def test_a_request_gets_a_thousand_rows_at_most(visitor: Visitor) -> None:
    visitor.open("/profiles/2?k=3")
    found = asked(visitor, 0, 10**9)
    assert len(found["rowData"]) == min(1000, found["rowCount"])


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("slug", ["orders", "recency", "monetary", "age"])
def test_numbers_are_sorted_and_missing_ones_stand_last(
    at_segment: Visitor, measures: dict[str, Measure], slug: str, order: str
) -> None:
    shown = [row[slug] for row in everything(at_segment, (slug, order))]
    known = [number(value) for value in shown if value is not None]
    assert shown[len(known) :] == [None] * (len(shown) - len(known))
    assert known == sorted(known, reverse=order == "desc")


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_words_are_sorted_by_the_alphabet(at_segment: Visitor, order: str) -> None:
    shown = [row["city"] for row in everything(at_segment, ("city", order))]
    known = [value for value in shown if value is not None]
    assert len(set(known)) > 1
    assert known == sorted(known, reverse=order == "desc")


def test_a_band_is_sorted_by_its_order_not_by_the_alphabet(
    at_segment: Visitor, measures: dict[str, Measure]
) -> None:
    shown = [row["income_band"] for row in everything(at_segment, ("income_band", "asc"))]
    known = [value for value in shown if value is not None]
    assert list(dict.fromkeys(known)) == [v for v in measures["income_band"].levels if v in known]


def test_ids_are_sorted_both_ways(at_segment: Visitor) -> None:
    up = [row["id"] for row in everything(at_segment, ("id", "asc"))]
    assert [row["id"] for row in everything(at_segment, ("id", "desc"))] == up[::-1]


def test_an_unknown_column_leaves_the_order(at_segment: Visitor) -> None:
    assert asked(at_segment, 0, 50, ("nothing", "desc")) == asked(at_segment, 0, 50)


def test_the_label_that_is_shown_narrows_the_rows(visitor: Visitor) -> None:
    visitor.open(ADDRESS)
    everybody = {row["id"] for row in everything(visitor)}
    visitor.open(ADDRESS + "&label=discount_seeker")
    chosen = {row["id"] for row in everything(visitor)}
    assert chosen < everybody


def test_where_nobody_is_shown_there_is_a_way_back_and_no_row(visitor: Visitor) -> None:
    page = visitor.open(ADDRESS + "&show=age:gt:1000")
    assert page.of_class("atlas-empty") and "customers-grid" not in page.known
    assert asked(visitor, 0, 100) == {"rowData": [], "rowCount": 0}


def test_an_unknown_segment_has_no_row(visitor: Visitor) -> None:
    visitor.open("/profiles/99?k=4")
    assert asked(visitor, 0, 100) == {"rowData": [], "rowCount": 0}


def number(shown: str) -> float:
    """The number in a cell: its digits, sign and point."""
    return float("".join(c for c in str(shown).replace("−", "-") if c.isdigit() or c in ".-"))
