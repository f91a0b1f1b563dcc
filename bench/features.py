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
from bench.large_log import Measured
from bench.row import Row
from core import pipeline
from core.io.store import Store
from core.spec import Study

ROOT: Final = Path(__file__).resolve().parents[1]
RUNS: Final = 5
LARGE: Final = 10_000_000
LARGE_RUNS: Final = 3
LIMIT_MB: Final = 1024
"""What the engine may hold in memory for a log of more lines, in MiB."""


def rows() -> Iterator[Row]:
    """The table's lines on features."""
    yield from _online_retail()
    yield from _large()


def _large() -> Iterator[Row]:
    """A log of 10 million lines beside pandas, with the same values; one of `BENCH_LINES` where it is set."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        large_log.make(folder, LARGE)
        large_log.measured("sheet", folder, LARGE)  # finds repeated rows, which is done once per file
        found = [
            {who: large_log.measured(who, folder, LARGE) for who in ("measures", "sheet", "pandas")}
            for _ in range(LARGE_RUNS)
        ]
        apart = large_log.furthest_apart(folder)
        lines = int(os.environ.get("BENCH_LINES") or 0)
        limited = large_log.measured("sheet", folder, LARGE, LIMIT_MB) if lines else None
    for who, name in (("measures", "nine measures"), ("sheet", "the whole customer sheet")):
        yield from _beside(f"10M lines: {name}", [f[who] for f in found], [f["pandas"] for f in found])
    yield Row(name="10M lines: values furthest apart, relative", ours=apart, unit="", runs=1, digits=12)
    if limited is not None:
        yield from _limited(lines, limited)


def _beside(name: str, ours: list[Measured], peer: list[Measured]) -> Iterator[Row]:
    """The fastest run and the least CPU seconds of each; the highest peak of memory."""

    def row(what: str, of: Callable[[list[Measured]], float], unit: str, digits: int) -> Row:
        return Row(
            name=f"{name}, {what}", ours=of(ours), peer=of(peer), unit=unit, runs=LARGE_RUNS, digits=digits
        )

    yield row("wall, fastest", lambda side: min(m.wall for m in side), "s", 2)
    yield row("CPU, least", lambda side: min(m.cpu for m in side), "s", 2)
    yield row("peak memory", lambda side: max(m.memory for m in side), "MB", 0)


def _limited(lines: int, less: Measured) -> Iterator[Row]:
    """A log of more lines than fit into the engine's memory; the peer is ours with 10 million, as limited."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        large_log.make(folder, lines)
        large_log.measured("sheet", folder, lines, LIMIT_MB)  # finds repeated rows
        found = large_log.measured("sheet", folder, lines, LIMIT_MB)
    name = f"{lines:,} lines, engine limit {LIMIT_MB} MB"
    yield Row(name=f"{name}: wall, 10M lines as peer", ours=found.wall, peer=less.wall, unit="s", runs=1)
    yield Row(name=f"{name}: CPU, 10M lines as peer", ours=found.cpu, peer=less.cpu, unit="s", runs=1)
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
