"""What is unlike any customer that was fitted: a value outside their range, or a place far from them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.features.applied import words_of
from core.features.customers import Customers, Measure
from core.features.prepare import Prepared
from core.pipeline import Results
from core.score.fits import fits_of
from core.words import exact

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Where the fitted customers are.

    Attributes
    ----------
    numbers : tuple of (Measure, float, float)
        The least and the highest value of each number.
    levels : tuple of (Measure, frozenset of str)
        The words of each category or ordered band.
    centres : float array (k, p)
        Middle of each segment in the compared numbers, those of `prepared`.
    farthest : float array (k,)
        Distance of the farthest customer of each segment from its middle.
    """

    numbers: tuple[tuple[Measure, float, float], ...]
    levels: tuple[tuple[Measure, frozenset[str]], ...]
    prepared: tuple[Prepared, ...]
    centres: np.ndarray
    farthest: np.ndarray
    currency: str

    def outside(self, customers: Customers, rows: np.ndarray) -> list[list[str]]:
        """What is outside the range, in words, for each of some customers; what is missing is not."""
        said: list[list[str]] = [[] for _ in range(rows.size)]
        for measure, low, high in self.numbers:
            values = customers.number(measure.slug)[rows]
            with np.errstate(invalid="ignore"):
                sides = (("above the highest", high, values > high), ("below the lowest", low, values < low))
            for where, end, beyond in sides:
                limit = exact(end, measure.unit, self.currency)
                for row in np.flatnonzero(beyond).tolist():
                    value = exact(float(values[row]), measure.unit, self.currency)
                    said[row].append(f"{measure.label} {value} is {where} seen, {limit}")
        for measure, seen in self.levels:
            for row, word in enumerate(words_of(customers, measure.slug, rows)):
                if word is not None and word not in seen:
                    said[row].append(f"{measure.label} “{word}” was not seen")
        return said

    def add_far(self, said: list[list[str]], x: np.ndarray, segments: np.ndarray) -> None:
        """Add to what is said who is farther from the middle of the segment than anyone fitted.

        Parameters
        ----------
        x : float array (n, p)
        segments : int array (n,)
            Places 1…k, 0 for none.
        """
        inside = np.flatnonzero(segments > 0)
        own = segments[inside] - 1
        apart = (x[inside] - self.centres[own]) ** 2
        beyond = np.sqrt(apart.sum(axis=1)) > self.farthest[own] * (1 + _ROUNDING)
        columns = np.repeat(np.arange(len(self.prepared)), [len(p.names) for p in self.prepared])
        for row, parts in zip(inside[beyond].tolist(), apart[beyond], strict=True):
            most = self.prepared[int(np.bincount(columns, parts).argmax())].label
            said[row].append(f"farther from the middle of the segment than anyone seen, most by {most}")


def ranges(results: Results, slugs: tuple[str, ...] = ()) -> Ranges:
    """Where the fitted customers of a study are, in its compared columns or in other measures."""
    customers, matrix, clustering = results.customers, results.matrix, results.clustering
    assert matrix is not None and clustering is not None
    rows = matrix.rows[matrix.fitted]
    measures = [m for m in map(customers.measure, slugs or matrix.columns) if m is not None]
    ends = [(m, _known(customers.number(m.slug)[rows])) for m in measures if m.numeric]
    words = [(m, words_of(customers, m.slug, rows)) for m in measures if not m.numeric]
    return Ranges(
        numbers=tuple((m, float(v.min()), float(v.max())) for m, v in ends if v.size),
        levels=tuple((m, frozenset(w for w in found if w is not None)) for m, found in words),
        prepared=matrix.prepared,
        centres=clustering.centres,
        farthest=_farthest(results),
        currency=customers.currency,
    )


def _known(values: np.ndarray) -> np.ndarray:
    return values[~np.isnan(values)]


def _farthest(results: Results) -> np.ndarray:
    clustering, fits = results.clustering, fits_of(results)
    assert clustering is not None
    found = np.zeros(clustering.k)
    for at in range(clustering.k):
        apart = fits.x[fits.segments == at + 1] - clustering.centres[at]
        found[at] = np.sqrt((apart * apart).sum(axis=1).max(initial=0.0))
    return found
