"""Tables for the EDA figures: every customer is counted once, correlations are scipy's."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import pearsonr, rankdata, spearmanr

from core import explore
from core.features.customers import Customers
from tests.core.small import sheet

RNG = np.random.default_rng(2)
N = 400
GENDER = [["f", "m", None][i % 3] for i in range(N)]


@pytest.fixture(scope="module")
def customers() -> Customers:
    """400 customers with skewed, whole, tied and missing values."""
    spend = np.round(RNG.lognormal(4, 1.5, N), 2)
    spend[:7] = 0
    spend[7:9] = -20
    visits = RNG.normal(50, 10, N)
    visits[::10] = np.nan
    columns: dict[str, Any] = {
        "monetary": spend,
        "orders": 1.0 + RNG.poisson(2, N),
        "visits": visits,
        "alike": np.round(spend / 50) + RNG.integers(0, 3, N),
        "constant": np.ones(N),
        "gender": GENDER,
        "city": [f"city{i % 30}" for i in range(N)],
        "age": [float(18 + i % 70) for i in range(N)],
    }
    units = {"monetary": "money", "orders": "count", "gender": "category", "city": "category", "age": "age"}
    return sheet(columns, units)


ALL = np.arange(N)
SOME = np.arange(0, N, 3)


@pytest.mark.parametrize("slug", ["monetary", "orders", "visits", "constant", "age"])
@pytest.mark.parametrize("group", ["", "gender", "city", "age", "nothing"])
@pytest.mark.parametrize("scale", ["auto", "linear", "log"])
def test_a_histogram_counts_every_customer_once(
    customers: Customers, slug: str, group: str, scale: str
) -> None:
    for rows in (ALL, SOME):
        found = explore.histogram(customers, rows, slug, group, scale)
        assert found.counts.sum() + found.below + found.missing == rows.size
        assert found.counts.shape == (len(found.groups), found.edges.size - 1)
        assert (np.diff(found.edges) > 0).all()
        known = customers.number(slug)[rows]
        assert found.median == pytest.approx(np.nanmedian(known))


def test_a_histogram_of_nobody_is_empty(customers: Customers) -> None:
    found = explore.histogram(customers, ALL[:0], "monetary")
    assert (found.counts.sum(), found.missing, found.median) == (0, 0, None)


def test_a_segments_histogram_has_the_edges_of_all(customers: Customers) -> None:
    inside = np.arange(N) % 4 == 0
    own, whole = explore.histograms(customers, ALL, inside, "monetary")
    assert (own.edges == whole.edges).all()
    assert own.counts.sum() + own.below + own.missing == inside.sum()
    assert (own.counts <= whole.counts).all()


@pytest.mark.parametrize("group", ["", "gender", "city"])
def test_bars_count_every_customer_once(customers: Customers, group: str) -> None:
    orders = explore.order_bars(customers, ALL, group)
    assert orders is not None
    for found in (orders, *(explore.level_bars(customers, ALL, s, group) for s in ("gender", "city", "age"))):
        assert found.counts.sum() + found.missing == N
        assert found.counts.shape == (len(found.groups), len(found.levels))


def test_order_bars_end_in_ten_and_more() -> None:
    found = explore.order_bars(sheet({"orders": [1.0, 2, 4, 5, 9, 10, 99, 0]}), np.arange(8))
    assert found is not None
    assert dict(zip(found.levels, found.counts[0].tolist(), strict=True)) == {
        "1": 1,
        "2": 1,
        "3": 0,
        "4": 1,
        "5–9": 2,
        "10+": 2,
    }
    assert found.missing == 1


@pytest.mark.parametrize("other", ["orders", "visits", "alike"])
def test_correlations_are_scipys(customers: Customers, other: str) -> None:
    x, y = customers.number("monetary"), customers.number(other)
    both = ~np.isnan(y)
    assert explore.correlation(x, y, "spearman") == pytest.approx(spearmanr(x[both], y[both]).statistic)
    assert explore.correlation(x, y, "pearson") == pytest.approx(pearsonr(x[both], y[both]).statistic)


def test_a_correlation_with_a_constant_does_not_exist() -> None:
    assert np.isnan(explore.correlation(np.ones(9), np.arange(9.0), "pearson"))
    assert np.isnan(explore.correlation(np.arange(2.0), np.arange(2.0), "pearson"))


def test_mid_ranks_are_scipys() -> None:
    values = RNG.integers(0, 9, 60).astype(float)
    np.testing.assert_array_equal(explore.mid_ranks(values), rankdata(values))


def test_a_table_of_correlations_is_symmetric_and_without_constants(customers: Customers) -> None:
    found = explore.correlations(customers, ALL)
    assert found is not None
    assert set(found.slugs) == {"monetary", "orders", "visits", "alike", "age"}
    np.testing.assert_array_equal(found.values, found.values.T)
    np.testing.assert_array_equal(np.diag(found.values), 1)
    assert set(found.strongest[0][:2]) == {"Monetary", "Alike"}
    assert abs(found.slugs.index("monetary") - found.slugs.index("alike")) == 1


def test_under_two_measures_have_no_correlations() -> None:
    assert explore.correlations(sheet({"x": [1.0, 2.0, 3.0], "y": [1.0, 1.0, 1.0]}), np.arange(3)) is None


def test_concentration_is_the_share_of_the_top_customers() -> None:
    spend = [*[1.0] * 80, *[16.0] * 20]
    found = explore.concentration(sheet({"monetary": spend}), np.arange(100))
    assert found is not None
    assert (found.top10, found.top20) == pytest.approx((0.4, 0.8))
    assert (found.spend[0], found.spend[-1]) == pytest.approx((0, 1))
    assert (np.diff(found.spend) >= 0).all()


def test_spend_below_zero_counts_as_none_and_one_order_is_counted() -> None:
    customers = sheet({"monetary": [100.0, -40.0, 0.0, 100.0], "orders": [1.0, 1.0, 1.0, 4.0]})
    found = explore.concentration(customers, np.arange(4))
    assert found is not None
    assert (found.spend[50], found.once) == (1, 0.75)


@pytest.mark.parametrize("columns", [{"x": [1.0]}, {"monetary": [0.0, -4.0]}])
def test_without_spend_nothing_is_concentrated(columns: dict[str, list[float]]) -> None:
    assert explore.concentration(sheet(columns), np.arange(len(next(iter(columns.values()))))) is None


def test_the_rfm_grid_counts_who_has_all_scores() -> None:
    customers = sheet({"r": [5, 5, 1, 0], "fm": [5, 5, 1, 3], "monetary": [10.0, 20.0, -3.0, 7.0]})
    found = explore.rfm_grid(customers, np.arange(4))
    assert found is not None
    assert (found.customers[4, 4], found.customers[0, 0], found.customers.sum()) == (2, 1, 3)
    assert (found.monetary[4, 4], found.monetary[0, 0]) == (30, -3)


def test_two_measures_against_each_other(customers: Customers) -> None:
    found = explore.pair(customers, ALL, "visits", "monetary", "gender")
    assert found.points is not None and found.group is not None
    assert found.points.shape == (found.customers, 2) == (len(found.group), 2)
    assert found.customers + found.missing == N


def test_over_twenty_thousand_points_become_a_grid() -> None:
    n = explore.MAX_POINTS + 1
    found = explore.pair(sheet({"x": RNG.normal(size=n), "y": RNG.normal(size=n)}), np.arange(n), "x", "y")
    assert found.points is None and found.grid is not None
    assert found.grid.sum() == n


def test_missing_values_are_counted_most_first(customers: Customers) -> None:
    found = explore.missing(customers, ALL)
    counts = dict(zip(found.slugs, found.counts, strict=True))
    assert (counts["gender"], counts["visits"], counts["city"]) == (133, 40, 0)
    assert list(found.counts) == sorted(found.counts, reverse=True)
