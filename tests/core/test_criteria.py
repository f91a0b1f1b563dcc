"""Criteria of a labeling, against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from core.choose.criteria import criteria

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
