"""Customer measures: every formula of DEFINITIONS.md on a log small enough to check by hand."""

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.features.customers import Customers
from core.io.dataset import Dataset
from core.io.store import Store
from tests.core.small import add, add_log, column, customers_of

# A buys three times (after 100 and 200 days), brings two pieces back and undoes an order on the spot.
# B bought once, long ago; C buys on the last day; D took everything back; E only ever returned.
LOG = """
order,customer,day,product,quantity,price,discount,country
a1,A,2023-03-07,P,4,10,0,Spain
a1,A,2023-03-07,Q,1,20,6,Spain
a2,A,2023-06-15,P,2,10,4,Spain
a3,A,2024-01-01,R,1,30,0,Spain
r1,A,2024-01-11,P,-1,10,0,Spain
r2,A,2024-01-12,Q,-1,20,6,Spain
a4,A,2024-01-13,P,50,10,0,Spain
r3,A,2024-01-13,P,-50,10,0,Spain
b1,B,2022-12-11,P,1,10,0,Italy
c1,C,2024-03-31,Q,2,20,0,
d1,D,2024-02-01,P,7,10,7,Italy
r4,D,2024-02-03,P,-7,10,7,Italy
e1,E,2024-02-04,P,-1,10,0,Italy
x1,,2024-02-04,P,1,99,0,Italy
"""
NONE = None
AS_OF = "2024-03-31"

EXPECTED: dict[str, dict[str, Any]] = {
    "recency": {"A": 90, "B": 476, "C": 0},
    "orders": {"A": 3, "B": 1, "C": 1},
    "gross": {"A": 40 + 20 + 20 + 30 + 500, "B": 10, "C": 40},
    "discount": {"A": 10, "B": 0, "C": 0},
    "returns": {"A": 10 + 14 + 500, "B": 0, "C": 0},
    "monetary": {"A": 610 - 10 - 524, "B": 10, "C": 40},
    "average_order_value": {"A": 100 / 3, "B": 10, "C": 40},
    "tenure": {"A": 390, "B": 476, "C": 0},
    "purchase_frequency": {"A": 3 / (390 / 365), "B": 1 / (476 / 365), "C": NONE},
    "interpurchase_days": {"A": 312 / 3, "B": NONE, "C": NONE},
    "discount_share": {"A": 10 / 610, "B": 0, "C": 0},
    "discounted_orders_share": {"A": 2 / 3, "B": 0, "C": 0},
    "return_rate": {"A": 524 / 600, "B": 0, "C": 0},
    "basket_size": {"A": 8 / 3, "B": 1, "C": 2},
    "variety": {"A": 3, "B": 1, "C": 1},
    "country": {"A": "Spain", "B": "Italy", "C": None},
}
IN_A_YEAR: dict[str, dict[str, Any]] = {
    "recency": {"A": 90, "C": 0},
    "orders": {"A": 2, "C": 1},
    "gross": {"A": 20 + 30 + 500, "C": 40},
    "monetary": {"A": 20 - 4 + 30 - 24, "C": 40},
    "average_order_value": {"A": 46 / 2, "C": 40},
    "tenure": {"A": 390, "C": 0},
    "purchase_frequency": {"A": 2.0, "C": NONE},
    "interpurchase_days": {"A": 312 / 3, "C": NONE},
    "discount_share": {"A": 4 / 550, "C": 0},
    "discounted_orders_share": {"A": 0.5, "C": 0},
    "return_rate": {"A": 524 / 546, "C": 0},
    "basket_size": {"A": 1.5, "C": 2},
    "variety": {"A": 2, "C": 1},
}


@pytest.fixture(scope="module")
def log(store: Store) -> Dataset:
    """The log above; its prices are before discount."""
    return add_log(store, LOG, discount="before")


@pytest.fixture(scope="module")
def whole(store: Store, log: Dataset) -> Customers:
    """Its customer sheet with every default."""
    return customers_of(store, log)


