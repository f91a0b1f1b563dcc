"""What a study comes to, without its customers: all that a page about one of them says of the others."""

from dataclasses import replace

import numpy as np

from core.choose import Clustering
from core.compare import Comparison
from core.features.matrix import Matrix
from core.pipeline import Results


def outlined(results: Results) -> Results:
    """The results without what grows with the customers, and without what is said beyond the profile.

    Parameters
    ----------
    results : Results
        With a profile. The customer sheet keeps its columns and loses its rows.
    """
    assert results.matrix is not None and results.clustering is not None
    return Results(
        customers=replace(results.customers, table=results.customers.table.slice(0, 0)),
        matrix=_columns(results.matrix),
        verdict=results.verdict,
        clustering=_segments(results.clustering),
        stability=results.stability,
        profile=results.profile,
        match=results.match,
        notes=results.notes,
    )


def _columns(matrix: Matrix) -> Matrix:
    return replace(
        matrix, rows=matrix.rows[:0], x=matrix.x[:0], fitted=matrix.fitted[:0], unusual=None, changes=()
    )


def _segments(clustering: Clustering) -> Clustering:
    return replace(
        clustering,
        labels=clustering.labels[:0],
        coords=np.empty((0, 2), np.float32),
        tree=None,
        curve=None,
        assigner=None,
    )


def outlined_comparison(comparison: Comparison | None) -> Comparison | None:
    """A comparison without what grows with the customers: it names the other models."""
    if comparison is None:
        return None
    moves = tuple(replace(one, there=one.there[:0]) for one in comparison.moves)
    return replace(comparison, moves=moves)
