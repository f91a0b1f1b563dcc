"""How well single customers belong to their segments."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from core.silhouette import belonging
from core.silhouette.belonging import ALL_ROWS, DRAWN


def blobs(rows: int, shares: tuple[float, ...] = (0.6, 0.3, 0.1)) -> tuple[np.ndarray, np.ndarray]:
    """Touching groups of unequal size, and the group 1… of each row."""
    rng = np.random.default_rng(4)
    of = rng.choice(len(shares), rows, p=shares)
    return rng.normal(size=(rows, 2)) + 2.2 * of[:, None], of.astype(np.int16) + 1


def test_means_and_counts_are_those_of_every_customer() -> None:
    x, labels = blobs(700)
    found, exact = belonging(x, labels, 0), silhouette_samples(x, labels)
    assert not found.sampled
    assert found.mean == pytest.approx([exact[labels == s].mean() for s in (1, 2, 3)])
    assert found.nearer.tolist() == [int((exact[labels == s] < 0).sum()) for s in (1, 2, 3)]
    assert found.nearer.sum() > 0


def test_values_are_by_segment_and_the_highest_first() -> None:
    x, labels = blobs(700)
    found = belonging(x, labels, 0)
    assert found.segments.tolist() == sorted(labels.tolist())
    assert all((np.diff(found.values[found.segments == s]) <= 0).all() for s in (1, 2, 3))


def test_of_many_customers_some_are_drawn_of_every_segment_and_told() -> None:
    x, labels = blobs(ALL_ROWS + 1_500, (0.899, 0.1, 0.001))
    found = belonging(x, labels, 0)
    drawn = np.bincount(found.segments)[1:]
    assert found.sampled and found.values.size == pytest.approx(DRAWN, abs=40)
    assert drawn[2] == min(30, (labels == 3).sum())
    exact = silhouette_samples(x, labels)
    assert found.mean == pytest.approx([exact[labels == s].mean() for s in (1, 2, 3)], abs=0.03)
    assert found.nearer.sum() == pytest.approx((exact < 0).sum(), rel=0.2)


def test_customers_without_a_segment_are_left_out() -> None:
    x, labels = blobs(300)
    labels[:20] = 0
    found, some = belonging(x, labels, 0), labels > 0
    assert found.values.size == 280
    assert found.mean.mean() == pytest.approx(
        np.mean([silhouette_samples(x[some], labels[some])[labels[some] == s].mean() for s in (1, 2, 3)])
    )


@pytest.mark.parametrize("labels", [np.zeros(9, np.int16), np.ones(9, np.int16), np.full(9, 2, np.int16)])
def test_without_two_segments_there_is_nothing_to_show(labels: np.ndarray) -> None:
    found = belonging(np.arange(9.0)[:, None], labels, 0)
    assert found.values.size == found.mean.size == 0
