"""EDA: what its controls, key figures and notes say."""

from typing import Any

import pytest

from core.io.store import Store
from tests.core.small import add, add_log
from tests.webapp.visitor import Tree, Visitor, text

LOG = """
order,customer,day,product,quantity,price
1,A,2024-01-31,tea,1,10
2,A,2024-03-01,tea,2,10
3,B,2024-02-09,tea,1,4
4,C,2024-04-03,mug,3,7
"""
TABLE = "id,visits,alike,points,club\n" + "\n".join(
    f"c{i},{i % 40},{i % 40 * 2},{(i * 37) % 101 + i % 40},{'' if i % 3 else 'gold'}" for i in range(90)
)
ROLES = {"id": "id", "visits": "number", "alike": "number", "points": "number", "club": "category"}


@pytest.fixture(scope="module")
def log(store: Store) -> str:
    """A log of four orders from January to April 2024."""
    return add_log(store, LOG).id


@pytest.fixture(scope="module")
def table(store: Store) -> str:
    """90 customers without spend; two columns say the same."""
    return add(store, TABLE, ROLES).id


def answers(page: Tree) -> list[str]:
    return [text(p) for p in page.of_class("atlas-chart-answer")]


def options(page: Tree, ident: str) -> list[dict[str, Any]]:
    return list(page.known[ident]["options"])


def test_the_period_shown_is_chosen_from_the_months_of_the_file(visitor: Visitor, log: str) -> None:
    page = visitor.open(f"/eda?ds={log}&since=2024-02")
    assert [one["label"] for one in options(page, "eda-since")] == [
        "the first",
        "Jan 2024",
        "Feb 2024",
        "Mar 2024",
        "Apr 2024",
    ]
    assert [one["value"] for one in options(page, "eda-until")][:2] == ["-", "2024-04"]
    told = visitor.change("eda", {"until": "2024-03"})
    assert told["sideUpdate"]["view-out"]["data"] == f"?ds={log}&since=2024-02&until=2024-03"


def test_sales_by_month_under_show_only_are_those_of_the_customers_shown(visitor: Visitor, log: str) -> None:
    page = visitor.open(f"/eda?ds={log}&as_of=2024-04-03&show=orders:ge:2&until=2024-03")
    said = next(one for one in answers(page) if "shown" in one)
    assert said == "Net sales were highest in Mar 2024: 20. Of the 1 customer shown."


def test_a_table_without_orders_has_its_own_key_figures(visitor: Visitor, table: str) -> None:
    page = visitor.open(f"/eda?ds={table}")
    labels = [one.split(" ")[0] for one in page.figures]
    assert labels == ["Customers", "Attributes", "Missing", "Go", "Second"]
    assert "go together most (r = 0." in page.finding  # not the two columns that say the same
    assert "eda-until" in page.known and page.of_class("atlas-tabs")[0]["data-open"] == "together"


def test_an_attribute_that_is_gone_is_said(visitor: Visitor, table: str) -> None:
    page = visitor.open(f"/eda?ds={table}&group=city&who=club")
    (notes,) = page.of_class("atlas-notes")
    assert text(notes) == "“city” in the link is no attribute of these customers and was ignored."
    assert "“gold”" in " ".join(answers(page))


def test_a_pair_of_attributes_stands_as_a_link_in_the_table_of_what_goes_together(
    visitor: Visitor, table: str
) -> None:
    page = visitor.open(f"/eda?ds={table}")
    wraps = [p["data-table"] for p in page.of_class("atlas-table-wrap") if "data-table" in p]
    assert any("tab=pair" in one and "x=alike" in one for one in wraps)
