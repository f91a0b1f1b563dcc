"""The recipe on the rows of the file: what leaves, what is read as missing, a ledger that adds up."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core import pipeline
from core.features.customers import Customers, LedgerRow
from core.features.fates import lines_with_fates
from core.features.log_sheet import log_sheet
from core.features.table_sheet import table_sheet
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Clean, Source, Study
from tests.core.small import add, add_log, column, customers_of

LOG = """order,customer,day,product,quantity,price,status
a,A,2024-01-01,P,1,5,ok
a,A,2024-01-01,POST,1,2,ok
b,A,2024-01-02,P,1,7,Cancelled
c,B,1899-12-30,P,1,11,ok
d,B,2024-01-03,Q,1,13,ok
e,C,2999-01-01,Q,1,17,ok
f,unknown,2024-01-03,Q,1,19,ok
f,unknown,2024-01-03,Q,1,19,ok
"""


@pytest.fixture(scope="module")
def log(store: Store) -> Dataset:
    """A log with something of everything."""
    return add_log(store, LOG)


def out(found: Customers) -> dict[str, tuple[int, float | None]]:
    """Rows and money of what left, by reason."""
    return {row.key: (row.rows, row.money) for row in found.ledger if row.kind == "out"}


def fates(store: Store, dataset: Dataset, query: str) -> list[str]:
    """The fate of every row, in the order of the file."""
    study = Study.parse(query)
    rows = store.engine.run(lines_with_fates(store.engine, dataset, study.source, study.clean))
    return rows.sort_by("row")["fate"].to_pylist()


def test_nothing_but_cancelled_orders_and_strays_leaves_unasked(store: Store, log: Dataset) -> None:
    assert out(customers_of(store, log)) == {"status": (1, 7), "after": (1, 17)}


def test_cancelled_orders_may_count(store: Store, log: Dataset) -> None:
    found = customers_of(store, log, "cancelled=keep")
    assert column(found, "orders")["A"] == 2
    assert "status" not in out(found)


def test_lines_that_are_no_products_may_be_left_out(store: Store, log: Dataset) -> None:
    found = customers_of(store, log, "services=out")
    assert out(found)["service"] == (1, 2)
    assert column(found, "monetary")["A"] == 5


def test_rows_with_an_impossible_date_may_be_left_out(store: Store, log: Dataset) -> None:
    found = customers_of(store, log, "impossible=drop")
    assert out(found)["impossible"] == (2, 28)
    assert column(found, "tenure")["B"] == 0


def test_impossible_dates_may_be_read_as_missing(store: Store, log: Dataset) -> None:
    found = customers_of(store, log, "impossible=missing")
    assert out(found)["no_date"] == (2, 28)
    step = next(step for step in found.steps if step.name == "impossible")
    assert step.rows == 2 and "read as missing" in step.text


def test_a_word_may_mean_that_the_customer_is_not_known(store: Store, log: Dataset) -> None:
    found = customers_of(store, log, "blanks=customer:unknown")
    assert out(found)["no_customer"] == (2, 38)
    assert "unknown" not in column(found, "orders")
    step = next(step for step in found.steps if step.name == "blanks")
    assert step.values == 2


def test_rows_of_a_log_are_not_merged_by_customer(store: Store, log: Dataset) -> None:
    found = customers_of(store, log, "duplicates=id-sum")
    assert found.ledger == customers_of(store, log).ledger
    assert any(step.name == "duplicates" for step in found.steps)


def test_every_row_has_a_fate(store: Store, log: Dataset) -> None:
    query = "duplicates=drop&services=out&impossible=drop"
    assert fates(store, log, query) == [
        "used", "service", "status", "impossible", "used", "impossible", "used", "duplicate",
    ]  # fmt: skip


# A customer table


TABLE = """customer,spend,orders,age,city
1,10.10,1,30,Rome
2,5,1,200,Oslo
1,20.20,2,31,Paris
3,-4,1,40,Rome
,7,1,50,Rome
"""
TABLE_ROLES = {"customer": "id", "spend": "spend", "orders": "frequency", "age": "age", "city": "category"}


@pytest.fixture(scope="module")
def table(store: Store) -> Dataset:
    """A customer table with a repeated customer, an impossible age and spend below zero."""
    return add(store, TABLE, TABLE_ROLES)


def test_the_last_row_of_a_customer_may_stand_for_all(store: Store, table: Dataset) -> None:
    found = customers_of(store, table, "duplicates=id-last")
    assert column(found, "monetary") == {"1": 20.2, "2": 5, "3": -4}
    assert column(found, "city")["1"] == "Paris"
    assert out(found) == {"no_customer": (1, 7), "duplicate": (1, 10.1)}


def test_the_rows_of_a_customer_may_be_added_up(store: Store, table: Dataset) -> None:
    found = customers_of(store, table, "duplicates=id-sum")
    assert column(found, "monetary")["1"] == 30.3
    assert column(found, "orders")["1"] == 3
    assert column(found, "age")["1"] == 31
    assert out(found)["duplicate"] == (1, 0)


def test_impossible_values_of_a_table_may_be_missing_or_leave(store: Store, table: Dataset) -> None:
    missing = customers_of(store, table, "impossible=missing")
    assert column(missing, "age")["2"] is None
    assert column(missing, "monetary")["3"] is None
    dropped = customers_of(store, table, "impossible=drop")
    assert out(dropped)["impossible"] == (2, 1)
    assert "3" not in column(dropped, "age")


def test_years_of_birth_are_no_ages(store: Store) -> None:
    people = add(
        store, "customer,age,x\n1,1980,1\n2,1985,2\n3,1850,3", {"customer": "id", "age": "age", "x": "number"}
    )
    found = customers_of(store, people, "impossible=missing")
    assert column(found, "age") == {"1": 1980, "2": 1985, "3": None}


def test_a_number_may_mean_missing(store: Store, table: Dataset) -> None:
    assert column(customers_of(store, table, "blanks=age:200"), "age")["2"] is None


NAMED = "customer,gross,lines,tenure,variety,orders,age\n" + "\n".join(
    f"c{i:02d},{100 + i},{50 + i % 7},{1 + i % 24},{'short' if i % 2 else 'long'},{1 + i % 5},{20 + i % 50}"
    for i in range(40)
)
NAMED_ROLES = {
    "customer": "id", "gross": "number", "lines": "number", "tenure": "number", "variety": "category",
    "orders": "frequency", "age": "age",
}  # fmt: skip


def test_a_table_s_columns_may_be_called_as_a_log_s_measures(store: Store) -> None:
    named = add(store, NAMED, NAMED_ROLES)
    results = pipeline.run(Study.parse(f"ds={named.id}&cols=gross,orders&k=2&n_init=1"), store)
    assert [(row.key, row.rows, row.money) for row in results.ledger][-1] == ("segmented", 40, None)
    slugs = [m.slug for m in results.customers.measures]
    assert len(slugs) == len(set(slugs)) and "tenure" in slugs
    assert next(m for m in results.customers.measures if m.slug == "tenure").label == "tenure"


def test_a_day_in_the_future_is_no_snapshot_day(store: Store) -> None:
    rows = "customer,since,x\n1,2020-01-01,1\n2,2021-06-30,2\n3,2099-01-01,3"
    people = add(store, rows, {"customer": "id", "since": "since", "x": "number"})
    found = customers_of(store, people)
    assert found.as_of == dt.date(2021, 6, 30)
    assert any("1 Jan 2099" in note for note in found.notes)
    assert column(found, "tenure") == {"1": 546, "2": 0, "3": None}


def test_words_that_a_column_can_t_hold_are_no_cells(store: Store, table: Dataset, log: Dataset) -> None:
    for dataset, word in ((table, "age:abc"), (log, "day:never"), (log, "price:-1,x")):
        found = customers_of(store, dataset, f"blanks={word}")
        assert "No cell holds one of the values chosen as missing." in [step.text for step in found.steps]


# The ledger


def test_amounts_read_as_missing_leave_in_a_line_of_their_own(
    store: Store, table: Dataset, log: Dataset
) -> None:
    for dataset, query, money in (
        (table, "blanks=spend:5", 5),
        (table, "impossible=missing", -4),
        (log, "blanks=price:13", 13),
        (log, "blanks=customer:unknown", None),
    ):
        plain, found = customers_of(store, dataset), customers_of(store, dataset, query)
        assert found.ledger[0].money == plain.ledger[0].money
        assert out(found).get("emptied") == (None if money is None else (0, money))
        adds_up(found.ledger)


def adds_up(ledger: tuple[LedgerRow, ...]) -> None:
    """Each total less what leaves after it is the next total, in rows and in money."""
    totals = [i for i, row in enumerate(ledger) if row.kind == "total"]
    for here, there in itertools.pairwise(totals):
        gone = [row for row in ledger[here + 1 : there] if row.kind == "out"]
        assert ledger[here].rows - sum(row.rows for row in gone) == ledger[there].rows
        if ledger[here].money is not None:
            money = (ledger[here].money or 0) - sum(row.money or 0 for row in gone)
            assert round(money - (ledger[there].money or 0), 3) == 0


CHOICES = st.fixed_dictionaries(
    {
        "duplicates": st.sampled_from(["report", "drop", "id-last", "id-sum"]),
        "impossible": st.sampled_from(["report", "missing", "drop"]),
        "cancelled": st.sampled_from(["out", "keep"]),
        "services": st.sampled_from(["keep", "out"]),
        "window": st.sampled_from(["all", "365"]),
    }
)
LINE = st.tuples(
    st.sampled_from(["", "A", "B", "unknown"]),
    st.sampled_from(["", "1890-01-01", "2020-06-01", "2024-01-01", "2024-01-02", "2999-01-01"]),
    st.sampled_from(["P", "Q", "POST"]),
    st.sampled_from([-2, -1, 0, 1, 2]),
    st.sampled_from([0, 1.25, 3]),
    st.sampled_from(["ok", "cancelled"]),
)


@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])  # each example is a whole data set
@given(st.lists(LINE, max_size=14), CHOICES, st.booleans())
def test_the_ledger_of_a_log_always_adds_up(
    store: Store, drawn: list[tuple[object, ...]], choices: dict[str, str], blank: bool
) -> None:
    rows = [f"{i},{','.join(map(str, line))}" for i, line in enumerate(drawn)]
    rows += [*rows[:2], "z,Z,2024-01-02,P,1,5,ok"]
    dataset = add_log(store, "order,customer,day,product,quantity,price,status\n" + "\n".join(rows))
    aside = replace(dataset, table=replace(dataset.table, aside=(("too many cells", 3), ("a footer", 1))))
    study = Study().with_(
        **choices, as_of="2024-01-02", **({"blanks": ["customer:unknown"]} if blank else {})
    )
    found = log_sheet(store.engine, aside, study.source, study.clean, lambda stage, share: None)
    adds_up(found.ledger)
    assert found.ledger[0].rows == len(rows) + 4
    assert [row.rows for row in found.ledger if row.key.startswith("aside")] == [3, 1]


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "1", "2"]), st.sampled_from(["", -5, 0.1, 7]), st.sampled_from(["", 30, 300])
        )
    ),
    st.sampled_from(["report", "drop", "id-last", "id-sum"]),
    st.sampled_from(["report", "missing", "drop"]),
)
def test_the_ledger_of_a_customer_table_always_adds_up(
    store: Store, drawn: list[tuple[object, ...]], duplicates: str, impossible: str
) -> None:
    rows = [*(",".join(map(str, row)) for row in drawn), "9,2.5,40", "9,2.5,40"]
    roles = {"customer": "id", "spend": "spend", "age": "age"}
    dataset = add(store, "customer,spend,age\n" + "\n".join(rows), roles)
    clean = Clean(duplicates=duplicates, impossible=impossible)
    found = table_sheet(store.engine, dataset, Source(), clean)
    adds_up(found.ledger)
    assert found.ledger[0].rows == dataset.table.rows
    assert len(found) == found.ledger[-1].rows


def test_the_snapshot_day_is_found_without_impossible_dates(store: Store, log: Dataset) -> None:
    assert customers_of(store, log, "impossible=drop").as_of == dt.date(2024, 1, 3)
