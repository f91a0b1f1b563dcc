"""A customer table beside a log: joined on numbers however they are spelled."""

import datetime as dt
from dataclasses import replace

import pytest

from core.features.customers import Customers
from core.features.log_sheet import log_sheet
from core.features.people import unmatched
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Clean, Source
from tests.core.small import add, add_log, column

LINES = "order,customer,day,product,quantity,price\n"


def joined(store: Store, ids: list[str], people: list[str]) -> Dataset:
    """A log of these customers with a table of those, whose ages are 21, 22 …"""
    lines = [f"{i},{word},2024-01-{i + 1:02d},P,1,5" for i, word in enumerate(ids)]
    rows = [f"{word},{21 + i}" for i, word in enumerate(people)]
    log = add_log(store, LINES + "\n".join([*lines, "x,zz,2024-01-01,P,1,5"]))
    table = add(store, "customer,age\n" + "\n".join([*rows, "yy,99"]), {"customer": "id", "age": "age"})
    return replace(log, id=log.id[:-1] + "j", people=table.table)


def sheet(store: Store, dataset: Dataset, clean: Clean | None = None) -> Customers:
    """The sheet of the log with its people."""
    return log_sheet(store.engine, dataset, Source(), clean or Clean(), lambda stage, share: None)


@pytest.mark.parametrize(
    ("ids", "people"),
    [
        (["a1", "b2"], ["a1", "b2"]),
        (["0001", "0002"], ["1", "2"]),
        (["1", "2"], ["0001", "0002"]),
        (["1", "2"], ["1.0", "2.0"]),
        (["a-7", "b-8"], ["A-7", "B-8"]),
    ],
)
def test_numbers_match_however_they_are_spelled(store: Store, ids: list[str], people: list[str]) -> None:
    dataset = joined(store, ids, people)
    found = sheet(store, dataset)
    assert column(found, "age") == {ids[0]: 21, ids[1]: 22, "zz": None}
    assert any("spelled differently" in note for note in found.notes) == (ids != people)
    assert list(unmatched(store.engine, dataset)) == [("log", "zz"), ("customer table", "yy")]


def test_where_zeros_tell_customers_apart_numbers_are_taken_as_they_are(store: Store) -> None:
    dataset = joined(store, ["01", "1"], ["1", "x01"])
    found = sheet(store, dataset)
    assert column(found, "age") == {"01": None, "1": 21, "zz": None}
    assert [side for side, _ in unmatched(store.engine, dataset)] == [
        "log",
        "log",
        "customer table",
        "customer table",
    ]


def test_customers_without_an_order_are_prospects(store: Store) -> None:
    found = sheet(store, joined(store, ["a1", "b2"], ["a1", "c3", "d4"]))
    prospects = next(row for row in found.ledger if row.key == "prospect")
    assert (prospects.kind, prospects.customers, prospects.money) == ("beside", 3, 0)
    assert any("2 customers of the log are not in the customer table" in note for note in found.notes)


def test_a_customer_who_is_there_twice_counts_by_the_first_row(store: Store) -> None:
    assert column(sheet(store, joined(store, ["a1"], ["a1", "a1"])), "age")["a1"] == 21


def test_the_recipe_holds_for_the_customer_table_too(store: Store) -> None:
    dataset = joined(store, ["a1", "b2"], ["a1", "b2"])
    found = sheet(store, dataset, Clean(blanks=(("age", "22"),)))
    assert column(found, "age") == {"a1": 21, "b2": None, "zz": None}


def test_a_log_alone_leaves_nobody_unmatched(store: Store) -> None:
    assert list(unmatched(store.engine, replace(joined(store, ["a1"], ["a1"]), people=None))) == []


def test_a_prospect_has_no_line_on_any_day(store: Store) -> None:
    dataset = joined(store, ["a", "b", "c"], ["a", "c"])
    found = log_sheet(
        store.engine, dataset, Source(as_of=dt.date(2024, 1, 2)), Clean(), lambda stage, share: None
    )
    prospects = next(row.customers for row in found.ledger if row.key == "prospect")
    listed = [word for side, word in unmatched(store.engine, dataset) if side == "customer table"]
    assert (prospects, listed) == (1, ["yy"])  # c buys on the third day only


def test_what_the_recipe_meets_in_the_customer_table_is_counted(store: Store) -> None:
    dataset = joined(store, ["a", "b"], ["a", "b"])
    found = sheet(store, dataset, Clean(blanks=(("age", "21"),), impossible="drop"))
    steps = {step.name: step for step in found.steps}
    assert (steps["blanks"].rows, column(found, "age")["a"]) == (1, None)
    assert "1 in age of the customer table" in steps["blanks"].text
