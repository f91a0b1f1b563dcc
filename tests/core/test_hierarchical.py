"""Family trees against scipy and scikit-learn, and the small groups that stand for very many customers."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from bench.clustering_tree import planted
from core.cluster.contract import Case, Fitted, silent
from core.cluster.hierarchical import LINKAGES, fit
from core.cluster.leaves import MANY, Leaves, equal_rows, micro_clusters
from core.cluster.lloyd import gridded
from core.cluster.merges import cut
from core.cluster.ward import ward
from core.spec import Cluster
from tests.core.blobs import blobs

KS = tuple(range(2, 13))
ROUND = blobs((90, 70, 40), seed=2, spread=0.5, columns=3)
REPEATED = np.repeat(blobs((30, 20), seed=3), np.arange(50) % 4 + 1, axis=0)
SKEWED = np.exp(np.random.default_rng(4).normal(0, 1.5, (300, 3)))
LATTICE = np.random.default_rng(5).integers(0, 6, (200, 3)).astype(float)
every = pytest.mark.parametrize("name", LINKAGES)
data = pytest.mark.parametrize("x", [ROUND, REPEATED, SKEWED], ids=["round", "repeated", "skewed"])


def found(x: np.ndarray, name: str = "ward", ks: tuple[int, ...] = KS, seed: int = 0) -> Fitted:
    return fit(Case(x=x, spec=Cluster(linkage=name, seed=seed), ks=ks), silent)


def merges(fitted: Fitted) -> np.ndarray:
    assert fitted.tree is not None
    return fitted.tree


# The exact tree


@every
@data
def test_heights_are_scipys(name: str, x: np.ndarray) -> None:
    ours, theirs = merges(found(x, name))[:, 2], linkage(x, name)[:, 2]
    assert ours.size == len(np.unique(x, axis=0)) - 1
    assert ours == pytest.approx(theirs[-ours.size :], rel=1e-5, abs=1e-6 * theirs[-1])


@every
@data
def test_labels_are_scipys(name: str, x: np.ndarray) -> None:
    labels, tree = found(x, name).labels, linkage(x, name)
    for k in KS:
        assert adjusted_rand_score(labels[k], fcluster(tree, k, "maxclust")) == 1


@every
@pytest.mark.parametrize("k", [2, 4, 7])
def test_labels_are_scikit_learns(name: str, k: int) -> None:
    theirs = AgglomerativeClustering(k, linkage=name).fit_predict(ROUND)
    assert adjusted_rand_score(found(ROUND, name).labels[k], theirs) == 1


@every
@data
def test_a_tree_counts_rows(name: str, x: np.ndarray) -> None:
    tree = merges(found(x, name))
    assert tree[-1, 3] == len(x)
    assert (tree[:, 4] + tree[:, 5] == tree[:, 3]).all()
    together = np.concatenate((np.zeros(len(tree) + 1), tree[:, 3]))
    opened = tree[:, :2].astype(int) > len(tree)
    assert (tree[:, 4:][opened] == together[tree[:, :2].astype(int)[opened]]).all()


@every
@pytest.mark.parametrize("x", [ROUND, LATTICE], ids=["round", "lattice"])
def test_a_tree_grows_from_low_to_high(name: str, x: np.ndarray) -> None:
    tree = merges(found(x, name))
    assert (np.diff(tree[:, 2]) >= 0).all()
    assert (tree[:, :2] < np.arange(len(tree) + 1, 2 * len(tree) + 1)[:, None]).all()
    assert sorted(tree[:, :2].ravel()) == list(range(2 * len(tree)))


@every
def test_fewer_segments_are_segments_joined(name: str) -> None:
    labels = found(LATTICE, name).labels
    for k in KS[1:]:
        pairs = np.unique(np.column_stack((labels[k], labels[k - 1])), axis=0)
        assert (np.unique(labels[k]).size, np.unique(labels[k - 1]).size) == (k, k - 1)
        assert len(pairs) == k


@every
def test_ties_do_not_depend_on_the_order_of_rows(name: str) -> None:
    order = np.random.default_rng(0).permutation(len(LATTICE))
    ours, theirs = found(LATTICE, name).labels, found(LATTICE[order], name).labels
    assert all(adjusted_rand_score(ours[k][order], theirs[k]) == 1 for k in KS)


@every
def test_equal_customers_are_never_divided(name: str) -> None:
    piles = np.repeat([[0.0], [5.0], [10.0]], (30, 20, 10), axis=0)
    fitted = found(piles, name, ks=(2, 3, 4))
    assert [np.unique(fitted.labels[k]).size for k in (2, 3, 4)] == [2, 3, 3]
    assert len(merges(fitted)) == 2 and merges(fitted)[-1, 3] == 60


def test_a_tree_is_made_although_rounded_centres_come_nearer_than_their_parts() -> None:
    x = np.random.default_rng(4).integers(0, 4, (60, 3)).astype(float)  # a grid as coarse as the numbers
    leaves = equal_rows(x, 4)
    tree = ward(leaves, lambda share: None)
    assert len(tree) == leaves.counts.size - 1
    assert (np.diff(tree[:, 2]) >= 0).all()


def test_joining_weighted_points_is_joining_their_rows() -> None:
    x = gridded(ROUND).x
    of = cut(ward(equal_rows(x, 0), lambda share: None), 40)
    of = of[equal_rows(x, 0).of]
    counts = np.bincount(of).astype(float)
    sums = np.array([x[of == i].sum(axis=0) for i in range(counts.size)])
    tree = ward(Leaves(sums=sums, counts=counts, of=of), lambda share: None)
    assert tree[:, 2:4] == pytest.approx(ward(equal_rows(x, 0), lambda share: None)[-39:, 2:4], rel=1e-6)


def test_the_last_merges_are_undone() -> None:
    tree = np.array([[0, 1, 1.0, 2], [2, 3, 2.0, 2], [4, 5, 3.0, 4]])
    assert cut(tree, 1).tolist() == [0, 0, 0, 0]
    assert cut(tree, 2).tolist() == [0, 0, 1, 1]
    assert cut(tree, 3).tolist() == [2, 2, 0, 1]
    assert cut(tree, 4).tolist() == [0, 1, 2, 3]


# Small groups

MANY_ROWS, PLANT = planted(12_000, 0.6)
GRID = gridded(MANY_ROWS).x


@pytest.fixture(scope="module")
def groups() -> Leaves:
    return micro_clusters(GRID, 0)


@pytest.fixture
def one_processor() -> Iterator[None]:
    every_one = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every_one)})
    yield
    os.sched_setaffinity(0, every_one)


def test_small_groups_hold_every_row_once(groups: Leaves) -> None:
    assert MANY / 2 <= groups.counts.size <= MANY + 45
    assert groups.counts.tolist() == np.bincount(groups.of).tolist()
    assert groups.counts.min() >= 1
    sums = np.zeros_like(groups.sums)
    np.add.at(sums, groups.of, GRID)
    assert (groups.sums == sums).all()


def test_small_groups_are_small(groups: Leaves) -> None:
    within = ((GRID - groups.centres[groups.of]) ** 2).sum() / ((GRID - GRID.mean(axis=0)) ** 2).sum()
    assert within < 0.1


def test_small_groups_are_the_same_on_one_processor(groups: Leaves, one_processor: None) -> None:
    assert (micro_clusters(GRID, 0).of == groups.of).all()


def test_far_customers_are_not_lumped_together() -> None:
    crowd, far = np.random.default_rng(0).normal(0, 1, (2, 3_000, 2))
    x = np.concatenate((crowd, far[:40] * 100))
    leaves = micro_clusters(gridded(x).x, 0)
    assert np.unique(leaves.of[-40:]).size >= 30


def test_small_groups_of_few_different_customers_are_these() -> None:
    x = np.repeat(np.arange(3.0)[:, None], (5_000, 300, 1), axis=0)
    assert sorted(micro_clusters(x, 0).counts) == [1, 300, 5_000]


@every
def test_a_tree_of_small_groups_finds_planted_segments(name: str) -> None:
    most = LINKAGES[name].exact
    x, plant = planted(most + 1, 0.3)
    fitted = found(x, name, ks=(6,))
    assert adjusted_rand_score(fitted.labels[6], plant) >= 0.99
    assert fitted.labels[6].shape == (most + 1,)
    assert merges(fitted)[-1, 3] == most + 1
    assert f"more than {most:,} customers" in fitted.approximate
    assert f"{len(merges(fitted)) + 1:,} small groups" in fitted.approximate


def test_small_groups_join_as_all_customers_do(groups: Leaves) -> None:
    exact = equal_rows(GRID, 0)
    one, other = (cut(ward(leaves, lambda share: None), 6)[leaves.of] for leaves in (exact, groups))
    assert adjusted_rand_score(one, other) >= 0.95
    assert adjusted_rand_score(one, PLANT) >= 0.95


def test_the_exact_answer_is_not_called_approximate() -> None:
    assert found(ROUND).approximate == ""


def test_another_start_gives_the_same_tree_where_no_distances_tie() -> None:
    assert (merges(found(ROUND, seed=1))[:, 2:] == merges(found(ROUND, seed=2))[:, 2:]).all()


def test_progress_rises_to_the_cut() -> None:
    told: list[tuple[str, float]] = []
    case = Case(x=MANY_ROWS[:10_001], spec=Cluster(linkage="average"), ks=(3,))
    fit(case, lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] < 1
    assert list(dict.fromkeys(stage for stage, _ in told)) == [
        "Putting customers into small groups",
        "Joining similar groups",
        "Cutting the tree",
    ]
