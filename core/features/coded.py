"""Columns of the engine as arrays of whole numbers, quick to sort and to add up."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_LARGEST: Final = 2**62
_FIRST: Final = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The values of a column that names things, as numbers from 0 to below `size`.

    Whole numbers keep their distances (`low` is 0), all else is numbered by `words`.
    """

    size: int
    low: int = 0
    words: pa.Array | None = None

    def of(self, column: pa.ChunkedArray) -> np.ndarray:
        """The numbers of a column's values, all of which these know; of a null any number."""
        if self.words is None:
            return numbers(column) - self.low
        return numbers(pc.index_in(column, value_set=self.words))

    def values(self, codes: np.ndarray) -> pa.Array:
        """The values of these numbers."""
        if self.words is None:
            return pa.array(codes + self.low)
        return self.words.take(pa.array(codes))


def codes_of(column: pa.ChunkedArray, most: int = _LARGEST) -> Codes:
    """How the values of a column are numbered; whole numbers as they are if their range is below `most`."""
    if pa.types.is_integer(column.type):
        ends = pc.min_max(column).as_py()
        low, high = ends["min"] or 0, ends["max"] or 0
        if high - low < most:
            return Codes(size=high - low + 1, low=low)
    words = pc.unique(column).drop_null()
    return Codes(size=len(words) or 1, words=words)


def both_coded(one: pa.ChunkedArray, other: pa.ChunkedArray) -> tuple[Codes, Codes]:
    """The numbers of two columns, whose pairs fit into one whole number."""
    found = codes_of(one), codes_of(other)
    if found[0].size * found[1].size < _LARGEST:
        return found
    return codes_of(one, most=0), codes_of(other, most=0)


def numbers(column: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """Whole numbers, or days as their count from 1970, as int64; 0 where missing."""
    kind = column.type
    if pa.types.is_date32(kind):
        column = pc.cast(column, pa.int32())
    if column.null_count:
        column = pc.fill_null(column, 0)
    return np.asarray(column.to_numpy(), dtype=np.int64)


def floats(column: pa.ChunkedArray) -> np.ndarray:
    """Numbers as float64, 0 where missing."""
    return np.asarray(pc.fill_null(pc.cast(column, pa.float64()), 0.0).to_numpy(), dtype=np.float64)


def money(column: pa.ChunkedArray) -> np.ndarray:
    """Decimals of up to 18 digits, none missing, as int64 in units of their last digit.

    Arrow holds each as 128 bits, of which the lower half then says it all.
    """
    halves = [_lower_halves(chunk) for chunk in column.chunks]
    return np.concatenate(halves) if halves else np.empty(0, np.int64)


def _lower_halves(chunk: pa.Array) -> np.ndarray:
    words = np.frombuffer(chunk.buffers()[1], dtype="<i8") if len(chunk) else np.empty(0, np.int64)
    return words[2 * chunk.offset : 2 * (chunk.offset + len(chunk)) : 2]


def number_of(day: dt.date) -> int:
    """A day as its count from 1970."""
    return day.toordinal() - _FIRST


def as_days(numbers: np.ndarray) -> pa.Array:
    """Days from their count from 1970."""
    return pa.array(numbers.astype(np.int32)).cast(pa.date32())
