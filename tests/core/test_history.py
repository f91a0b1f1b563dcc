"""One customer's orders: they add up to the spend, and say what came back and what was before the period."""

import pytest

from core.features.histories import history
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Study
from tests.core.small import add_log, column, customers_of

LOG = """
order,customer,day,product,quantity,price,discount,status
1,A,2022-01-05,hat,1,10.00,0,paid
2,A,2024-03-01,hat,2,10.00,1.00,paid
2,A,2024-03-01,cap,1,5.50,0,paid
3,A,2024-05-01,hat,1,10.00,0,cancelled
4,A,2024-06-01,hat,-1,10.00,0,paid
5,B,2024-06-30,cap,3,5.50,0,paid
6,'; drop table lines; --,2024-06-20,cap,1,5.50,0,paid
"""


@pytest.fixture(scope="module")
def log(store: Store) -> Dataset:
    """A log with a discount, a return, a cancelled order and one before the period."""
    return add_log(store, LOG, discount="before")


def orders(store: Store, log: Dataset, customer: str, query: str = "") -> list[dict[str, object]]:
    """The orders of a customer in a study, newest first."""
    study = Study.parse(query).with_(ds=log.id)
    as_of = customers_of(store, log, query).as_of
    assert as_of is not None
    found = history(store.engine, log, study.source, study.clean, as_of, customer)
    assert found.count == found.orders.num_rows
    rows: list[dict[str, object]] = found.orders.to_pylist()
    return rows


def test_orders_stand_newest_first_with_their_lines_and_net(store: Store, log: Dataset) -> None:
    found = orders(store, log, "A", "window=365")
    assert [(str(o["day"]), o["order"], o["lines"], o["net"], o["counted"]) for o in found] == [
        ("2024-06-01", "4", 1, -10.0, True),
        ("2024-03-01", "2", 2, 24.5, True),
        ("2022-01-05", "1", 1, 10.0, False),
    ]


def test_the_orders_of_the_period_add_up_to_the_spend(store: Store, log: Dataset) -> None:
    for query in ("window=365", "cancelled=keep"):
        spend = column(customers_of(store, log, query), "monetary")
        for customer, worth in spend.items():
            net = [o["net"] for o in orders(store, log, customer, query) if o["counted"]]
            assert sum(net) == pytest.approx(worth)  # type: ignore[arg-type]


def test_an_id_of_any_text_is_no_part_of_a_question_to_the_engine(store: Store, log: Dataset) -> None:
    assert len(orders(store, log, "';droptablelines;--")) == 1
    assert orders(store, log, "' or 1=1 --") == []
    assert orders(store, log, "B")
