"""Customer measures of a real log, beside a plain pandas groupby."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from bench.row import Row
from core import pipeline
from core.io.store import Store
from core.spec import Study

ROOT: Final = Path(__file__).resolve().parents[1]
RUNS: Final = 5


def rows() -> Iterator[Row]:
    """The table's lines on features; none where the file is not there."""
    file = Path(os.environ.get("TEST_DATA_DIR") or ROOT / "../shared/data") / "online_retail.parquet"
    if not file.exists():
        return
    with TemporaryDirectory() as home:
        store = Store(Path(home))
        reading, dataset = _timed(lambda: store.add(file))
        study = Study().with_(ds=dataset.id)
        pairs = [_pair(file, study, store) for _ in range(RUNS)]
        whole = [_timed(lambda: pipeline.run(study, store))[0] for _ in range(RUNS)]
    ours, peers = zip(*pairs, strict=True)
    yield Row(name="Online Retail: read, typed, stored", ours=reading, unit="s", runs=1)
    yield Row(
        name="Online Retail: customer measures and labels, pandas groupby of three as peer",
        ours=median(ours),
        unit="s",
        peer=median(peers),
        runs=RUNS,
        digits=2,
    )
    yield Row(
        name="Online Retail: the whole study, fit and profiles too",
        ours=median(whole),
        unit="s",
        runs=RUNS,
        digits=2,
    )


def _pair(file: Path, study: Study, store: Store) -> tuple[float, float]:
    ours, _ = _timed(lambda: pipeline.run(study, store, need="customers"))
    peer, _ = _timed(lambda: grouped(file))
    return ours, peer


def grouped(file: Path) -> pd.DataFrame:
    """Recency, orders and net spend as they stand in many notebooks: no order is undone by its return."""
    lines = pd.read_parquet(file).dropna(subset="CustomerID")
    lines = lines.assign(day=pd.to_datetime(lines.InvoiceDate), net=lines.Quantity * lines.UnitPrice)
    sales = lines[(lines.Quantity > 0) & (lines.UnitPrice > 0)]
    bought = sales.groupby("CustomerID").agg(last=("day", "max"), orders=("InvoiceNo", "nunique"))
    return bought.assign(
        recency=(lines.day.max() - bought["last"]).dt.days, monetary=lines.groupby("CustomerID").net.sum()
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found
