"""The fitted customers of a study, as its assigner asks for them."""

import numpy as np

from core.cluster.assigned import Fits
from core.pipeline import Results


def fits_of(results: Results) -> Fits:
    """Compared numbers of the fitted customers, and places 1…k of their segments (0 none).

    Numbers that segments keep from a reference study are put back into places.
    """
    matrix, clustering = results.matrix, results.clustering
    assert matrix is not None and clustering is not None
    labels = clustering.labels[matrix.fitted].astype(np.int64)
    if clustering.numbers:
        place = np.zeros(max(clustering.numbers) + 1, np.int64)
        place[list(clustering.numbers)] = np.arange(1, clustering.k + 1)
        labels = place[labels]
    return Fits(x=matrix.x, segments=labels)
