"""The directions along which density methods look, and the advice where crowds came out lopsided."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from core.cluster.advice import advice, large_enough
from core.cluster.directions import main_directions
from core.spec import Cluster

random = np.random.default_rng(0)
X = random.normal(size=(400, 8)) @ random.normal(size=(8, 8))


@pytest.mark.parametrize("kept", [1, 3, 5])
def test_they_are_the_principal_components(kept: int) -> None:
    found = main_directions(X, kept)
    pca = PCA(kept).fit(X)
    theirs = (X - X.mean(axis=0)) @ pca.components_.T
    ours = found.x - found.x.mean(axis=0)
    assert np.allclose(np.abs(ours), np.abs(theirs), atol=1e-3)
    assert found.explained == pytest.approx(pca.explained_variance_ratio_.sum(), abs=1e-4)


@pytest.mark.parametrize(
    ("columns", "components", "kept"),
    [(2, None, 2), (4, None, 4), (5, None, 3), (8, 8, 8), (4, 2, 2), (3, 50, 3)],
)
def test_automatic_takes_four_columns_as_they_are_and_three_directions_of_more(
    columns: int, components: int | None, kept: int
) -> None:
    found = main_directions(X[:, :columns], components)
    assert found.x.shape == (400, kept)
    assert bool(found.said) == (kept < columns)
    if kept == columns:
        assert found.x is not X and (found.x == X[:, :columns]).all()


def test_why_not_all_columns_is_said() -> None:
    x = np.concatenate([X[:, :1], np.zeros((400, 7))], axis=1)
    assert main_directions(x, 1).said == (
        "In 8 columns nearly everybody is far from everybody else, so that crowds were looked for along the "
        "main direction of the data, with 100 % of the differences."
    )


@pytest.mark.parametrize("seed", range(3))
def test_no_bit_depends_on_the_order_of_rows(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(X))
    assert (main_directions(X, 3).x[order] == main_directions(X[order], 3).x).all()


def test_columns_without_differences_have_directions_too() -> None:
    assert (main_directions(np.ones((30, 8)), None).x == main_directions(np.ones((30, 8)), None).x[0]).all()


# Advice


def sizes(*counts: int) -> np.ndarray:
    """Labels with so many customers each, those without a crowd first."""
    return np.repeat(np.arange(-1, len(counts) - 1), counts)


@pytest.mark.parametrize(
    ("labels", "eps", "said"),
    [
        (sizes(10, 45, 45), 0.5, ""),
        (
            sizes(100),
            0.5,
            "No crowd of customers is dense and large enough: choose a reach above 0.5, or fewer minimum "
            "neighbours than 10.",
        ),
        (
            sizes(3, 97),
            0.5,
            "97 % of customers are in one crowd: choose a reach under 0.5 to divide it, or another method.",
        ),
        (
            sizes(70, 20, 10),
            0.5,
            "70 % of customers are in no crowd: choose a reach above 0.5, or fewer minimum neighbours "
            "than 10.",
        ),
        (
            sizes(70, 20, 10),
            None,
            "70 % of customers are in no crowd: group by fewer attributes, or choose fewer minimum "
            "neighbours than 10.",
        ),
    ],
)
def test_lopsided_crowds_bring_the_next_step(labels: np.ndarray, eps: float | None, said: str) -> None:
    assert advice(labels, Cluster(), eps) == said


def test_small_crowds_count_as_none() -> None:
    assert large_enough(np.array([0, 0, 1, 2, 2, 2, -1]), 2).tolist() == [0, 0, -1, 1, 1, 1, -1]
    assert large_enough(np.array([0, 1, -1]), 2).tolist() == [-1, -1, -1]
    assert large_enough(np.array([-1, -1]), 2).tolist() == [-1, -1]


def test_two_neighbours_are_the_fewest() -> None:
    assert advice(sizes(9), Cluster(min_samples=2), 0.5).endswith("choose a reach above 0.5.")
