"""The reach of dense groups: the k-distance curve's knee, and the reach that divides customers best."""

from typing import Any, Final

import numpy as np

from core.cluster.drawn import drawn
from core.cluster.neighbours import neighbours, points

SAMPLE: Final = 3_000
"""Customers on whom reaches are compared."""

DIVIDES: Final = 0.15
"""How often two customers must be in different crowds for a reach to divide them."""

LOWEST: Final = 1e-6
"""The least reach that a link can say: only equal customers are neighbours."""

_SHARES: Final = np.linspace(0.05, 0.995, 64)
_AS_GOOD: Final = 0.95
_DIGITS: Final = 4


def proposals(
    x: np.ndarray, curve: np.ndarray, min_samples: int, least_share: float, seed: int
) -> tuple[float, ...]:
    """Reaches to try: the curve's knee, and the one that divides customers best where one does.

    For many reaches at once it is known, from the single-linkage tree of mutual reachability distances
    (Campello, Moulavi and Sander 2013) of at most 3,000 customers, who is in which crowd. Of a sample the
    share that is dense is taken over to all.

    Parameters
    ----------
    x : float64 array (m, p)
    curve : float64 array (m,)
        Sorted distances to the `min_samples`-th neighbour.
    min_samples : int
    least_share : float
        Share of the customers that a crowd must have to count, 0 to 1.
    seed : int
    """
    some = drawn(len(x), SAMPLE, seed)
    share = _dividing(x[some.rows], some.neighbours(min_samples), least_share)
    found = [knee(curve)]
    if share is not None:
        found.append(float(np.quantile(curve, share, method="higher")))
    return tuple(_rounded_up(reach) for reach in found)


def knee(curve: np.ndarray) -> float:
    """The k-distance curve's knee: the point farthest below the line from its first to its last value."""
    if curve.size < 3 or curve[-1] <= curve[0]:
        return float(curve[-1]) or 1.0
    across = np.linspace(0, 1, curve.size)
    up = (curve - curve[0]) / (curve[-1] - curve[0])
    return float(curve[np.argmax(across - up)]) or float(curve[-1])


def divided(labels: np.ndarray, least_share: float) -> float:
    """How often two customers are in different crowds, of crowds with the least share; −1 is no crowd."""
    shares = np.bincount(labels + 1)[1:] / labels.size
    shares = shares[(shares >= least_share) & (shares > 0)]
    return float(shares.sum() ** 2 - (shares**2).sum())


def _dividing(x: np.ndarray, min_samples: int, least_share: float) -> float | None:
    """The share of customers that are dense where two are most often in different crowds; None if seldom."""
    from scipy.cluster.hierarchy import fcluster

    if len(x) < 2 * min_samples:
        return None
    given = points(x)
    core = neighbours(given, min_samples).core[given.of]
    tree = _tree(x, core)
    reaches = np.quantile(core, _SHARES, method="higher")
    found = np.array(
        [
            divided(np.where(core <= reach, fcluster(tree, reach, "distance"), -1), least_share)
            for reach in reaches
        ]
    )
    return float(_SHARES[_middle(found)]) if found.max() >= DIVIDES else None


def _middle(found: np.ndarray) -> int:
    """The middle of the values around the highest that are about as high."""
    low = high = int(found.argmax())
    enough = _AS_GOOD * found[low]
    while low > 0 and found[low - 1] >= enough:
        low -= 1
    while high + 1 < found.size and found[high + 1] >= enough:
        high += 1
    return (low + high) // 2


def _tree(x: np.ndarray, core: np.ndarray) -> Any:
    """Single linkage of the reaches at which two customers are in one crowd."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import pdist

    apart, at = pdist(x), 0
    for i in range(len(x) - 1):
        end = at + len(x) - 1 - i
        np.maximum(apart[at:end], np.maximum(core[i + 1 :], core[i]), out=apart[at:end])
        at = end
    return linkage(apart, "single")


def _rounded_up(reach: float) -> float:
    """To few digits, so that it can be read and written; no lower than it was."""
    reach = max(reach, LOWEST)
    unit = 10.0 ** (np.floor(np.log10(reach)) + 1 - _DIGITS)
    return float(f"{np.ceil(reach / unit - 1e-6) * unit:.{_DIGITS}g}")
