"""Two groupings of the same business: who is in both, how many are where, and which segment is which."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import held
from core.assigned import assigned
from core.features.customers import Customers
from core.features.matrix import Matrix


def shared(before: Customers, one: Matrix, after: Customers, other: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Places in both matrices' rows of the customers that are in both, in the same order."""
    key_before, key_after = keys(before.table["id"], after.table["id"])
    _, at_before, at_after = np.intersect1d(
        key_before[one.rows], key_after[other.rows], assume_unique=True, return_indices=True
    )
    return at_before, at_after


def together(was: np.ndarray, now: np.ndarray, k_was: int, k_now: int) -> np.ndarray:
    """How many customers are in segment i of one grouping and in segment j of another.

    Parameters
    ----------
    was, now : int array (m,)
        0 for no segment, 1…k.

    Returns
    -------
    int array (k_was + 1, k_now + 1)
    """
    pairs = np.bincount(was.astype(np.int64) * (k_now + 1) + now, minlength=(k_was + 1) * (k_now + 1))
    return pairs.reshape(k_was + 1, k_now + 1)


def matched(pairs: np.ndarray) -> np.ndarray:
    """The segment of the second grouping that each one of the first is.

    Segments go together so that as many customers as possible stay (Kuhn 1955). “No segment” is
    matched with itself alone.

    Parameters
    ----------
    pairs : int array (k + 1, l + 1)
        As `together` gives it.

    Returns
    -------
    int array (k + 1,)
        Number of the matched segment, −1 for a segment that has none, or with which it shares nobody.
    """
    found = np.full(len(pairs), -1)
    found[0] = 0
    one, other = assigned(pairs[1:, 1:])
    some = pairs[one + 1, other + 1] > 0
    found[one[some] + 1] = other[some] + 1
    return found


def keys(before: pa.ChunkedArray, after: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """One number per row of both sheets, equal for the same customer: the nth row of an id is one."""
    if before.equals(after):
        rows = np.arange(len(before))
        return rows, rows
    both = pa.chunked_array([*before.chunks, *after.chunks]).combine_chunks()
    codes = held(pc.dictionary_encode(both).indices, -1).astype(np.int64)
    ids = codes[: len(before)], codes[len(before) :]
    turns = [_turn(found) for found in ids]
    most = 1 + max((int(turn.max()) for turn in turns if turn.size), default=0)
    return ids[0] * most + turns[0], ids[1] * most + turns[1]


def _turn(codes: np.ndarray) -> np.ndarray:
    """How many rows before this one have the same code."""
    order = np.argsort(codes, kind="stable")
    sorted_codes = codes[order]
    first = (
        np.concatenate([[True], sorted_codes[1:] != sorted_codes[:-1]]) if codes.size else np.zeros(0, bool)
    )
    begun = np.maximum.accumulate(np.where(first, np.arange(codes.size), 0))
    out = np.empty(codes.size, dtype=np.int64)
    out[order] = np.arange(codes.size) - begun
    return out
