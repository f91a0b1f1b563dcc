"""The Gaussian mixture against scikit-learn, on plants, and on what has no proper covariance."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from core.cluster import kmeans, mixture
from core.cluster.contract import Case, Fitted, silent
from core.cluster.gaussians import (
    Gaussians,
    Pairs,
    Scale,
    begun,
    diagonal,
    full,
    improved,
    most_likely,
    one_fewer,
    terms,
)
from core.spec import Cluster
from core.threads import several
from tests.core.blobs import blobs

FORMS = pytest.mark.parametrize(("pairs", "form"), [(full, "full"), (diagonal, "diag")])
FLOOR = 1e-6


def tilted(sizes: tuple[int, ...] = (500, 300, 200), seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Long clouds side by side in two of three columns, and where each row is from."""
    rng = np.random.default_rng(seed)
    planted = np.repeat(np.arange(len(sizes)), sizes)
    along, across = rng.normal(size=planted.size), rng.normal(0, 1 / 3, planted.size) + 2 * planted
    x = np.column_stack([along + across, along - across, rng.normal(size=planted.size)])
    return (x - x.mean(axis=0)) / x.std(axis=0), planted


def kmeans_of(x: np.ndarray, k: int) -> np.ndarray:
    """K-Means' labels."""
    return kmeans.fit(Case(x=x, spec=Cluster(), ks=(k,)), silent).labels[k]


def found(x: np.ndarray, *ks: int) -> Fitted:
    """The mixtures of x."""
    return mixture.fit(Case(x=x, spec=Cluster(), ks=ks or tuple(range(2, 9))), silent)


def theirs(x: np.ndarray, start: Gaussians, form: str) -> GaussianMixture:
    """scikit-learn's from the same start."""
    precisions = np.linalg.inv(start.covariances)
    return GaussianMixture(
        len(start.weights),
        covariance_type=form,
        reg_covar=FLOOR,
        tol=1e-9,
        max_iter=1000,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=precisions if form == "full" else np.einsum("kii->ki", precisions),
    ).fit(x)


# Against scikit-learn


@FORMS
def test_the_fit_is_scikit_learns_from_the_same_start(pairs: Callable[[int], Pairs], form: str) -> None:
    x = blobs((300, 200, 100), spread=0.2, columns=4)
    known = terms(x, pairs(4))
    start = begun(known, kmeans_of(x, 3), FLOOR)
    ours, peer = improved(known, start, FLOOR, 1000, 1e-9), theirs(x, start, form)
    assert ours is not None
    assert ours.likelihood / len(x) == pytest.approx(peer.score(x), abs=1e-6)
    assert ours.bic == pytest.approx(peer.bic(x), abs=1e-2)
    np.testing.assert_allclose(ours.means, peer.means_, atol=1e-3)


@FORMS
def test_the_likeliest_component_is_scikit_learns(pairs: Callable[[int], Pairs], form: str) -> None:
    x = blobs((300, 200, 100), spread=0.2, columns=4)
    start = begun(terms(x, pairs(4)), kmeans_of(x, 3), FLOOR)
    peer = theirs(x, start, form)
    full_sized = peer.covariances_ if form == "full" else np.array([np.diag(c) for c in peer.covariances_])
    same = Gaussians(weights=peer.weights_, means=peer.means_, covariances=full_sized)
    as_it_is = Scale(columns=np.arange(4), centre=np.zeros(4), unit=1.0)
    with several() as pool:
        labels = most_likely(x, as_it_is, {3: same}, pool)[3]
    assert labels.tolist() == peer.predict(x).tolist()


# On plants


def test_long_clouds_are_told_apart_and_counted() -> None:
    x, planted = tilted()
    by_mixture = found(x)
    assert adjusted_rand_score(planted, by_mixture.labels[3]) > 0.95
    assert adjusted_rand_score(planted, kmeans_of(x, 3)) < 0.6
    assert by_mixture.bic is not None
    assert min(by_mixture.bic, key=lambda k: by_mixture.bic[k]) == 3  # type: ignore[index]


