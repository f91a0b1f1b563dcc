"""Which segment each customer of another file gets, how sure that is, and what is unlike anything seen."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cluster.assigned import Assigned, assigned
from core.features.customers import Customers
from core.features.labels import LABELS
from core.matched import keys
from core.pipeline import Results
from core.score.fits import fits_of
from core.score.newcomers import Told, newcomers
from core.spec import Study

NO_SEGMENT: Final = "No segment"
MARGINS: Final = {
    "kmeans": "how much farther the middle of the second segment is, in scaled attributes",
    "hierarchical": "how much farther the nearest customers of the second segment are, in scaled attributes",
    "dbscan": "how much farther the second crowd is, in scaled attributes",
    "hdbscan": "how much farther the second crowd is, in scaled attributes",
    "mixture": "how much more likely the segment is than the second, 0 to 1",
    "rules": "none, the rules have sharp limits",
}
"""Algorithm -> what its margin is, in words."""

_SCORES: Final = (*LABELS, "r", "f", "m", "fm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The segments of n customers.

    Attributes
    ----------
    ids : tuple of str
    known : bool array (n,)
        Who was fitted, and keeps the segment of the study whatever the file says.
    segments : int array (n,)
        0 for none.
    names : tuple of str
        Of each customer's segment.
    margins : float array (n,)
        See `margin`; NaN without a segment or a second one.
    unlike : bool array (n,)
        Who is unlike any customer that was fitted.
    why : tuple of str
        Why there is no segment, and what is unlike; else empty.
    margin : str
        What the margins are, in words.
    notes : tuple of str
    """

    ids: tuple[str, ...]
    known: np.ndarray
    segments: np.ndarray
    names: tuple[str, ...]
    margins: np.ndarray
    unlike: np.ndarray
    why: tuple[str, ...]
    margin: str
    notes: tuple[str, ...] = ()


def score(study: Study, results: Results, customers: Customers, by_id: bool = True) -> Scored:
    """Segments for customers of another file: looked up where they were fitted, else by the fitted recipe.

    Parameters
    ----------
    study : Study
    results : Results
        Of the study, with its profile.
    customers : Customers
        Sheet of the other file, made with the same choices.
    by_id : bool
        Whether ids say who a customer is; without it nobody is known.
    """
    clustering, profile = results.clustering, results.profile
    assert clustering is not None and profile is not None
    at = _looked_up(results, customers) if by_id else np.full(len(customers), -1)
    known, new = np.flatnonzero(at >= 0), np.flatnonzero(at < 0)
    told = [_fitted(results, at[known]), newcomers(study, results, customers, new)]
    order = np.argsort(np.concatenate([known, new]))
    numbers = np.array([0, *(clustering.numbers or range(1, clustering.k + 1))])
    segments = numbers[np.concatenate([one.found.segments for one in told])[order]]
    called = {s.number: s.name for s in profile.segments} | {0: NO_SEGMENT}
    why = [reasons for one in told for reasons in one.why]
    return Scored(
        ids=tuple(customers.table["id"].to_pylist()),
        known=at >= 0,
        segments=segments,
        names=tuple(called[number] for number in segments.tolist()),
        margins=np.concatenate([one.found.margins for one in told])[order],
        unlike=np.concatenate([one.unlike for one in told])[order],
        why=tuple("; ".join(why[place]) for place in order.tolist()),
        margin=MARGINS[clustering.algorithm],
        notes=_notes(study),
    )


def _looked_up(results: Results, customers: Customers) -> np.ndarray:
    """The place (n,) in the study's customers of each customer of the sheet; −1 for one who is not there."""
    assert results.matrix is not None
    own, other = keys(results.customers.table["id"], customers.table["id"])
    own = own[results.matrix.rows]
    order = np.argsort(own, kind="stable")
    place = order[np.minimum(np.searchsorted(own, other, sorter=order), own.size - 1)]
    return np.where(own[place] == other, place, -1)


def _fitted(results: Results, at: np.ndarray) -> Told:
    """The study's own answer for some of its customers, by their places."""
    matrix, clustering = results.matrix, results.clustering
    assert matrix is not None and clustering is not None and clustering.assigner is not None
    fits = fits_of(results)
    compared, row = matrix.fitted[at], (np.cumsum(matrix.fitted) - 1)[at]
    segments, margins = np.zeros(at.size, np.int64), np.full(at.size, np.nan)
    segments[compared] = fits.segments[row[compared]]
    if clustering.assigner.cuts is None and compared.any():
        margins[compared] = assigned(clustering.assigner, fits.x[row[compared]], fits).margins
    why = np.where(compared, "no segment in the study", "no segment in the study for want of a value")
    return Told(
        found=Assigned(segments=segments, margins=np.where(segments > 0, margins, np.nan)),
        why=[[] if some else [reason] for some, reason in zip(segments.tolist(), why.tolist(), strict=True)],
        unlike=np.zeros(at.size, bool),
    )


def _notes(study: Study) -> tuple[str, ...]:
    notes = []
    if study.clean.missing == "nearest":
        notes.append("Where a number is missing the middle value of the study's customers stands in for it.")
    relative = [condition for condition in study.cohort.where if condition.column in _SCORES]
    if relative:
        notes.append("Labels and scores in “Who is included” are those among the customers of the file.")
    return tuple(notes)
