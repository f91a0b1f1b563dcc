"""The list of a segment's customers: pages, orders, filters, search, nothing to show."""

from collections.abc import Callable
from typing import Any

import pytest

from core.features.customers import Measure
from core.roll.asked import meets
from core.spec import Study
from tests.core.small import sheet
from tests.webapp.visitor import Visitor
from webapp import rolls
from webapp.cache import mark_of
from webapp.grid_filters import conditions
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


def asked(
    visitor: Visitor,
    start: int,
    end: int,
    sort: tuple[str, str] | None = None,
    filters: dict[str, Any] | None = None,
    search: str = "",
) -> dict[str, Any]:
    """What the grid gets for its rows from `start` to `end`; what is said beside it is `said`."""
    model = [{"colId": sort[0], "sort": sort[1]}] if sort else []
    wanted = {"startRow": start, "endRow": end, "sortModel": model, "filterModel": filters or {}}
    values = {"customers-grid.getRowsRequest": wanted, "customers-search.value": search}
    body = visitor.body("customers-grid.getRowsResponse", values, "customers-grid.getRowsRequest")
    answer = visitor.send(body).get_json()
    found: dict[str, Any] = answer["response"]["customers-grid"]["getRowsResponse"]
    said = answer.get("sideUpdate", {}).get("customers-found", {}).get("children", "")
    return {**found, "said": said}


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
    assert asked(visitor, 0, 100)["rowCount"] == 0


def test_an_unknown_segment_has_no_row(visitor: Visitor) -> None:
    visitor.open("/profiles/99?k=4")
    assert asked(visitor, 0, 100)["rowCount"] == 0


def test_a_search_finds_ids_and_words_whatever_their_capitals_and_says_how_many(at_segment: Visitor) -> None:
    rows = everything(at_segment)
    everybody = asked(at_segment, 0, 1)
    wanted = [row["id"] for row in rows if "c000" in row["id"].lower() or "c000" in str(row["city"]).lower()]
    found = asked(at_segment, 0, 1000, search=" c000")
    assert 0 < len(wanted) < len(rows)
    assert [row["id"] for row in found["rowData"]] == wanted
    assert everybody["said"] == ""
    assert found["said"] == f"{len(rows):,} customers; {len(wanted):,} found"
    berliners = [row["id"] for row in rows if row["city"] == "Berlin"]
    assert [row["id"] for row in asked(at_segment, 0, 1000, search="BERLIN")["rowData"]] == berliners


@pytest.mark.parametrize(
    ("filters", "meets"),
    [
        ({"orders": {"type": "greaterThan", "filter": 30}}, lambda r: number(r["orders"]) > 30),
        ({"discount_share": {"type": "lessThan", "filter": 1}}, lambda r: number(r["discount_share"]) < 1),
        ({"city": {"type": "startsWith", "filter": "b"}}, lambda r: str(r["city"]).startswith("B")),
        ({"age": {"type": "blank"}}, lambda r: r["age"] is None),
        ({"gender": {"type": "notEqual", "filter": "male"}}, lambda r: r["gender"] != "Male"),
        (
            {
                "recency": {"type": "inRange", "filter": 9, "filterTo": 3},
                "city": {
                    "operator": "OR",
                    "conditions": [{"type": "equals", "filter": "berlin"}, {"type": "blank"}],
                },
            },
            lambda r: 3 <= number(r["recency"]) <= 9 and r["city"] in ("Berlin", None),
        ),
    ],
)
def test_filters_of_columns_leave_those_who_meet_them(
    at_segment: Visitor, filters: dict[str, Any], meets: Callable[[dict[str, Any]], bool]
) -> None:
    wanted = [row["id"] for row in everything(at_segment) if meets(row)]
    found = asked(at_segment, 0, 1000, filters=filters)
    assert wanted and [row["id"] for row in found["rowData"]] == wanted


@pytest.mark.parametrize(
    "filters",
    [
        {"nothing": {"type": "equals", "filter": 1}},
        {"orders": {"type": "equals", "filter": "many"}},
        {"orders": {"type": "__proto__", "filter": 1}},
        {"city": {"type": "contains", "filter": {"a": 1}, "conditions": [7, None]}},
        {"id": "x"},
    ],
)
def test_a_filter_that_can_not_be_read_leaves_everybody(at_segment: Visitor, filters: dict[str, Any]) -> None:
    assert asked(at_segment, 0, 1, filters=filters)["rowCount"] == asked(at_segment, 0, 1)["rowCount"]


@pytest.mark.parametrize("percent", [35, 57, 70])
@pytest.mark.parametrize("kind", ["equals", "lessThanOrEqual", "greaterThanOrEqual"])
def test_a_share_is_asked_in_percent_and_holds_its_own_limit(percent: int, kind: str) -> None:
    made = sheet({"part": [percent / 100]}, {"part": "share"})
    ((asked,),) = conditions(made, {"part": {"type": kind, "filter": percent}})
    assert meets(made, asked).all()


def test_a_word_of_300_characters_can_be_asked_for() -> None:
    made = sheet({"city": ["x" * 300]}, {"city": "category"})
    ((asked,),) = conditions(made, {"city": {"type": "equals", "filter": "X" * 300}})
    assert meets(made, asked).all()


def test_a_row_knows_the_address_of_its_customer_and_it_does_not_hold_the_id(at_segment: Visitor) -> None:
    (row,) = asked(at_segment, 0, 1)["rowData"]
    assert len(row["_key"]) == 16 and row["id"] not in row["_key"]


@pytest.mark.parametrize("harm", ["deleted", "cut"])
def test_a_list_whose_file_is_gone_or_damaged_is_written_again(
    at_segment: Visitor, home: Settings, harm: str
) -> None:
    before = asked(at_segment, 0, 100, ("orders", "desc"))
    for path in rolls.folder(home).glob(f"{mark_of('demo-1')}-*"):
        if harm == "deleted":
            path.unlink()
        else:
            cut = path.read_bytes()[:1000]
            path.unlink()  # as a disk would leave it: who has it open still has it whole
            path.write_bytes(cut)
    assert asked(at_segment, 0, 100, ("orders", "desc")) == before


def number(shown: str) -> float:
    """The number in a cell: its digits, sign and point."""
    return float("".join(c for c in str(shown).replace("−", "-") if c.isdigit() or c in ".-"))


@pytest.mark.parametrize("values", [["true", "false", "true", None], [True, False, True, None]])
def test_a_flag_is_asked_as_it_is_shown(values: list[Any]) -> None:
    made = sheet({"app": values}, {"app": "flag"})
    for text, found in (("yes", [True, False, True, False]), ("N", [False, True, False, False])):
        ((asked,),) = conditions(made, {"app": {"type": "contains", "filter": text}})
        assert meets(made, asked).tolist() == found
