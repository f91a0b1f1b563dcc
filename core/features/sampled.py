"""Some of the customers, chosen by their ids: the same each time, and fewer of them among more."""

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.features.customers import Customers
from core.hashed import hashed

_PRIME: Final = np.uint64(0x100000001B3)
_START: Final = np.uint64(0xCBF29CE484222325)
_BYTES: Final = 64
"""Ids that are equal so far are told apart by their order."""


def first_by_hash(ids: pa.ChunkedArray, size: int) -> np.ndarray:
    """Which of n ids are the `size` with the lowest hash (n,), ties in the order of the ids."""
    keys = hash_of(ids)
    if size >= keys.size:
        return np.ones(keys.size, dtype=bool)
    limit = np.partition(keys, size - 1)[size - 1] if size else np.uint64(0)
    found = keys < limit
    found[np.flatnonzero(keys == limit)[: size - int(found.sum())]] = True
    return found


def of_rows(customers: Customers, rows: np.ndarray) -> Customers:
    """A customer sheet of some rows (m,) alone, with the columns of its measures."""
    at = pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows.astype(np.int64))])
    names = [m.slug for m in customers.measures]
    return replace(customers, table=customers.table.select(names).take(at))


def hash_of(ids: pa.ChunkedArray) -> np.ndarray:
    """A hash (n,) of texts: FNV-1a of the bytes in UTF-8 (Fowler, Noll and Vo 1991), mixed once more."""
    if not len(ids):
        return np.empty(0, dtype=np.uint64)
    texts = pc.cast(ids, pa.large_binary()).combine_chunks()
    _, ends, data = texts.buffers()
    bounds = np.frombuffer(ends, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    letters = np.frombuffer(data or b"", np.uint8)
    found = np.full(len(texts), _START)
    rows, lengths = np.arange(len(texts)), np.diff(bounds)
    for at in range(min(int(lengths.max(initial=0)), _BYTES)):
        rows = rows[lengths[rows] > at]
        found[rows] = (found[rows] ^ letters[bounds[rows] + at]) * _PRIME
    return hashed(found[None])
