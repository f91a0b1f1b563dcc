"""The quality report's columns: the same numbers as pandas and numpy."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.clean import limits, outside
from core.codec import decode, encode
from core.io.dataset import Dataset
from core.io.store import Store
from core.quality import ColumnQuality, Quality, report

ROWS = 900
NUMBERS = ("spend", "visits", "discounted", "height")
DAY = np.timedelta64(1, "D")


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """A customer table with skewed, whole, mostly zero and even numbers, text, days, and gaps."""
    random = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "customer_id": [f"C{i:04d}" for i in range(ROWS)],
            "spend": random.lognormal(4, 1.2, ROWS).round(2),
            "visits": random.poisson(9, ROWS) * 7,
            "discounted": np.where(random.random(ROWS) < 0.9, 0.0, random.random(ROWS).round(3)),
            "height": random.normal(170, 10, ROWS).round(1),
            "city": random.choice(["Ulm", "Bonn", "Köln", "Trier"], ROWS, p=[0.5, 0.2, 0.2, 0.1]),
            "customer_since": np.datetime64("2019-01-01") + random.integers(0, 700, ROWS).astype("m8[D]"),
        }
    )
    table.loc[random.random(ROWS) < 0.05, ["spend", "height"]] = np.nan
    table.loc[random.random(ROWS) < 0.1, "city"] = None
    return table


@pytest.fixture(scope="module")
def dataset(store: Store, frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The table, stored."""
    path = tmp_path_factory.mktemp("quality") / "people.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return store.add(path, roles={"height": "number", "discounted": "number"})


@pytest.fixture(scope="module")
def quality(store: Store, dataset: Dataset) -> Quality:
    """Its report."""
    return report(store.engine, dataset)


def column(quality: Quality, slug: str) -> ColumnQuality:
    return next(c for c in quality.columns if c.slug == slug)


@pytest.mark.parametrize("slug", NUMBERS)
def test_quartiles_are_those_of_numpy(quality: Quality, frame: pd.DataFrame, slug: str) -> None:
    spread = column(quality, slug).spread
    assert spread is not None
    found = (spread.minimum, spread.first_quartile, spread.median, spread.third_quartile, spread.maximum)
    assert found == pytest.approx(np.nanquantile(frame[slug].astype(float), [0, 0.25, 0.5, 0.75, 1]))


@pytest.mark.parametrize("slug", NUMBERS)
def test_outliers_are_those_of_the_recipe(quality: Quality, frame: pd.DataFrame, slug: str) -> None:
    values = frame[slug].to_numpy(np.float64)
    found = column(quality, slug)
    assert found.outliers == outside(values, "report").sum()
    assert found.spread is not None and found.spread.limits == pytest.approx(limits(values, "report"))


@pytest.mark.parametrize("slug", NUMBERS)
def test_bins_count_as_numpy_does(quality: Quality, frame: pd.DataFrame, slug: str) -> None:
    bins = column(quality, slug).bins
    assert bins is not None and 2 <= bins.counts.size <= 20
    known = frame[slug].dropna()
    assert bins.counts.tolist() == np.histogram(known, bins.edges)[0].tolist()


def test_bins_hold_every_usual_value(quality: Quality, frame: pd.DataFrame) -> None:
    found = column(quality, "spend")
    assert found.bins is not None
    assert found.bins.counts.sum() + (found.outliers or 0) == frame.spend.count()


def test_bins_of_a_column_that_is_mostly_one_value_go_over_all(quality: Quality) -> None:
    found = column(quality, "discounted")
    assert found.bins is not None and found.bins.counts.sum() == ROWS
    assert found.bins.counts[0] > 0.85 * ROWS


def test_missing_and_distinct_are_those_of_pandas(quality: Quality, frame: pd.DataFrame) -> None:
    found = {c.slug: (c.missing, c.distinct) for c in quality.columns}
    assert found == {name: (frame[name].isna().sum(), frame[name].nunique()) for name in frame.columns}


