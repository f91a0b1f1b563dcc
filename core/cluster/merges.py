"""The merges of a family tree: in order of their height, and cut into segments."""

import numpy as np


def ordered(made: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Merges by height, the lowest first, from merges in the order in which they were made.

    Parameters
    ----------
    made : float array (q − 1, 4)
        The two branches, their height, and how many rows they hold together. Branches are 0…q − 1 for the
        leaves and q + i for merge i, none of which is lower than the two that it joins.
    counts : float array (q,)
        Rows of each leaf.

    Returns
    -------
    float array (q − 1, 6)
        The four columns that scipy writes, and how many rows each of the two branches holds.
    """
    q, order = counts.size, np.argsort(made[:, 2], kind="stable")
    name, rows = np.arange(q + len(made)), np.empty(q + len(made))
    name[q + order] = np.arange(q, q + len(made))
    rows[name] = np.concatenate((counts, made[:, 3]))
    pairs = np.sort(name[made[order, :2].astype(np.int64)], axis=1)
    return np.column_stack((pairs, made[order, 2:], rows[pairs]))


def cut(tree: np.ndarray, k: int) -> np.ndarray:
    """Labels 0…k−1 of the leaves when the last k − 1 merges are undone."""
    leaves = len(tree) + 1
    kept = tree[: max(leaves - k, 0), :2].astype(np.int64)
    above = np.arange(leaves + len(kept))
    above[kept] = np.arange(leaves, leaves + len(kept))[:, None]
    while True:
        higher = above[above]
        if np.array_equal(higher, above):
            return np.unique(above[:leaves], return_inverse=True)[1]
        above = higher
