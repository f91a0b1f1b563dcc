"""Questions whose answers move a total: when they are asked, what is guessed, what each answer is worth."""

from pathlib import Path

import pytest

from core.errors import UserError
from core.features.effects import effects
from core.features.sheet import customer_sheet
from core.io.dataset import Dataset, TableRef
from core.io.meaning.roles import problem
from core.io.sets.versions import settled
from core.io.store import Store
from core.spec import Clean, Source
from tests.core.tables import Table, add

ORDERS: Table = {
    "order_id": [1, 1, 2, 2, 2, 3, 4, 4],
    "customer_id": [7, 7, 8, 8, 8, 7, 9, 9],
    "date": ["2024-01-01"] * 2 + ["2024-01-05"] * 3 + ["2024-02-01"] + ["2024-02-03"] * 2,
    "product": ["a", "b", "a", "b", "c", "a", "a", "c"],
    "amount total": [30, 30, 10.5, 10.5, 10.5, 8, 20, 20],
}
LOG: Table = {
    "order_id": [1, 1, 2, 3],
    "customer_id": [7, 7, 8, 7],
    "date": ["2024-01-01", "2024-01-01", "2024-01-05", "2024-01-07"],
    "product": ["a", "a", "b", "b"],
    "quantity": [1, 1, 2, 1],
    "unit_price": [9.5, 9.5, 3.25, 3.25],
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "home")


def guesses(dataset: Dataset) -> dict[str, str]:
    """Question -> guess of the open questions."""
    return {q.key: q.guess for q in dataset.questions}


def net(store: Store, dataset: Dataset) -> float:
    """Σ spend of all customers."""
    return float(customer_sheet(store.engine, dataset, Source(), Clean()).number("monetary").sum())


def worth(store: Store, dataset: Dataset, key: str) -> dict[str, float]:
    """Answer -> net sales."""
    return {e.answer: e.net for e in effects(store.engine, dataset) if e.question == key}


# An order's amount on each of its lines


def test_an_amount_repeated_in_every_order_is_asked_about(store: Store) -> None:
    found = add(store, ORDERS, roles={"amount total": "line_amount"})
    question = next(q for q in found.questions if q.key == "order_amount")
    assert "the same on every line of 3 orders" in question.text
    assert question.guess == "line"


def test_an_amount_named_after_the_order_is_guessed_to_be_counted_once(store: Store) -> None:
    table = {("order total" if name == "amount total" else name): v for name, v in ORDERS.items()}
    assert guesses(add(store, table))["order_amount"] == "once"


def test_an_amount_that_differs_within_an_order_is_not_asked_about(store: Store) -> None:
    found = add(store, {**ORDERS, "amount total": [30, 31, 10.5, 10.5, 10.5, 8, 20, 20]})
    assert "order_amount" not in guesses(found)


def test_one_amount_in_all_orders_says_nothing(store: Store) -> None:
    assert "order_amount" not in guesses(add(store, {**ORDERS, "amount total": [9.5] * 8}))


def test_an_order_amount_counts_once_where_so_answered(store: Store) -> None:
    found = add(store, ORDERS, roles={"amount total": "line_amount"})
    assert worth(store, found, "order_amount") == {"once": 68.5, "line": 139.5}
    assert net(store, found) == 139.5
    answered = store.change(found.id, answers={"order_amount": "once"})
    assert (net(store, answered), answered.questions) == (68.5, ())


def test_a_role_chosen_for_the_order_number_brings_the_question(store: Store) -> None:
    table = {("x" if name == "order_id" else name): v for name, v in ORDERS.items()}
    found = add(store, table, roles={"x": "order", "amount total": "line_amount"})
    assert "order_amount" in guesses(found)


# Rows that are equal


def test_equal_rows_of_a_log_are_asked_about_and_kept_until_answered(store: Store) -> None:
    found = add(store, LOG)
    assert guesses(found) == {"duplicates": "repeats"}
    assert worth(store, found, "duplicates") == {"repeats": 28.75, "duplicates": 19.25}
    assert net(store, found) == 28.75


