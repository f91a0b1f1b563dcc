"""The numbers of a stored column in order: quartiles and small histograms are then a few look-ups.

To sort a column takes a fraction of what the engine needs for its quartiles, or for its bins.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.quality.sample import chosen

_PIECE: Final = 1_000_000
"""Rows of a long table that are counted at once."""


class Numbers:
    """Columns of numbers, and of dates as days since 1 Jan 1970, of a stored table; one is held at a time.

    Parameters
    ----------
    path : Path
        The table's file.
    rows : int
    most : int
        A table of more rows is long: what needs all values at once comes from a sample of about so many.
    """

    def __init__(self, path: Path, rows: int, most: int) -> None:
        self._path = path
        self._rows = rows
        self._most = most

    @property
    def exact(self) -> bool:
        """Whether `ordered` gives all values, not those of a sample."""
        return self._rows <= self._most

    def ordered(self, slug: str) -> np.ndarray:
        """The known values of the column, of a long table those of a sample, in ascending order."""
        if self.exact:
            return _in_order(self._whole(slug))
        pieces = [
            piece[slug].filter(pa.array(chosen(piece["_row"].to_numpy(), self._rows, self._most)))
            for piece in self._pieces("_row", slug)
        ]
        found = _in_order(pa.chunked_array(pieces))
        return found if found.size else _in_order(self._whole(slug))  # few values, none of them in the sample

    def per_bin(self, slug: str, ordered: np.ndarray, edges: np.ndarray) -> np.ndarray:
        """How many values of the column lie in each bin; `ordered` is what the method of that name gave."""
        if self.exact:
            return _per_bin(ordered, edges)
        counts = [_per_bin(_in_order(piece[slug]), edges) for piece in self._pieces(slug)]
        found: np.ndarray = np.sum(counts, axis=0)
        return found

    def _whole(self, slug: str) -> pa.ChunkedArray:
        with pq.ParquetFile(self._path) as file:
            return file.read([slug])[slug]

    def _pieces(self, *slugs: str) -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(self._path) as file:
            yield from file.iter_batches(_PIECE, columns=list(slugs))


def quantile(ordered: np.ndarray, share: float) -> float:
    """The value below which a share of some values in ascending order lies, linear between two as numpy's."""
    at = (ordered.size - 1) * share
    low, high = float(ordered[math.floor(at)]), float(ordered[math.ceil(at)])
    return low + (high - low) * (at - math.floor(at))


def most_frequent(ordered: np.ndarray, most: int) -> list[tuple[str, int]]:
    """The values that stand most often among some in ascending order, smaller ones first, and how often."""
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    counts = np.diff(begins, append=ordered.size)
    first = np.argsort(-counts, kind="stable")[:most]
    pairs = zip(ordered[begins[first]].tolist(), counts[first].tolist(), strict=True)
    return [(str(value), rows) for value, rows in pairs]


def _in_order(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    known = pc.drop_null(column)
    if pa.types.is_temporal(known.type):
        known = pc.cast(pc.cast(known, pa.date32(), safe=False), pa.int32())
    return np.sort(known.to_numpy())


def _per_bin(ordered: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """As `numpy.histogram` counts: a value on an edge is right of it, one on the last edge left of it."""
    ends = np.append(np.searchsorted(ordered, edges[:-1]), np.searchsorted(ordered, edges[-1], "right"))
    counts: np.ndarray = np.diff(ends)
    return counts
