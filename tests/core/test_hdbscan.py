"""HDBSCAN is scikit-learn's; of many customers on a sample, with the others by the reach of its crowds."""

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from core.cluster import hdbscan
from core.cluster.contract import Case, Fitted, silent
from core.spec import Cluster
from tests.core.blobs import blobs

random = np.random.default_rng(0)
CLOUDS = np.concatenate([blobs((300, 250), spread=0.1), random.normal((3, 0), 0.7, (300, 2))])
"""Two dense crowds and a loose one."""


def fitted(x: np.ndarray, **more: object) -> Fitted:
    """HDBSCAN of x."""
    return hdbscan.fit(Case(x=x, spec=Cluster(algorithm="hdbscan", **more)), silent)  # type: ignore[arg-type]


def labels(x: np.ndarray, **more: object) -> np.ndarray:
    """The crowd of each row."""
    return next(iter(fitted(x, **more).labels.values()))


@pytest.mark.parametrize(("min_samples", "min_share", "least"), [(10, 2.0, 17), (5, 0.0, 5), (20, 10.0, 85)])
def test_it_is_scikit_learns(min_samples: int, min_share: float, least: int) -> None:
    x = CLOUDS[np.lexsort(CLOUDS.T[::-1])]  # in another order ties may fall differently
    theirs = HDBSCAN(min_cluster_size=least, min_samples=min_samples, copy=True).fit_predict(x)
    assert labels(x, min_samples=min_samples, min_share=min_share).tolist() == theirs.tolist()


def test_crowds_of_different_density_are_found() -> None:
    assert list(fitted(CLOUDS).labels) == [3]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    x = np.round(CLOUDS, 1)  # with equal rows and ties
    order = np.random.default_rng(seed).permutation(len(x))
    assert labels(x)[order].tolist() == labels(x[order]).tolist()


@pytest.mark.parametrize("rows", [1, 4, 9])
def test_too_few_customers_are_no_crowd(rows: int) -> None:
    assert labels(CLOUDS[:rows]).tolist() == [-1] * rows


def test_equal_customers_are_one_crowd() -> None:
    assert labels(np.ones((30, 2))).tolist() == [0] * 30


def test_in_many_columns_it_looks_along_the_main_directions() -> None:
    x = np.concatenate([blobs((300, 250), spread=0.1, columns=3), random.normal(size=(550, 4)) / 20], axis=1)
    assert "along the 3 main directions of the data" in fitted(x).approximate
    assert fitted(x, components=7).approximate == ""


# Too many customers


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no more than 1,000 customers be searched."""
    monkeypatch.setattr(hdbscan, "SAMPLE", 1_000)


def test_beyond_the_limit_crowds_are_those_of_a_sample_and_it_is_said(sampled: None) -> None:
    x = blobs((3_500, 3_000, 1_500), spread=0.17)
    plant = HDBSCAN(min_cluster_size=160, min_samples=10, copy=True).fit_predict(x)
    found = fitted(x)
    assert found.approximate == (
        "Crowds were found among 1,000 of the 8,000 customers, drawn at random, each with 10 neighbours "
        "among these; the others are in the nearest crowd that reaches them."
    )
    assert list(found.labels) == [3]
    both = (plant >= 0) & (found.labels[3] >= 0)
    assert both.mean() > 0.85
    assert adjusted_rand_score(plant[both], found.labels[3][both]) > 0.98


def test_as_many_of_the_others_as_of_the_sample_have_no_crowd(sampled: None) -> None:
    x = np.concatenate([blobs((3_500, 3_000), spread=0.1), random.uniform(-2, 2, (1_500, 2))])
    found = labels(x)
    drawn = np.zeros(len(x), bool)
    drawn[hdbscan.drawn(len(x), 1_000, 0).rows] = True
    assert (found[drawn] < 0).mean() == pytest.approx((found[~drawn] < 0).mean(), abs=0.03)


def test_nobody_is_taken_from_beyond_a_crowds_reach(sampled: None) -> None:
    far = np.full((40, 2), 60.0) + np.arange(40)[:, None]
    assert set(labels(np.concatenate([blobs((2_500, 2_000), spread=0.1), far]))[-40:]) == {-1}


def test_where_the_sample_has_no_crowd_nobody_has_one(sampled: None) -> None:
    x = np.random.default_rng(3).normal(size=(3_000, 3))
    assert set(labels(x, min_share=20.0)) == {-1}
