"""HDBSCAN (Campello, Moulavi and Sander 2013), scikit-learn's; of many customers on a sample."""

from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from core.cluster.assigner import Assigner, Near, bits
from core.cluster.contract import Algorithm, Case, Fitted, Progress
from core.cluster.directions import Directions, main_directions
from core.cluster.drawn import Drawn, drawn
from core.cluster.neighbours import tree_of, within
from core.threads import threads

SAMPLE: Final = 20_000
"""Most customers among whom crowds are found; the time grows with their square."""

_LEAST: Final = 5
_CHUNK: Final = 16_384


def fit(case: Case, progress: Progress) -> Fitted:
    """Crowds that last over the widest range of densities; their number comes out of the fit."""
    spec = case.spec
    with threadpool_limits(1):
        seen = main_directions(case.x, spec.components)
        sample = drawn(len(seen.x), SAMPLE, spec.seed)
        x, min_samples = seen.x[sample.rows], sample.neighbours(spec.min_samples)
        progress("Finding dense groups", 0.1)
        own = _labels(x, max(_LEAST, int(np.ceil(spec.min_share / 100 * len(x) - 1e-9))), min_samples)
        labels = own
        if sample.partial:
            progress("Finding the nearest crowd of the others", 0.5)
            labels = _nearest(x, own, seen.x, min_samples)
            labels[sample.rows] = own
    assigner = _assigner(own, sample, seen, min_samples)
    said = [seen.said, sample.said(spec.min_samples)]
    return Fitted(
        labels={int(labels.max()) + 1: labels},
        approximate=" ".join(sentence for sentence in said if sentence),
        assigner=lambda k: assigner,
    )


def _assigner(own: np.ndarray, sample: Drawn, seen: Directions, min_samples: int) -> Assigner:
    """The crowd of the nearest customer who is in one, within that crowd's reach."""
    inside, among = np.zeros((2, len(seen.x)), bool)
    inside[sample.rows], among[sample.rows] = own >= 0, True
    near = Near(
        asked=bits(inside),
        among=bits(among) if sample.partial else None,
        min_samples=min_samples,
        axes=seen.axes,
    )
    return Assigner(near=near, numbers=np.empty(0, np.int64))


def _labels(x: np.ndarray, least: int, min_samples: int) -> np.ndarray:
    """Labels 0…, −1 for no crowd, whatever the order of the rows."""
    from sklearn.cluster import HDBSCAN

    if len(x) < max(least, min_samples):
        return np.full(len(x), -1)
    if not np.ptp(x, axis=0).any():  # equal customers are one crowd; it finds two or more, or none
        return np.zeros(len(x), np.int64)
    order = np.lexsort(x.T[::-1])
    labels = np.empty(len(x), np.int64)
    labels[order] = HDBSCAN(min_cluster_size=least, min_samples=min_samples, copy=True).fit(x[order]).labels_
    return labels


def _nearest(x: np.ndarray, labels: np.ndarray, rows: np.ndarray, min_samples: int) -> np.ndarray:
    """The crowd of the nearest of x that has one, for each of more rows (q, p); −1 beyond that crowd's reach.

    A crowd reaches as far as its own customers: the largest distance of one of them to the `min_samples`-th
    neighbour. A row is within where neither the nearest nor its own neighbours are farther.
    """
    found = np.full(len(rows), -1, np.int64)
    if labels.max() < 0:
        return found
    tree, inside = tree_of(x), tree_of(x[labels >= 0])
    own = labels[labels >= 0]
    core = _farthest(tree, inside.data, min_samples)
    reach = np.array([core[own == crowd].max() for crowd in range(int(own.max()) + 1)])
    for at in range(0, len(rows), _CHUNK):
        here = rows[at : at + _CHUNK]
        apart, place = within(inside, here, 1, float(reach.max()))
        near = np.flatnonzero(np.isfinite(apart[:, 0]))
        crowd = own[place[near, 0]]
        far = np.maximum(apart[near, 0], _farthest(tree, here[near], min_samples - 1))
        found[at + near] = np.where(far <= reach[crowd], crowd, -1)
    return found


def _farthest(tree: Any, x: np.ndarray, count: int) -> np.ndarray:
    """Distance of each row to the `count`-th nearest of a tree's points."""
    return np.asarray(tree.query(x, k=[count], workers=threads())[0][:, 0])


ALGORITHM = Algorithm(
    label="Dense groups, varying",
    good_when="As dense groups, with crowds of different density.",
    fit=fit,
    chooses_k=False,
    params=("min_samples", "components", "seed"),
)
