"""One contract for every algorithm, and each against scikit-learn."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from core import pipeline
from core.choose import Clustering, cluster
from core.cluster import ALGORITHMS
from core.errors import UserError
from core.io.store import Store
from core.spec import PARAMS, Cluster, Study
from tests.core.blobs import blobs, matrix_of

X = blobs((60, 50, 40), spread=0.2)
VALUE = np.round(np.exp(X[:, 0] * 2), 2)
every = pytest.mark.parametrize(
    "name", [name for name in ALGORITHMS if name != "rules"]
)  # rules: test_rules.py


def found(name: str, x: np.ndarray = X, **more: object) -> Clustering:
    """A clustering of x."""
    return cluster(matrix_of(x), None, Cluster(algorithm=name, **more))  # type: ignore[arg-type]


# The contract


def test_the_menu_is_the_table() -> None:
    assert tuple(ALGORITHMS) == tuple(value for value, _ in PARAMS["algorithm"][1].choices)
    for algorithm in ALGORITHMS.values():
        assert set(algorithm.params) <= set(PARAMS)
        assert algorithm.label and algorithm.good_when


@every
def test_the_same_seed_gives_the_same_labels(name: str) -> None:
    assert found(name, seed=3).labels.tolist() == found(name, seed=3).labels.tolist()


@every
def test_threads_do_not_matter(name: str) -> None:
    x = blobs((900, 700, 500), spread=0.35, columns=4)
    with threadpool_limits(1):
        one = found(name, x)
    with threadpool_limits(2):
        two = found(name, x)
    assert one.labels.tolist() == two.labels.tolist()
    assert one.inertia == two.inertia


@every
def test_the_order_of_the_rows_in_the_file_does_not_matter(name: str, store: Store, tmp_path: Path) -> None:
    x = np.round(blobs((60, 50, 40), spread=0.35), 3)
    rows = [f"c{i},{a},{b}" for i, (a, b) in enumerate(x)]
    labels = []
    for order in (rows, rows[::-1], sorted(rows, key=hash)):
        path = tmp_path / "points.csv"
        path.write_text("customer,x,y\n" + "\n".join(order))
        dataset = store.add(path, roles={"customer": "id", "x": "number", "y": "number"})
        study = Study.parse(f"ds={dataset.id}&algorithm={name}")
        results = pipeline.run(study, store)
        assert results.clustering is not None
        ids = results.customers.table["id"].to_pylist()
        labels.append(dict(zip(ids, results.clustering.labels.tolist(), strict=True)))
    assert labels[0] == labels[1] == labels[2]


@every
def test_every_row_is_labelled(name: str) -> None:
    result = found(name)
    assert result.labels.shape == (len(X),)
    assert set(result.labels) - {0} == set(range(1, result.k + 1))
    assert (result.labels > 0).all() or not ALGORITHMS[name].chooses_k
    assert result.centres.shape == (result.k, 2)
    assert result.coords.shape == (len(X), 2)


@every
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_too_few_rows_are_refused_in_words_or_have_no_segment(name: str, rows: int) -> None:
    if not ALGORITHMS[name].chooses_k:
        assert found(name, X[:rows], k=4).k == 0
        return
    with pytest.raises(UserError, match=f"4 segments need at least 4 customers; there (is|are) {rows}"):
        found(name, X[:rows], k=4)


@every
def test_as_many_rows_as_segments_will_do(name: str) -> None:
    if ALGORITHMS[name].chooses_k:
        assert sorted(found(name, X[:4], k=4).labels) == [1, 2, 3, 4]


@every
def test_too_many_rows_are_refused_in_words(name: str) -> None:
    algorithm = ALGORITHMS[name]
    with pytest.raises(UserError, match="takes up to"):
        algorithm.check(algorithm.limit + 1, 3)
    algorithm.check(algorithm.limit, 3)


@every
@pytest.mark.parametrize("different", [1, 2])
def test_duplicates_of_few_points_are_no_segments(name: str, different: int) -> None:
    x = np.repeat(X[:different], 30, axis=0)
    if not ALGORITHMS[name].chooses_k:
        assert 1 <= found(name, x).k <= different
        return
    with pytest.raises(UserError, match=f"only {different} different value.* too few for 3 segments"):
        found(name, x, k=3)


@every
def test_rows_closer_than_a_distance_can_show_make_no_empty_segment(name: str) -> None:
    x = np.repeat([1.0, 1 + 2e-16, 2.0], 10)[:, None]
    x = (x - x.mean()) / x.std()
    assert len(np.unique(x)) == 3
    for k in (None, 3):
        with contextlib.suppress(UserError):  # so few values may also be refused
            result = found(name, x, k=k)
            assert set(result.labels) - {0} == set(range(1, result.k + 1))


@every
def test_progress_is_told_in_words_and_shares(name: str) -> None:
    told: list[tuple[str, float]] = []
    cluster(matrix_of(X), None, Cluster(algorithm=name), lambda stage, share: told.append((stage, share)))
    assert told and all(stage and 0 <= share <= 1 for stage, share in told)


@every
def test_values_of_one_column_are_enough(name: str) -> None:
    x = np.concatenate([np.linspace(0, 1, 40), np.linspace(9, 10, 40)])[:, None]
    result = found(name, x, k=2)
    assert result.k == 2
    assert np.isfinite(result.coords).all()


# Against scikit-learn


@pytest.mark.parametrize("k", [2, 3, 5, 8, 12])
def test_kmeans_is_scikit_learns_or_better(k: int) -> None:
    result = found("kmeans", k=k, seed=7, n_init=4)
    theirs = KMeans(k, n_init=4, random_state=7).fit(X)
    assert result.inertia <= theirs.inertia_ * (1 + 1e-9)
    if result.inertia > theirs.inertia_ * (1 - 1e-9):
        assert adjusted_rand_score(result.labels, theirs.labels_) == 1
    finished = KMeans(k, init=result.centres, n_init=1).fit(X)
    assert adjusted_rand_score(result.labels, finished.labels_) == 1
