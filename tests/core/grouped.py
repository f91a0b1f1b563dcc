"""A clustering around labels made by hand."""

import numpy as np

from core.choose import Clustering
from core.cluster.assigner import Assigner


def grouping(labels: np.ndarray, assigner: Assigner | None = None, algorithm: str = "kmeans") -> Clustering:
    """Segments 1…k (0 none) of the customers of a study."""
    k = int(labels.max(initial=0))
    return Clustering(
        algorithm=algorithm,
        k=k,
        labels=labels,
        centres=np.zeros((k, 1)),
        inertia=0.0,
        silhouette=None,
        candidates=(),
        suggested_k=None,
        reason="",
        elbow=None,
        start_agreement=None,
        coords=np.zeros((0, 2), np.float32),
        explained=1.0,
        eps=None,
        curve=None,
        tree=None,
        notes=(),
        assigner=assigner,
    )
