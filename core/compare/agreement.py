"""How far two groupings agree, from the counts of customers in every pair of their segments."""

import numpy as np


def adjusted_rand(pairs: np.ndarray) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985): 1 for the same grouping, 0 as by chance.

    Parameters
    ----------
    pairs : int array (a, b)
        Customers in group i of the one and j of the other.
    """
    both, one, other = (_couples(counts) for counts in (pairs, pairs.sum(axis=1), pairs.sum(axis=0)))
    every = _couples(pairs.sum())
    expected = one * other / every if every else 0.0
    most = (one + other) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def adjusted_information(pairs: np.ndarray) -> float:
    """Adjusted mutual information (Vinh, Epps and Bailey 2010), over the mean of both entropies.

    Parameters
    ----------
    pairs : int array (a, b)
        Customers in group i of the one and j of the other.
    """
    from sklearn.metrics.cluster import expected_mutual_information

    pairs = pairs[pairs.sum(axis=1) > 0][:, pairs.sum(axis=0) > 0]
    if pairs.shape[0] <= 1 and pairs.shape[1] <= 1:
        return 1.0
    if 1 in pairs.shape:
        return 0.0
    one, other = _entropy(pairs.sum(axis=1)), _entropy(pairs.sum(axis=0))
    found = one + other - _entropy(pairs.ravel())
    expected = expected_mutual_information(pairs, int(pairs.sum()))
    most = (one + other) / 2
    return 1.0 if np.isclose(most, expected) else (found - expected) / (most - expected)


def _couples(counts: np.ndarray) -> float:
    """Couples of customers that are in the same group."""
    counts = np.asarray(counts, dtype=np.float64)
    return float((counts * (counts - 1) / 2).sum())


def _entropy(counts: np.ndarray) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())
