"""Silhouettes: exact where they can be, with an interval where not."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples as theirs
from sklearn.metrics import silhouette_score

from core.silhouette import EXACT_ROWS, silhouette_samples, silhouettes
from tests.core.blobs import blobs

RNG = np.random.default_rng(1)


def drawn(n: int, k: int) -> np.ndarray:
    """Labels 0…k−1, each used."""
    return np.concatenate([np.arange(k), RNG.integers(0, k, n - k)])


@pytest.mark.parametrize("columns", [1, 2, 7])
@pytest.mark.parametrize("k", [2, 3, 9])
@pytest.mark.parametrize("far", [0.0, 1e4], ids=["around zero", "far from zero"])
def test_silhouettes_are_scikit_learns(columns: int, k: int, far: float) -> None:
    x = RNG.normal(size=(150, columns)) + far
    labels = drawn(150, k)
    found = silhouettes(x, {k: labels}, seed=0)[k]
    assert found is not None and not found.sampled and found.low is None
    centred = x - x.mean(axis=0)
    assert found.value == pytest.approx(silhouette_score(centred, labels), abs=1e-9)
    samples = silhouette_samples(x, {k: labels}, np.arange(150))[k]
    assert samples is not None
    np.testing.assert_allclose(samples, theirs(centred, labels), atol=1e-9)


def test_one_alone_counts_as_zero_and_copies_as_theirs() -> None:
    x = np.repeat(RNG.normal(size=(20, 3)), 2, axis=0)
    labels = np.array([0] * 20 + [1] * 19 + [2])
    found = silhouette_samples(x, {3: labels}, np.arange(40))[3]
    assert found is not None and found[-1] == 0
    np.testing.assert_allclose(found, theirs(x, labels), atol=1e-9)


def test_copies_of_one_point_per_segment_are_perfectly_apart() -> None:
    x = np.repeat([[0.0, 3.0], [1.0, 7.0]], 5, axis=0)
    found = silhouettes(x, {2: np.repeat([0, 1], 5)}, seed=0)[2]
    assert found is not None and found.value == pytest.approx(1.0, abs=1e-9)


def test_copies_of_one_point_in_all_segments_are_not_apart() -> None:
    found = silhouettes(np.ones((10, 2)), {2: np.repeat([0, 1], 5)}, seed=0)[2]
    assert found is not None and found.value == pytest.approx(0.0, abs=1e-9)


def test_several_labelings_at_once_are_each_their_own() -> None:
    x, labelings = RNG.normal(size=(90, 2)), {k: drawn(90, k) for k in (2, 4, 6)}
    together = silhouettes(x, labelings, seed=0)
    for k, labels in labelings.items():
        assert together[k] == silhouettes(x, {k: labels}, seed=0)[k]


def test_rows_without_a_segment_neither_count_nor_are_counted() -> None:
    x, labels = RNG.normal(size=(80, 2)), drawn(80, 3)
    labels[10:30] = -1
    found = silhouettes(x, {3: labels}, seed=0)[3]
    inside = labels >= 0
    assert found is not None
    assert found.value == pytest.approx(silhouette_score(x[inside], labels[inside]), abs=1e-9)


@pytest.mark.parametrize("labels", [[0] * 6, [-1] * 6, [0, 0, 0, -1, -1, -1]])
def test_fewer_than_two_segments_have_none(labels: list[int]) -> None:
    assert silhouettes(RNG.normal(size=(6, 2)), {1: np.array(labels)}, seed=0) == {1: None}


def test_a_sample_says_so_and_its_interval_covers_the_truth() -> None:
    points, copies = blobs((70, 50, 30), spread=0.5), 140
    side = points[:, 0] + points[:, 1]
    own = {3: np.digitize(side, np.quantile(side, [0.3, 0.8]))}
    x, labelings = np.repeat(points, copies, axis=0), {3: np.repeat(own[3], copies)}
    assert len(x) > EXACT_ROWS
    one_of_each = np.arange(0, len(x), copies)
    exact = silhouette_samples(x, labelings, one_of_each)[3]
    assert exact is not None
    inside = 0
    for seed in range(5):
        found = silhouettes(x, labelings, seed)[3]
        assert found is not None and found.sampled
        assert found.low is not None and found.high is not None
        assert 0 < found.high - found.low < 0.1
        inside += found.low <= exact.mean() <= found.high
    assert inside >= 4
