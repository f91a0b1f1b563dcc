"""What separates the segments: checked against analysis of variance, with noise that must come last."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from core.differences.sums import Blocks
from core.drivers import Drivers, drivers, explained, shares, with_intervals
from core.features.customers import Customers, Measure


def sheet(columns: dict[str, np.ndarray]) -> Customers:
    """A customer sheet of these columns: numbers, or words."""
    measures = tuple(
        Measure(slug=slug, label=slug.title(), unit="number" if values.dtype.kind == "f" else "category")
        for slug, values in columns.items()
    )
    ids = [f"{i:05d}" for i in range(len(next(iter(columns.values()))))]
    table = pa.table(
        {"id": ids}
        | {s: pa.array(v, mask=np.isnan(v) if v.dtype.kind == "f" else v == "") for s, v in columns.items()}
    )
    return Customers(
        kind="customers", table=table, measures=measures, labels=(), ledger=(), as_of=dt.date(2026, 1, 1)
    )


def shop(seed: int, rows: int = 400) -> tuple[Customers, np.ndarray]:
    """Three segments by two columns; a third says the first again, a fourth is noise."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(1, 4, rows)
    spend = labels * 2.0 + rng.normal(size=rows)
    age = (labels == 2) * 1.5 + rng.normal(size=rows)
    columns = {
        "noise": rng.normal(size=rows),
        "spend": spend,
        "again": np.exp(spend / 3) + rng.normal(size=rows) / 20,
        "age": age,
        "city": np.where(rng.random(rows) < 0.2 + 0.25 * (labels == 3), "Graz", "Linz"),
    }
    return sheet(columns), labels


def found(seed: int) -> Drivers:
    customers, labels = shop(seed)
    return drivers(customers, np.arange(labels.size), ("spend", "age"), labels, seed)


def test_the_share_explained_is_that_of_an_analysis_of_variance() -> None:
    from scipy.stats import f_oneway

    rng = np.random.default_rng(1)
    at = rng.integers(0, 4, 300)
    x = rng.normal(size=300) + at / 3
    f = f_oneway(*[x[at == group] for group in range(4)]).statistic
    assert explained(x, at, 4) == pytest.approx(f * 3 / (f * 3 + 300 - 4))


def test_a_category_s_share_is_goodman_and_kruskal_s_tau() -> None:
    rng = np.random.default_rng(2)
    at = rng.integers(0, 3, 400)
    words = (at + (rng.random(400) < 0.4)) % 3
    table = np.zeros((3, 3))
    np.add.at(table, (at, words), 1 / 400)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    tau = ((table**2 / rows[:, None]).sum() - (columns**2).sum()) / (1 - (columns**2).sum())
    levels = np.round(400 * table)
    assert shares(np.hstack([levels.sum(axis=1, keepdims=True), levels, levels])[None])[0] == pytest.approx(
        tau
    )


@pytest.mark.parametrize("rows", [900, 3_000])  # each customer is drawn, or blocks of three
def test_the_interval_is_as_wide_as_the_share_varies(rows: int) -> None:
    found = []
    for seed in range(50):
        rng = np.random.default_rng(seed)
        at = rng.integers(0, 3, rows)
        blocks = Blocks(at, 3, seed)
        found += with_intervals([blocks.added((at == 1) * 1.5 + rng.normal(size=rows))], blocks)
    shares, widths = np.array(found).T
    assert 0.75 < widths.mean() / (1.96 * shares.std(ddof=1)) < 1.35


@pytest.mark.parametrize("seed", range(20))
def test_a_column_of_noise_comes_last(seed: int) -> None:
    one = found(seed)
    last = one.drivers[-1]
    assert last.slug == "noise" and not last.made
    assert last.drop <= min(d.drop for d in one.drivers if d.slug not in ("noise", "city"))


def test_columns_that_say_the_same_are_taken_away_together() -> None:
    by = {d.slug: d for d in found(0).drivers}
    assert by["spend"].together == ("Again",) and by["again"].together == ("Spend",)
    assert by["spend"].drop == by["again"].drop > 10 > by["noise"].drop_high
    assert by["age"].together == ()


def test_categories_that_say_the_same_are_taken_away_together() -> None:
    customers, labels = shop(6)
    city = np.array(customers.table["city"].to_pylist())
    columns = {
        "town": city,
        "land": np.where(city == "Graz", "Styria", "Upper Austria"),
        "rain": np.where(city == "Graz", 800.0, 900.0) + np.random.default_rng(6).normal(size=labels.size),
        "noise": customers.number("noise"),
    }
    ranked = drivers(sheet(columns), np.arange(labels.size), (), labels).drivers
    assert {d.slug: set(d.together) for d in ranked} == {
        "town": {"Land", "Rain"},
        "land": {"Town", "Rain"},
        "rain": {"Town", "Land"},
        "noise": set(),
    }


def test_what_made_the_segments_is_told_from_what_describes_them() -> None:
    assert {d.slug for d in found(0).drivers if d.made} == {"spend", "age"}


def test_a_tie_is_said() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(1, 3, 400)
    twins = {name: labels + rng.normal(size=400) for name in ("one", "two")}
    customers = sheet(twins | {"far": labels + rng.normal(size=400) / 9})
    ranked = drivers(customers, np.arange(400), ("one",), labels).drivers
    assert [d.tied for d in ranked] == [False, False, True] and ranked[0].slug == "far"


def test_missing_values_and_customers_without_a_segment_are_left_out() -> None:
    customers, labels = shop(4)
    few = labels.copy()
    few[:100] = 0
    assert drivers(customers, np.arange(400), ("spend",), few).rows == 300
    x = customers.number("spend").copy()
    x[::3] = np.nan
    kept = ~np.isnan(x)
    assert explained(x, labels - 1, 3) == pytest.approx(explained(x[kept], labels[kept] - 1, 3))


def test_one_segment_has_nothing_that_separates_it() -> None:
    customers, labels = shop(5)
    assert drivers(customers, np.arange(400), ("spend",), np.ones_like(labels)).drivers == ()


def test_numbers_larger_than_single_floats_hold_are_no_trouble() -> None:
    customers, labels = shop(5)
    table = customers.table
    huge = customers.number("spend") * 1e200
    customers = replace(customers, table=table.set_column(table.column_names.index("noise"), "noise", [huge]))
    ranked = drivers(customers, np.arange(400), ("spend",), labels).drivers
    shares = {driver.slug: driver.explained for driver in ranked}
    assert shares["noise"] == pytest.approx(shares["spend"])
