"""K-Means (Lloyd 1982, k-means++ starts), scikit-learn's, on one thread: labels do not depend on it."""

import warnings
from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from core.cluster.contract import Algorithm, Fitted, Progress
from core.spec import Cluster


def fit(x: np.ndarray, spec: Cluster, ks: Sequence[int], progress: Progress) -> Fitted:
    """Labels for every k: the best of `n_init` starts from the study's seed.

    Where rows differ by less than a distance can show, a labeling may have fewer than k segments.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    labels = {}
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the caller counts the segments
        for at, k in enumerate(ks):
            progress(f"Comparing {min(ks)} to {max(ks)} segments, {at + 1} of {len(ks)}", at / len(ks))
            model = KMeans(k, n_init=spec.n_init, random_state=spec.seed, algorithm="lloyd")
            labels[k] = model.fit(x).labels_.astype(np.int64)
    return Fitted(labels=labels)


ALGORITHM = Algorithm(
    label="Balanced groups",
    good_when="Groups around typical customers. A good first choice.",
    fit=fit,
    params=("n_init", "seed"),
)
