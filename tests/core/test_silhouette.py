"""Silhouettes: exact where they can be, with an interval where not."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples as theirs
from sklearn.metrics import silhouette_score

from core.silhouette import EXACT_ROWS, sampled, silhouette_samples, silhouettes
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
        alone = silhouettes(x, {k: labels}, seed=0)[k]
        assert together[k] is not None and alone is not None
        assert together[k].value == pytest.approx(alone.value, abs=1e-12)


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


@pytest.mark.parametrize("k", [2, 5])
def test_the_interval_of_a_sample_covers_the_truth(k: int) -> None:
    x = blobs((900, 600, 400, 100), spread=0.5, columns=3)
    labels = KMeans(k, n_init=1, random_state=0).fit_predict(x)
    exact = silhouettes(x, {k: labels}, 0)[k]
    assert exact is not None and not exact.sampled
    inside, wide = 0, []
    for seed in range(100):
        found = sampled(x, {k: labels}, seed)[k]
        assert found is not None and found.sampled and found.low is not None and found.high is not None
        wide.append(found.high - found.low)
        inside += found.low <= exact.value <= found.high
    assert inside >= 89  # of 100, where 95 are expected: fewer once in a hundred
    assert 0 < max(wide) < 0.06


def test_many_rows_are_sampled() -> None:
    x = np.random.default_rng(0).normal(size=(EXACT_ROWS + 1, 2))
    labels = (x[:, 0] > 0).astype(int)
    labels[x[:, 0] > 3.5] = 2  # so few that no draw may meet them
    labels[:50] = -1
    found = silhouettes(x, {3: labels}, 0)[3]
    assert found is not None and found.sampled and -1 <= found.value <= 1


def test_rows_compared_with_all_and_pairs_looked_at_once_say_the_same() -> None:
    x, labels = RNG.normal(size=(1_500, 4)), drawn(1_500, 4)
    some = np.arange(0, 1_500, 11)
    every = silhouette_samples(x, {4: labels}, np.arange(1_500))[4]
    few = silhouette_samples(x, {4: labels}, some)[4]
    assert every is not None and few is not None
    np.testing.assert_allclose(few, every[some], atol=1e-5)
