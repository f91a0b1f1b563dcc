"""Criteria of a labeling, against scikit-learn."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from core.choose.criteria import criteria
from core.choose.gap import REFERENCES, Gap, by_gap, gaps
from tests.core.blobs import blobs

RNG = np.random.default_rng(2)
X = RNG.normal(size=(500, 4)) + RNG.integers(0, 3, 500)[:, None]


@pytest.mark.parametrize("k", [2, 3, 7])
def test_criteria_are_scikit_learns(k: int) -> None:
    labels = np.concatenate([np.arange(k), RNG.integers(0, k, 500 - k)])
    found = criteria(X, {k: labels})[k]
    assert found.calinski_harabasz == pytest.approx(calinski_harabasz_score(X, labels), rel=1e-9)
    assert found.davies_bouldin == pytest.approx(davies_bouldin_score(X, labels), rel=1e-9)
    assert found.sizes.tolist() == np.bincount(labels).tolist()
    np.testing.assert_allclose(found.centres[1], X[labels == 1].mean(axis=0))


def test_rows_without_a_segment_do_not_count() -> None:
    labels = RNG.integers(-1, 3, 500)
    inside = labels >= 0
    found = criteria(X, {3: labels})[3]
    assert found.calinski_harabasz == pytest.approx(calinski_harabasz_score(X[inside], labels[inside]))
    assert found.sizes.sum() == inside.sum()


def test_many_rows_are_added_up_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = RNG.integers(-1, 4, 500)
    whole = criteria(X, {4: labels})[4]
    monkeypatch.setattr("core.choose.criteria._CHUNK", 37)
    parts = criteria(X, {4: labels})[4]
    assert parts.inertia == pytest.approx(whole.inertia, rel=1e-12)
    assert parts.davies_bouldin == pytest.approx(whole.davies_bouldin, rel=1e-12)


def test_one_segment_none_and_copies_have_no_criterion() -> None:
    one = criteria(X, {1: np.zeros(500, int), 0: np.full(500, -1)})
    assert one[1].calinski_harabasz is None and one[1].davies_bouldin is None
    assert one[0].sizes.size == 0 and one[0].inertia == 0
    same = criteria(np.ones((6, 2)), {2: np.array([0, 0, 0, 1, 1, 1])})[2]
    assert same.calinski_harabasz is None and same.davies_bouldin is None


def plain_gaps(x: np.ndarray, ks: range) -> tuple[np.ndarray, np.ndarray]:
    """The gap statistic and its error as the paper writes them."""
    rng = np.random.default_rng(5)
    centred = x - x.mean(axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2].T

    def logs(z: np.ndarray, starts: int) -> np.ndarray:
        return np.log([KMeans(k, n_init=starts, random_state=0).fit(z).inertia_ for k in ks])

    low, high = along.min(axis=0), along.max(axis=0)
    references = np.array([logs(rng.uniform(low, high, x.shape), 1) for _ in range(REFERENCES)])
    return references.mean(axis=0) - logs(x, 10), references.std(axis=0) * np.sqrt(1 + 1 / REFERENCES)


def test_the_gap_is_that_of_plain_numpy_and_scikit_learn() -> None:
    x, ks = blobs((60, 50, 40), spread=0.12), range(1, 5)
    found, (expected, error) = gaps(x, ks, 0), plain_gaps(x, ks)
    differ = np.abs([found[k].value for k in ks] - expected)
    assert (differ < 0.03 + error).all()  # both are means of ten draws
    np.testing.assert_allclose([found[k].error for k in ks], error, rtol=0, atol=0.08)
    assert by_gap(found) == 3


def test_the_gap_takes_the_smallest_number_within_an_error_of_the_next() -> None:
    def of(*values: float) -> dict[int, Gap]:
        return {k: Gap(value=value, error=0.1) for k, value in enumerate(values, 1)}

    assert by_gap(of(0.5, 0.2, 0.9)) == 1
    assert by_gap(of(0.1, 0.45, 0.5)) == 2  # within an error
    assert by_gap(of(0.1, 0.3, 0.5)) == 3  # ever rising: the last
    assert by_gap({}) is None


def test_copies_of_a_few_points_have_no_gap_where_nothing_is_spread() -> None:
    assert sorted(gaps(np.repeat([[0.0, 0], [1, 0], [0, 5]], 20, axis=0), (1, 2, 3), 0)) == [1, 2]
