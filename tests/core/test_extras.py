"""Optional measures beside pandas, on a log small enough to read."""

import io

import numpy as np
import pandas as pd
import pytest

from core.features.catalog import measures_of
from core.features.customers import Customers
from core.io.dataset import Dataset
from core.io.store import Store
from tests.core.small import add, column, customers_of

# A buys more and more, at weekends and in the evening; B once; C thrice, less and less
LOG = """order,customer,at,category,amount
1,A,2024-01-06T20:00:00,Tea,10
2,A,2024-01-13T19:30:00,Tea,10
3,A,2024-01-27T09:00:00,Mugs,20
4,A,2024-06-15T21:00:00,,60
5,B,2024-03-01T12:00:00,Mugs,5
6,C,2024-01-02T08:00:00,Tea,30
7,C,2024-01-03T08:00:00,Tea,30
8,C,2024-06-30T23:59:59,Pots&pans,20
"""
ROLES = {"order": "order", "customer": "id", "at": "date", "category": "category", "amount": "line_amount"}


@pytest.fixture(scope="module")
def log(store: Store) -> Dataset:
    """The log above."""
    return add(store, LOG, ROLES)


@pytest.fixture(scope="module")
def found(store: Store, log: Dataset) -> Customers:
    """Its sheet with every optional measure."""
    return customers_of(store, log, "extras=gaps,habits,categories,start,trend")


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """The same lines for pandas."""
    return pd.read_csv(io.StringIO(LOG), parse_dates=["at"])


def test_nothing_is_added_unasked(store: Store, log: Dataset) -> None:
    assert not {"gap_variation", "weekday", "trend"} & set(customers_of(store, log).table.column_names)


def test_the_variation_of_gaps_needs_three_purchase_days(found: Customers, frame: pd.DataFrame) -> None:
    gaps = frame.assign(day=frame["at"].dt.normalize()).groupby("customer").day.diff().dt.days
    expected = gaps.groupby(frame.customer).agg(
        lambda g: g.std(ddof=1) / g.mean() if g.count() > 1 else np.nan
    )
    seen = column(found, "gap_variation")
    assert seen["B"] is None
    assert [seen["A"], seen["C"]] == [round(expected["A"], 9), round(expected["C"], 9)]


def test_habits(found: Customers, frame: pd.DataFrame) -> None:
    weekend = (frame["at"].dt.day_of_week >= 5).groupby(frame.customer).mean()
    evening = (frame["at"].dt.hour >= 18).groupby(frame.customer).mean()
    assert column(found, "weekend_share") == weekend.round(9).to_dict()
    assert column(found, "evening_share") == evening.round(9).to_dict()
    assert column(found, "weekday") == {"A": "Saturday", "B": "Friday", "C": "Tuesday"}
    assert column(found, "day_part") == {"A": "evening", "B": "afternoon", "C": "morning"}


def test_shares_per_category_add_up(found: Customers) -> None:
    assert column(found, "cat_tea") == {"A": 0.2, "B": 0, "C": 0.75}
    assert column(found, "cat_mugs") == {"A": 0.2, "B": 1, "C": 0}
    assert column(found, "cat_other") == {"A": 0.6, "B": 0, "C": 0}
    slugs = [m.slug for m in found.measures if m.slug.startswith("cat_")]
    np.testing.assert_allclose(sum(found.number(slug) for slug in slugs), 1)


def test_the_first_month(found: Customers) -> None:
    assert column(found, "first_month") == {"A": "2024-01", "B": "2024-03", "C": "2024-01"}


def test_trend_compares_the_halves_of_the_period(found: Customers) -> None:
    # the middle of 2 January to 30 June is 1 April
    assert column(found, "trend") == {
        "A": round((60 - 40) / 100, 9),
        "B": -1,
        "C": round((20 - 60) / 80, 9),
    }


def test_who_came_after_the_middle_has_no_trend(store: Store) -> None:
    text = "customer,day,amount\nA,2024-01-01,5\nA,2024-12-31,5\nB,2024-12-01,9"
    late = add(store, text, {"customer": "id", "day": "date", "amount": "line_amount"})
    assert column(customers_of(store, late, "extras=trend"), "trend") == {"A": 0, "B": None}


def test_habits_of_a_log_without_times_say_nothing_of_the_day(store: Store) -> None:
    text = "customer,day,amount\nA,2024-01-01,5\nA,2024-12-31,5\nB,2024-12-01,9"
    found = customers_of(
        store, add(store, text, {"customer": "id", "day": "date", "amount": "line_amount"}), "extras=habits"
    )
    assert found.has("weekend_share") and not found.has("day_part")


def test_the_catalog_offers_what_is_computed(found: Customers, log: Dataset) -> None:
    offered = measures_of(log, ("gaps", "habits", "categories", "start", "trend"))
    extra = {m.slug for m in measures_of(log, ())} ^ {m.slug for m in offered}
    assert extra == {m.slug for m in found.measures} & extra
    assert {"gap_variation", "weekday", "cat_tea", "first_month", "trend"} <= extra


def test_optional_measures_can_be_filtered_by(store: Store, log: Dataset) -> None:
    found = customers_of(store, log, "extras=trend")
    measure = found.measure("trend")
    assert measure is not None and measure.numeric and measure.makes


def test_of_many_categories_the_eight_with_most_lines_have_a_share(store: Store) -> None:
    lines = [f"{n},A,2024-01-0{n % 9 + 1}T08:00:00,word{n % 55:02},{n}" for n in range(63)]
    many = add(store, "\n".join([LOG.splitlines()[0], *lines, ""]), ROLES)
    found = customers_of(store, many, "extras=categories")
    labels = [m.label for m in found.measures if m.slug.startswith("cat_")]
    assert labels == [*(f"Share of word{n:02}" for n in range(8)), "Share of Other"]
