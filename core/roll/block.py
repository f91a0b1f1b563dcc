"""A block of rows in the order of a column, at any depth, without sorting the others."""

import numpy as np


def block(keys: np.ndarray, start: int, end: int, descending: bool = False) -> np.ndarray:
    """Places start…end − 1 of n keys in their order: a stable sort's answer, in time that grows with n.

    The limits of the block are found by selection (Hoare 1961); only what lies between them is sorted.

    Parameters
    ----------
    keys : float array (n,)
        NaN stands last in both orders.
    start, end : int
        0 ≤ start ≤ end.
    descending : bool
        Equal keys stand in the order of their rows all the same.

    Returns
    -------
    int array
        At most end − start places, fewer at the end of the keys.
    """
    start, end = min(start, keys.size), min(end, keys.size)
    missing = np.isnan(keys)
    known = keys.size - int(missing.sum())
    inside = _known(keys, start, min(end, known), known, descending) if start < known else _no_places()
    if end <= known:
        return inside
    last = np.flatnonzero(missing)[max(start - known, 0) : end - known]
    return np.concatenate([inside, last])


def _known(keys: np.ndarray, start: int, end: int, known: int, descending: bool) -> np.ndarray:
    if start >= end:
        return _no_places()
    at = (known - end, known - 1 - start) if descending else (start, end - 1)
    found = np.partition(keys, at)  # NaN is greater than all to it, so places below `known` are right
    low, high = found[at[0]], found[at[1]]
    first, last = (high, low) if descending else (low, high)
    before = int((keys > first).sum() if descending else (keys < first).sum())
    ties = np.flatnonzero(keys == first)[start - before : end - before]
    if first == last:
        return ties
    between = np.flatnonzero((keys > low) & (keys < high))
    order = np.argsort(-keys[between] if descending else keys[between], kind="stable")
    rest = end - start - ties.size - between.size
    return np.concatenate([ties, between[order], np.flatnonzero(keys == last)[:rest]])


def _no_places() -> np.ndarray:
    return np.empty(0, dtype=np.int64)
