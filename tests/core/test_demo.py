"""The demo shop: the same for everybody, sound as a log, and no easier to segment than a real shop."""

import itertools
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import skew

from core.demo import DAYS, HABITS, NO_SEGMENT, Demo, generate

LOG_COLUMNS = [
    "Order ID",
    "Order date",
    "Customer ID",
    "Product",
    "Category",
    "Country",
    "Quantity",
    "Unit price",
    "Discount",
]
PEOPLE_COLUMNS = ["Customer ID", "Age", "Gender", "City", "Income band"]


@pytest.fixture(scope="module")
def demo() -> Demo:
    return generate()


def column(table: pa.Table, name: str) -> np.ndarray:
    return np.asarray(table[name].to_numpy())


def cents(table: pa.Table, name: str) -> np.ndarray:
    return np.round(column(table, name) * 100).astype(np.int64)


def list_value(demo: Demo) -> np.ndarray:
    """Each customer's sales before discounts, in the order of the customer table."""
    sold = demo.lines.filter(
        pc.and_(pc.greater(demo.lines["Quantity"], 0), pc.is_valid(demo.lines["Customer ID"]))
    )
    row = pc.index_in(sold["Customer ID"], demo.people["Customer ID"]).to_numpy()
    value = column(sold, "Quantity") * column(sold, "Unit price")
    return np.bincount(row, value, minlength=demo.people.num_rows)


def test_the_same_seed_gives_the_same_shop(demo: Demo) -> None:
    again = generate(seed=1)
    assert again.lines.equals(demo.lines)
    assert again.people.equals(demo.people)
    assert np.array_equal(again.plant, demo.plant)


def test_another_seed_gives_another_shop() -> None:
    assert not generate(seed=2, customers=100).lines.equals(generate(seed=3, customers=100).lines)


def test_the_tables_have_their_columns_and_sizes(demo: Demo) -> None:
    assert demo.lines.column_names == LOG_COLUMNS
    assert demo.people.column_names == PEOPLE_COLUMNS
    assert demo.people.num_rows == len(demo.plant) == 5000
    assert len(pc.unique(demo.people["Customer ID"])) == 5000
    assert len(pc.unique(demo.lines["Product"])) == 120
    assert len(pc.unique(demo.lines["Category"])) == 8


@pytest.mark.parametrize("customers", [1, 3, 50])
def test_a_small_shop_has_as_many_customers_as_asked_for(customers: int) -> None:
    assert generate(customers=customers).people.num_rows == customers


def test_the_log_covers_two_years_up_to_the_last_day(demo: Demo) -> None:
    dates = demo.lines["Order date"]
    assert str(pc.min(dates).as_py().date()) == "2024-01-01"
    assert str(pc.max(dates).as_py().date()) == "2025-12-31"
    assert len(np.unique(column(demo.lines, "Order date").astype("datetime64[D]"))) == DAYS


@pytest.mark.parametrize("year", ["2024", "2025"])
def test_november_and_december_are_the_busiest_months(demo: Demo, year: str) -> None:
    months = column(demo.lines, "Order date").astype("datetime64[M]").astype(str)
    counts = Counter(month for month in months if month.startswith(year))
    assert {month for month, _ in counts.most_common(2)} == {f"{year}-11", f"{year}-12"}


def test_segments_are_planted_in_the_shares_of_the_table(demo: Demo) -> None:
    shares = np.bincount(demo.plant[demo.plant != NO_SEGMENT]) / np.sum(demo.plant != NO_SEGMENT)
    assert shares == pytest.approx([habit.share for habit in HABITS], abs=0.001)
    assert len(set(np.round(shares, 2))) == len(HABITS), "sizes differ"


def test_exactly_the_prospects_have_no_line(demo: Demo) -> None:
    known = pc.is_in(demo.people["Customer ID"], demo.lines["Customer ID"]).to_numpy(zero_copy_only=False)
    assert np.array_equal(~known, demo.plant == NO_SEGMENT)
    assert np.sum(~known) == 40


def test_about_one_line_in_a_hundred_has_no_customer_and_nothing_else_is_missing(demo: Demo) -> None:
    missing = {name: demo.lines[name].null_count for name in LOG_COLUMNS}
    assert 0.005 < missing.pop("Customer ID") / demo.lines.num_rows < 0.02
    assert set(missing.values()) == {0}


