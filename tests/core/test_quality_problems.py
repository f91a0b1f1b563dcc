"""The quality report's problems: which rows, whose, and what they are worth."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest

from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import quality_of
from core.quality import Problem, Quality, report, with_unusual
from core.quality import unusual as forest
from core.spec import Study
from tests.core.small import add, add_log

LOG = """
order, customer, day,        product, quantity, price, status
1,     a,        2024-01-01, mug,     2,        10,    ok
1,     a,        2024-01-01, mug,     2,        10,    ok
2,     b,        2024-01-02, bowl,    1,        30,    ok
3,     ,         2024-01-03, bowl,    1,        30,    ok
4,     c,        ,           bowl,    1,        30,    ok
5,     c,        2024-01-05, mug,     3,        0,     ok
6,     c,        2024-01-06, mug,     1,        -4,    ok
7,     d,        2024-01-07, postage, 1,        5,     ok
8,     d,        2024-01-08, bowl,    -1,       30,    ok
9,     b,        2024-01-09, bowl,    -1,       30,    ok
10,    e,        2099-01-09, bowl,    1,        20,    ok
11,    e,        1931-01-09, bowl,    1,        20,    ok
12,    e,        2024-02-09, bowl,    1,        20,    cancelled
13,    f,        2024-02-10, bowl,    0,        20,    ok
"""
PEOPLE = """
customer, age, year_of_birth, spend, orders, since,      email, constant
1,        30,  1990,          100,   2,      2020-01-01, a@x.de, 7
2,        -4,  1991,          50,    1,      2020-01-02, b@x.de, 7
3,        131, 1880,          20,    1,      2020-01-03, c@x.de, 7
4,        40,  1985,          -10,   3,      2099-01-04, d@x.de, 7
4,        41,  1985,          200,   3,      1920-01-04, d@x.de, 7
5,        42,  1983,          ,      4,      2020-01-05, e@x.de, 7
"""
ROLES = {
    "customer": "id",
    "age": "age",
    "year_of_birth": "number",
    "spend": "spend",
    "orders": "frequency",
    "since": "since",
    "email": "email",
    "constant": "number",
}


def found(quality: Quality) -> dict[str, tuple[int, int | None, float | None]]:
    """Rows, customers and money per problem."""
    return {p.key: (p.rows, p.customers, p.money) for p in quality.problems}


def problem(quality: Quality, key: str) -> Problem:
    return next(p for p in quality.problems if p.key == key)


def complete(store: Store, dataset: Dataset) -> Quality:
    """The report with the rows whose numbers rarely occur together."""
    return with_unusual(report(store.engine, dataset), store.engine, dataset)


@pytest.fixture(scope="module")
def log(store: Store) -> Quality:
    """The report of the log."""
    return report(store.engine, add_log(store, LOG))


@pytest.fixture(scope="module")
def people(store: Store) -> Quality:
    """The report of the customer table."""
    return report(store.engine, add(store, PEOPLE, ROLES))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("duplicate", (1, 1, 20.0)),
        ("no_customer", (1, 0, 30.0)),
        ("no_date", (1, 1, 30.0)),
        ("zero_price", (1, 1, 0.0)),
        ("negative_price", (1, 1, 0.0)),
        ("no_pieces", (1, 1, 0.0)),
        ("services", (1, 1, 5.0)),
        ("unmatched_returns", (1, 1, -30.0)),
        ("future:day", (1, 1, 20.0)),
        ("early:day", (1, 1, 20.0)),
        ("status", (1, 1, 20.0)),
    ],
)
def test_a_problem_of_a_log_has_its_rows_customers_and_money(
    log: Quality, key: str, expected: tuple[int, int, float]
) -> None:
    assert found(log)[key] == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("repeats:customer", (2, 1, 190.0)),
        ("repeats:email", (2, 1, 190.0)),
        ("impossible:age", (2, 2, 70.0)),
        ("impossible:year_of_birth", (1, 1, 20.0)),
        ("impossible:spend", (1, 1, -10.0)),
        ("future:since", (1, 1, -10.0)),
        ("early:since", (1, 1, 200.0)),
        ("missing:spend", (1, 1, 0.0)),
        ("constant:constant", (6, None, None)),
    ],
)
def test_a_problem_of_a_customer_table_has_its_rows_customers_and_money(
    people: Quality, key: str, expected: tuple[int, int | None, float | None]
) -> None:
    assert found(people)[key] == expected


def test_the_most_money_comes_first_and_what_has_none_last(log: Quality, people: Quality) -> None:
    for quality in (log, people):
        money = [p.money for p in quality.problems]
        known = [abs(m) for m in money if m is not None]
        assert known == sorted(known, reverse=True)
        assert money[: len(known)] == [m for m in money if m is not None]


def test_money_is_the_net_sales_of_all_rows(log: Quality, people: Quality) -> None:
    assert log.money == 2 * 20 + 30 + 30 + 30 + 5 - 30 - 30 + 20 + 20 + 20
    assert people.money == 360


def test_a_sentence_names_the_column_and_the_rows(log: Quality, people: Quality) -> None:
    assert problem(log, "no_date").text == (
        "day is empty in 1 line: they can't be placed in time and are left out."
    )
    assert problem(people, "impossible:age").text == "age is below 0 or over 110 in 2 rows."
    assert problem(people, "repeats:customer").text == (
        "customer repeats: 2 rows share a customer number with another row."
    )


@pytest.mark.parametrize(
    ("key", "decides"),
    [
        ("duplicate", "duplicates"),
        ("unmatched_returns", "returns"),
        ("services", "services"),
        ("no_customer", ""),
    ],
)
def test_a_problem_says_which_step_decides_about_it(log: Quality, key: str, decides: str) -> None:
    assert problem(log, key).decides == decides


def test_a_return_that_undoes_its_sale_is_no_problem(store: Store) -> None:
    log = """
    order, customer, day,        product, quantity, price
    1,     a,        2024-01-01, mug,     2,        10
    2,     a,        2024-01-02, mug,     -2,       10
    """
    assert "unmatched_returns" not in found(report(store.engine, add_log(store, log)))


def test_unmatched_returns_are_those_left_when_each_takes_its_latest_sale(store: Store) -> None:
    random = np.random.default_rng(3)
    sales = [(int(c), int(p), int(q)) for c, p, q in random.integers((0, 0, 1), (3, 2, 3), (200, 3))]
    signs = np.where(random.random(200) < 0.5, 1, -1)
    open_: dict[tuple[int, int, int], int] = {}
    left, text = 0, "order,customer,day,product,quantity,price\n"
    for at, (key, sign) in enumerate(zip(sales, signs, strict=True)):
        day = np.datetime64("2020-01-01") + at
        text += f"{at},c{key[0]},{day},p{key[1]},{sign * key[2]},5\n"
        if sign < 0 and not open_.get(key):
            left += 1
        else:
            open_[key] = open_.get(key, 0) + int(sign)
    assert problem(report(store.engine, add_log(store, text)), "unmatched_returns").rows == left > 0


def test_values_that_may_mean_missing_are_told_with_their_rows(store: Store) -> None:
    table = "customer,gender,spend\n" + "".join(
        f"{i},{'unknown' if i % 5 == 0 else 'f'},{i}\n" for i in range(60)
    )
    dataset = add(store, table, {"customer": "id", "gender": "gender", "spend": "spend"})
    columns = tuple(
        replace(c, blanks=(("unknown", 12),)) if c.slug == "gender" else c for c in dataset.table.columns
    )
    dataset = replace(dataset, table=replace(dataset.table, columns=columns))
    told = problem(report(store.engine, dataset), "blank:gender:unknown")
    assert (told.rows, told.decides, told.severity) == (12, "blanks", "low")


def test_rows_that_the_reader_set_aside_are_a_problem(store: Store) -> None:
    dataset = add_log(store, LOG)
    dataset = replace(dataset, table=replace(dataset.table, aside=(("Another number of values", 3),)))
    quality = report(store.engine, dataset)
    assert quality.aside == 3
    assert problem(quality, "aside:Another number of values").rows == 3


def test_a_log_whose_columns_are_not_known_yet_has_a_report_without_money(store: Store) -> None:
    text = "order,customer,day,product\n1,a,2024-01-01,mug\n2,b,,mug\n"
    dataset = add_log(store, text)
    quality = report(store.engine, dataset)
    assert dataset.kind == "log" and quality.money is None
    assert found(quality)["missing:day"] == (1, None, None)


def test_a_customer_table_beside_a_log_has_columns_and_problems_too(store: Store) -> None:
    quality = report(store.engine, store.get("demo-1"))
    assert [c.slug for c in quality.people] == ["customer_id", "age", "gender", "city", "income_band"]
    assert (
        found(quality)["people:missing:age"][0] == next(c for c in quality.people if c.slug == "age").missing
    )


def test_the_report_of_online_retail_has_the_figures_of_its_ledger(
    store: Store, online_retail: Dataset
) -> None:
    told = found(report(store.engine, online_retail))
    assert told["no_customer"][:2] == (135_080, 0)
    assert told["duplicate"][0] == 5_268
    assert (told["zero_price"][0], told["negative_price"][0]) == (2_515, 2)


# Unusual combinations


def test_unusual_rows_are_those_of_scikit_learn(shared_data: Path) -> None:
    values = np.genfromtxt(shared_data / "Mall_Customers.csv", delimiter=",", skip_header=1)[:, 2:]
    values[3, 1] = np.nan
    expected = IsolationForest(random_state=0).fit(values).score_samples(values) <= -0.6
    assert forest.unusual(values).tolist() == expected.tolist()


def test_unusual_rows_of_a_table_are_found_once_by_customer(
    store: Store, mall: Dataset, shared_data: Path
) -> None:
    values = np.genfromtxt(shared_data / "Mall_Customers.csv", delimiter=",", skip_header=1)[:, 2:]
    told = problem(complete(store, mall), "unusual")
    assert told.rows == told.customers == forest.unusual(values).sum()
    assert not told.sampled


def test_the_customer_table_beside_a_log_is_searched_too(store: Store) -> None:
    demo = store.get("demo-1")
    plain, whole = report(store.engine, demo), complete(store, demo)
    added = {p.key for p in whole.problems} - {p.key for p in plain.problems}
    assert added and added <= {"unusual", "people:unusual"}
    assert [p for p in whole.problems if p.key not in added] == list(plain.problems)


def test_what_the_page_shows_has_the_unusual_combinations(store: Store, mall: Dataset) -> None:
    shown = quality_of(Study().with_(ds=mall.id), store)
    assert problem(shown, "unusual") == problem(complete(store, mall), "unusual")


def test_a_long_table_is_judged_by_a_sample_that_is_always_the_same(
    store: Store, marketing: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forest, "MOST_ROWS", 500)
    first, second = (problem(complete(store, marketing), "unusual") for _ in range(2))
    assert first == second
    assert first.sampled and "of a sample of" in first.text and first.rows < 500
