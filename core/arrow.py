"""Arrow columns from numpy and text and back, without pandas, which web processes must not load.

`pa.array`, `to_numpy`, and any function of Arrow that is given a value of Python's import it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def texts(values: Sequence[str]) -> pa.Array:
    """Texts as a column."""
    encoded = [v.encode() for v in values]
    offsets = np.cumsum([0, *(len(v) for v in encoded)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded)))


def over(values: np.ndarray) -> pa.Array:
    """Numbers (n,) as a column of their own kind over the same memory, none missing."""
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, values.size, [None, pa.py_buffer(np.ascontiguousarray(values))])


def integers(values: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """Whole numbers (n,) as a column, missing where they are not `known`."""
    whole = np.ascontiguousarray(values, dtype=np.int64)
    valid = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Int64Array.from_buffers(pa.int64(), whole.size, [valid, pa.py_buffer(whole)])


def numbers(values: np.ndarray) -> pa.Array:
    """Numbers (n,) as a column, missing where they are not finite."""
    floats = np.ascontiguousarray(values, dtype=np.float64)
    known = np.packbits(np.isfinite(floats), bitorder="little")
    return pa.Array.from_buffers(pa.float64(), floats.size, [pa.py_buffer(known), pa.py_buffer(floats)])


def held(column: pa.ChunkedArray | pa.Array, missing: float) -> np.ndarray:
    """Numbers or flags of a column (n,), `missing` where there is none; flags as 0 and 1.

    A column of whole numbers gives whole numbers: what stands for a missing one must be of their kind.
    """
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    kind = column.type.to_pandas_dtype()
    parts = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    full = [pc.fill_null(part, one(missing, kind)) if part.null_count else part for part in parts]
    return np.concatenate([np.empty(0, kind), *(np.from_dlpack(part) for part in full)])


def one(value: float, kind: Any = np.float64) -> pa.Scalar:
    """A number as Arrow's functions take it."""
    return over(np.array([value], dtype=kind))[0]


def flags(codes: np.ndarray) -> pa.Array:
    """Codes (n,) as yes (1) and no (0), missing where they are below zero."""
    codes = codes.astype(np.int8)
    known, yes = (np.packbits(bits, bitorder="little") for bits in (codes >= 0, codes > 0))
    return pa.Array.from_buffers(pa.bool_(), codes.size, [pa.py_buffer(known), pa.py_buffer(yes)])


def taken(table: pa.Table, rows: np.ndarray) -> pa.Table:
    """Some rows of a table, in the order given.

    Arrow itself would first join the pieces that a column is in, which takes as long for few rows as for all.
    """
    pieces = table.to_batches()
    ends = np.cumsum([0, *(piece.num_rows for piece in pieces)])
    of = np.searchsorted(ends, rows, side="right") - 1
    order = np.argsort(of, kind="stable")
    found = [
        pieces[at].take(integers(rows[order][of[order] == at] - ends[at])) for at in np.unique(of).tolist()
    ]
    if not found:
        return table.slice(0, 0)
    joined = pa.Table.from_batches(found)
    return joined if len(found) == 1 else joined.take(integers(np.argsort(order, kind="stable")))
