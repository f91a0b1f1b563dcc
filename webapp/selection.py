"""Which customers a lens shows: a segment, a label, the conditions of “Show only”."""

import numpy as np

from core.errors import UserError
from core.features.cohort import included
from core.pipeline import Results
from core.spec import Study
from core.takeaway import label_mask

NONE = "none"
"""The path's word for customers without a segment."""


def segment_number(text: str, results: Results) -> int | None:
    """The number a path's segment stands for in this study, None where there is none of it."""
    assert results.profile is not None
    wanted = "0" if text == NONE else text
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 4:
        return None
    found = results.profile.segment(int(wanted))
    return found.number if found is not None and (found.number or text == NONE) else None


def shown(results: Results, study: Study, segment: str = "") -> np.ndarray:
    """Bool over the study's customers: those of a segment that the lens shows.

    Raises
    ------
    UserError
        When the study has no such segment.
    """
    assert results.matrix is not None and results.clustering is not None
    mask, _ = included(results.customers, study.lens.show)
    chosen = mask[results.matrix.rows] & label_mask(results, study.lens.label)
    if segment:
        number = segment_number(segment, results)
        if number is None:
            raise UserError(
                f"There is no segment {segment[:20]} in this view.", "Open one of its segments on Profiles."
            )
        chosen &= results.clustering.labels == number
    return chosen
