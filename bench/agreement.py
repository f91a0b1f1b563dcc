"""Agreement of the segments found with the segments planted, over seeds of the demo's generator."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow.parquet as pq
from sklearn.metrics import adjusted_rand_score

from bench.row import Row
from core import pipeline
from core.demo import HABITS, NO_SEGMENT, Demo, generate
from core.io.store import Store
from core.spec import Study

SEEDS: Final = range(1, 21)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One shop's segmentation against its plant."""

    agreement: float
    k: int
    silhouette: float


def rows() -> Iterator[Row]:
    """The table's lines on agreement."""
    with TemporaryDirectory() as home:
        found = [segmented(Path(home), seed) for seed in SEEDS]
    agreements, silhouettes = [f.agreement for f in found], [f.silhouette for f in found]
    yield _row("agreement with the plant, adjusted Rand index, median", median(agreements))
    yield _row("agreement with the plant, lowest", min(agreements))
    yield _row("silhouette of the segments found, median", median(silhouettes))
    yield _row("silhouette, lowest", min(silhouettes))
    yield _row("silhouette, highest", max(silhouettes))
    right = sum(f.k == len(HABITS) for f in found)
    yield Row(
        name="shops where the planted number of segments is suggested",
        ours=right,
        unit="",
        runs=len(SEEDS),
        digits=0,
    )


def segmented(home: Path, seed: int) -> Found:
    """Segment the shop of a seed with every default, as a file of its own that is added to a store."""
    shop = generate(seed)
    file = home / f"shop-{seed}.parquet"
    pq.write_table(shop.lines, file)
    store = Store(home)
    dataset = store.add(file, answers={"discount": "before"})  # the generator's prices are before discount
    results = pipeline.run(Study().with_(ds=dataset.id), store)
    matrix, clustering = results.matrix, results.clustering
    assert matrix is not None and clustering is not None and clustering.silhouette is not None
    plant = _plant(shop)
    ids = results.customers.table["id"].to_pylist()
    truth = [plant[ids[row]] for row in matrix.rows]
    return Found(
        agreement=adjusted_rand_score(truth, clustering.labels),
        k=clustering.k,
        silhouette=clustering.silhouette.value,
    )


def _plant(shop: Demo) -> dict[str, int]:
    planted = zip(shop.people["Customer ID"].to_pylist(), shop.plant.tolist(), strict=True)
    return {customer: segment for customer, segment in planted if segment != NO_SEGMENT}


def _row(name: str, value: float) -> Row:
    return Row(name=name, ours=value, unit="", runs=len(SEEDS), digits=3)
