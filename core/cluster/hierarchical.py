"""Agglomerative clustering, exact, through scipy's linkage (Ward 1963; Müllner 2011)."""

import numpy as np

from core.cluster.contract import Algorithm, Case, Fitted, Progress


def fit(case: Case, progress: Progress) -> Fitted:
    """One tree, cut at every k."""
    from scipy.cluster.hierarchy import linkage

    progress("Joining similar customers", 0.1)
    tree = linkage(case.x, method=case.spec.linkage)
    progress("Cutting the tree", 0.8)
    return Fitted(labels={k: cut(tree, k) for k in case.ks}, tree=tree)


def cut(tree: np.ndarray, k: int) -> np.ndarray:
    """Labels 0…k−1 of the m rows when the last k − 1 merges are undone."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    m = len(tree) + 1
    kept = tree[: m - k, :2].astype(np.int64)
    parents = np.repeat(np.arange(m, m + len(kept)), 2)
    edges = coo_array((np.ones(parents.size), (kept.ravel(), parents)), shape=(2 * m, 2 * m))
    return np.unique(connected_components(edges, directed=False)[1][:m], return_inverse=True)[1]


ALGORITHM = Algorithm(
    label="Family tree",
    good_when="Joins similar customers step by step; shows which segments are close relatives.",
    fit=fit,
    limit=20_000,
    params=("linkage",),
)
