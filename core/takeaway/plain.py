"""Values of every kind as plain text: ISO dates, decimals without an exponent, yes and no."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import numbers, texts

DECIMALS: Final = 6
_MOST: Final = 1e31
"""Beyond it a number has no place in a decimal of 38 digits."""

_DECIMAL: Final = pa.decimal128(38, DECIMALS)


def plain(column: pa.Array) -> pa.Array:
    """A column as text, missing where it is missing; a number that is not finite is."""
    kind = column.type
    if pa.types.is_floating(kind):
        return _decimals(pc.cast(column, pa.float64()))
    if pa.types.is_boolean(kind):
        return texts(("no", "yes")).take(pc.cast(column, pa.int8()))
    if pa.types.is_timestamp(kind):
        return pc.strftime(pc.cast(column, pa.timestamp("s"), safe=False), format="%Y-%m-%dT%H:%M:%S")
    return pc.cast(column, pa.string())


def _decimals(column: pa.Array) -> pa.Array:
    missing = numbers(np.array([np.nan]))[0]
    finite = pc.if_else(pc.is_finite(column), column, missing)
    if (pc.max(pc.abs(finite)).as_py() or 0.0) >= _MOST:
        digits = _one_by_one(finite)
    else:
        digits = pc.cast(pc.cast(finite, _DECIMAL), pa.string())
    return pc.utf8_rtrim(pc.utf8_rtrim(digits, characters="0"), characters=".")


def _one_by_one(column: pa.Array) -> pa.Array:
    values = column.to_pylist()
    written = texts(["" if v is None else f"{v:.{DECIMALS}f}" for v in values])
    return pc.if_else(pc.is_null(column), pc.cast(column, pa.string()), written)
