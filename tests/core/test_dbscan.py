"""DBSCAN against scikit-learn's, the reach that is proposed, and what becomes of too many customers."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import NearestNeighbors

from core.choose import cluster
from core.cluster import dbscan, effort
from core.cluster.contract import Case, Fitted, silent
from core.cluster.crowds import crowds
from core.cluster.effort import LEAST, affordable
from core.cluster.neighbours import neighbours, points
from core.cluster.reach import LOWEST, divided, knee
from core.spec import Cluster
from tests.core.blobs import blobs, matrix_of

random = np.random.default_rng(0)
CLOUDS = blobs((60, 50, 40), spread=0.2)


def fitted(x: np.ndarray, **more: object) -> Fitted:
    """DBSCAN of x."""
    return dbscan.fit(Case(x=x, spec=Cluster(algorithm="dbscan", **more)), silent)  # type: ignore[arg-type]


def labels(x: np.ndarray, **more: object) -> np.ndarray:
    """The crowd of each row."""
    return next(iter(fitted(x, **more).labels.values()))


def clumps(rows: int, count: int = 80) -> np.ndarray:
    """Clumps of so many rows in a line, each within reach 1 of the next; the nearest of a row are its own."""
    middle = np.repeat(np.arange(count) * 0.9, rows)
    return np.stack([middle, np.zeros(middle.size)], axis=1) + random.uniform(0, 0.02, (middle.size, 2))


SHAPES: dict[str, tuple[np.ndarray, float, int]] = {
    "clouds": (CLOUDS, 0.15, 5),
    "clouds, more neighbours": (CLOUDS, 0.25, 10),
    "clouds, hardly any crowd": (CLOUDS, 0.05, 4),
    "six columns": (blobs((300, 200, 100), spread=0.4, columns=6), 0.7, 10),
    "one column": (random.normal(size=(500, 1)), 0.02, 5),
    "whole numbers, with ties and equal rows": (random.integers(0, 30, (400, 2)).astype(float), 1.0, 4),
    "pairs": (random.uniform(size=(600, 2)), 0.02, 2),
    "piles of equal rows": (
        np.repeat(random.normal(size=(9, 2)), [1, 2, 3, 40, 5, 6, 7, 8, 9], axis=0),
        0.4,
        8,
    ),
    "small clumps in a row": (clumps(12), 1.0, 10),
    "large clumps in a row": (clumps(90), 1.0, 10),
    "clumps too far apart": (clumps(90), 0.8, 10),
    "all within reach": (CLOUDS, 50.0, 10),
}
shape = pytest.mark.parametrize("shape", SHAPES)


@shape
def test_dense_customers_are_in_scikit_learns_crowds(shape: str) -> None:
    x, eps, min_samples = SHAPES[shape]
    theirs = DBSCAN(eps=eps, min_samples=min_samples).fit(x)
    ours = labels(x, eps=eps, min_samples=min_samples, components=50)
    dense = theirs.core_sample_indices_
    assert ours[dense].tolist() == theirs.labels_[dense].tolist()
    assert ((ours < 0) == (theirs.labels_ < 0)).all()


@shape
def test_others_are_with_the_nearest_dense_customer_within_reach(shape: str) -> None:
    x, eps, min_samples = SHAPES[shape]
    ours = labels(x, eps=eps, min_samples=min_samples, components=50)
    dense = DBSCAN(eps=eps, min_samples=min_samples).fit(x).core_sample_indices_
    for row in np.setdiff1d(np.flatnonzero(ours >= 0), dense):
        apart = np.sqrt(((x[dense] - x[row]) ** 2).sum(axis=1))
        assert ours[row] == ours[dense[np.isclose(apart, apart.min(), atol=1e-12)]].min()


def test_as_near_to_two_crowds_is_in_the_first() -> None:
    x = np.concatenate([np.full((5, 1), 1.0), np.zeros((5, 1)), [[0.5]]])
    assert labels(x, eps=0.5, min_samples=12).tolist() == [-1] * 11
    assert labels(x[:11], eps=0.49, min_samples=5).tolist() == [0] * 5 + [1] * 5 + [-1]
    x = np.concatenate([np.full((9, 1), 1.0), np.zeros((9, 1)), [[0.25, 0.75][0:1]], [[0.5]]])
    found = labels(np.concatenate([x, [[0.75]]]), eps=0.25, min_samples=10)
    assert found.tolist() == [0] * 9 + [1] * 10 + [0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(CLOUDS))
    one, other = fitted(CLOUDS), fitted(CLOUDS[order])
    assert one.eps == other.eps
    assert adjusted_rand_score(labels(CLOUDS)[order], labels(CLOUDS[order])) == 1


def test_neighbours_are_never_all_held() -> None:
    x = random.uniform(size=(30_000, 2))
    assert np.unique(labels(x, eps=5.0)).tolist() == [0]  # of 900 million pairs


# The curve and the reach


def test_the_curve_is_the_distance_to_the_last_of_the_neighbours() -> None:
    x = np.concatenate([CLOUDS, CLOUDS[:20]])
    theirs = NearestNeighbors(n_neighbors=10).fit(x).kneighbors(x)[0][:, -1]
    curve = fitted(x, eps=1.0).curve
    assert curve is not None
    assert np.allclose(curve, np.sort(theirs))


def test_the_distance_to_a_neighbour_counts_the_row_itself() -> None:
    def core(x: list[float], count: int) -> list[float]:
        given = points(np.array(x)[:, None])
        return neighbours(given, count).core[given.of].tolist()

    assert core([0.0, 1.0, 3.0], 2) == [1, 1, 2]
    assert core([3.0, 0.0, 0.0, 0.0], 3) == [3, 0, 0, 0]
    assert core([0.0, 1.0], 10) == [1, 1]


@pytest.mark.parametrize(
    ("curve", "expected"),
    [([0.0, 0.0, 0.0], 1.0), ([2.0], 2.0), ([1.0, 1.1, 1.2, 9.0], 1.2), ([0.0, 0.0, 0.0, 5.0], 5.0)],
)
def test_a_knee_is_never_zero(curve: list[float], expected: float) -> None:
    assert knee(np.array(curve)) == expected


def test_two_of_three_are_in_different_crowds() -> None:
    assert divided(np.array([0, 1, 2, -1]), 0.0) == pytest.approx(6 / 16)
    assert divided(np.array([0, 0, 0, 1]), 0.3) == 0
    assert divided(np.array([-1, -1]), 0.0) == 0


def test_the_proposed_reach_finds_the_clouds() -> None:
    found = cluster(matrix_of(CLOUDS), None, Cluster(algorithm="dbscan"))
    assert found.k == 3
    assert found.eps is not None and 0.1 < found.eps < 0.6
    assert found.suggested_k is None and found.elbow is None


def test_where_the_knee_joins_all_a_reach_that_divides_is_proposed() -> None:
    x = blobs((900, 700, 500, 400), spread=0.22)
    found = fitted(x)
    assert found.curve is not None and found.eps is not None
    assert np.unique(labels(x, eps=knee(found.curve))).size == 2  # one crowd, and some outside
    sizes = np.sort(np.bincount(labels(x) + 1)[1:])[::-1]
    assert (sizes >= 0.02 * len(x)).sum() == 4
    assert (labels(x) < 0).mean() < 0.25


@pytest.mark.parametrize("columns", [2, 3, 6])
def test_one_cloud_is_one_crowd_without_its_edge(columns: int) -> None:
    found = labels(np.random.default_rng(1).normal(size=(2_000, columns)))
    assert 0.9 < (found == 0).mean() < 1


def test_equal_customers_are_crowds_whatever_is_between() -> None:
    x = np.repeat(random.integers(0, 5, (25, 2)).astype(float), 20, axis=0)
    found = fitted(x)
    assert found.eps == LOWEST
    assert list(found.labels) == [len(np.unique(x, axis=0))]


@pytest.mark.parametrize("columns", [2, 6])
def test_a_proposed_reach_written_out_gives_the_same(columns: int) -> None:
    x = blobs((300, 200, 100), spread=0.2, columns=columns)
    found = fitted(x)
    assert found.eps == float(f"{found.eps:.4g}")
    assert fitted(x, eps=found.eps).labels.keys() == found.labels.keys()
    assert labels(x, eps=found.eps).tolist() == labels(x).tolist()


def test_no_crowd_is_an_answer_too() -> None:
    result = cluster(matrix_of(CLOUDS), None, Cluster(algorithm="dbscan", eps=1e-6))
    assert (result.k, result.silhouette, result.reason) == (0, None, "no crowd was dense enough")
    assert set(result.labels) == {0}


@pytest.mark.parametrize("rows", [1, 2, 9])
def test_fewer_customers_than_neighbours_are_no_crowd(rows: int) -> None:
    assert labels(CLOUDS[:rows]).tolist() == [-1] * rows


# Too many customers


def test_what_a_search_looks_at_is_known_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).normal(size=(60_000, 4))
    assert affordable(x, 10) == len(x)
    assert affordable(x, 500) == len(x)
    monkeypatch.setattr(effort, "LIMIT", 100_000_000)
    assert affordable(x, 10) == len(x)
    assert affordable(x, 500) == 50_000
    monkeypatch.setattr(effort, "LIMIT", 1_000_000)
    assert affordable(x, 10) == LEAST
    assert affordable(x[:LEAST], 10) == LEAST


def test_in_more_columns_more_is_looked_at() -> None:
    x = np.random.default_rng(0).normal(size=(LEAST, 8))
    two, eight = (effort._effort(x[:, :p], 10) for p in (2, 8))
    assert 10 < two.of(1_000_000) < 20
    assert 300 < eight.of(LEAST) < eight.of(1_000_000) < 3_000
    assert eight.of(50) == 50


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets no more than so many customers be searched."""
    return lambda size: monkeypatch.setattr(dbscan, "affordable", lambda x, min_samples: min(len(x), size))


