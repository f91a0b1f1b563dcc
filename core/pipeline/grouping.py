"""What results say of each row of the customer sheet, for conditions on segments, the map, other models."""

import numpy as np

from core.change import Change
from core.choose import Clustering
from core.compare import Comparison
from core.features.cohort import ASIDE, DOWN, UP
from core.features.grouping import OUTSIDE, Grouping, Other
from core.features.matrix import Matrix
from core.pipeline.stages import Results
from core.profile import Profile


def grouping_of(results: Results) -> Grouping | None:
    """What a study has made of every customer of its sheet; None where results have no segments."""
    matrix, clustering, comparison = results.matrix, results.clustering, results.comparison
    if matrix is None or clustering is None:
        return None
    n = len(results.customers)
    return Grouping(
        segments=_over(n, matrix.rows, clustering.labels),
        places=lambda: _places(n, matrix, clustering),
        others=lambda: others_of(comparison, clustering.labels, n, matrix.rows),
        ago=lambda: ago_of(results.change, results.profile, clustering.labels, n, matrix.rows),
    )


def others_of(
    comparison: Comparison | None, labels: np.ndarray, n: int, rows: np.ndarray
) -> tuple[Other | None, ...]:
    """The other models of a comparison, in its order.

    Parameters
    ----------
    labels : int array (m,)
        The own segments of the study's customers.
    n : int
        Customers to tell it of.
    rows : int array (m,)
        Where among these the study's customers stand.
    """
    if comparison is None:
        return ()
    found: list[Other | None] = []
    for model in range(1, len(comparison.models)):
        moves = comparison.move(model)
        if moves is None:
            found.append(None)
            continue
        moved = np.zeros(n, dtype=bool)
        moved[rows] = moves.who(labels)
        found.append(Other(segments=_over(n, rows, moves.there), moved=moved))
    return tuple(found)


def ago_of(
    change: Change | None, profile: Profile | None, labels: np.ndarray, n: int, rows: np.ndarray
) -> Other | None:
    """The segments of 30 days ago; the other parameters as of `others_of`. None where they can't be said."""
    if change is None or profile is None or change.before.size != labels.size:
        return None
    numbers = [s.number for s in profile.segments if s.number]
    there = np.array([*numbers, 0, -1], dtype=np.int32)[change.before]
    ways = [there == labels, (there == 0) | (labels == 0), labels < there]
    how = np.select(ways, [0, ASIDE, UP], DOWN)
    segments, moved = np.full(n, OUTSIDE, dtype=np.int32), np.zeros(n, dtype=np.int8)
    segments[rows], moved[rows] = there, how
    return Other(segments=segments, moved=moved)


def _over(n: int, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Numbers of some of n customers, −1 for the others."""
    found = np.full(n, -1, dtype=np.int32)
    found[rows] = values
    return found


def _places(n: int, matrix: Matrix, clustering: Clustering) -> np.ndarray:
    found = np.full((n, 2), np.nan, dtype=np.float32)
    found[matrix.rows] = clustering.coords
    return found
