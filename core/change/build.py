"""Today's segments of the customers of 30 days ago."""

from itertools import pairwise
from typing import Final

import numpy as np

from core.change.labels import labels_then
from core.change.result import Change, MeasureThen
from core.choose import Clustering
from core.cluster.assigned import Fits, assigned, by_cuts
from core.cluster.assigner import Assigner, Cuts
from core.cluster.rules import places
from core.features.applied import applied, matrix_of
from core.features.cohort import included
from core.features.customers import Customers
from core.features.labels import YES
from core.features.matrix import Matrix
from core.features.sampled import hash_of
from core.matched import keys
from core.spec import Cohort

RULED: Final = ("recency", "orders", "monetary")
SMALL: Final = 5
"""Groups under this many customers show no medians."""


def change(
    customers: Customers, matrix: Matrix, clustering: Clustering, cohort: Cohort, then: Customers
) -> Change:
    """Where the customers of a study were on an earlier day, and where those of then are.

    Segments of then are given by today's fit: the same fill values, limits, transforms, scales, and centres
    or cut points. Who is included then is asked of the measures of then.

    Parameters
    ----------
    clustering : Clustering
        With labels 1…k (before a reference renumbers them).
    then : Customers
        The customer sheet of the earlier day.
    """
    if clustering.assigner is None:
        return Change(reason="These segments have no rule by which customers of another day could be placed.")
    k, out = clustering.k, clustering.k + 1
    own, other = keys(customers.table["id"], then.table["id"])
    rows = _included(customers, matrix, cohort, then, own, other)
    was = _placed(customers, matrix, clustering, then, rows)
    now = np.where(clustering.labels == 0, k, clustering.labels.astype(np.int64) - 1)
    _, here, there = np.intersect1d(own[matrix.rows], other[rows], assume_unique=True, return_indices=True)
    before, after = np.full(now.size, out), np.full(was.size, out)
    before[here], after[there] = was[there], now[here]
    flow = np.bincount(before * (k + 2) + now, minlength=(k + 2) ** 2)
    gone = after == out
    flow += np.bincount(was[gone] * (k + 2) + out, minlength=(k + 2) ** 2)
    return Change(
        day=then.as_of,
        flow=flow.reshape(k + 2, k + 2),
        net_then=_net(then, rows, was, k + 2),
        net_now=_net(customers, matrix.rows, now, k + 2),
        measures=_measures(then, rows, was, k),
        labels=labels_then(customers, matrix.rows, then, rows),
        order_then=_per_order(then, rows, was, k),
        before=before.astype(np.min_scalar_type(out)),
    )


def _included(
    customers: Customers, matrix: Matrix, cohort: Cohort, then: Customers, own: np.ndarray, other: np.ndarray
) -> np.ndarray:
    """Rows of the earlier sheet: who meets the conditions then, but for those whom the recipe leaves out."""
    met = included(customers, cohort.where)[0]
    mask = included(then, cohort.where)[0]
    if cohort.sample is not None and cohort.sample < int(met.sum()):
        limit = hash_of(customers.table["id"])[matrix.rows].max()
        met &= hash_of(customers.table["id"]) <= limit
        mask &= hash_of(then.table["id"]) <= limit
    met[matrix.rows] = False
    mask &= ~np.isin(other, own[met])
    return np.flatnonzero(mask).astype(np.int64)


def _placed(
    customers: Customers, matrix: Matrix, clustering: Clustering, then: Customers, rows: np.ndarray
) -> np.ndarray:
    """The place 0…k−1 of each row's segment, k for none."""
    assigner, k = clustering.assigner, clustering.k
    assert assigner is not None
    if assigner.cuts is not None:
        segments = _by_rules(assigner, assigner.cuts, then, rows)
    else:
        x = matrix_of(applied(matrix.prepared, customers, then, rows))
        fits = Fits(x=matrix.x, segments=clustering.labels[matrix.fitted].astype(np.int64))
        segments, whole = np.zeros(rows.size, np.int64), np.isfinite(x).all(axis=1)
        segments[whole] = assigned(assigner, x[whole], fits).segments
    return np.where(segments == 0, k, segments - 1)


def _by_rules(assigner: Assigner, cuts: Cuts, then: Customers, rows: np.ndarray) -> np.ndarray:
    new = np.zeros(rows.size, bool)
    if cuts.new and then.has("new"):
        new = then.number("new")[rows] == YES
    found = places(by_cuts(cuts, {name: then.number(name)[rows] for name in RULED}), new)
    return np.where(found >= 0, assigner.numbers[found], 0)


def _net(customers: Customers, rows: np.ndarray, at: np.ndarray, size: int) -> np.ndarray | None:
    if not customers.has("monetary"):
        return None
    return np.bincount(at, np.nan_to_num(customers.number("monetary")[rows]), size)


def _per_order(then: Customers, rows: np.ndarray, was: np.ndarray, k: int) -> np.ndarray | None:
    """Sales per order of all customers of a segment together, as the profile has it."""
    worth = "order_value" if then.has("order_value") else "monetary"
    if not then.has(worth) or not then.has("orders"):
        return None
    sales, orders = (
        np.bincount(was, np.nan_to_num(then.number(slug)[rows]), k + 1)[:k] for slug in (worth, "orders")
    )
    return np.divide(sales, orders, out=np.full(k, np.nan), where=orders > 0)


def _measures(then: Customers, rows: np.ndarray, was: np.ndarray, k: int) -> tuple[MeasureThen, ...]:
    """The numbers of then over the segments of then."""
    order = np.argsort(was, kind="stable")
    ends = np.searchsorted(was[order], np.arange(k + 1))
    found = []
    for m in then.measures:
        if m.numeric:
            x = then.number(m.slug)[rows][order]
            both = [_middles(x[a:b]) for a, b in pairwise(ends)]
            means, medians = np.array(both, dtype=np.float64).reshape(-1, 2).T
            found.append(MeasureThen(slug=m.slug, means=means, medians=medians))
    return tuple(found)


def _middles(x: np.ndarray) -> tuple[float, float]:
    known = x[~np.isnan(x)]
    mean = float(known.mean()) if known.size else np.nan
    return mean, float(np.median(known)) if known.size >= SMALL else np.nan