@pytest.mark.parametrize("name", ["Unit price", "Discount"])
def test_money_is_in_whole_cents(demo: Demo, name: str) -> None:
    assert np.array_equal(column(demo.lines, name), cents(demo.lines, name) / 100)


def test_every_piece_sold_is_paid_for_in_whole_cents(demo: Demo) -> None:
    sold = demo.lines.filter(pc.greater(demo.lines["Quantity"], 0))
    quantity, discount = column(sold, "Quantity"), cents(sold, "Discount")
    assert np.all(discount % quantity == 0)
    assert np.all(discount >= 0)
    assert np.all(discount // quantity < cents(sold, "Unit price"))


def test_each_order_has_a_product_once_and_one_customer_and_time(demo: Demo) -> None:
    pairs = demo.lines.group_by(["Order ID", "Product"]).aggregate([]).num_rows
    heads = demo.lines.group_by(["Order ID", "Order date", "Customer ID", "Country"]).aggregate([]).num_rows
    assert pairs == demo.lines.num_rows
    assert heads == len(pc.unique(demo.lines["Order ID"]))


def test_every_return_takes_back_one_earlier_line_at_the_price_paid(demo: Demo) -> None:
    sold: dict[tuple[str, str, int], list[int]] = {}
    known = demo.lines.filter(pc.is_valid(demo.lines["Customer ID"]))
    rows = zip(
        known["Customer ID"].to_pylist(),
        known["Product"].to_pylist(),
        known["Quantity"].to_pylist(),
        (cents(known, "Unit price") - cents(known, "Discount") // column(known, "Quantity")).tolist(),
        known["Discount"].to_pylist(),
        strict=True,
    )
    returns = 0
    for customer, product, quantity, paid, discount in rows:
        if quantity > 0:
            sold.setdefault((customer, product, quantity), []).append(paid)
            continue
        returns += 1
        assert sold[customer, product, -quantity].pop() == paid
        assert discount == 0
    assert 0.02 < returns / known.num_rows < 0.05


def test_returns_have_order_ids_of_their_own(demo: Demo) -> None:
    returned = pc.less(demo.lines["Quantity"], 0)
    assert pc.starts_with(demo.lines["Order ID"], "R").equals(returned)


def test_some_orders_are_undone_whole(demo: Demo) -> None:
    returned = demo.lines.filter(pc.less(demo.lines["Quantity"], 0))
    lines_back = Counter(returned["Order ID"].to_pylist())
    assert sum(lines >= 2 for lines in lines_back.values()) > 50


@pytest.mark.parametrize("segment", range(len(HABITS)), ids=[habit.name for habit in HABITS])
def test_spend_is_log_normal_within_each_planted_segment(demo: Demo, segment: int) -> None:
    spend = list_value(demo)[demo.plant == segment]
    assert skew(spend) > 1
    assert abs(skew(np.log(spend))) < 0.6
    assert 0.4 < np.std(np.log(spend)) < 0.9


def test_planted_segments_overlap_in_spend(demo: Demo) -> None:
    spend = [list_value(demo)[demo.plant == segment] for segment in range(len(HABITS))]
    by_size = sorted(spend, key=lambda each: float(np.median(each)))
    for smaller, larger in itertools.pairwise(by_size):
        assert np.max(smaller) > np.quantile(larger, 0.1)
        assert np.min(larger) < np.quantile(smaller, 0.9)


def test_demographics_lean_with_the_plant_and_do_not_decide_it(demo: Demo) -> None:
    age = np.ma.masked_invalid(demo.people["Age"].to_numpy(zero_copy_only=False).astype(float))
    means = [age[demo.plant == segment].mean() for segment in range(len(HABITS))]
    assert 8 < max(means) - min(means) < 2 * age.std()


@pytest.mark.parametrize(
    ("name", "low", "high"), [("Age", 0.02, 0.04), ("Gender", 0.01, 0.04), ("Income band", 0.03, 0.05)]
)
def test_a_few_demographics_are_missing(demo: Demo, name: str, low: float, high: float) -> None:
    assert low < demo.people[name].null_count / demo.people.num_rows < high
