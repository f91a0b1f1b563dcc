"""Segments for customers who were not fitted, by the recipe and the method as they were."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.cluster.assigned import Assigned, assigned, by_cuts
from core.cluster.assigner import Assigner, Cuts
from core.cluster.rules import NAMES, places
from core.describe import condition
from core.features.applied import Applied, applied, matrix_of
from core.features.cohort import included
from core.features.customers import Customers
from core.features.labels import YES
from core.pipeline import Results
from core.score.fits import fits_of
from core.score.unlike import ranges
from core.spec import Study

Reasons = list[list[str]]
"""Sentences without an end, for each of some customers."""

RULED: tuple[str, ...] = ("recency", "orders", "monetary")
"""The measures that rules look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Places of segments 1…k (0 none) and margins of some customers, why, and who is unlike anyone fitted."""

    found: Assigned
    why: Reasons
    unlike: np.ndarray


def newcomers(study: Study, results: Results, customers: Customers, rows: np.ndarray) -> Told:
    """Segments of some rows of a sheet; who gets none, or is unlike anyone fitted, with the reasons."""
    matrix, clustering = results.matrix, results.clustering
    assert matrix is not None and clustering is not None and clustering.assigner is not None
    columns = applied(matrix.prepared, results.customers, customers, rows)
    why, x = _left_out(study, results, customers, rows, columns), matrix_of(columns)
    ruled = clustering.assigner.cuts is not None
    find = _by_rules if ruled else _by_numbers
    found = find(results, clustering.assigner, customers, rows, x, why)
    seen = ranges(results, RULED if ruled else ())
    said = seen.outside(customers, rows)
    if not ruled:
        seen.add_far(said, x, found.segments)
    return Told(
        found=found,
        why=[[*reasons, *more] for reasons, more in zip(why, said, strict=True)],
        unlike=np.array([bool(more) for more in said], bool),
    )


def _left_out(
    study: Study, results: Results, customers: Customers, rows: np.ndarray, columns: Sequence[Applied]
) -> Reasons:
    """Why a customer gets no segment before any is asked for; empty for those who may get one."""
    why: Reasons = [[] for _ in range(rows.size)]
    for one in study.cohort.where:
        if included(results.customers, (one,))[1]:
            continue  # the study could not ask it either
        outside = ~included(customers, (one,))[0][rows]
        _add(why, outside, f"not among those included ({condition(results.customers, one)})")
    for column in columns:
        label = column.prepared.label
        _add(why, np.isnan(column.x).any(axis=1), f"{label} is missing")
        _add(why, np.isinf(column.x).any(axis=1), f"{label} is too large to compare customers by")
    return why


def _add(why: Reasons, which: np.ndarray, reason: str) -> None:
    for row in np.flatnonzero(which).tolist():
        why[row].append(reason)


def _open(why: Reasons) -> np.ndarray:
    """Places of those who may get a segment."""
    return np.flatnonzero([not reasons for reasons in why])


def _by_numbers(
    results: Results,
    assigner: Assigner,
    customers: Customers,
    rows: np.ndarray,
    x: np.ndarray,
    why: Reasons,
) -> Assigned:
    """By the compared numbers x (n, p); why there is no segment is added to the reasons."""
    segments, margins, at = np.zeros(rows.size, np.int64), np.full(rows.size, np.nan), _open(why)
    if at.size:
        found = assigned(assigner, x[at], fits_of(results))
        segments[at], margins[at] = found.segments, found.margins
        for row in at[found.segments == 0].tolist():
            why[row].append("no segment is within reach")
    return Assigned(segments=segments, margins=margins)


def _by_rules(
    results: Results,
    assigner: Assigner,
    customers: Customers,
    rows: np.ndarray,
    x: np.ndarray,
    why: Reasons,
) -> Assigned:
    """By the frozen cut points of the rules, which have no margins."""
    assert assigner.cuts is not None
    segments, at = np.zeros(rows.size, np.int64), _open(why)
    place = _place(assigner.cuts, customers, rows[at])
    segments[at] = np.where(place >= 0, assigner.numbers[place], 0)
    for row, one in zip(at.tolist(), place.tolist(), strict=True):
        if one < 0:
            why[row].append("last order, number of orders or spend is missing")
        elif not segments[row]:
            why[row].append(f"by the rules {NAMES[one]}, as no customer of the study is")
    return Assigned(segments=segments, margins=np.full(rows.size, np.nan))


def _place(cuts: Cuts, customers: Customers, rows: np.ndarray) -> np.ndarray:
    """The places of the rules' names; −1 where a measure is missing."""
    new = np.zeros(rows.size, bool)
    if cuts.new and customers.has("new"):
        new = customers.number("new")[rows] == YES
    return places(by_cuts(cuts, {name: customers.number(name)[rows] for name in RULED}), new)