@pytest.fixture(scope="module")
def last_year(store: Store, log: Dataset) -> Customers:
    """Its customer sheet with the purchases of a year."""
    return customers_of(store, log, "window=365")


def rounded(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers to nine digits."""
    return {k: round(v, 9) if isinstance(v, (int, float)) else v for k, v in values.items()}


@pytest.mark.parametrize("slug", EXPECTED)
def test_a_measure_over_the_whole_log(whole: Customers, slug: str) -> None:
    assert column(whole, slug) == rounded(EXPECTED[slug])


@pytest.mark.parametrize("slug", IN_A_YEAR)
def test_a_measure_over_a_year(last_year: Customers, slug: str) -> None:
    assert column(last_year, slug) == rounded(IN_A_YEAR[slug])


def test_the_snapshot_day_is_the_last_order_day(whole: Customers) -> None:
    assert str(whole.as_of) == AS_OF


def test_who_has_no_standing_order_is_counted_and_valued(whole: Customers) -> None:
    ledger = {row.key: row for row in whole.ledger}
    assert (ledger["no_standing_order"].customers, ledger["no_standing_order"].money) == (2, -10)
    assert (ledger["no_customer"].rows, ledger["no_customer"].money) == (1, 99)
    assert (ledger["standing"].customers, ledger["standing"].money) == (3, 76 + 10 + 40)


def test_who_ordered_before_the_period_only_is_counted_beside(last_year: Customers) -> None:
    ledger = {row.key: row for row in last_year.ledger}
    assert (ledger["no_order_in_period"].customers, ledger["no_order_in_period"].money) == (1, 0)


def test_the_period_opens_after_its_first_day(store: Store) -> None:
    log = add_log(
        store,
        """order,customer,day,product,quantity,price
           a,A,2023-04-01,P,1,10
           b,B,2023-04-02,P,1,10
           c,C,2024-03-31,P,1,10""",
    )
    query = "window=365&as_of=2024-03-31"
    assert set(column(customers_of(store, log, query), "orders")) == {"B", "C"}


def test_returns_may_be_left_out_of_spend(store: Store, log: Dataset, whole: Customers) -> None:
    before = customers_of(store, log, "returns=exclude")
    assert column(before, "monetary") == {"A": 600, "B": 10, "C": 40}
    assert column(before, "orders") == column(whole, "orders")
    assert column(before, "returns")["A"] == 524
    assert [(r.key, r.money) for r in before.ledger] == [(r.key, r.money) for r in whole.ledger]


def test_returns_may_be_marked(store: Store, log: Dataset, whole: Customers) -> None:
    marked = customers_of(store, log, "returns=flag")
    assert column(marked, "monetary") == column(whole, "monetary")
    assert column(marked, "had_return") == {"A": True, "B": False, "C": False}


def test_lines_after_the_snapshot_day_are_not_known_yet(store: Store, log: Dataset) -> None:
    then = customers_of(store, log, "as_of=2024-01-10")
    assert column(then, "monetary") == {"A": 40 + 14 + 16 + 30, "B": 10}
    assert column(then, "recency") == {"A": 9, "B": 395}


def test_a_price_after_discount_is_what_was_paid(store: Store) -> None:
    after = customers_of(store, add_log(store, LOG, discount="after"))
    assert column(after, "gross")["A"] == 610 + 10
    assert column(after, "monetary")["A"] == 40 + 20 + 20 + 30 - 10 - 20


def test_the_total_of_a_line_is_not_a_price_per_piece(store: Store) -> None:
    text = """order,customer,day,quantity,amount
              a,A,2024-01-01,3,10.5
              b,A,2024-01-05,2,4
              c,B,2024-01-05,1,-4
              d,B,2024-01-06,1,1"""
    roles = {
        "order": "order",
        "customer": "id",
        "day": "date",
        "quantity": "quantity",
        "amount": "line_amount",
    }
    found = customers_of(store, add(store, text, roles))
    assert column(found, "monetary") == {"A": 14.5, "B": -3}
    assert column(found, "basket_size") == {"A": 2.5, "B": 1}


def test_a_log_without_discounts_and_products_has_no_such_measures(store: Store) -> None:
    text = "customer,day,amount\nA,2024-01-01,10.5\nB,2024-01-05,4\nA,2024-01-05,4"
    found = customers_of(store, add(store, text, {"customer": "id", "day": "date", "amount": "line_amount"}))
    absent = {"discount_share", "discounted_orders_share", "variety", "basket_size", "country"}
    assert not absent & {m.slug for m in found.measures}


def test_the_expected_share_of_discounts_is_that_of_others_in_the_week(store: Store) -> None:
    # 21 others order in the week of Monday 1 January, 7 of them on discount; one orders alone a month later
    rows = [f"o{i},C{i:02d},2024-01-0{1 + i % 7},P,1,10,{2 if i < 7 else 0}" for i in range(21)]
    rows += ["x1,X,2024-01-03,P,1,10,1", "x2,X,2024-02-07,P,1,10,0"]
    header = "order,customer,day,product,quantity,price,discount\n"
    log = add_log(store, header + "\n".join(rows), discount="before")
    found = customers_of(store, log, "as_of=2024-02-07")
    shop = 8 / 23
    assert column(found, "expected_discounted")["X"] == round((7 / 21 + shop) / 2, 9)
    assert column(found, "expected_discounted")["C00"] == round(7 / 21, 9)


def test_a_week_ends_on_sunday(store: Store) -> None:
    rows = [f"o{i},C{i:02d},2024-01-07,P,1,10,2" for i in range(21)]
    rows += ["x1,X,2024-01-08,P,1,10,0", "y1,Y,2024-01-01,P,1,10,0"]
    header = "order,customer,day,product,quantity,price,discount\n"
    found = column(
        customers_of(store, add_log(store, header + "\n".join(rows), discount="before")),
        "expected_discounted",
    )
    assert found["Y"] == 1
    assert found["X"] == round(21 / 23, 9)


CENTS = st.integers(1, 99_999)
LINES = st.lists(
    st.tuples(
        st.sampled_from("ABC"),  # customer
        st.integers(1, 28),  # day
        st.sampled_from([1, 2, 3, -1, -2]),  # quantity
        CENTS,  # price
        st.integers(0, 90),  # discount of the line, in per cent
    ),
    max_size=20,
)


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])  # each example is a whole data set
@given(LINES, st.sampled_from(["before", "after"]))
def test_net_is_gross_less_discount_less_returns_to_the_cent(
    store: Store, drawn: list[tuple[str, int, int, int, int]], said: str
) -> None:
    rows, net = ["0,Z,2024-03-01,P,1,1.00,0.50"], {"Z": 50 if said == "before" else 100}
    for i, (customer, day, quantity, price, percent) in enumerate(drawn):
        discount = abs(quantity) * price * percent // 100
        rows.append(f"{i + 1},{customer},2024-01-{day:02d},P,{quantity},{price / 100},{discount / 100}")
        paid = abs(quantity) * price - (discount if said == "before" else 0)
        net[customer] = net.get(customer, 0) + (paid if quantity > 0 else -paid)
    header = "order,customer,day,product,quantity,price,discount\n"
    found = customers_of(store, add_log(store, header + "\n".join(rows), discount=said), "as_of=2024-03-01")
    whole = next(row for row in found.ledger if row.key == "used")
    assert round(100 * (whole.money or 0)) == sum(net.values())
    for customer, value in column(found, "monetary").items():
        assert round(100 * value) == net[customer]
    assert round((found.gross or 0) - (found.discount or 0) - (found.returns or 0), 2) == whole.money


def test_the_order_of_the_rows_does_not_matter(store: Store, log: Dataset, whole: Customers) -> None:
    header, *rows = LOG.strip().splitlines()
    random.Random(3).shuffle(rows)
    shuffled = customers_of(store, add_log(store, "\n".join([header, *rows]), discount="before"))
    assert shuffled.table.equals(whole.table)
    assert shuffled.ledger == whole.ledger


def test_repeated_rows_are_counted_and_dropped_on_request(store: Store) -> None:
    row = "a,A,2024-01-01,P,1,10,0\n"
    text = "order,customer,day,product,quantity,price,discount\n" + 3 * row + "b,B,2024-01-02,P,1,10,0"
    log = add_log(store, text, discount="before")
    kept, dropped = customers_of(store, log), customers_of(store, log, "duplicates=drop")
    assert (kept.duplicates, kept.duplicates_money) == (2, 20)
    assert column(kept, "monetary") == {"A": 30, "B": 10}
    assert column(dropped, "monetary") == {"A": 10, "B": 10}
    assert {r.key: r.rows for r in dropped.ledger}["duplicate"] == 2


# A customer table


PEOPLE = """
customer,wine,meat,web,shop,since,age,city
A,10.10,,3,1,2023-01-01,30,Rome
B,,,0,0,2023-06-30,,Oslo
C,0.20,0.10,2,,,50,
,5,5,5,5,2023-01-01,20,Rome
"""
PEOPLE_ROLES = {
    "customer": "id",
    "wine": "spend",
    "meat": "spend",
    "web": "frequency",
    "shop": "frequency",
    "since": "since",
    "age": "age",
    "city": "category",
}


@pytest.fixture(scope="module")
def people(store: Store) -> Customers:
    """The sheet of a customer table."""
    return customers_of(store, add(store, PEOPLE, PEOPLE_ROLES))


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("monetary", {"A": 10.1, "B": NONE, "C": 0.3}),
        ("orders", {"A": 4, "B": 0, "C": 2}),
        ("average_order_value", {"A": 2.525, "B": NONE, "C": 0.15}),
        ("tenure", {"A": 180, "B": 0, "C": NONE}),
        ("wine", {"A": 10.1, "B": NONE, "C": 0.2}),
        ("age", {"A": 30, "B": NONE, "C": 50}),
        ("city", {"A": "Rome", "B": "Oslo", "C": NONE}),
    ],
)
def test_a_measure_of_a_customer_table(people: Customers, slug: str, expected: dict[str, Any]) -> None:
    assert column(people, slug) == expected


def test_rows_without_a_customer_number_are_counted_and_valued(people: Customers) -> None:
    ledger = {row.key: row for row in people.ledger}
    assert (ledger["no_customer"].rows, ledger["no_customer"].money) == (1, 10)


def test_only_the_largest_spend_column_counts_where_they_are_not_added_up(store: Store) -> None:
    found = customers_of(store, add(store, PEOPLE, PEOPLE_ROLES, spend="no"))
    assert column(found, "monetary") == {"A": 10.1, "B": NONE, "C": 0.2}


def test_without_an_id_rows_are_ordered_by_their_content(store: Store) -> None:
    rows = [f"{i % 5},{(i * 7) % 11}" for i in range(20)]
    one = add(store, "x,y\n" + "\n".join(rows), {"x": "number", "y": "number"})
    other = add(store, "x,y\n" + "\n".join(reversed(rows)), {"x": "number", "y": "number"})
    first, second = customers_of(store, one), customers_of(store, other)
    assert first.table.select(["x", "y"]).equals(second.table.select(["x", "y"]))


def test_people_beside_a_log_keep_their_columns_and_prospects_are_counted(store: Store) -> None:
    found = customers_of(store, store.get("demo-1"))
    assert {"age", "gender", "city", "income_band"} <= {m.slug for m in found.measures}
    assert {row.key: row.customers for row in found.ledger}["prospect"] == 40
    bands = found.measure("income_band")
    assert bands is not None and bands.levels and bands.unit == "band"
