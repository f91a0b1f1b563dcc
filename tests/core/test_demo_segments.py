"""With every default the demo's planted segments are found again."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import adjusted_rand_score

from core import pipeline
from core.demo import HABITS, Demo, generate
from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import Results
from core.spec import Study

ROLES = {
    "Order ID": "order",
    "Order date": "date",
    "Customer ID": "id",
    "Product": "product",
    "Category": "category",
    "Country": "country",
    "Quantity": "quantity",
    "Unit price": "unit_price",
    "Discount": "discount",
}


def stored(store: Store, demo: Demo, folder: Path) -> Dataset:
    """The demo's log as a file that somebody uploads."""
    path = folder / "demo.parquet"
    pq.write_table(demo.lines, path)
    return store.add(path, roles=ROLES, answers={"discount": "before"})


def planted(demo: Demo, results: Results) -> np.ndarray:
    """The planted segment of each segmented customer."""
    by_id = dict(zip(demo.people["Customer ID"].to_pylist(), demo.plant.tolist(), strict=True))
    return np.array([by_id[i] for i in results.customers.table["id"].to_pylist()])


@pytest.mark.parametrize("seed", [2, 3])
def test_the_planted_segments_are_found(store: Store, tmp_path: Path, seed: int) -> None:
    demo = generate(seed)
    results = pipeline.run(Study.parse(f"ds={stored(store, demo, tmp_path).id}"), store)
    clustering = results.clustering
    assert clustering is not None and clustering.silhouette is not None
    assert clustering.k == clustering.suggested_k == len(HABITS)
    assert adjusted_rand_score(planted(demo, results), clustering.labels) >= 0.9
    assert clustering.start_agreement is not None and clustering.start_agreement >= 0.95


def test_the_demo_is_the_first_seed_and_has_the_segments_of_the_house(store: Store) -> None:
    results = pipeline.run(Study(), store)
    assert results.profile is not None and results.clustering is not None
    labels = [set(s.labels) for s in results.profile.segments]
    assert any("High-value" in found for found in labels)
    assert any("Discount seeker" in found for found in labels)
    assert any("Infrequent shopper" in found for found in labels)
    assert adjusted_rand_score(planted(generate(), results), results.clustering.labels) >= 0.9
