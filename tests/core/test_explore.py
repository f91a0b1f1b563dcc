"""Tables for the EDA figures: every customer is counted once, correlations are scipy's."""

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import pearsonr, rankdata, spearmanr
from scipy.stats.contingency import association

from core import explore
from core.explore.steps import digits, edges_of, place_of
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
        "0": 1,
        "1": 1,
        "2": 1,
        "3": 0,
        "4": 1,
        "5–9": 2,
        "10+": 2,
    }
    assert found.missing == 0


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
    assert found.customers + found.missing + found.below == N


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


def test_correlations_of_columns_with_gaps_are_over_customers_with_both(customers: Customers) -> None:
    found = explore.correlations(customers, ALL, "pearson")
    assert found is not None
    x, y = customers.number("visits"), customers.number("age")
    both = ~np.isnan(x)
    at = found.slugs.index("visits"), found.slugs.index("age")
    assert found.values[at] == pytest.approx(pearsonr(x[both], y[both]).statistic)


def test_ranks_are_taken_once_over_all_customers_with_a_value(customers: Customers) -> None:
    found = explore.correlations(customers, ALL, "spearman")
    assert found is not None
    x, y = customers.number("visits"), customers.number("monetary")
    known = ~np.isnan(x)
    expected = pearsonr(rankdata(x[known]), rankdata(y)[known]).statistic
    assert found.values[found.slugs.index("visits"), found.slugs.index("monetary")] == pytest.approx(expected)


def test_a_pair_that_is_hardly_known_together_has_no_correlation() -> None:
    gap = float("nan")
    found = explore.correlations(
        sheet({"x": [1.0, 2, 3, gap, gap], "y": [gap, gap, 3.0, 4, 5]}), np.arange(5)
    )
    assert found is not None and np.isnan(found.values[0, 1])


@pytest.mark.parametrize("size", [40, 3_000])
def test_uncorrected_v_is_scipys(size: int) -> None:
    counts = explore.crossed(RNG.integers(0, 3, size), RNG.integers(0, 4, size))
    expected = association(counts, method="cramer")
    assert explore.cramers_v(counts, corrected=False) == pytest.approx(expected)


def test_the_corrected_v_is_bergsmas() -> None:
    counts = np.array([[30, 10], [10, 30]])  # chi² = 20, φ² = 0.25, n = 80
    phi, most = 0.25 - 1 / 79, 2 - 1 / 79
    assert explore.cramers_v(counts) == pytest.approx(np.sqrt(phi / (most - 1)))
    assert explore.cramers_v(np.array([[20, 20], [20, 20]])) == 0
    assert explore.cramers_v(np.array([[50, 0], [0, 50]])) == pytest.approx(1)
    assert np.isnan(explore.cramers_v(np.array([[5, 5]])))


def test_the_correlation_ratio_is_the_root_of_the_share_between_groups() -> None:
    codes, x = np.array([0, 0, 1, 1, -1]), np.array([1.0, 3, 5, 7, 99])
    assert explore.correlation_ratio(codes, x) == pytest.approx(np.sqrt(16 / 20))
    assert explore.correlation_ratio(codes, np.array([1.0, 1, 2, 2, 9])) == 1
    assert np.isnan(explore.correlation_ratio(codes, np.ones(5)))


def test_associations_know_a_category_that_tells_another_and_count_rare_levels_together() -> None:
    n = 600
    city = [f"c{i % 60}" for i in range(n)]
    columns = {"city": city, "land": ["a" if i % 60 < 30 else "b" for i in range(n)], "x": np.arange(n) % 60}
    found = explore.associations(sheet(columns, {"city": "category", "land": "category"}), np.arange(n))
    assert found is not None
    assert (found.merged, found.kinds) == (("City",), ("v", "v", "eta"))
    assert found.values[0, 1] == found.values[1, 0] > 0.8
    assert found.values[1, 2] == pytest.approx(
        explore.correlation_ratio(np.arange(n) % 60 // 30, np.arange(n) % 60.0)
    )


def test_boxes_are_quartiles_with_whiskers_at_the_last_value_inside(customers: Customers) -> None:
    found = explore.boxes(customers, ALL, "visits", "gender")
    assert [box.name for box in found.boxes] == ["f", "m", "not known"]
    assert sum(box.customers + box.missing for box in found.boxes) == N
    mine = np.array([g == "f" for g in GENDER])
    x = customers.number("visits")[mine]
    x = x[~np.isnan(x)]
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75])
    inside = x[(x >= low - 1.5 * (high - low)) & (x <= high + 1.5 * (high - low))]
    assert found.boxes[0].marks == pytest.approx((inside.min(), low, middle, high, inside.max()))
    assert found.boxes[0].beyond == x.size - inside.size


