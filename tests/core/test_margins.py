"""How clearly customers belong to their segment: the leads are those of the single customers."""

from dataclasses import replace

import numpy as np
import pytest

from core.choose import Clustering
from core.features.matrix import Matrix
from core.margins import LEADS, margins
from core.pipeline import Results
from core.placed import placed
from tests.core.small import sheet
from tests.core.test_profile import divided


def grouped(seed: int, n: int = 300, k: int = 4) -> tuple[Matrix, Clustering]:
    """Points with segments at random, some without one."""
    rng = np.random.default_rng(seed)
    labels = [*range(1, k + 1), *rng.integers(0, k + 1, n - k).tolist()]
    return divided(labels, rng.normal(size=(n, 3)) + np.array(labels)[:, None])


@pytest.mark.parametrize("seed", range(3))
def test_each_customer_counts_in_the_step_of_its_own_lead(seed: int) -> None:
    matrix, clustering = grouped(seed)
    made = Results(customers=sheet({"a": [1.0]}, {"a": "number"}), matrix=matrix, clustering=clustering)
    counts, near = np.zeros((4, 5), int), np.zeros((4, 4), int)
    for x, own in zip(matrix.x, clustering.labels.tolist(), strict=True):
        if not own:
            continue
        place = placed(replace(made, matrix=replace(matrix, prepared=())), own, x)
        assert place.lead is not None and place.next is not None
        counts[own - 1, sum(place.lead >= lead for lead in LEADS)] += 1
        near[own - 1, place.next - 1] += place.lead < 0.1
    found = margins(matrix, clustering)
    assert np.array_equal(found.counts, counts) and np.array_equal(found.next_to, near)
    assert found.share(0, 4) == pytest.approx(counts[0, 4] / counts[0].sum())


def test_customers_who_could_not_be_compared_count_nowhere() -> None:
    matrix, clustering = grouped(1)
    fitted = np.arange(300) >= 100
    some = margins(replace(matrix, fitted=fitted, x=matrix.x[fitted]), clustering)
    assert some.counts.sum() == (clustering.labels[100:] > 0).sum()


def test_one_segment_has_no_next() -> None:
    matrix, clustering = divided([1, 1, 1])
    assert margins(matrix, clustering).counts.shape == (0, 5)
