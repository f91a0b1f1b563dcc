"""Rows that equal an earlier one, looked for in several goes as in one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.io.dataset import Column
from core.io.engine import Engine
from core.io.meaning.facts import tells_rows_apart
from core.io.query.repeated import repeated

ROWS = 3_000


@pytest.fixture
def frame() -> pd.DataFrame:
    random = np.random.default_rng(4)
    return pd.DataFrame(
        {"x": random.integers(0, 40, ROWS), "y": random.choice(["a", "b", None], ROWS), "z": ROWS * [1.5]}
    )


@pytest.mark.parametrize("at_once", [10_000, 700])
def test_repeated_rows_are_those_of_pandas(
    frame: pd.DataFrame, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.io.query.repeated._AT_ONCE", at_once)
    folder = tmp_path / "data" / "c1"
    folder.mkdir(parents=True)
    table = pa.Table.from_pandas(frame, preserve_index=False).append_column("_row", pa.array(range(ROWS)))
    pq.write_table(table, folder / "table.parquet")
    expected = np.flatnonzero(frame.duplicated())
    assert repeated(Engine(tmp_path / "data"), "c1") == expected.size > 0
    found = pq.read_table(folder / "repeated.parquet")["_row"].to_pylist()
    assert sorted(found) == expected.tolist()


def test_of_an_empty_table_no_row_is_repeated(frame: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "c1"
    folder.mkdir(parents=True)
    table = pa.Table.from_pandas(frame[:0], preserve_index=False).append_column("_row", pa.array([], "int64"))
    pq.write_table(table, folder / "table.parquet")
    assert repeated(Engine(tmp_path / "data"), "c1") == 0


@pytest.mark.parametrize(("missing", "distinct", "apart"), [(0, 9, True), (0, 8, False), (1, 8, False)])
def test_rows_differ_where_a_column_has_another_value_in_each(
    missing: int, distinct: int, apart: bool
) -> None:
    number = Column(slug="n", name="n", type="integer", role="ignore", missing=missing, distinct=distinct)
    assert tells_rows_apart([number], 9) is apart