def test_beyond_the_limit_crowds_are_those_of_a_sample_and_it_is_said(only: Callable[[int], None]) -> None:
    x = blobs((2_500, 2_000, 1_500), spread=0.12)
    exact = labels(x)
    only(1_500)
    found = fitted(x)
    assert found.approximate == (
        "Crowds were found among 1,500 of the 6,000 customers, drawn at random, each with 10 neighbours "
        "among these; the others are in the nearest crowd that reaches them."
    )
    assert found.curve is not None and found.curve.size == 1_500
    assert list(found.labels) == [3]
    assert adjusted_rand_score(exact, found.labels[3]) > 0.95
    assert labels(x, eps=found.eps).tolist() == found.labels[3].tolist()


def test_nobody_is_taken_from_beyond_the_reach_of_a_sample(only: Callable[[int], None]) -> None:
    far = np.full((40, 2), 60.0) + np.arange(40)[:, None]
    x = np.concatenate([blobs((2_500, 2_000), spread=0.1), far])
    only(1_500)
    assert set(labels(x)[-40:]) == {-1}


def test_a_share_of_the_neighbours_stands_for_all_in_a_sample(only: Callable[[int], None]) -> None:
    x = blobs((2_000, 2_000), spread=0.1)
    only(2_000)
    assert "each with 100 neighbours among these" in fitted(x, min_samples=200).approximate
    assert "each with 4 neighbours among these" in fitted(x, min_samples=4).approximate


def test_what_is_exact_says_nothing() -> None:
    assert fitted(CLOUDS).approximate == ""


def test_without_dense_customers_nobody_has_a_crowd() -> None:
    given = points(CLOUDS)
    found = crowds(given, neighbours(given, 10), LOWEST, 10)
    assert set(found.labels) == {-1}
    assert found.near(CLOUDS, 1.0).tolist() == [-1] * len(CLOUDS)
