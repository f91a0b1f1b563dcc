"""Where the segments of two studies lie, as the reference looks at customers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from core.features.customers import Customers
from core.features.prepare import Prepared


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of the customers of a sheet: the rows of each."""

    customers: Customers
    rows: Sequence[np.ndarray]


def centres(prepared: Sequence[Prepared], reference: Groups, study: Groups) -> tuple[np.ndarray, np.ndarray]:
    """Means of the groups in the columns that the reference compared and both have.

    They are means of real values, evened out as the reference did, in units of its spread. A category is a
    share per level; all its levels together count as one column.

    Returns
    -------
    float array (a, p), float array (b, p)
    """
    both = [p for p in prepared if reference.customers.has(p.slug) and study.customers.has(p.slug)]
    blocks = [_block(column, reference, study) for column in both]
    then = np.hstack([np.empty((len(reference.rows), 0)), *(one for one, _ in blocks)])
    now = np.hstack([np.empty((len(study.rows), 0)), *(other for _, other in blocks)])
    known = ~np.isnan(np.vstack([then, now])).any(axis=0)
    return then[:, known], now[:, known]


def _block(column: Prepared, reference: Groups, study: Groups) -> tuple[np.ndarray, np.ndarray]:
    levels = _levels(reference.customers, column.slug)
    then, now = (_values(g.customers, column, levels) for g in (reference, study))
    everybody = np.concatenate(reference.rows)
    variance = _mean(then**2, everybody) - _mean(then, everybody) ** 2
    with np.errstate(invalid="ignore"):
        scale = np.sqrt(np.where(variance > 0, variance, np.nan) * max(len(levels), 1))
    one, other = (np.array([_mean(v, rows) for rows in g.rows]) for v, g in ((then, reference), (now, study)))
    return one / scale, other / scale


def _mean(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Means of columns over the rows that have a value; NaN where none has."""
    known = ~np.isnan(values[rows])
    sums, number = np.where(known, values[rows], 0.0).sum(axis=0), known.sum(axis=0)
    return np.divide(sums, number, out=np.full(sums.shape, np.nan), where=number > 0)


def _levels(customers: Customers, slug: str) -> tuple[str, ...]:
    """The words of a category; none where its values are numbers, bands, or yes and no."""
    measure = customers.measure(slug)
    band = measure is not None and bool(measure.levels)
    words = pa.types.is_string(customers.table[slug].type) and not band
    return customers.codes(slug)[1] if words else ()


def _values(customers: Customers, column: Prepared, levels: tuple[str, ...]) -> np.ndarray:
    """A column of 0 and 1 per level (n, l); without levels one of numbers (n, 1), NaN for words."""
    if levels:
        codes, words = customers.codes(column.slug)
        own = np.array([words.index(level) if level in words else -2 for level in levels])
        return (codes[:, None] == own).astype(np.float64)
    if _levels(customers, column.slug):
        return np.full((len(customers), 1), np.nan)
    return _evened(customers.number(column.slug), column)[:, None]


def _evened(values: np.ndarray, column: Prepared) -> np.ndarray:
    if column.limits is not None:
        values = np.clip(values, *column.limits)
    if column.transform == "log1p":
        return np.sign(values) * np.log1p(np.abs(values))
    if column.transform == "yeo-johnson" and column.lmbda is not None:
        from scipy.stats import yeojohnson

        return np.asarray(yeojohnson(values, column.lmbda))
    return values
