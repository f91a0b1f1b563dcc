"""Customer measures of a real log, beside a plain pandas groupby."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from bench import large_log
from bench.row import Row
from core import pipeline
from core.io.store import Store
from core.spec import Study

ROOT: Final = Path(__file__).resolve().parents[1]
RUNS: Final = 5
LARGE_RUNS: Final = 3


LARGE: Final = 10_000_000
LARGEST: Final = 100_000_000
LIMIT_MB: Final = 1024
"""What the engine may hold in memory for the largest log, in MiB."""


def rows() -> Iterator[Row]:
    """The table's lines on features."""
    yield from _online_retail()
    yield from _large()


def _large() -> Iterator[Row]:
    """Logs of 10 and 100 million lines; the first beside pandas, with the same values."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        large_log.make(folder, LARGE)
        large_log.measured("ours", folder, LARGE)  # finds repeated rows, which is done once per file
        pairs = [
            (large_log.measured("ours", folder, LARGE), large_log.measured("pandas", folder, LARGE))
            for _ in range(LARGE_RUNS)
        ]
        apart = large_log.furthest_apart(folder)
    ours, peer = min((o.wall for o, _ in pairs)), min((p.wall for _, p in pairs))
    yield Row(
        name="10M lines: customer sheet, fastest", ours=ours, peer=peer, unit="s", runs=LARGE_RUNS, digits=2
    )
    memory = [max(m.memory for m in side) for side in zip(*pairs, strict=True)]
    yield Row(
        name="10M lines: peak memory", ours=memory[0], peer=memory[1], unit="MB", runs=LARGE_RUNS, digits=0
    )
    yield Row(name="10M lines: values furthest apart, relative", ours=apart, unit="", runs=1, digits=12)
    with TemporaryDirectory() as home:
        folder = Path(home)
        large_log.make(folder, LARGEST)
        found = large_log.measured("ours", folder, LARGEST, LIMIT_MB)
    name = f"100M lines, engine limit {LIMIT_MB} MB"
    yield Row(name=f"{name}: customer sheet, 10M lines as peer", ours=found.wall, peer=ours, unit="s", runs=1)
    yield Row(name=f"{name}: peak memory", ours=found.memory, unit="MB", runs=1, digits=0)
    yield Row(name=f"{name}: progress told", ours=found.told, unit="times", runs=1, digits=0)


def _online_retail() -> Iterator[Row]:
    """A real log; nothing where the file is not there."""
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
