"""Conditions that marks write: segments, areas, all but; and what they are called."""

import numpy as np
import pytest

from core.features.area import Area
from core.features.cohort import asks_fit, asks_others, in_segment, included, of_segment
from core.features.customers import Customers
from core.features.grouping import Grouping, Other
from core.features.who import who
from core.param import Filter
from tests.core.small import sheet

COLUMNS = {
    "monetary": [5.0, 20.0, 35.0, 50.0, None, 500.0],
    "orders": [1.0, 2.0, 3.0, 4.0, 5.0, None],
    "city": ["Wien", "Graz", None, "Wien", "Linz", "50 %, so"],
}
UNITS = {"monetary": "money", "orders": "count", "city": "category"}
SEGMENTS = np.array([1, 2, 2, 0, -1, 1])
PLACES = np.array([[0, 0], [1, 0], [0.5, 0.5], [1, 1], [np.nan, np.nan], [0, 1]], dtype=np.float32)
THERE = Other(segments=np.array([1, 1, 2, 0, -1, -1]), moved=np.array([0, 1, 0, 0, 0, 0], dtype=bool))
MADE = Grouping(segments=SEGMENTS, places=lambda: PLACES, others=lambda: (THERE, None))
NAMES = {1: "Big buyers", 2: "<b>Small</b>", (1, -1): "4 groups", (1, 2): "Rest"}


def customers(**more: list[str]) -> Customers:
    """Six customers; `more` columns of words."""
    return sheet({**COLUMNS, **more}, {**UNITS, **dict.fromkeys(more, "category")})


def found(text: str, of: Customers | None = None) -> list[int]:
    """Places of those who meet a condition, which nothing is noted about."""
    mask, notes = included(of or customers(), (Filter.read(Filter.read(text).write()),), MADE)
    assert not notes, notes
    return np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("segment:eq:2", [1, 2]),
        ("segment:in:0,1", [0, 3, 5]),
        ("segment:eq:9", []),
        ("city:not:Wien,Graz", [4, 5]),
        ("city:not:50 %25%2C so", [0, 1, 3, 4]),
        ("orders:not:1,2", [2, 3, 4]),
        ("within:in:orders,monetary,1.5,10,3.5,10,3.5,40,1.5,40", [1, 2]),
        ("within:in:orders,log.monetary,0,1,5,1,5,2,0,2", [1, 2, 3]),
        ("within:in:map.x,map.y,0,0,1,0,1,1,0,1", [0, 2]),
        ("within__:in:map.x,map.y,0,0,2,0,2,2,0,2", [0, 1, 2, 3, 5]),
        ("segment__1:eq:1", [0, 1]),
        ("segment__1:in:0,2", [2, 3]),
        ("moved__1:eq:1", [1]),
        ("moved__1:eq:0", [0, 2, 3]),
    ],
)
def test_who_is_in_a_segment_in_an_area_or_is_not(text: str, expected: list[int]) -> None:
    assert found(text) == expected


def test_a_file_keeps_its_own_column_of_the_name() -> None:
    own = customers(segment=["gold", "", "gold", "x", "x", "x"], within=["a", "b", "a", "b", "a", "b"])
    assert found("segment:eq:gold", own) == [0, 2]
    assert found("within:eq:a", own) == [0, 2, 4]
    assert found(of_segment(1).write(), own) == [0, 5]
    assert in_segment(own, 1).write() == "segment__:eq:1" and in_segment(customers(), 1, 2).write() == (
        "segment:in:1,2"
    )
    assert asks_fit((of_segment(1),)) and not asks_fit((Filter("city", "eq", ("a",)),))
    assert asks_others((Filter.read("moved__1:eq:1"),)) and not asks_others((of_segment(1),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("segment:eq:2", "can only be shown"),
        ("segment:lt:2", "no order"),
        ("segment:eq:x", "not a number"),
        ("within:in:orders,monetary,1,2,3,4", "at least 3 corners"),
        ("within:in:orders,monetary,1,2,3,4,5", "at least 3 corners"),
        ("within:in:orders,monetary,1,2,3,4,5,nan", "no number"),
        ("within:in:orders,city,1,2,3,4,5,6", "no column “city”"),
        ("within:eq:orders", "at least 3 corners"),
        ("within:in:map.x,map.y,0,0,1,0,1,1", "only be shown"),
        ("segment__1:eq:1", "only be shown"),
        ("segment__2:eq:1", "no such other grouping"),
        ("segment__3:eq:1", "no such other grouping"),
        ("moved__1:ge:1", "use “is”"),
    ],
)
def test_what_can_not_be_asked_is_ignored_with_a_note(text: str, said: str) -> None:
    made = None if "only be shown" in said else MADE
    mask, notes = included(customers(), (Filter.read(text),), made)
    assert mask.all() and len(notes) == 1 and said in notes[0]


