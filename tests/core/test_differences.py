"""How segments differ: intervals that hold, tests that do not claim what chance makes, corrected over all."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from core.codec import decode, encode
from core.differences import Differences, differences, made_of
from core.differences.evidence import by_levels, by_numbers, holm, larger
from core.differences.shares import against, times_of
from core.differences.sums import Blocks, Drawn
from core.features.customers import Customers, Measure
from tests.core.blobs import matrix_of
from tests.core.grouped import grouping

UNITS = {"spend": "money", "age": "age", "city": "category", "orders": "count", "rare": "number"}


def sheet(columns: dict[str, np.ndarray]) -> Customers:
    """A customer sheet of these columns; NaN and empty words are missing."""
    measures = tuple(Measure(slug=s, label=s.title(), unit=UNITS.get(s, "number")) for s in columns)
    gone = {s: np.isnan(v) if v.dtype.kind == "f" else v == "" for s, v in columns.items()}
    table = {s: pa.array(v, mask=gone[s]) for s, v in columns.items()}
    ids = [f"{i:05d}" for i in range(len(next(iter(columns.values()))))]
    return Customers(kind="log", table=pa.table({"id": ids} | table), measures=measures, labels=(), ledger=())


def found(columns: dict[str, np.ndarray], labels: np.ndarray, made: tuple[str, ...] = ()) -> Differences:
    """The differences of segments 1…k (0: none), which were built on some of the columns."""
    matrix = matrix_of(np.zeros((labels.size, 1)))
    used = tuple(replace(matrix.prepared[0], slug=slug) for slug in made or ("another",))
    return differences(sheet(columns), replace(matrix, prepared=used), grouping(labels))


def shop(n: int, seed: int) -> dict[str, np.ndarray]:
    """Customers of a shop: skewed, tied and missing values, a value that few have, a category."""
    rng = np.random.default_rng(seed)
    age = rng.normal(45, 12, n)
    age[rng.random(n) < 0.2] = np.nan
    return {
        "spend": rng.lognormal(5, 1.5, n),
        "orders": rng.poisson(2, n) + 1.0,
        "age": age,
        "rare": (rng.random(n) < 0.02) * rng.lognormal(0, 1, n),
        "city": rng.choice(["Graz", "Linz", "Wien", "Enns", ""], n, p=[0.5, 0.3, 0.1, 0.02, 0.08]),
    }


def test_means_are_those_of_the_segment_and_of_all_others() -> None:
    columns, labels = shop(300, 1), np.random.default_rng(1).integers(0, 4, 300)
    own = found(columns, labels)
    age = columns["age"]
    gap = next(g for g in own.of(1) if g.slug == "age")  # segment 2
    assert gap.own == pytest.approx(np.nanmean(age[labels == 2]))
    assert gap.other == pytest.approx(np.nanmean(age[labels != 2]))
    assert own.sizes.tolist() == [*np.bincount(labels)[1:], (labels == 0).sum()]
    both = next(g for g in own.between(0, 3) if g.slug == "age")  # with “No segment”, the last place
    assert both.apart == pytest.approx(np.nanmean(age[labels == 1]) - np.nanmean(age[labels == 0]))


def test_pairs_read_the_same_from_both_sides() -> None:
    own = found(shop(300, 2), np.random.default_rng(2).integers(1, 4, 300))
    one, other = own.between(0, 2), own.between(2, 0)
    for a, b in zip(one, other, strict=True):
        assert (a.slug, a.low, a.high) == (b.slug, pytest.approx(-b.high), pytest.approx(-b.low))
        if a.times_low and b.times_high:
            assert a.times_low == pytest.approx(1 / b.times_high)


@pytest.mark.parametrize("n", [400, 20_000])
def test_the_interval_of_a_ratio_is_that_of_the_delta_method(n: int) -> None:
    rng = np.random.default_rng(n)
    places, x = rng.integers(0, 2, n), rng.lognormal(3, 0.8, n)
    drawn = Drawn(places, 2)
    drawn.take(x)
    _, _, low, high = drawn.means()[0].intervals()
    a, b = x[places == 0], x[places == 1]
    error = np.sqrt(a.var() / a.size / a.mean() ** 2 + b.var() / b.size / b.mean() ** 2)
    expected = np.log(a.mean() / b.mean()) + 1.96 * error * np.array([-1, 1])
    assert np.log([low[0, 0], high[0, 0]]) == pytest.approx(expected, abs=0.35 * error)


def test_95_of_100_intervals_hold_the_true_ratio() -> None:
    rng = np.random.default_rng(5)
    places = (rng.random(500) < 0.2).astype(np.int64)
    drawn = Drawn(places, 2)
    for _ in range(300):
        drawn.take(rng.gamma(2, np.where(places == 1, 2.0, 1.0)))
    ends = [(low[1, 1], high[1, 1]) for _, _, low, high in (m.intervals() for m in drawn.means())]
    held = sum(low <= 2.0 <= high for low, high in ends)
    assert 0.90 <= held / 300 <= 0.98


def test_draws_of_poissons_table_have_its_mean_and_variance() -> None:
    weights = Blocks(np.zeros(1_000, np.int64), 1).drawn(np.ones((1_000, 1)), 1_000)
    assert weights.mean() == pytest.approx(1_000, rel=0.005) and weights.var() == pytest.approx(
        1_000, rel=0.2
    )


def test_shares_apart_are_newcombes_example() -> None:
    assert against(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert against(9, 10, 3, 10) == pytest.approx((0.1705, 0.8090), abs=1e-4)


def test_a_ratio_of_shares_is_katzs_and_none_where_nobody_is() -> None:
    from scipy.stats.contingency import relative_risk

    expected = relative_risk(30, 100, 20, 150).confidence_interval(0.95)
    assert times_of(30, 100, 20, 150) == pytest.approx(tuple(expected))
    assert times_of(0, 100, 20, 150) is None


def test_the_larger_p_value_is_that_of_two_known_tests() -> None:
    from scipy.stats import mannwhitneyu, rankdata, ttest_ind

    rng = np.random.default_rng(3)
    x, at = rng.poisson(3, 240).astype(float), rng.integers(0, 3, 240)
    x[at == 1] += rng.integers(0, 2, (at == 1).sum())
    ranks = rankdata(x)
    p = larger(ranks, at, 3, 0.5)
    for group in range(3):
        one, rest = at == group, at != group
        by_sum = mannwhitneyu(x[one], x[rest], method="asymptotic").pvalue
        welch = ttest_ind(ranks[one], ranks[rest], equal_var=False).pvalue
        assert p[group] == pytest.approx(max(by_sum, welch))


def test_levels_are_tested_by_fishers_exact_test() -> None:
    from scipy.stats import fisher_exact

    counts = np.array([[12, 3, 0], [7, 9, 5]])
    p = by_levels(counts)
    for i in range(2):
        for j in range(3):
            own, rest = counts[i], counts[1 - i]
            table = [[own[j], own.sum() - own[j]], [rest[j], rest.sum() - rest[j]]]
            smaller = min(fisher_exact(table, alternative=side).pvalue for side in ("less", "greater"))
            assert p[i, j] == pytest.approx(min(1, 2 * smaller))


def test_p_values_are_corrected_by_holm() -> None:
    p = np.array([[0.01, 0.04, np.nan], [0.03, 0.005, 0.9]])
    expected = [[0.04, 0.09, np.nan], [0.09, 0.025, 0.9]]  # 4·.01, max(3·.03, 2·.04), 3·.03, 5·.005, .9
    assert holm(p) == pytest.approx(np.array(expected), nan_ok=True)


@pytest.mark.parametrize("size", [10, 20, 50])
@pytest.mark.parametrize("having", [3, 20, 200])
def test_a_value_that_few_have_is_not_found_more_often_than_chance_makes_it(size: int, having: int) -> None:
    from scipy.stats import hypergeom

    n = 1_000
    counts = np.arange(min(size, having) + 1)
    chances = hypergeom(n, having, size).pmf(counts)
    p = []
    for count in counts:
        x, places = np.zeros(n), np.zeros(n, np.int64)
        x[:count], x[size : size + having - count], places[size:] = 1, 1, 1
        p.append(by_numbers(x, places, 2)[0])
    for alpha in (0.01, 0.0001):
        assert chances[np.array(p) < alpha].sum() <= 1.5 * alpha


def test_on_random_splits_hardly_anything_is_claimed() -> None:
    columns = shop(200, 7)
    labels = np.repeat([1, 2, 3, 4], [11, 29, 60, 100])
    runs = 0
    for seed in range(100):
        own = found(columns, np.random.default_rng(seed).permutation(labels))
        assert own.tests > 15
        runs += any(gap.claimed for place in range(4) for gap in own.of(place))
    assert runs <= 5


def test_a_difference_that_is_there_is_claimed_but_not_for_what_made_the_segments() -> None:
    columns, labels = shop(600, 8), np.repeat([1, 2], 300)
    columns["spend"][labels == 1] *= 9
    columns["age"][labels == 1] += 12
    columns["city"][:200] = "Wien"
    gaps = {gap.slug: gap for gap in found(columns, labels, made=("spend",)).of(0)}
    assert gaps["age"].claimed and not gaps["age"].made
    assert gaps["city"].claimed and gaps["city"].level == "Wien"
    assert gaps["spend"].made and not gaps["spend"].claimed and gaps["spend"].times_low > 2
    assert not gaps["orders"].claimed and not gaps["rare"].claimed


def test_segments_by_rules_are_made_of_what_the_rules_look_at() -> None:
    matrix, labels = matrix_of(np.zeros((2, 1))), np.array([1, 2])
    assert made_of(matrix, grouping(labels)) == {"x0"}
    assert made_of(matrix, replace(grouping(labels), algorithm="rules")) == {"recency", "orders", "monetary"}


def test_a_mean_decided_by_a_few_customers_says_so() -> None:
    spend = np.full(400, 10.0)
    spend[0] = 90_000
    own = found({"spend": spend}, np.repeat([1, 2], 200))
    assert own.of(0)[0].few and not own.of(0)[0].claimed


def test_nothing_is_said_of_under_five_customers() -> None:
    own = found(shop(300, 9), np.repeat([1, 2], [4, 296]))
    assert [gap for gap in own.of(0) if not gap.level] == []


def test_huge_values_and_columns_of_one_value_are_no_trouble() -> None:
    columns = {"spend": np.array([1e200, 3e200] * 20), "orders": np.ones(40), "age": np.full(40, np.nan)}
    (gap,) = found(columns, np.repeat([1, 2], 20)).of(0)
    assert gap.slug == "spend" and gap.own == pytest.approx(2e200) and gap.same


@pytest.mark.parametrize("label", [0, 1])
def test_one_segment_or_none_differs_from_nobody(label: int) -> None:
    own = found(shop(60, 12), np.full(60, label))
    assert own.of(0) == () and own.tests == 0


def test_forty_segments_are_compared_with_the_rest_alone() -> None:
    own = found(shop(800, 10), np.random.default_rng(0).integers(1, 41, 800))
    assert own.of(39) and not [g for g in own.between(0, 1) if not g.level]


def test_they_are_kept_as_they_are() -> None:
    own = found(shop(200, 11), np.repeat([1, 2], 100))
    again = decode(Differences, encode(own))
    assert again.of(1) == own.of(1) and again.between(0, 1) == own.between(0, 1)
