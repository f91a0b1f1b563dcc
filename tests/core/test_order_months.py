"""The months in which customers ordered, over decades, and the conditions on them."""

import pytest

from core.describe import condition
from core.features import order_months
from core.features.cohort import included
from core.features.customers import Customers
from core.io.store import Store
from core.param import Filter
from tests.core.small import add_log, customers_of

# months are kept from April 2003 on; C returned all of March 2024
LOG = """
order,customer,day,product,quantity,price
1,A,2024-01-31,tea,1,10
2,A,2024-03-01,tea,1,10
3,A,2019-02-28,tea,1,10
4,B,2004-05-05,tea,1,10
5,B,2024-03-09,tea,1,10
6,C,2024-03-02,mug,2,10
6,C,2024-03-03,mug,-2,10
7,C,2008-12-01,tea,1,10
8,D,2003-04-30,tea,1,10
9,D,2003-05-01,tea,1,10
"""


@pytest.fixture(scope="module")
def customers(store: Store) -> Customers:
    """The log's sheet, as of 9 March 2024."""
    return customers_of(store, add_log(store, LOG), "as_of=2024-03-09")


def who(customers: Customers, *conditions: str) -> str:
    mask, notes = included(customers, tuple(Filter.read(text) for text in conditions))
    assert not notes, notes
    return "".join(one for one, is_in in zip(customers.table["id"].to_pylist(), mask, strict=True) if is_in)


def test_the_last_252_months_stand_in_four_hidden_columns(customers: Customers) -> None:
    hidden = [name for name in customers.table.column_names if name.startswith("_ordered")]
    assert hidden == ["_ordered_2003_04", "_ordered_2008_07", "_ordered_2013_10", "_ordered_2019_01"]
    assert not [m for m in customers.measures if m.slug.startswith("_")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ordered:eq:2024-03", "AB"),
        ("ordered:eq:2019-02", "A"),
        ("ordered:eq:2008-12", "C"),
        ("ordered:in:2003-04,2004-05", "BD"),
        ("ordered:eq:1999-01", ""),
        ("first:eq:2003-04", "D"),
        ("first:eq:2004-05", "B"),
        ("first:in:2019-02,2008-12", "AC"),
    ],
)
def test_months_are_those_of_orders_that_stand(customers: Customers, asked: str, found: str) -> None:
    assert who(customers, asked) == found


def test_conditions_on_months_go_with_others(customers: Customers) -> None:
    assert who(customers, "ordered:eq:2024-03", "first:eq:2019-02", "orders:ge:3") == "A"


@pytest.mark.parametrize("wrong", ["ordered:eq:2024-13", "ordered:gt:2024-01", "first:eq:soon"])
def test_what_is_no_month_is_ignored_in_words(customers: Customers, wrong: str) -> None:
    mask, notes = included(customers, (Filter.read(wrong),))
    assert mask.all() and len(notes) == 1 and "ignored" in notes[0]


def test_a_month_is_said_in_words(customers: Customers) -> None:
    said = [condition(customers, Filter.read(text)) for text in ("ordered:in:2024-01,2024-03", "first:eq:x")]
    assert said == ["Who ordered in Jan 2024 or Mar 2024", "Whose first order was in x"]


def test_a_period_counts_fewer_orders_and_the_same_months(store: Store) -> None:
    short = customers_of(store, add_log(store, LOG.replace("tea", "milk")), "as_of=2024-03-09&window=365")
    assert who(short, "ordered:eq:2019-02") == "A"
    assert order_months.has_months(short)
