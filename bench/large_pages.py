"""Server time of the pages over a million customers of twenty columns: first made, and kept."""

import gzip
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from bench.pages import hello, milliseconds, visitor_of, working
from bench.row import Row
from bench.visitor import UPDATE, Visitor
from core.io.store import Store
from core.spec import Study
from webapp import rolls
from webapp.app import create_app
from webapp.results import Services
from webapp.settings import Settings

CUSTOMERS: Final = 1_000_000
WARM: Final = 15
ROLES: Final = {
    "customer": "id",
    "spend": "spend",
    "orders": "frequency",
    "last": "recency",
    "score": "score",
    "age": "age",
    "gender": "gender",
    "city": "category",
    "plan": "category",
    "news": "flag",
    "income": "number",
    **{f"n{i}": "number" for i in range(10)},
}
PATHS: Final = ("/", "/eda", "/clustering", "/profiles", "/profiles/1")


def rows() -> Iterator[Row]:
    """The table's lines on large pages."""
    peer = visitor_of(hello().server)
    word = peer.request("said.children", {"asked.value": "world"})
    with TemporaryDirectory() as home, working(Path(home)):
        ds = stored(Path(home))
        settings = Settings.from_env({"DATA_DIR": home, "CACHE_MB": "8192"})
        visitor = visitor_of(create_app(settings).server)
        visitor.settle(visitor.opening("/profiles", f"?ds={ds}"), seconds=900)
        found = rolls.roll(Services.of(settings), Study.parse(f"?ds={ds}"), patience=900)
        (customer,) = found.addressed(np.array([CUSTOMERS // 2]))
        for path in (*PATHS, f"/customers/{customer}"):
            yield from _page(visitor, path, ds, milliseconds(peer.post, word))


def _page(visitor: Visitor, path: str, ds: str, peer: float) -> Iterator[Row]:
    body, again = (visitor.opening(path, f"?ds={ds}{look}") for look in ("", "&average=mean"))
    visitor.settle(body, seconds=900)
    cpu = time.process_time()
    visitor.settle(again, seconds=900)  # another look at the same results, of which no view is kept
    cold = time.process_time() - cpu
    name = f"{path} over {CUSTOMERS:,} customers"
    yield Row(name=f"{name}, results kept, view made", ours=cold, unit="cpu s", runs=1, digits=2)
    warm = median(milliseconds(visitor.post, body) for _ in range(WARM))
    yield Row(name=f"{name}, view kept, median", ours=warm, unit="ms", peer=peer, runs=WARM)
    sent = len(gzip.compress(visitor.post(UPDATE, body)[1], 6)) / 1000
    yield Row(name=f"{name}, sent, compressed", ours=sent, unit="kB", runs=1)


def stored(home: Path) -> str:
    """Keep the generated customers in a store; the data set's id."""
    path = home / "customers.parquet"
    _write(path)
    ds = Store(home).add(path, roles=ROLES).id
    path.unlink()
    return ds


def _write(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    kind = rng.choice(4, CUSTOMERS, p=[0.1, 0.3, 0.35, 0.25])
    spend = np.exp(rng.normal(np.array([8.0, 6.5, 5.0, 3.0])[kind], 0.35)).round(2)
    columns = {
        "customer": [f"c{i:07d}" for i in range(CUSTOMERS)],
        "spend": spend,
        "orders": rng.poisson(np.array([40.0, 14.0, 5.0, 1.0])[kind]) + 1,
        "last": rng.gamma(2, np.array([5.0, 20.0, 60.0, 150.0])[kind]).astype(int),
        "score": rng.integers(1, 11, CUSTOMERS),
        "age": rng.integers(18, 90, CUSTOMERS),
        "gender": rng.choice(["f", "m", "x"], CUSTOMERS),
        "city": rng.choice([f"City {i}" for i in range(40)], CUSTOMERS),
        "plan": rng.choice(["free", "plus", "pro"], CUSTOMERS),
        "news": rng.random(CUSTOMERS) < 0.4,
        "income": np.exp(rng.normal(10, 0.5, CUSTOMERS)).round(),
        **{f"n{i}": rng.normal(i, 1 + i, CUSTOMERS).round(3) for i in range(10)},
    }
    pq.write_table(pa.table(columns), path)
