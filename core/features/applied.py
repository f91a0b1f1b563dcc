"""The recipe as it was fitted, done again to other customers: the same fill values, limits and scales."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.clean import MISSING, OTHER
from core.features.customers import Customers
from core.features.prepare import LARGEST, Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One compared column of n customers, as it came and as columns of the matrix.

    Attributes
    ----------
    values : float array (n,) or None
        Of a number, as it came; NaN where missing.
    words : tuple of (str or None), or None
        Of a category or an ordered band.
    x : float array (n, q)
        Its columns of the matrix; NaN where the value is missing and the recipe fills nothing in, infinite
        where it is too large to be compared.
    """

    prepared: Prepared
    values: np.ndarray | None
    words: tuple[str | None, ...] | None
    x: np.ndarray

    @property
    def missing(self) -> np.ndarray:
        """Where there was no value (n,)."""
        if self.words is not None:
            return np.array([word is None for word in self.words], dtype=bool)
        assert self.values is not None
        return np.isnan(self.values)


def applied(
    prepared: Sequence[Prepared], fitted: Customers, customers: Customers, rows: np.ndarray
) -> tuple[Applied, ...]:
    """The compared columns of some customers by the recipe that was fitted to others.

    A category that was not there, or was rare, counts as “Other” where the fit has that, else as none of its
    levels. A missing number that was filled like similar customers becomes the middle value.

    Parameters
    ----------
    prepared : sequence of Prepared
        `core.features.matrix.Matrix.prepared` of the fit.
    fitted, customers : Customers
        The sheet of the fit, whose ordered bands hold, and that of the customers.
    rows : int array (n,)
        Rows of the customers' sheet.
    """
    return tuple(_one(p, fitted, customers, rows) for p in prepared)


def matrix_of(columns: Sequence[Applied]) -> np.ndarray:
    """Their columns of the matrix (n, p)."""
    return np.ascontiguousarray(np.hstack([column.x for column in columns]))


def _one(p: Prepared, fitted: Customers, customers: Customers, rows: np.ndarray) -> Applied:
    measure = fitted.measure(p.slug)
    assert measure is not None, "a compared column is a measure"
    if measure.numeric:
        values = customers.number(p.slug)[rows]
        return Applied(prepared=p, values=values, words=None, x=_number(p, values))
    words = words_of(customers, p.slug, rows)
    if measure.unit == "band" and measure.levels:
        ranks = {level: float(rank) for rank, level in enumerate(measure.levels)}
        values = np.array([np.nan if w is None else ranks.get(w, np.nan) for w in words], np.float64)
        return Applied(prepared=p, values=values, words=words, x=_number(p, values))
    return Applied(prepared=p, values=None, words=words, x=_category(p, words))


def words_of(customers: Customers, slug: str, rows: np.ndarray) -> tuple[str | None, ...]:
    """A column of some rows as text, None where missing."""
    column = customers.table[slug].take(pa.Array.from_buffers(pa.int64(), len(rows), [None, _buffer(rows)]))
    return tuple(pc.cast(column, pa.string()).to_pylist())


def evened(values: np.ndarray, how: str, lmbda: float | None) -> np.ndarray:
    """Numbers by a transform of `Prepared` with its λ; infinite where that leaves the range of floats."""
    if how == "log1p":
        return np.asarray(np.sign(values) * np.log1p(np.abs(values)))
    if how == "yeo-johnson":
        from scipy.stats import yeojohnson

        with np.errstate(over="ignore"):
            return np.asarray(yeojohnson(values, lmbda))
    return values


def _number(p: Prepared, values: np.ndarray) -> np.ndarray:
    gaps = np.isnan(values)
    if p.limits is not None:
        values = np.clip(values, *p.limits)
    if p.filled is not None:
        values = np.where(gaps, p.filled, values)
    even = evened(values, p.transform, p.lmbda)
    columns = [(even - p.centre[0]) / p.scale * p.weight]
    if p.mark is not None:
        columns.append((gaps - p.centre[1]) / p.mark * p.weight)
    x = np.column_stack(columns)
    with np.errstate(invalid="ignore"):
        x[np.abs(values) > LARGEST] = np.inf
    return x


def _category(p: Prepared, words: Sequence[str | None]) -> np.ndarray:
    places = {level: at for at, level in enumerate(p.levels)}
    other = next((at for at, level in enumerate(p.levels) if level.casefold() == OTHER.casefold()), -1)
    codes = np.array([places.get(_filled(p, word), other) for word in words], np.int64)
    hot = (codes[:, None] == np.arange(len(p.levels))[None]).astype(np.float64)
    x = (hot - np.array(p.centre)) / p.scale * p.weight
    if not p.filled_level:
        x[[word is None for word in words]] = np.nan
    return x


def _filled(p: Prepared, word: str | None) -> str:
    if word is not None:
        return word
    spelled = {level.casefold(): level for level in p.levels}
    return spelled.get(p.filled_level.casefold(), p.filled_level or MISSING)


def _buffer(rows: np.ndarray) -> pa.Buffer:
    return pa.py_buffer(np.ascontiguousarray(rows, dtype=np.int64))
