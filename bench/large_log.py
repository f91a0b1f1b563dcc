"""A log of millions of lines: made in parts from a seed, its customers measured by us and by pandas.

`python -m bench.large_log WHO FOLDER LINES MEMORY_MB` measures in a process of its own, prints the figures as
JSON and leaves the customers in `FOLDER/WHO.parquet`. WHO is `sheet` (all that the product makes of a log's
customers: labels, ledger, months too), `measures` (the nine measures alone) or `pandas`, their plain groupby.
"""

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.features.gathered import measured_at_once, opened
from core.features.scene import scene_of
from core.features.sheet import customer_sheet
from core.io.dataset import Column, Dataset, TableRef
from core.io.engine import Engine
from core.io.query.repeated import repeated
from core.spec import Clean, Source

CUSTOMERS: Final = 780_000
CONTENT: Final = "large"
MEASURES: Final = (
    *("recency", "orders", "monetary", "average_order_value", "tenure", "interpurchase_days"),
    *("discount_share", "returns", "variety"),
)
_PART: Final = 1_000_000
_COLUMNS: Final = (
    ("customer", "integer", "id"),
    ("number", "integer", "order"),
    ("date", "datetime", "date"),
    ("product", "integer", "product"),
    ("quantity", "integer", "quantity"),
    ("unit_price", "number", "unit_price"),
    ("discount", "number", "discount"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds and MiB of a process: its work, its peak of memory, and how often it told of its progress."""

    wall: float
    cpu: float
    memory: float
    told: int = 0


def make(folder: Path, lines: int, seed: int = 0) -> None:
    """Write a log of so many lines where the engine looks for the stored table `CONTENT`.

    Orders have one to nine lines; a line in fifty is a return, of more pieces than are ever bought at once,
    so that no return undoes a sale and a plain groupby counts the same orders as we do.
    """
    path = folder / "data" / CONTENT / "table.parquet"
    path.parent.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    writer = None
    for start in range(0, lines, _PART):
        part = _lines(rng, min(_PART, lines - start), start)
        writer = writer or pq.ParquetWriter(path, part.schema, compression="zstd")
        writer.write_table(part, row_group_size=122_880)
    if writer is not None:
        writer.close()


def measured(who: str, folder: Path, lines: int, memory_mb: int = 0) -> Measured:
    """Measure in a fresh process."""
    command = [sys.executable, "-m", "bench.large_log", who, str(folder), str(lines), str(memory_mb)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


_OURS: Final = {"sheet": "id", "measures": "customer"}
"""Our ways to the measures, and the column that names the customer."""


def furthest_apart(folder: Path) -> float:
    """The largest relative difference between our values and those of pandas, over customers and measures.

    Both ways of ours are compared: the whole sheet, and the nine measures alone.
    """
    peer = pd.read_parquet(folder / "pandas.parquet")
    return max(_furthest(_by_customer(folder, who, name), peer) for who, name in _OURS.items())


def _by_customer(folder: Path, who: str, name: str) -> pd.DataFrame:
    found = pd.read_parquet(folder / f"{who}.parquet").set_index(name)
    found.index = found.index.astype("int64")
    return found[found.orders > 0]


def _furthest(ours: pd.DataFrame, peer: pd.DataFrame) -> float:
    assert sorted(ours.index) == sorted(peer.index)
    peer = peer.loc[ours.index]
    return max(_apart(ours[m].to_numpy(float), peer[m].to_numpy(float)) for m in MEASURES)


def _apart(a: np.ndarray, b: np.ndarray) -> float:
    assert (np.isnan(a) == np.isnan(b)).all()
    return float(np.nanmax(np.abs(a - b) / np.maximum(np.abs(b), 1)))


def _lines(rng: np.random.Generator, n: int, start: int) -> pa.Table:
    sizes = rng.integers(1, 10, n)
    order = np.repeat(np.arange(n), sizes)[:n]
    customer = (CUSTOMERS * rng.random(n) ** 1.6).astype(np.int64)[order] + 1
    seconds = (rng.integers(0, 730, n) * 86_400 + rng.integers(28_800, 79_200, n))[order]
    at = (np.datetime64("2022-01-01", "s") + seconds.astype("timedelta64[s]")).astype("datetime64[us]")
    back = rng.random(n) < 0.02
    quantity = np.where(back, -rng.integers(6, 9, n), rng.integers(1, 6, n))
    price = rng.integers(50, 20_000, n) / 100
    off = (rng.random(n)[order] < 0.3) & ~back
    return pa.table(
        {
            "customer": customer,
            "number": order + start,
            "date": at,
            "product": (5000 * rng.random(n) ** 2).astype(np.int64),
            "quantity": quantity,
            "unit_price": price,
            "discount": np.where(off, np.round(quantity * price * 0.1, 2), 0.0),
            "_row": np.arange(start, start + n) + 1,
        }
    )


def _sheet(folder: Path, lines: int, memory_mb: int) -> tuple[pa.Table, Measured]:
    engine = Engine(folder / "data", memory_mb=memory_mb or None)
    repeated(engine, CONTENT)
    told: list[float] = []
    sheet, found = _timed(
        lambda: customer_sheet(
            engine, dataset_of(lines), Source(), Clean(), lambda stage, share: told.append(share)
        )
    )
    return sheet.table.select(["id", *MEASURES]), Measured(**{**found, "told": len(told)})


def _measures(folder: Path, lines: int, memory_mb: int) -> tuple[pa.Table, Measured]:
    engine = Engine(folder / "data", memory_mb=memory_mb or None)
    repeated(engine, CONTENT)
    table, found = _timed(lambda: _measured(engine, dataset_of(lines)))
    return table, Measured(**found)


def _measured(engine: Engine, dataset: Dataset) -> pa.Table:
    """From the stored table to the measures, the snapshot day and the matching of returns too."""
    source, clean = Source(), Clean()
    scene = scene_of(dataset, source, clean)
    with engine.work() as work:
        log = opened(engine, work, dataset, source, clean, scene, parts=1)
        found = measured_at_once(log)
    return found.sheet.select(["customer", *MEASURES])


def _pandas(folder: Path, lines: int, memory_mb: int) -> tuple[pa.Table, Measured]:
    wide, found = _timed(lambda: grouped(folder / "data" / CONTENT / "table.parquet"))
    return pa.Table.from_pandas(wide), Measured(**found)


def grouped(path: Path, until: dt.date | None = None) -> pd.DataFrame:
    """The measures as a notebook computes them; no return undoes an order here, so none is looked for."""
    lines = pd.read_parquet(path, columns=[name for name, _, _ in _COLUMNS])
    lines["day"] = lines.pop("date").dt.normalize()
    lines = lines if until is None else lines[lines.day <= pd.Timestamp(until)]
    lines["value"] = lines.quantity * lines.unit_price
    as_of = lines.day.max()
    sales = lines[lines.quantity > 0]
    found = sales.groupby("customer").agg(
        first=("day", "min"),
        last=("day", "max"),
        days=("day", "nunique"),
        orders=("number", "nunique"),
        variety=("product", "nunique"),
        gross=("value", "sum"),
        discount=("discount", "sum"),
    )
    back = lines[lines.quantity < 0]
    returns = (-back.value).groupby(back.customer).sum().reindex(found.index, fill_value=0.0)
    paid = found.gross - found.discount
    apart = (found["last"] - found["first"]).dt.days
    return pd.DataFrame(
        {
            "recency": (as_of - found["last"]).dt.days,
            "orders": found.orders,
            "monetary": paid - returns,
            "average_order_value": paid / found.orders,
            "tenure": (as_of - found["first"]).dt.days,
            "interpurchase_days": (apart / (found.days - 1)).where(found.days > 1),
            "discount_share": found.discount / found.gross,
            "returns": returns,
            "variety": found.variety,
        }
    )


def dataset_of(lines: int) -> Dataset:
    """The log as the pipeline knows it."""
    columns = tuple(
        Column(slug=slug, name=slug, type=kind, role=role, reason="", missing=0, distinct=2)
        for slug, kind, role in _COLUMNS
    )
    table = TableRef(content=CONTENT, rows=lines, columns=columns)
    given = (("discount", "before"),)
    return Dataset(id="large", name="large", kind="log", table=table, added="2025-01-01", answers=given)


def _timed(work: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    began, cpu = time.perf_counter(), time.process_time()
    found = work()
    memory = _peak_mb()
    return found, {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "memory": memory,
    }


def _peak_mb() -> float:
    """Peak of this process: `ru_maxrss` would include what its parent held before this program began."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


_WHO: Final[dict[str, Callable[[Path, int, int], tuple[pa.Table, Measured]]]] = {
    "sheet": _sheet,
    "measures": _measures,
    "pandas": _pandas,
}


def main() -> None:
    """Measure once, as the first argument says."""
    who, folder, lines, memory_mb = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    table, found = _WHO[who](folder, lines, memory_mb)
    pq.write_table(table, folder / f"{who}.parquet")
    print(json.dumps({"wall": found.wall, "cpu": found.cpu, "memory": found.memory, "told": found.told}))


if __name__ == "__main__":
    main()
