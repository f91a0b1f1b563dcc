"""All that EDA adds up over 1,000,000 customers × 20 columns, beside ydata-profiling's minimal report."""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from bench.environment import python_with
from bench.profiling import NEEDS
from bench.row import Row
from core import explore
from core.codec import decode, encode
from core.features.customers import Customers, Measure
from core.figures import CHARTS

MANY: Final = 1_000_000
FEW: Final = 100_000
RUNS: Final = 3
PEER: Final = Path(__file__).with_name("profiling.py")
UNITS: Final = {
    "monetary": "money",
    "average_order_value": "money",
    "orders": "count",
    "variety": "count",
    "recency": "days",
    "tenure": "days",
    "interpurchase_days": "days",
    "discount_share": "share",
    "return_rate": "share",
    "purchase_frequency": "rate",
    "age": "age",
    "gender": "category",
    "country": "category",
    "city": "category",
    "income_band": "band",
    "newsletter": "flag",
}
BANDS: Final = ("low", "middle", "high")


def rows() -> Iterator[Row]:
    """The table's lines on EDA."""
    customers = generated(MANY)
    kept = encode(customers)
    whole = least(lambda: everything(customers))
    view = least(lambda: first_view(kept))
    peer = _peer(customers)
    name = f"EDA, all aggregates of all tabs, {MANY:,} × {len(customers.measures)}, CPU"
    said = "" if peer is None else f", peer: minimal report of {FEW:,} × {MANY // FEW}"
    yield Row(name=name + said, ours=whole, unit="s", peer=peer, runs=RUNS, digits=2)
    name = "EDA, first view: sheet read, added up, drawn, CPU"
    yield Row(name=name, ours=view, unit="s", runs=RUNS, digits=2)


def generated(n: int, seed: int = 0) -> Customers:
    """Customers with 20 attributes as a log's sheet has them: skewed, tied and missing values, months."""
    rng = np.random.default_rng(seed)
    orders = rng.geometric(0.25, n).astype(float)
    spend = np.round(orders * rng.lognormal(3.5, 0.8, n), 2)
    tenure = rng.integers(0, 720, n).astype(float)
    gaps = np.where(orders > 1, np.round(tenure / orders, 1), np.nan)
    columns: dict[str, Any] = {
        "monetary": spend,
        "average_order_value": np.round(spend / orders, 2),
        "orders": orders,
        "variety": rng.poisson(3 * orders).astype(float),
        "recency": np.floor(rng.random(n) * (tenure + 1)),
        "tenure": tenure,
        "interpurchase_days": gaps,
        "discount_share": rng.beta(1, 6, n),
        "return_rate": np.where(rng.random(n) < 0.8, 0.0, rng.beta(1, 9, n)),
        "purchase_frequency": np.where(tenure >= 90, orders / np.maximum(tenure, 1) * 365, np.nan),
        "age": np.where(rng.random(n) < 0.05, np.nan, rng.integers(18, 90, n)),
        **{f"number_{at}": rng.normal(size=n) * (1 + at) for at in range(4)},
        "gender": _words(rng, ["f", "m", "d"], n),
        "country": _words(rng, [f"country {at}" for at in range(30)], n),
        "city": _words(rng, [f"city {at}" for at in range(400)], n),
        "income_band": _words(rng, list(BANDS), n),
        "newsletter": pa.array(rng.random(n) < 0.4),
    }
    begun = 23 - tenure.astype(np.int64) // 31
    hidden = {
        "r": rng.integers(1, 6, n).astype(np.int8),
        "fm": rng.integers(1, 6, n).astype(np.int8),
        "_ordered_2023_01": (rng.integers(1, 1 << 24, n) >> begun | 1) << begun,
    }
    measures = tuple(
        Measure(
            slug=slug,
            label=slug.replace("_", " ").capitalize(),
            unit=UNITS.get(slug, "number"),
            levels=BANDS if slug == "income_band" else (),
        )
        for slug in columns
    )
    ids = pa.array(np.arange(n)).cast(pa.string())
    table = pa.table({"id": ids, **columns, **hidden})
    first, last = dt.date(2023, 1, 1), dt.date(2024, 12, 31)
    months = [dt.date(2023 + at // 12, at % 12 + 1, 1) for at in range(24)]
    counted = {name: [float(n)] * 24 for name in ("net", "gross", "orders", "customers")}
    return Customers(
        kind="log",
        table=table,
        measures=measures,
        labels=(),
        ledger=(),
        as_of=last,
        first_day=first,
        last_day=last,
        months=pa.table({"month": months, **counted}),
    )


def everything(customers: Customers) -> list[Any]:
    """What every chart of every tab is drawn from."""
    everybody = np.arange(len(customers))
    return [
        *_first(customers, everybody),
        explore.boxes(customers, everybody, "monetary", "country"),
        explore.correlations(customers, everybody, "spearman"),
        explore.correlations(customers, everybody, "pearson"),
        explore.associations(customers, everybody),
        explore.pair(customers, everybody, "orders", "monetary"),
        explore.cross(customers, everybody, "country", "income_band"),
        explore.patterns(customers, everybody, explore.missing(customers, everybody)),
    ]


def first_view(kept: bytes) -> list[str]:
    """The first view as a web process makes it: from the kept sheet to the figures that are sent."""
    customers = decode(Customers, kept)
    names = ("histogram", "orders", "bars", "rfm", "over_time", "retention", "concentration")
    found = _first(customers, np.arange(len(customers)))
    return [CHARTS[name].draw(one).figure.to_json() for name, one in zip(names, found, strict=True)]


def least(act: Callable[[], Any]) -> float:
    """Seconds of CPU, the least of some runs."""
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return min(spent)


def _first(customers: Customers, everybody: np.ndarray) -> list[Any]:
    return [
        explore.histogram(customers, everybody, "monetary"),
        explore.order_bars(customers, everybody),
        explore.level_bars(customers, everybody, "age"),
        explore.rfm_grid(customers, everybody),
        explore.months(customers, everybody),
        explore.retention(customers, everybody),
        explore.concentration(customers, everybody),
    ]


def _words(rng: np.random.Generator, words: list[str], n: int) -> pa.Array:
    share = 1 / np.arange(1, len(words) + 1)
    codes = rng.choice(len(words), n, p=share / share.sum())
    gaps = rng.random(n) < 0.03
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=gaps), pa.array(words)).cast(pa.string())


def _peer(customers: Customers) -> float | None:
    """Seconds of CPU of the minimal report of some rows, times as many as there are more."""
    python = python_with("profiling", NEEDS, 900)
    if python is None:
        print("ydata-profiling can't be installed here: no peer on EDA", file=sys.stderr)
        return None
    with TemporaryDirectory() as home:
        path = Path(home) / "some.csv"
        pcsv.write_csv(customers.table.select([m.slug for m in customers.measures]).slice(0, FEW), path)
        runs = [_report(python, path) for _ in range(RUNS)]
    return min(runs) * MANY / FEW


def _report(python: Path, path: Path) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run([python, PEER, path], env=environment, check=True, capture_output=True, text=True)
    return float(json.loads(found.stdout.splitlines()[-1])["cpu"])