def test_days_have_a_first_a_middle_and_a_last(quality: Quality, frame: pd.DataFrame) -> None:
    found = column(quality, "customer_since")
    days = frame.customer_since.astype("datetime64[s]").sort_values()
    assert found.period is not None and found.bins is not None
    assert (found.period.first, found.period.last) == (days.iloc[0].date(), days.iloc[-1].date())
    assert found.period.middle == days.quantile(0.5).date()
    number = ((days.to_numpy() - np.datetime64("1970-01-01")) / DAY).astype(int)
    assert found.bins.counts.tolist() == np.histogram(number, found.bins.edges)[0].tolist()


def test_frequent_values_are_those_of_pandas(quality: Quality, frame: pd.DataFrame) -> None:
    found = [(level.value, level.rows) for level in column(quality, "city").top]
    assert found == list(frame.city.value_counts().items())


def test_frequent_codes_are_the_same_however_they_are_counted(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = np.random.default_rng(5).integers(8, 30, 400)
    path = tmp_path / "lines.csv"
    path.write_text(
        "customer_id,order_date,product_id,price\n"
        + "".join(f"{i % 90},2024-01-{1 + i % 28:02},{code},{i % 7 + 1}\n" for i, code in enumerate(codes))
    )
    dataset = store.add(path, roles={"product_id": "product"})
    exact = column(report(store.engine, dataset), "product_id").top
    monkeypatch.setattr("core.quality.columns.EXACT_ROWS", 100)
    assert exact == column(report(store.engine, dataset), "product_id").top
    values, counts = np.unique(codes, return_counts=True)
    most = sorted(zip(values.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))[
        :8
    ]
    assert {(level.value, level.rows) for level in exact} == {(str(v), n) for v, n in most}


def test_a_column_of_different_values_has_no_frequent_ones(quality: Quality) -> None:
    assert column(quality, "customer_id").top == ()


def test_what_is_personal_is_not_shown(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer_id,email,spend\n" + "".join(f"{i},a@b.de,{i}\n" for i in range(9)))
    quality = report(store.engine, store.add(path))
    assert column(quality, "email").top == ()


def test_values_on_the_edges_fall_as_in_numpy(store: Store, tmp_path: Path) -> None:
    values = [round(0.1 * i, 1) for i in range(-7, 400)]
    path = tmp_path / "edges.csv"
    path.write_text("customer_id,score\n" + "".join(f"{i},{v}\n" for i, v in enumerate(values)))
    bins = column(report(store.engine, store.add(path)), "score").bins
    assert bins is not None
    assert bins.counts.tolist() == np.histogram(values, bins.edges)[0].tolist()


def test_a_large_table_is_summed_up_from_a_sample(
    store: Store, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.quality.columns.EXACT_ROWS", 300)
    monkeypatch.setattr("core.quality.build.EXACT_ROWS", 300)
    quality = report(store.engine, dataset)
    spread = column(quality, "visits").spread
    assert spread is not None and 35 <= spread.median <= 84
    assert quality.notes == (
        "Middle values and the limits of unusual ones come from a sample of about 300 rows.",
    )


def test_columns_in_several_queries_are_the_same_columns(
    store: Store, dataset: Dataset, quality: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.quality.narrow._AT_ONCE", 2)
    assert encode(report(store.engine, dataset)) == encode(quality)


def test_of_very_many_columns_those_that_are_used_are_looked_at_closely(
    store: Store, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("narrow", "build"):
        monkeypatch.setattr(f"core.quality.{module}.CLOSELY", 3)
    quality = report(store.engine, dataset)
    assert [c.slug for c in quality.columns if c.bins is not None] == ["spend", "visits"]
    assert column(quality, "height").missing == column(quality, "spend").missing > 0
    assert quality.notes == (
        "Of 7 columns 3 were looked at closely, those that are used first;"
        " of the others only empty and different values were counted.",
    )


def test_a_report_survives_the_cache(quality: Quality) -> None:
    again = decode(Quality, encode(quality))
    assert encode(again) == encode(quality)
    assert again.problems == quality.problems


def test_reading_a_report_loads_no_engine_and_no_model() -> None:
    loaded = "import sys, core.quality; print(*{'ibis', 'duckdb', 'sklearn', 'scipy'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
