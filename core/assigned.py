"""Who goes with whom: the one-to-one assignment of the largest sum."""

import numpy as np


def assigned(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns that go together so that the sum of their weights is the largest.

    By shortest augmenting paths (Kuhn 1955; Jonker and Volgenant 1987), row by row. Written out, since web
    processes do not load scipy.

    Parameters
    ----------
    weights : array (k, l)

    Returns
    -------
    rows, columns : int array (min(k, l),)
        Rows ascending.
    """
    if weights.shape[0] > weights.shape[1]:
        columns, rows = assigned(weights.T)
        order = np.argsort(rows)
        return rows[order], columns[order]
    cost = weights.max(initial=0) - np.asarray(weights, dtype=np.float64)
    of_row, of_column = np.zeros(cost.shape[0]), np.zeros(cost.shape[1])
    taken = np.full(cost.shape[1], -1)
    for row in range(cost.shape[0]):
        _assign(row, cost, of_row, of_column, taken)
    columns = np.flatnonzero(taken >= 0)
    order = np.argsort(taken[columns])
    return taken[columns][order], columns[order]


def _assign(row: int, cost: np.ndarray, of_row: np.ndarray, of_column: np.ndarray, taken: np.ndarray) -> None:
    """Give a row its column: others make room along the cheapest path; the prices are kept up in place."""
    far, before = np.full(taken.size, np.inf), np.full(taken.size, -1)
    reached, column, price = np.zeros(taken.size, dtype=bool), -1, 0.0
    while column < 0 or taken[column] >= 0:
        at = row if column < 0 else taken[column]
        through = price + cost[at] - of_row[at] - of_column
        nearer = ~reached & (through < far)
        far[nearer], before[nearer] = through[nearer], column
        column = int(np.where(reached, np.inf, far).argmin())
        reached[column], price = True, far[column]
    of_row[row] += price
    passed = np.flatnonzero(reached & (taken >= 0))
    of_row[taken[passed]] += price - far[passed]
    of_column[passed] -= price - far[passed]
    while column >= 0:
        taken[column] = row if before[column] < 0 else taken[before[column]]
        column = int(before[column])