def test_of_very_many_values_far_out_a_few_are_shown() -> None:
    spend = np.concatenate([np.ones(5_000), np.linspace(10, 1_000, 1_000)])
    found = explore.boxes(
        sheet({"x": spend, "g": ["a"] * 6_000}, {"g": "category"}), np.arange(6_000), "x", "g"
    )
    box = found.boxes[0]
    assert (box.beyond, len(box.shown), box.shown[0], box.shown[-1]) == (1_000, 40, 10, 1_000)


def test_values_missing_together_are_one_pattern() -> None:
    gap = float("nan")
    customers = sheet(
        {"x": [1.0, gap, gap, 1], "y": ["a", None, None, None], "z": [1.0] * 4}, {"y": "category"}
    )
    found = explore.patterns(customers, ALL[:4], explore.missing(customers, ALL[:4]))
    assert found is not None and found.slugs == ("y", "x")
    assert [(p.gaps, p.customers) for p in found.patterns] == [((0, 1), 2), ((), 1), ((0,), 1)]
    assert explore.patterns(customers, ALL[:1], explore.missing(customers, ALL[:1])) is None


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("log", [True, False])
def test_steps_hold_every_value_and_are_short_to_write(log: bool, whole: bool) -> None:
    for low, high in (
        (1, 1),
        (1, 2),
        (0.03, 0.97),
        (3, 88_000),
        (1e-7, 1e9),
        (999.5, 1000.25),
        (5e-324, 1e300),
        (1e12, 1e12 + 5),
    ):
        values = np.array([low, (low + high) / 2, high], dtype=np.float64)
        values = np.ceil(values) if whole else values
        edges = edges_of(values, log, whole)
        assert (np.diff(edges) > 0).all() and edges[0] <= values[0] and edges[-1] >= values[-1]
        assert (place_of(values, edges) >= 0).all()
        assert edges.size <= 62
        written = [digits(edge) for edge in edges]
        assert [float(text) for text in written] == edges.tolist()
        assert np.median([len(text) for text in written]) <= 16


def test_who_comes_back_is_counted_by_first_month() -> None:
    bits = [0b111, 0b001, 0b010, 0b110, 0b100]
    first = [45.0, 45, 20, 20, 3]  # days before 9 March: 23 January, 17 February, 6 March
    table = sheet({"tenure": first}).table.append_column("_ordered_2011_01", pa.array(bits))
    day = dt.date(2011, 3, 9)
    months = pa.table({"month": [dt.date(2011, 1, 1)], "net": [1.0], "orders": [2], "customers": [2]})
    customers = dataclasses.replace(
        sheet({"tenure": first}),
        table=table,
        as_of=day,
        first_day=dt.date(2011, 1, 23),
        last_day=day,
        months=months,
    )
    found = explore.retention(customers, ALL[:5])
    assert found is not None
    assert (found.cohorts, found.sizes.tolist()) == (("2011-01", "2011-02", "2011-03"), [2, 2, 1])
    assert found.counts.tolist() == [[2, 1, 1], [2, 1, -1], [1, -1, -1]]
    assert (found.before, found.last, found.earlier) == (True, "2011-03", 0)
    by_month = explore.months(customers, ALL[:1], everybody=False, begins=dt.date(2011, 1, 30))
    assert by_month is not None
    assert (by_month.customers.tolist(), by_month.cuts) == ([1], ("only from 30 Jan 2011",))


def test_a_table_has_no_months() -> None:
    assert explore.months(sheet({"x": [1.0]}), ALL[:1]) is explore.retention(sheet({"x": [1.0]}), ALL[:1])


def test_half_of_spend_and_who_is_at_the_top() -> None:
    found = explore.concentration(sheet({"monetary": [*[1.0] * 80, *[16.0] * 20]}), np.arange(100))
    assert found is not None
    assert found.half == pytest.approx(0.13)
    assert found.marks == ((0.1, 16.0, 20), (0.2, 16.0, 20))
