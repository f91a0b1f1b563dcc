"""K-Means in whole numbers: exact, and the same on every machine."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.cluster import KMeans

from core.cluster.contract import Case
from core.cluster.kmeans import fit
from core.cluster.lloyd import gridded, polished, several_steps
from core.cluster.starts import one_fewer, one_more, plus_plus
from core.spec import Cluster
from tests.core.blobs import blobs

LABELS = """
import hashlib
import numpy as np
from core.cluster.contract import Case
from core.cluster.kmeans import fit
from core.spec import Cluster
rng = np.random.default_rng(0)
x = np.exp(rng.normal(size=(30_000, 12))) @ rng.normal(size=(12, 12))
labels = fit(Case(x=x, spec=Cluster(n_init=3), ks=(2, 5, 12)), lambda stage, share: None).labels
print(hashlib.sha256(b"".join(labels[k].tobytes() for k in sorted(labels))).hexdigest())
"""


def clouds(rows: int = 3_000, columns: int = 5, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(6, columns))[rng.integers(6, size=rows)] * 2 + rng.normal(size=(rows, columns))


@pytest.mark.parametrize("columns", [1, 2, 12, 60])
def test_products_and_sums_on_the_grid_are_exact(columns: int) -> None:
    x = clouds(400, columns) * 1e3
    grid = gridded(x)
    assert np.abs(grid.x / grid.scale - x).max() < 1e-6 * np.abs(x).max() * 50
    whole = grid.x.astype(object)
    ours = grid.x @ grid.x.T
    for i, j in ((0, 1), (5, 5), (17, 399)):
        assert ours[i, j] == sum(int(a) * int(b) for a, b in zip(whole[i], whole[j], strict=True))
    assert 1.5 * np.abs(ours).max() < 2**53


@pytest.mark.parametrize("k", [2, 3, 7, 12])
def test_looking_only_at_rows_that_may_change_finds_the_same(k: int) -> None:
    x = gridded(clouds()).x
    begin = plus_plus(x, [k], np.random.default_rng(1))
    (plain,) = several_steps(x, begin, 1_000)
    quick = polished(x, begin[0], 1_000)
    assert np.array_equal(quick.centres, plain.centres)
    assert quick.inertia == pytest.approx(plain.inertia, rel=1e-12)
    distances = ((x[:, None] - quick.centres[None]) ** 2).sum(axis=2)
    assert np.array_equal(quick.labels, distances.argmin(axis=1))


def test_several_fits_at_once_are_the_fits_one_by_one() -> None:
    x = gridded(clouds()).x
    begin = plus_plus(x, range(2, 9), np.random.default_rng(3))
    for together, start in zip(several_steps(x, begin, 6), begin, strict=True):
        (alone,) = several_steps(x, [start], 6)
        assert np.array_equal(together.centres, alone.centres)
        assert np.array_equal(together.counts, alone.counts)


def test_each_step_is_scikit_learns() -> None:
    x = clouds()
    grid = gridded(x)
    begin = plus_plus(grid.x, [6], np.random.default_rng(0))
    (ours,) = several_steps(grid.x, begin, 1_000)
    theirs = KMeans(6, init=begin[0] / grid.scale, n_init=1, tol=0, max_iter=1_000).fit(x)
    assert ours.inertia / grid.scale**2 == pytest.approx(theirs.inertia_, rel=1e-6)


def test_rows_as_near_to_two_centres_go_to_the_first() -> None:
    x = np.array([[0.0], [2.0], [4.0]])
    (found,) = several_steps(x, [np.array([[1.0], [3.0]])], 0)
    assert found.counts.tolist() == [2, 1]
    assert polished(x, np.array([[1.0], [3.0]]), 0).labels.tolist() == [0, 0, 1]


def test_the_two_centres_joined_at_the_least_cost_become_one() -> None:
    centres, counts = np.array([[0.0], [10.0], [12.0], [40.0]]), np.array([5.0, 3.0, 1.0, 2.0])
    assert sorted(one_fewer(centres, counts)[:, 0]) == [0, 10, 40]  # (3 · 10 + 12) / 4, on the grid
    x = gridded(blobs((50, 50, 50), spread=0.05)).x
    more = one_more(x, several_steps(x, [x[:2]], 20)[0].centres, np.random.default_rng(0))
    assert several_steps(x, [more], 20)[0].inertia < several_steps(x, [x[:2]], 20)[0].inertia


def test_labels_are_the_same_on_one_thread_and_on_several(monkeypatch: pytest.MonkeyPatch) -> None:
    x, said = clouds(20_000), []
    for threads in (1, 3):
        monkeypatch.setattr("core.threads.threads", lambda threads=threads: threads)
        said.append(fit(Case(x=x, spec=Cluster(n_init=4), ks=(3, 6)), lambda stage, share: None).labels)
    assert all(np.array_equal(said[0][k], said[1][k]) for k in (3, 6))


def test_labels_are_the_same_on_other_processors() -> None:
    features = "AVX512F AVX512CD AVX512_SKX AVX2 FMA3 AVX F16C X86_V3 X86_V4"
    said = set()
    for change in ({}, {"OPENBLAS_CORETYPE": "Prescott"}, {"NPY_DISABLE_CPU_FEATURES": features}):
        environment = {**os.environ, **change, "PYTHONWARNINGS": "ignore"}
        run = subprocess.run(
            [sys.executable, "-c", LABELS], env=environment, capture_output=True, text=True, check=True
        )
        said.add(run.stdout.strip())
    assert len(said) == 1 and len(said.pop()) == hashlib.sha256().digest_size * 2
