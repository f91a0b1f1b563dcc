"""Numbers in order: quartiles and bins of a long table, and the rows of a sample."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.io.store import Store
from core.quality.bins import number_edges
from core.quality.contract import Spread
from core.quality.numbers import Numbers, most_frequent, quantile
from core.quality.sample import chosen, sample

ROWS = 5_000


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return np.random.default_rng(2).lognormal(3, 1, ROWS).round(1)


@pytest.fixture(scope="module")
def path(values: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with a column of numbers, one of moments, and one with two values that no sample has."""
    found = tmp_path_factory.mktemp("numbers") / "table.parquet"
    seconds = np.arange(ROWS) * 7_919 - 86_400 * 100
    few = [None, 1.0, 2.0, *[None] * (ROWS - 3)]
    table = pa.table({"_row": np.arange(ROWS), "x": values, "at": seconds.astype("M8[s]"), "few": few})
    pq.write_table(table, found, row_group_size=700)
    return found


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 998, 999])
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_quantile_is_that_of_numpy(values: np.ndarray, n: int, share: float) -> None:
    assert quantile(np.sort(values[:n]), share) == pytest.approx(np.quantile(values[:n], share), rel=1e-14)


@pytest.mark.parametrize("most", [1, 3, 8, 500])
def test_the_most_frequent_numbers_are_those_of_numpy(most: int) -> None:
    numbers = np.sort(np.random.default_rng(4).geometric(0.1, 300))
    values, counts = np.unique(numbers, return_counts=True)
    pairs = sorted(zip(values.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    assert most_frequent(numbers, most) == [(str(value), rows) for value, rows in pairs[:most]]


def test_moments_are_days_also_before_1970(path: Path) -> None:
    days = Numbers(path, ROWS, ROWS).ordered("at")
    assert days[0] == -100
    assert days.tolist() == sorted((np.arange(ROWS) * 7_919 - 86_400 * 100) // 86_400)


def test_the_bins_of_a_long_table_count_every_row(
    path: Path, values: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.quality.numbers._PIECE", 900)
    numbers = Numbers(path, ROWS, 200)
    some = numbers.ordered("x")
    assert 150 < some.size < 250
    edges = number_edges(
        Spread(minimum=0, first_quartile=10, median=20, third_quartile=30, maximum=999), whole=False
    )
    assert numbers.per_bin("x", some, edges).tolist() == np.histogram(values, edges)[0].tolist()


def test_where_the_sample_of_a_long_table_has_no_value_all_are_read(path: Path) -> None:
    assert not chosen(np.array([1, 2]), ROWS, 200).any()
    assert Numbers(path, ROWS, 200).ordered("few").tolist() == [1.0, 2.0]


def test_the_sample_has_the_same_rows_for_the_engine_as_in_memory(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("customer_id,spend\n" + "".join(f"{i},{i}\n" for i in range(2_000)))
    table = store.engine.table(store.add(path).table.content)
    found = store.engine.run(sample(table, 2_000, 300).select("_row"))["_row"].to_pylist()
    numbers = store.engine.run(table.select("_row"))["_row"].to_numpy()
    assert sorted(found) == sorted(numbers[chosen(numbers, 2_000, 300)])
