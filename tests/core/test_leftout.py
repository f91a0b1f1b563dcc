"""Rows left out: as many per reason as the ledger says, and with the rows used all rows of the file."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.features.sheet import customer_sheet
from core.io.dataset import Dataset
from core.io.store import Store
from core.leftout import AS_IT_STOOD, REASON, ROW, left_out
from core.spec import PARAMS, Study
from tests.core.small import LOG_ROLES, add, add_log

STEPS = ("duplicates", "impossible", "cancelled", "services", "window")
RECIPES = st.fixed_dictionaries(
    {name: st.sampled_from([v for v, _ in PARAMS[name][1].choices]) for name in STEPS}
)
PEOPLE_ROLES = {"customer": "id", "age": "age", "spend": "spend", "orders": "frequency", "since": "since"}


def made_log() -> str:
    """A log with every reason to be left out, on both sides of a year."""
    random = np.random.default_rng(2)
    lines = ["order,customer,day,product,quantity,price,status"]
    for i in range(120):
        customer = random.choice(["a", "b", "c", "d", ""], p=[0.3, 0.3, 0.2, 0.1, 0.1])
        day = np.datetime64("2022-06-01") + int(random.integers(0, 700))
        day = random.choice([str(day), "2098-01-01", "1920-01-01", ""], p=[0.85, 0.05, 0.05, 0.05])
        product = random.choice(["mug", "bowl", "postage"])
        quantity, price = random.choice([-1, 0, 1, 2]), random.choice([0, 5, 7])
        status = random.choice(["ok", "cancelled"], p=[0.9, 0.1])
        lines += [f"{i},{customer},{day},{product},{quantity},{price},{status}"] * int(random.integers(1, 3))
    return "\n".join(lines)


def made_people() -> str:
    """A customer table with repeated rows and customers, impossible values and rows without a customer."""
    random = np.random.default_rng(4)
    rows = ["customer,age,spend,orders,since"]
    for i in range(90):
        customer = random.choice([str(i), str(i // 3), ""], p=[0.5, 0.4, 0.1])
        since = random.choice(["2020-02-03", "2098-01-01", ""], p=[0.8, 0.1, 0.1])
        rows += [f"{customer},{random.integers(-9, 130)},{random.integers(-50, 900)},{i % 7},{since}"]
        rows += rows[-1:] * int(random.random() < 0.2)
    return "\n".join(rows)


@pytest.fixture(scope="module")
def log(store: Store) -> Dataset:
    """The log, stored."""
    return add_log(store, made_log())


@pytest.fixture(scope="module")
def people(store: Store) -> Dataset:
    """The customer table, stored."""
    return add(store, made_people(), PEOPLE_ROLES)


def rows_of(store: Store, dataset: Dataset, study: Study) -> list[tuple[str, ...]]:
    """Header and rows."""
    return list(left_out(store.engine, dataset, study.source, study.clean))


def check(store: Store, dataset: Dataset, query: str) -> None:
    """The reasons' counts are those of the ledger, each row is told once, and nothing is lost."""
    study = Study.parse(query)
    _, *rows = rows_of(store, dataset, study)
    ledger = customer_sheet(store.engine, dataset, study.source, study.clean).ledger
    at = [row.key for row in ledger].index("used")
    told = {row.text: row.rows for row in ledger[:at] if row.kind == "out"}
    assert Counter(row[1] for row in rows) == Counter(told)
    assert len({row[0] for row in rows}) == len(rows)
    assert len(rows) + ledger[at].rows == ledger[0].rows
    assert ledger[0].rows == dataset.table.rows + sum(n for _, n in dataset.table.aside)


@settings(max_examples=6)
@given(RECIPES)
def test_every_row_of_a_log_is_used_or_told_with_its_reason(
    store: Store, log: Dataset, recipe: dict[str, str]
) -> None:
    recipe["duplicates"] = "drop" if recipe["duplicates"] == "drop" else "report"
    check(store, log, "&".join(f"{k}={v}" for k, v in recipe.items()))


@settings(max_examples=6)
@given(RECIPES)
def test_every_row_of_a_customer_table_is_used_or_told_with_its_reason(
    store: Store, people: Dataset, recipe: dict[str, str]
) -> None:
    check(store, people, "&".join(f"{k}={v}" for k, v in recipe.items()))


@pytest.mark.parametrize("query", ["duplicates=drop&services=out&window=365&impossible=drop"])
def test_every_row_of_online_retail_is_used_or_told_with_its_reason(
    store: Store, online_retail: Dataset, query: str
) -> None:
    check(store, online_retail, query)


def test_a_row_has_its_number_in_the_file_its_reason_and_its_values(store: Store) -> None:
    text = """
    order, customer, day,        product, quantity, price
    1,     a,        2024-01-01, mug,     2,        10.5
    2,     ,         2024-01-02, bowl,    1,        3
    """
    header, *rows = rows_of(store, add_log(store, text), Study())
    assert header == (ROW, REASON, "order", "customer", "day", "product", "quantity", "price", AS_IT_STOOD)
    assert rows == [("2", "Lines without a customer", "2", "", "2024-01-02", "bowl", "1", "3", "")]


def test_rows_come_in_the_order_of_the_file(store: Store, log: Dataset) -> None:
    _, *rows = rows_of(store, log, Study.parse("duplicates=drop&window=365"))
    numbers = [int(row[0]) for row in rows]
    assert len(numbers) > 20 and numbers == sorted(numbers)


def test_text_that_would_be_a_formula_is_kept_text(store: Store) -> None:
    text = "1,,2024-01-02,=cmd()|A1,1,3\n2,a,2024-01-02,mug,1,3"
    dataset = add_log(store, "order,customer,day,product,quantity,price\n" + text)
    _, row = rows_of(store, dataset, Study())
    assert row[5] == "'=cmd()|A1"


def test_rows_that_the_reader_set_aside_come_first_as_they_stood(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    lines = ["order,customer,day,product,quantity,price", "1,a,2024-01-01,mug,2,10", "2,,2024-01-02,mug,1,5"]
    lines += [f"{i},b,2024-02-{i:02},bowl,1,4" for i in range(3, 20)]
    path.write_text("\n".join([*lines, "=20,b,2024-03-01,bowl,1,4,extra,extra"]) + "\n")
    dataset = store.add(path, roles={c: LOG_ROLES[c] for c in lines[0].split(",")})
    assert sum(n for _, n in dataset.table.aside) == 1
    _, first, second = rows_of(store, dataset, Study())
    assert first[-1].startswith("'=20,b") and first[1].startswith("Rows set aside while reading: ")
    assert second[:2] == ("2", "Lines without a customer")
    check(store, dataset, "")