def test_few_customers_with_many_columns_have_no_covariances() -> None:
    x = blobs((40, 40, 40), spread=0.1, columns=15)
    result = found(x)
    assert adjusted_rand_score(kmeans_of(x, 3), result.labels[3]) == 1
    assert result.bic is not None and min(result.bic, key=lambda k: result.bic[k]) == 3  # type: ignore[index]


def test_a_pile_of_equal_values_makes_no_segment_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    share = np.where(rng.random(900) < 0.5, 0, rng.exponential(size=900))
    x = np.column_stack([blobs((500, 400), spread=0.12) * 2, share])
    planted = x[:, 0] > 0
    assert adjusted_rand_score(planted, found(x, 2, 3, 4).labels[2]) > 0.95
    monkeypatch.setattr(mixture, "FLOOR", 1e-6)
    assert adjusted_rand_score(planted, found(x, 2, 3, 4).labels[2]) < 0.5


# What has no proper covariance


@pytest.mark.parametrize(
    "more",
    [
        np.eye(4)[np.arange(300) % 4],
        np.ones((300, 2)) * 0.1,
        np.repeat(np.arange(300.0)[:, None], 3, axis=1),
        np.zeros((300, 0)),
    ],
    ids=["one-hot", "constant", "the same three times", "none"],
)
def test_columns_that_depend_on_each_other_are_fitted(more: np.ndarray) -> None:
    x = np.hstack([blobs((150, 150), spread=0.2), more])
    result = found(x)
    assert result.bic is not None
    assert all(np.isfinite(value) for value in result.bic.values())
    assert all(np.unique(labels).size == k for k, labels in result.labels.items())


def test_dependent_columns_are_not_counted_as_numbers() -> None:
    x = blobs((50, 50), columns=3)
    assert terms(x, full(3)).numbers == 3 + 6
    assert terms(np.hstack([x, x[:, :1]]), full(4)).numbers == 3 + 6


def test_units_do_not_matter() -> None:
    x, _ = tilted()
    one, other = found(x), found(x * 1024 + 4096)
    assert [adjusted_rand_score(one.labels[k], other.labels[k]) for k in one.labels] == [1.0] * 7


def test_fewer_different_rows_than_segments_make_no_more_of_them() -> None:
    x = np.repeat([[0.0, 0], [1, 5], [2, 1]], 10, axis=0)
    result = found(x, 2, 3, 4)
    assert [np.unique(labels).size for labels in result.labels.values()] == [2, 3, 3]
    assert result.bic is not None and sorted(result.bic) == [2, 3]


# The steps


def test_a_fit_ends_before_a_component_is_nobodys_likeliest() -> None:
    x = np.random.default_rng(0).normal(size=(200, 1))
    known = terms(x, full(1))
    same = Gaussians(weights=np.array([0.9, 0.1]), means=np.zeros((2, 1)), covariances=np.ones((2, 1, 1)))
    assert improved(known, same, FLOOR, 10, 0) is None


def test_two_components_that_are_nearly_one_become_one() -> None:
    x, planted = tilted()
    known = terms(x, full(3))
    halves = np.where((planted == 1) & (np.arange(len(x)) % 2 == 0), 3, planted)
    joined = one_fewer(begun(known, halves, FLOOR), known.pairs)
    whole = begun(known, planted, FLOOR)
    assert sorted(joined.weights) == pytest.approx(sorted(whole.weights))
    assert sorted(joined.means[:, 0]) == pytest.approx(sorted(whole.means[:, 0]))
    assert np.sort(joined.covariances.ravel()) == pytest.approx(np.sort(whole.covariances.ravel()))


# Many customers


def test_many_customers_are_fitted_on_some_of_them_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    x, planted = tilted((5000, 3000, 2000))
    order = np.random.default_rng(1).permutation(len(x))
    monkeypatch.setattr(mixture, "SAMPLE", 1000)
    result = found(x[order])
    assert adjusted_rand_score(planted[order], result.labels[3]) > 0.95
    assert result.approximate.startswith("The segments were found on 1,000 of the 10,000 customers")


def test_few_customers_are_all_looked_at() -> None:
    assert found(tilted()[0], 2).approximate == ""