def test_rows_entered_twice_count_once_and_stand_in_the_ledger(store: Store) -> None:
    found = add(store, LOG, answers={"duplicates": "duplicates"})
    sheet = customer_sheet(store.engine, found, Source(), Clean())
    assert net(store, found) == 19.25
    assert [(r.rows, r.money) for r in sheet.ledger if r.key == "duplicate"] == [(1, 9.5)]


def test_a_log_without_equal_rows_asks_nothing(store: Store) -> None:
    assert add(store, {**LOG, "product": ["a", "c", "b", "b"]}).questions == ()


# Statuses


def test_only_statuses_that_leave_it_open_are_asked_about(store: Store) -> None:
    status = ["shipped", "on hold", "Cancelled", "expired"]
    found = add(store, {**LOG, "product": ["a", "c", "b", "b"], "status": status})
    asked = {q.text: q.guess for q in found.questions}
    assert asked == {
        "Do orders with the status “expired” count?": "out",
        "Do orders with the status “on hold” count?": "count",
    }


def test_an_order_of_a_status_that_does_not_count_is_out(store: Store) -> None:
    status = ["shipped", "shipped", "shipped", "on hold"]
    found = add(store, {**LOG, "product": ["a", "c", "b", "b"], "status": status})
    (question,) = found.questions
    assert worth(store, found, question.key) == {"count": 28.75, "out": 25.5}
    assert net(store, store.change(found.id, answers={question.key: "out"})) == 25.5


# Currencies


def test_amounts_in_several_currencies_are_refused_until_said_to_be_converted(store: Store) -> None:
    found = add(store, {**LOG, "product": ["a", "c", "b", "b"], "currency": ["EUR", "USD", "EUR", "EUR"]})
    error = problem(found)
    assert error is not None
    assert error.message == "Amounts are in more than one currency: currency names $, €."
    answered = store.change(found.id, answers={"currencies": "one"})
    assert problem(answered) is None


def test_one_currency_written_in_two_ways_is_one(store: Store) -> None:
    found = add(store, {**LOG, "product": ["a", "c", "b", "b"], "currency": ["EUR", "€", "EUR", "eur"]})
    assert (found.questions, problem(found)) == ((), None)


# Effects


def test_each_answer_is_worth_net_sales_under_it_and_the_other_answers_in_force(store: Store) -> None:
    table = {**LOG, "preis": LOG["unit_price"], "rabatt": [1, 1, 0.5, 0]}
    table.pop("unit_price")
    found = add(store, table)
    assert guesses(found) == {"price": "piece", "discount": "after", "duplicates": "repeats"}
    assert {(e.question, e.answer): e.net for e in effects(store.engine, found)} == {
        ("price", "piece"): 28.75,
        ("price", "line"): 25.5,
        ("discount", "after"): 28.75,
        ("discount", "before"): 26.25,
        ("duplicates", "repeats"): 28.75,
        ("duplicates", "duplicates"): 19.25,
    }


# The calendar


def test_another_zone_or_first_weekday_is_another_version() -> None:
    base = Dataset(id="", name="x", kind="customers", table=TableRef(content="c", rows=0, columns=()))
    first = settled(base, {}, {})
    zoned = settled(base, {}, {}, time_zone="Europe/Berlin", first_weekday=6)
    assert (zoned.time_zone, zoned.first_weekday) == ("Europe/Berlin", 6)
    assert first.id != zoned.id
    assert settled(zoned, {}, {}, time_zone="UTC", first_weekday=0).id == first.id


@pytest.mark.parametrize(
    ("calendar", "part"),
    [({"time_zone": "Berlin"}, "no time zone “Berlin”"), ({"first_weekday": 7}, "7 is no weekday")],
)
def test_a_zone_or_weekday_that_is_none_is_refused(calendar: dict[str, object], part: str) -> None:
    base = Dataset(id="", name="x", kind="customers", table=TableRef(content="c", rows=0, columns=()))
    with pytest.raises(UserError, match=part):
        settled(base, {}, {}, **calendar)  # type: ignore[arg-type]