def test_a_polygon_holds_what_is_inside_by_the_even_odd_rule() -> None:
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(0.5, 9.5), np.arange(0.5, 9.5)))
    points = sheet({"a": x, "b": y}, {"a": "number", "b": "number"})
    ring = [(1, 1), (8, 1), (8, 8), (1, 8), (1, 1), (3, 3), (3, 6), (6, 6), (6, 3), (3, 3)]
    text = ",".join(str(v) for corner in ring for v in corner)
    mask = Area.read(Filter.read(f"within:in:a,b,{text}")).holds(points)
    outer = (x > 1) & (x < 8) & (y > 1) & (y < 8)
    inner = (x > 3) & (x < 6) & (y > 3) & (y < 6)
    np.testing.assert_array_equal(mask, outer & ~inner)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ((), ""),
        (("monetary:between:20,50",), "who spent 20 to 50"),
        (
            ("orders:between:0.9999998,1.0000002", "monetary:between:9.9999998,10.000002"),
            "with 1 order and who spent 10",
        ),
        (("orders:between:4.986,12.98",), "with 5 to 12 orders"),
        (("orders:between:4.2,4.9",), "with 4.2 to 4.9 orders"),
        (("orders:eq:1", "city:missing:"), "with 1 order and without “City”"),
        (("segment:eq:1", "orders:ge:10"), "in “Big buyers” and with 10 or more orders"),
        (("segment:in:0,2",), "in “<b>Small</b>” or without a segment"),
        (("segment:eq:7",), "in segment 7"),
        (("lapsed:eq:1", "new:eq:0"), "marked “Lapsed” and not marked “New”"),
        (("city:in:a,b,c,d,e",), "with “City” “a”, “b”, “c” or 2 others"),
        (("city:not:a",), "whose “City” is not “a”"),
        (("fm:eq:5",), "with how much and how often 5 of 5"),
        (("within:in:orders,monetary,1,2,3,4,5,6",), "in an area of “Orders” and “Monetary”"),
        (("within:in:map.x,map.y,1,2,3,4,5,6",), "in an area of the map"),
        (("segment__1:eq:2", "segment:eq:1"), "in “Rest” of “4 groups” and in “Big buyers”"),
        (("moved__1:eq:1",), "who are in another segment in “4 groups”"),
        (("moved__2:eq:0",), "who keep their segment in grouping 3"),
        (("moved__0:eq:2",), "who moved down in the last 30 days"),
        (("moved__0:in:1,2,3",), "who were in another segment 30 days ago"),
        (("segment__0:eq:-1",), "who came in the last 30 days"),
        (("orders:ge:5", "orders:lt:10", "city:eq:a"), "with 5 to 9 orders and with “City” “a”"),
        (("orders:lt:2", "orders:ge:1"), "with 1 order"),
        (("monetary:ge:12.5", "monetary:lt:16"), "who spent 12 to under 16"),
        (("gone:eq:1", "gone:eq:1"), "with “gone” “1”"),
    ],
)
def test_conditions_say_who(texts: tuple[str, ...], said: str) -> None:
    assert who(customers(), [Filter.read(text) for text in texts], NAMES) == said
