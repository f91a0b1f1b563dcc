"""Sums that are exact to the last decimal of the amounts, which floats added one by one are not."""

import math
from typing import Final

import numpy as np
import pyarrow as pa

_MOST_DECIMALS: Final = 6
_LARGEST_EXACT: Final = 2.0**53
_PIECE: Final = 1 << 17


def exact_sum(known: pa.ChunkedArray) -> float:
    """The sum of a column of numbers without gaps, the nearest float to the exact one.

    Amounts of up to six decimals are added as whole numbers (cents); others with compensation for what each
    addition loses.
    """
    values = known.to_numpy()
    if pa.types.is_integer(known.type):
        return float(sum(_whole(piece) for piece in _pieces(values)))
    for decimals in range(_MOST_DECIMALS + 1):
        if (total := _scaled(values, decimals)) is not None:
            return total / 10**decimals
    return math.fsum(values)


def _scaled(values: np.ndarray, decimals: int) -> int | None:
    """The sum in units of the last decimal; None where a value has more decimals, or too many digits."""
    total, scale = 0, 10.0**decimals
    for piece in _pieces(values):
        scaled = np.rint(piece * scale)
        if np.abs(scaled).max() >= _LARGEST_EXACT or not np.array_equal(scaled / scale, piece):
            return None
        total += _whole(scaled.astype(np.int64))
    return total


def _whole(values: np.ndarray) -> int:
    """The sum of whole numbers of any size."""
    halves = values >> 32, values & 0xFFFFFFFF  # neither can overflow when added
    return (int(halves[0].sum()) << 32) + int(halves[1].sum())


def _pieces(values: np.ndarray) -> list[np.ndarray]:
    return [values[start : start + _PIECE] for start in range(0, len(values), _PIECE)]
