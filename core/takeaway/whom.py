"""Which customers of a study a list is about."""

import numpy as np

from core.errors import UserError
from core.features.cohort import included
from core.features.labels import LABELS, YES
from core.pipeline import Results, grouping_of
from core.spec import Study


def places(results: Results, study: Study, segment: int | None, as_shown: bool) -> np.ndarray:
    """The places among the study's customers of those a list is about, ascending.

    Parameters
    ----------
    results : Results
        With matrix, clustering and profile.
    segment : int, optional
        Only this segment's, 0 for those without one.
    as_shown : bool
        Only those whom the study's label and its conditions of “Show only” leave.

    Raises
    ------
    UserError
        When the study has no such segment.
    """
    matrix, clustering, profile = results.matrix, results.clustering, results.profile
    assert matrix is not None and clustering is not None and profile is not None
    chosen = np.ones(matrix.rows.size, dtype=bool)
    if segment is not None:
        if profile.segment(segment) is None:
            numbers = ", ".join(str(s.number) for s in profile.segments)
            raise UserError(f"There is no segment {segment} in this study.", f"Choose among {numbers}.")
        chosen &= clustering.labels == segment
    if as_shown:
        chosen &= _shown(results, study)[matrix.rows]
    return np.flatnonzero(chosen)


def _shown(results: Results, study: Study) -> np.ndarray:
    customers = results.customers
    mask, _ = included(customers, study.lens.show, grouping_of(results))
    if study.lens.label in LABELS:
        mask = mask & (customers.number(study.lens.label) == YES)
    return mask
