"""DBSCAN (Ester et al. 1996), scikit-learn's; eps from the k-distance curve unless chosen."""

import numpy as np
from threadpoolctl import threadpool_limits

from core.cluster.contract import Algorithm, Case, Fitted, Progress


def fit(case: Case, progress: Progress) -> Fitted:
    """Dense groups; the number of segments comes out of the fit."""
    from sklearn.cluster import DBSCAN

    x, spec = case.x, case.spec
    with threadpool_limits(1):
        progress("Measuring how close neighbours are", 0.1)
        curve = neighbour_distances(x, spec.min_samples)
        eps = spec.eps or propose_eps(curve)
        progress("Finding dense groups", 0.4)
        labels = DBSCAN(eps=eps, min_samples=spec.min_samples).fit(x).labels_.astype(np.int64)
    return Fitted(labels={int(labels.max()) + 1: labels}, eps=eps, curve=curve)


def neighbour_distances(x: np.ndarray, min_samples: int) -> np.ndarray:
    """Distance of each row to its `min_samples`-th neighbour (itself counted), ascending."""
    from sklearn.neighbors import NearestNeighbors

    count = min(min_samples, len(x))
    distances, _ = NearestNeighbors(n_neighbors=count).fit(x).kneighbors(x)
    return np.sort(distances[:, -1])


def propose_eps(curve: np.ndarray) -> float:
    """The k-distance curve's knee: the point farthest below the line from its first to its last value."""
    if curve.size < 3 or curve[-1] <= curve[0]:
        return float(curve[-1]) or 1.0
    across = np.linspace(0, 1, curve.size)
    up = (curve - curve[0]) / (curve[-1] - curve[0])
    return float(curve[np.argmax(across - up)]) or float(curve[-1])


ALGORITHM = Algorithm(
    label="Dense groups",
    good_when="Finds crowds and leaves out unusual customers.",
    fit=fit,
    chooses_k=False,
    limit=50_000,
    params=("eps", "min_samples"),
)
