"""The quality report of a wide customer table and of a long log, beside what a notebook asks pandas."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bench.row import Row
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.store import Store
from core.quality import Quality, report, with_unusual

CUSTOMERS: Final = 1_000_000
LINES: Final = 1_500_000
RUNS: Final = 3


def rows() -> Iterator[Row]:
    """The table's lines on quality: CPU seconds of the process, the least of three runs."""
    with TemporaryDirectory() as home:
        store = Store(Path(home))
        for name, made in ((f"{CUSTOMERS:,} customers × 30 columns", customers), (f"{LINES:,} lines", lines)):
            path = Path(home) / "table.parquet"
            pq.write_table(made(), path)
            dataset = store.add(path)
            yield Row(
                name=f"Quality report, {name}, CPU; pandas' own summaries as peer",
                ours=_least(partial(_complete, store.engine, dataset)),
                peer=_least(partial(summaries, path)),
                unit="s",
                runs=RUNS,
            )


def customers(n: int = CUSTOMERS) -> pa.Table:
    """A customer table of 30 columns: skewed amounts with gaps, counts, categories, a date."""
    random = np.random.default_rng(0)
    columns: dict[str, Any] = {"customer_id": pa.array([f"C{i:07d}" for i in random.permutation(n)])}
    for i in range(18):
        values = random.lognormal(3, 1, n).round(2)
        columns[f"spend_{i}"] = pa.array(values, mask=random.random(n) < 0.03)
    for i in range(5):
        columns[f"visits_{i}"] = random.poisson(5 + 10 * i, n)
    for i in range(4):
        columns[f"group_{i}"] = _words("level", 4 * i + 4, random.integers(0, 4 * i + 4, n))
    columns["customer_since"] = np.datetime64("2015-01-01") + random.integers(0, 3000, n).astype("m8[D]")
    columns["city"] = _words("City", 5_000, random.zipf(1.3, n) % 5_000)
    return pa.table(columns)


def lines(n: int = LINES) -> pa.Table:
    """A log of orders with returns, lines without a customer and a few repeated rows."""
    random = np.random.default_rng(0)
    customer = (random.lognormal(8, 1, n).astype(np.int64)) % 40_000
    price = random.lognormal(1, 0.8, n).round(2)
    pieces = np.where(random.random(n) < 0.02, -1, 1) * random.geometric(0.2, n)
    columns = {
        "order_id": _words("O", n // 8, np.sort(random.integers(0, n // 8, n))),
        "product": _words("Product", 4_000, random.lognormal(6, 1, n).astype(np.int64) % 4_000),
        "quantity": pieces,
        "order_date": np.datetime64("2023-01-01T08:00", "s")
        + np.sort(random.integers(0, 1_000, n) * 86_400).astype("m8[s]"),
        "unit_price": price,
        "customer_id": pa.array(customer + 10_000, mask=random.random(n) < 0.1),
        "country": _words("Country", 30, random.zipf(2, n) % 30),
    }
    table = pa.table(columns)
    return pa.concat_tables([table, table.slice(0, n // 1_000)])


def summaries(path: Path) -> tuple[Any, ...]:
    """What a notebook begins with."""
    table = pd.read_parquet(path)
    return (
        table.describe(include="all"),
        table.isna().sum(),
        table.nunique(),
        int(table.duplicated().sum()),
    )


def _complete(engine: Engine, dataset: Dataset) -> Quality:
    """The report as the page shows it, with the rows whose numbers rarely occur together."""
    return with_unusual(report(engine, dataset), engine, dataset)


def _words(name: str, n: int, which: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(which.astype(np.int32), [f"{name} {i}" for i in range(n)]).cast(
        pa.string()
    )


def _least(work: Callable[[], Any]) -> float:
    found = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)
