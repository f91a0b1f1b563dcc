"""A log's lines: which returns undo which sales, which orders stand, which day is the snapshot's."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.features.lines import standard_lines
from core.features.matches import with_matches
from core.features.snapshot import latest_day
from core.io.dataset import Dataset
from core.io.query.repeated import mark_repeated
from core.io.store import Store
from tests.core.ordered import orders_of
from tests.core.small import add, add_log, column, customers_of

DAY = dt.date(2024, 1, 1)


def lines_of(store: Store, dataset: Dataset) -> list[dict[str, Any]]:
    """The lines of products that were sent back, with `matched`, in the order of the file."""
    table = standard_lines(mark_repeated(store.engine, dataset.table.content), dataset)
    return store.engine.run(with_matches(table)).sort_by("row").to_pylist()


def matched(store: Store, dataset: Dataset) -> list[int]:
    """Rows of the file, from 1, whose sale a return undid."""
    return [line["row"] for line in lines_of(store, dataset) if line["matched"]]


def standing(store: Store, dataset: Dataset) -> dict[str, bool]:
    """Whether each order stands."""
    found = orders_of(store, dataset)
    return dict(zip(found["order_key"].to_pylist(), found["stands"].to_pylist(), strict=True))


MOVES = "order,customer,day,product,quantity,price\n"


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("s", []),
        ("s r", [1]),
        ("s s r", [2]),  # the latest earlier sale
        ("s s r r", [1, 2]),  # each once
        ("s r r", [1]),  # a second return of the same sale undoes nothing
        ("r s", []),  # a return before the sale undoes nothing
        ("r s r", [2]),
        ("s s r s r r", [1, 2, 4]),  # brackets
        ("s r s r s", [1, 3]),
        ("r r s s r s", [4]),
    ],
)
def test_a_return_undoes_the_latest_earlier_sale_once(store: Store, moves: str, expected: list[int]) -> None:
    rows = [
        f"{i}{move},C,{DAY + dt.timedelta(days=i)},P,{1 if move == 's' else -1},5"
        for i, move in enumerate(moves.split())
    ]
    rows.append("x,D,2024-03-01,Q,1,5")
    assert matched(store, add_log(store, MOVES + "\n".join(rows))) == expected


@pytest.mark.parametrize(
    "other",
    ["r1,D,2024-01-02,P,-2,5", "r1,C,2024-01-02,Q,-2,5", "r1,C,2024-01-02,P,-1,5", "r1,C,2023-12-31,P,-2,5"],
)
def test_customer_product_quantity_and_time_must_fit(store: Store, other: str) -> None:
    assert matched(store, add_log(store, MOVES + "a,C,2024-01-01,P,2,5\n" + other)) == []


def test_on_the_same_day_the_sale_comes_first(store: Store) -> None:
    log = add_log(store, MOVES + "r1,C,2024-01-01,P,-2,5\na,C,2024-01-01,P,2,5\nb,D,2024-01-03,P,2,5")
    assert matched(store, log) == [2]


def matched_by_hand(moves: list[tuple[int, int]]) -> list[int]:
    """The rule, word by word: for each return the latest earlier sale that is not matched yet."""
    found: list[int] = []
    in_time = sorted(range(len(moves)), key=lambda i: (moves[i][0], moves[i][1] < 0, i))
    for at, i in enumerate(in_time):
        if moves[i][1] < 0:
            earlier = [j for j in in_time[:at] if moves[j][1] == -moves[i][1] and j not in found]
            found += earlier[-1:]
    return sorted(i + 1 for i in found)


@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])  # each example is a whole data set
@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from([1, -1, 2, -2])), min_size=1, max_size=14))
def test_matching_by_windows_is_matching_by_hand(store: Store, moves: list[tuple[int, int]]) -> None:
    rows = [
        f"{1000 + i},C,{DAY + dt.timedelta(days=day)},P,{quantity},5"
        for i, (day, quantity) in enumerate(moves)
    ]
    rows.append("2000,D,2025-01-01,Q,3,5")
    assert matched(store, add_log(store, MOVES + "\n".join(rows))) == matched_by_hand(moves)


def test_an_order_returned_in_full_does_not_stand(store: Store) -> None:
    log = add_log(
        store,
        MOVES
        + """full,C,2024-01-01,P,2,5
             full,C,2024-01-01,Q,1,9
             part,C,2024-02-01,P,2,5
             part,C,2024-02-01,R,1,9
             back,C,2024-02-02,P,-2,5
             back,C,2024-02-02,Q,-1,9
             back2,C,2024-01-03,P,-2,5
             other,D,2024-02-03,P,1,5""",
    )
    assert standing(store, log) == {"full": False, "part": True, "other": True}


def test_without_an_order_number_an_order_is_a_customer_and_a_day(store: Store) -> None:
    log = add_log(
        store,
        """customer,day,product,quantity,price
           C,2024-01-01 ,P,1,5
           C,2024-01-01,Q,1,5
           D,2024-01-01,P,1,5
           C,2024-01-02,P,1,5""",
    )
    assert column(customers_of(store, log), "orders") == {"C": 2, "D": 1}


def test_a_line_without_an_order_number_counts_by_its_day(store: Store) -> None:
    log = add_log(store, MOVES + "a,C,2024-01-01,P,1,5\n,C,2024-01-02,P,1,5\n,C,2024-01-02,Q,1,5")
    assert column(customers_of(store, log), "orders") == {"C": 2}


def test_one_order_number_of_two_customers_is_two_orders(store: Store) -> None:
    log = add_log(store, MOVES + "a,C,2024-01-01,P,1,5\na,D,2024-01-01,P,1,5\na,D,2024-01-01,Q,1,5")
    assert column(customers_of(store, log), "orders") == {"C": 1, "D": 1}


def test_a_hundred_per_cent_discount_is_an_order_and_a_price_of_zero_is_none(store: Store) -> None:
    log = add_log(
        store,
        """order,customer,day,product,quantity,price,discount
           a,C,2024-01-01,P,2,5,10
           b,D,2024-01-01,P,2,0,0
           c,D,2024-01-02,P,0,5,0
           d,D,2024-01-03,P,1,5,1""",
        discount="before",
    )
    found = customers_of(store, log)
    assert column(found, "orders") == {"C": 1, "D": 1}
    assert column(found, "monetary") == {"C": 0, "D": 4}


def test_a_refund_of_another_amount_undoes_nothing_where_no_piece_is_known(store: Store) -> None:
    text = """customer,day,amount
              C,2024-01-01,100
              C,2024-01-05,-5
              D,2024-01-01,100
              D,2024-01-05,-100
              D,2024-01-06,7"""
    log = add(store, text, {"customer": "id", "day": "date", "amount": "line_amount"})
    found = customers_of(store, log)
    assert column(found, "orders") == {"C": 1, "D": 1}
    assert column(found, "monetary") == {"C": 95, "D": 7}


def test_orders_with_a_status_that_undoes_them_are_out_and_in_the_ledger(store: Store) -> None:
    log = add_log(
        store,
        """order,customer,day,product,quantity,price,status
           a,C,2024-01-01,P,1,5,shipped
           b,C,2024-01-02,P,1,5,Cancelled
           c,D,2024-01-03,P,1,5,test
           d,C,2024-01-04,P,1,5,paid""",
    )
    found = customers_of(store, log)
    assert column(found, "orders") == {"C": 2}
    by_key = {row.key: row for row in found.ledger}
    assert (by_key["status"].rows, by_key["status"].money) == (2, 10)
    assert by_key["no_standing_order"].customers == 1


def days(*offsets: int) -> list[dt.date]:
    """Order days so many days after the first."""
    return [DAY + dt.timedelta(days=offset) for offset in offsets]


TODAY = DAY + dt.timedelta(days=500)


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ((0,), 0),
        ((0, 7), 7),
        ((0, 30), 30),  # one gap is the shop's usual gap
        ((*range(100), 107), 99),  # 8 days after daily orders, more than 7
        ((*range(100), 106), 106),
        ((*range(100), 300), 99),
        ((*range(0, 300, 30), 300), 300),  # a shop that sells once a month
        ((*range(100), 300, 400), 99),  # two strays
        ((*range(100), 27_000), 99),  # typed 2099
        ((0, 27_000), 0),
        ((*range(100), 501), 99),  # tomorrow
    ],
)
def test_the_snapshot_day_is_the_last_order_day_that_is_no_stray(
    offsets: tuple[int, ...], expected: int
) -> None:
    found, passed_over = latest_day(days(*offsets), TODAY)
    assert (found - DAY).days == expected
    assert passed_over == (expected != offsets[-1])


def test_one_date_typed_2099_ruins_no_recency(store: Store) -> None:
    rows = [f"{i},C{i},{DAY + dt.timedelta(days=i)},P,1,5" for i in range(30)]
    log = add_log(store, MOVES + "\n".join([*rows, "99,C0,2099-01-01,P,1,5"]))
    found = customers_of(store, log)
    assert found.as_of == DAY + dt.timedelta(days=29)
    assert column(found, "recency")["C0"] == 29
    assert any("1 Jan 2099" in note for note in found.notes)
    assert {row.key: row.rows for row in found.ledger}["after"] == 1
    assert customers_of(store, log, "as_of=2099-01-01").notes == ()


def test_a_snapshot_day_before_the_first_order_is_refused(store: Store) -> None:
    log = add_log(store, MOVES + "a,C,2024-01-05,P,1,5\nb,D,2024-01-06,P,1,5")
    with pytest.raises(Exception, match="before the first order"):
        customers_of(store, log, "as_of=2024-01-04")
    with pytest.raises(Exception, match="before the first order"):
        customers_of(store, log, "as_of=0001-01-01&window=365")


def test_an_amount_beyond_any_money_is_refused_in_words(store: Store) -> None:
    log = add_log(store, MOVES + "a,C,2024-01-05,P,1,5\nb,D,2024-01-06,P,1,1e300")
    with pytest.raises(Exception, match="too large to be money"):
        customers_of(store, log)


def test_the_ledger_adds_up(store: Store) -> None:
    log = add_log(
        store,
        """order,customer,day,product,quantity,price,status
           a,C,2023-01-01,P,1,5,ok
           b,C,2024-01-02,P,2,5,ok
           b,C,2024-01-02,P,2,5,ok
           c,D,2024-01-02,P,1,4,ok
           c,D,2024-01-03,P,-1,4,ok
           d,,2024-01-03,P,1,3,ok
           e,E,,P,1,3,ok
           f,F,2022-01-01,P,1,3,ok
           g,G,2024-01-03,P,1,0,ok
           h,G,2024-01-03,Q,1,8,test
           i,H,2024-01-04,P,1,6,ok""",
    )
    for query in ("", "window=365", "duplicates=drop", "as_of=2024-01-03", "window=365&duplicates=drop"):
        ledger = {row.key: row for row in customers_of(store, log, query).ledger}
        out = [r for r in ledger.values() if r.kind == "out"]
        lines = [r for r in out if "order" not in r.key]
        asides = [r for r in out if "order" in r.key]
        assert ledger["file"].rows - sum(r.rows for r in lines) == ledger["used"].rows
        assert ledger["used"].rows - sum(r.rows for r in asides) == ledger["standing"].rows
        np.testing.assert_allclose(
            (ledger["file"].money or 0) - sum(r.money or 0 for r in out), ledger["standing"].money or 0
        )


def test_every_customer_of_the_log_is_counted_in_one_place(store: Store) -> None:
    log = add_log(
        store,
        """order,customer,day,product,quantity,price,status
           a,standing,2024-01-04,P,1,5,ok
           b,earlier,2022-01-04,P,1,5,ok
           c,undone,2024-01-01,P,1,5,ok
           c,undone,2024-01-02,P,-1,5,ok
           d,cancelled,2024-01-01,P,1,5,cancelled
           e,free,2024-01-01,P,1,0,ok
           f,undated,,P,1,5,ok""",
    )
    ledger = {row.key: row.customers for row in customers_of(store, log, "window=365").ledger}
    assert ledger["standing"] == 1
    assert ledger["no_order_in_period"] == 1
    assert ledger["no_standing_order"] == 4
    assert ledger["known"] == 6
